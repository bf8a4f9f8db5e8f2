using System.Text.Json;
using Glossa.Core.Diagnostics;
using Glossa.Core.Text;

namespace Glossa.Tests.Unit.Core.Diagnostics;

public sealed class DiagnosticFormatterTests
{
    private static readonly DiagnosticDescriptor Unknown = new("TST0001", "A word is not known", DiagnosticSeverity.Error);

    [Fact]
    public void Text_shows_the_line_with_carets_and_the_notes()
    {
        var diagnostic = Diagnostic.At(Unknown, "'endwith' is no modifier", Range("a: 1\n  Image|endwith: x\n", "endwith"), "here", new DiagnosticNote(DiagnosticNoteKind.Help, "did you mean 'endswith'?"));
        Assert.Equal(
            """
            rules/r.yml:2:9: error TST0001: 'endwith' is no modifier
            2 |   Image|endwith: x
              |         ^^^^^^^ here
              = help: did you mean 'endswith'?

            """,
            DiagnosticFormatter.ToText(diagnostic));
        Assert.Equal("rules/r.yml:2:9: error TST0001: 'endwith' is no modifier", DiagnosticFormatter.ToLine(diagnostic));
    }

    [Theory]
    [InlineData("\tx\tBAD", "    x   BAD", 8, 3)]
    [InlineData("日本 BAD", "日本 BAD", 5, 3)]
    [InlineData("e\u0301 BAD", "e\u0301 BAD", 2, 3)]
    [InlineData("\u001b[31m\0 BAD", "␛[31m␀ BAD", 7, 3)]
    [InlineData("\u202e BAD", "<U+202E> BAD", 9, 3)]
    [InlineData("{half} BAD", "<U+D800> BAD", 9, 3)]
    [InlineData("\U0001F600BAD", "\U0001F600BAD", 2, 3)]
    public void Carets_stand_below_what_they_mark(string line, string shown, int start, int width)
    {
        var lines = DiagnosticFormatter.ToText(Diagnostic.At(Unknown, "m", Range(line.Replace("{half}", "\ud800", StringComparison.Ordinal), "BAD"))).Split('\n');
        Assert.Equal("1 | " + shown, lines[1]);
        Assert.Equal("  | " + new string(' ', start) + new string('^', width), lines[2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    public void A_long_line_is_cut_around_the_mark(int before)
    {
        var lines = DiagnosticFormatter.ToText(Diagnostic.At(Unknown, "m", Range(new string('x', before) + "BAD" + new string('y', 5_000), "BAD"))).Split('\n');
        Assert.InRange(lines[1].Length, 10, 110);
        Assert.Equal("BAD", lines[1].Substring(lines[2].IndexOf('^', StringComparison.Ordinal), 3));
        Assert.EndsWith("…", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_over_lines_is_marked_to_the_end_of_its_first()
    {
        var file = new SourceFile("f", "abc\ndef");
        var text = DiagnosticFormatter.ToText(Diagnostic.At(Unknown, "m", new FileRange(file, new SourceSpan(1, 6))));
        Assert.Equal("f:1:2: error TST0001: m\n1 | abc\n  |  ^^\n", text);
    }

    [Fact]
    public void A_mark_at_the_end_of_the_text_is_one_caret()
        => Assert.Equal("f:1:4: error TST0001: m\n1 | abc\n  |    ^\n", DiagnosticFormatter.ToText(Diagnostic.At(Unknown, "m", new FileRange(new SourceFile("f", "abc"), new SourceSpan(3, 0)))));

    [Fact]
    public void Message_and_path_of_a_hostile_rule_stay_on_one_line()
        => Assert.Equal("a␊b: error TST0001: x␛[2J␊y\n", DiagnosticFormatter.ToText(Diagnostic.OfFile(Unknown, "x\u001b[2J\ny", "a\nb")));

    [Fact]
    public void Json_has_positions_labels_and_notes()
    {
        using var json = JsonDocument.Parse(DiagnosticFormatter.ToJson([Diagnostic.At(Unknown, "m\ud800", Range("a\nbcd", "cd"), "l", new DiagnosticNote(DiagnosticNoteKind.Note, "n")), Diagnostic.OfFile(Unknown, "m", "p")]));
        var first = json.RootElement[0];
        Assert.Equal("TST0001 error 2 2 2 4", $"{first.GetProperty("id")} {first.GetProperty("severity")} {first.GetProperty("line")} {first.GetProperty("column")} {first.GetProperty("endLine")} {first.GetProperty("endColumn")}");
        Assert.Equal("l", first.GetProperty("labels")[0].GetProperty("text").GetString());
        Assert.Equal("note", first.GetProperty("notes")[0].GetProperty("kind").GetString());
        Assert.False(json.RootElement[1].TryGetProperty("line", out _));
    }

    [Fact]
    public void Sarif_has_rules_levels_and_regions()
    {
        var warning = Unknown with { Id = "TST0000", Severity = DiagnosticSeverity.Warning };
        using var json = JsonDocument.Parse(DiagnosticFormatter.ToSarif([Diagnostic.At(Unknown, "m", Range("a\nbcd", "cd")), Diagnostic.OfFile(warning, "w", "dir/b c#.yml")], "1.2.3"));
        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        var run = json.RootElement.GetProperty("runs")[0];
        Assert.Equal(["TST0000", "TST0001"], run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()));
        var results = run.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(1, results[0].GetProperty("ruleIndex").GetInt32());
        Assert.Equal("error", results[0].GetProperty("level").GetString());
        var region = results[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region");
        Assert.Equal("2 2 2 4", $"{region.GetProperty("startLine")} {region.GetProperty("startColumn")} {region.GetProperty("endLine")} {region.GetProperty("endColumn")}");
        Assert.Equal("dir/b%20c%23.yml", results[1].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString());
    }

    private static FileRange Range(string text, string marked) => new(new SourceFile("rules/r.yml", text), new SourceSpan(text.IndexOf(marked, StringComparison.Ordinal), marked.Length));
}
