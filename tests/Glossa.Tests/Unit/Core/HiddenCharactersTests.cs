using Glossa.Cli.Output;
using Glossa.Core.Text;

namespace Glossa.Tests.Unit.Core;

public sealed class HiddenCharactersTests
{
    [Theory]
    [InlineData("plain text, 100 % \\ <b>\n\tnext", "plain text, 100 % \\ <b>\n\tnext")]
    [InlineData("日本語 العربية ñ 😀", "日本語 العربية ñ 😀")]
    [InlineData("a\u202Eb", "a[U+202E]b")]
    [InlineData("\u2066x\u2069", "[U+2066]x[U+2069]")]
    [InlineData("a\u200B\uFEFF", "a[U+200B][U+FEFF]")]
    [InlineData("\u0000\u001B[31m\u0007", "[U+0000][U+001B][31m[U+0007]")]
    [InlineData("\u0085\u2028\u2029\u00AD", "[U+0085][U+2028][U+2029][U+00AD]")]
    [InlineData("\U000E0041tag", "[U+E0041]tag")]
    [InlineData("", "")]
    public void Hidden_characters_are_named_and_others_kept(string text, string expected)
        => Assert.Equal(expected, HiddenCharacters.Show(text));

    // Not a theory: halves of a pair do not survive the runner's own text.
    [Fact]
    public void Halves_of_a_pair_are_named()
    {
        Assert.Equal("[U+D800]x", HiddenCharacters.Show("\uD800x"));
        Assert.Equal("x[U+DC00]", HiddenCharacters.Show("x\uDC00"));
    }

    [Fact]
    public void Pieces_are_the_text()
    {
        const string Text = "a\u202E😀\uD800\u0000b";
        Assert.Equal(Text, string.Concat(HiddenCharacters.Split(Text).Select(piece => piece.Text)));
    }

    [Fact]
    public void Nothing_for_a_terminal_moves_its_cursor()
    {
        var hostile = new string([.. Enumerable.Range(0, 0x3000).Select(i => (char)i)]);

        Assert.DoesNotContain(TerminalText.Clean(hostile), char.IsControl);
        Assert.DoesNotContain(TerminalText.CleanLines(hostile), c => char.IsControl(c) && c != '\n');
    }
}
