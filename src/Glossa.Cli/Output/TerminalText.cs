using Glossa.Core.Text;

namespace Glossa.Cli.Output;

/// <summary>Rule text and log data for a terminal: nothing in it may move the cursor, ring, recolour or reorder.</summary>
internal static class TerminalText
{
    /// <summary>For one line: line breaks show as ⏎, tabs as a space, hidden characters by name.</summary>
    public static string Clean(string text)
        => HiddenCharacters.Show(text.ReplaceLineEndings("\n")).Replace('\n', '⏎').Replace('\t', ' ');

    /// <summary>For text that keeps its lines; tabs become two spaces.</summary>
    public static string CleanLines(string text)
        => HiddenCharacters.Show(text.ReplaceLineEndings("\n")).Replace("\t", "  ", StringComparison.Ordinal);
}
