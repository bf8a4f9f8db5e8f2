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

    [Fact]
    public void Short_file_is_shown_whole()
        => Assert.Equal(new SourceLines.Window(0, 5, 1, 3, 3, false), SourceLines.WindowOf("a\nb\nc\n", []));

    [Fact]
    public void Long_file_is_shown_from_above_the_first_words_of_a_predicate()
    {
        var text = string.Concat(Enumerable.Range(1, 1000).Select(line => $"line {line}\n"));
        var words = text.IndexOf("line 700\n", StringComparison.Ordinal);
        var window = SourceLines.WindowOf(text, [new(words, 8, 1, false)]);

        // The end of the file is nearer than a page: the page is filled from its end.
        Assert.Equal(1000, window.FirstLine + window.Lines - 1);
        Assert.Equal(SourceLines.MostLines, window.Lines);
        Assert.Equal((480, SourceLines.MostLines), WindowAt(500));
        Assert.Equal((1, SourceLines.MostLines), WindowAt(5));

        (int, int) WindowAt(int line)
        {
            var at = SourceLines.WindowOf(text, [new(text.IndexOf($"line {line}\n", StringComparison.Ordinal), 4, 1, false)]);
            Assert.Equal(text.IndexOf($"line {at.FirstLine}\n", StringComparison.Ordinal), at.Start);
            return (at.FirstLine, at.Lines);
        }
    }

    [Fact]
    public void Line_without_an_end_is_cut()
    {
        var window = SourceLines.WindowOf(new string('x', 100_000) + "\nb", []);

        Assert.Equal(new SourceLines.Window(0, SourceLines.MostCharacters, 1, 1, 2, true), window);
    }

    [Fact]
    public void Windows_one_after_the_other_are_the_file()
    {
        var texts = Gen.ArrayOf(Gen.Elements("a", "\n", "\r\n", new string('b', 9000), "😀"), 30).Select(string.Concat);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(texts.ToArbitrary(), text =>
            {
                var next = 1;
                var end = -1;
                SourceLines.Window window;
                do
                {
                    window = SourceLines.WindowOf(text, [], next);
                    Assert.Equal(next, window.FirstLine);
                    Assert.True(window.Start > end && window.End >= window.Start && window.End <= text.Length && window.Lines > 0);
                    end = window.End;
                    next += window.Lines;
                }
                while (next <= window.AllLines);

                Assert.Equal(text.EndsWith('\n') ? text.Length - 1 : text.Length, window.IsCut ? text.TrimEnd('\n').Length : window.End);
            }));
    }

    private static List<IReadOnlyList<SourceLines.Run>> Cut(string text, SourceLines.Span[] spans) => [.. SourceLines.Cut(text, [], spans, [])];
}
