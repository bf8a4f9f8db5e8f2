using FsCheck.Fluent;
using Glossa.Core.Ir;

namespace Glossa.Tests.Differential;

public sealed class IrTextTests
{
    [Fact]
    public void Predicate_written_and_read_is_itself()
        => Samples.Hold(
            IrGenerators.Predicate,
            predicate =>
            {
                var text = IrText.Write(predicate);
                var read = IrText.ReadPredicate(text);
                return read.Value is null ? $"{read.Diagnostics[0].Message}: {text}"
                    : !read.Value.Equals(predicate) || IrText.Write(read.Value) != text ? $"{text} became {IrText.Write(read.Value)}"
                    : null;
            },
            4_000);

    [Fact]
    public void Logic_written_and_read_is_itself()
        => Samples.Hold(
            IrGenerators.Logic,
            logic =>
            {
                var text = IrText.Write(logic);
                var read = IrText.ReadLogic(text);
                return read.Value is null ? $"{read.Diagnostics[0].Message}: {text}"
                    : !read.Value.Equals(logic) ? $"{text} became {IrText.Write(read.Value)}"
                    : null;
            },
            2_000);

    [Fact]
    public void Indented_text_reads_the_same()
        => Samples.Hold(
            IrGenerators.Logic,
            logic =>
            {
                var text = IrText.WriteIndented(logic);
                return IrText.ReadLogic(text).Value is { } read && read.Equals(logic) ? null : text;
            },
            1_000);

    [Fact]
    public void Any_text_gives_a_value_or_a_diagnostic_inside_it()
        => Samples.Hold(
            from logic in IrGenerators.Logic
            from cut in Gen.Choose(0, 400)
            from replaced in Gen.Choose(0, 400)
            from character in Gen.Elements('(', ')', '[', ']', '"', '\\', '=', ':', ' ', 'x', '5', '~', '\0')
            select Damage(IrText.Write(logic), cut, replaced, character),
            text =>
            {
                var read = IrText.ReadLogic(text);
                return (read.Value is null) == (read.Diagnostics.Count == 1) && read.Diagnostics.All(diagnostic => diagnostic.Position is not null) ? null : text;
            },
            4_000);

    private static string Damage(string text, int cut, int replaced, char character)
    {
        var damaged = text[..Math.Min(text.Length, cut * 3)].ToCharArray();
        if (replaced < damaged.Length)
        {
            damaged[replaced] = character;
        }

        return new string(damaged);
    }
}
