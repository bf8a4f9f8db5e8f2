using FsCheck;
using FsCheck.Fluent;
using Glossa.Web.Text;

namespace Glossa.Tests.Unit.Web;

public sealed class SourceLinesTests
{
    [Fact]
    public void Words_of_a_predicate_are_one_anchor_and_its_continuations_without_their_indentation()
    {
        const string Text = "sel:\n  Image:\n    - 'a'\n";
        var lines = Cut(Text, [new(Text.IndexOf("Image", StringComparison.Ordinal), 16, 1, false)]);

        Assert.Equal(["sel:", "  |Image:", "    |- 'a'", ""], lines.Select(line => string.Join('|', line.Select(run => Text.Substring(run.Start, run.Length)))));
        Assert.Equal([(1, true)], lines[1].Where(run => run.Number > 0).Select(run => (run.Number, run.IsFirst)));
        Assert.Equal([(1, false)], lines[2].Where(run => run.Number > 0).Select(run => (run.Number, run.IsFirst)));
    }

    [Fact]
    public void Of_overlapping_spans_the_earlier_is_shown()
    {
        var lines = Cut("abcdef", [new(2, 3, 2, false), new(1, 3, 1, true)]);

        Assert.Equal([(0, 1, 0), (1, 3, 1), (4, 2, 0)], lines[0].Select(run => (run.Start, run.Length, run.Number)));
    }

    [Fact]
    public void Spans_outside_the_text_are_left_out()
        => Assert.All(
            Cut("abc", [new(-1, 2, 1, false), new(2, 5, 2, false), new(int.MaxValue, 1, 3, false), new(0, int.MaxValue, 4, false), new(1, 0, 5, false)])[0],
            run => Assert.Equal(0, run.Number));

    [Fact]
    public void Runs_are_the_text_without_its_line_breaks()
    {
        var texts = Gen.ArrayOf(Gen.Elements("a", " ", "\t", ":", "- ", "'", "\"", "#", " #", "|", "\n", "\r\n", "\\", "9", "k: v"), 40).Select(string.Concat);
        var spans = Gen.ArrayOf(from start in Gen.Choose(-2, 60) from length in Gen.Choose(-1, 20) from number in Gen.Choose(0, 4) select new SourceLines.Span(start, length, number, false), 5);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll((from text in texts from some in spans select (text, some)).ToArbitrary(), input =>
            {
                var (text, some) = input;
                var lines = SourceLines.Cut(text, Highlighting.Of(text, "yaml"), some, []).ToList();
                Assert.Equal(
                    text.ReplaceLineEndings("\n").Split('\n'),
                    lines.Select(line => string.Concat(line.Select(run => text.Substring(run.Start, run.Length)))));
                Assert.All(lines.SelectMany(line => line), run => Assert.True(run.Length > 0));
            }));
    }

    private static List<IReadOnlyList<SourceLines.Run>> Cut(string text, SourceLines.Span[] spans) => [.. SourceLines.Cut(text, [], spans, [])];
}
