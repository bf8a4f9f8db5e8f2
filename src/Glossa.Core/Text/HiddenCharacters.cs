using System.Globalization;
using System.Text;

namespace Glossa.Core.Text;

/// <summary>
/// Characters that a reader does not see but that change what is seen: controls, direction overrides and isolates,
/// zero-width marks, tags, halves of surrogate pairs. Rule text is other people's: wherever we print it, these are named.
/// </summary>
public static class HiddenCharacters
{
    /// <summary>True for everything that has no shape of its own, except space, tab and line break.</summary>
    public static bool IsHidden(Rune rune)
        => rune.Value switch
        {
            '\n' or '\t' => false,
            // Soft hyphen and the fillers that draw as nothing, and the selectors of variants of a letter.
            0x00AD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or 0x2800 or 0x3164 or 0xFFA0 => true,
            >= 0xFE00 and <= 0xFE0E => true,
            >= 0xE0100 and <= 0xE01EF => true,
            _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
        };

    /// <summary><c>U+202E</c>.</summary>
    public static string NameOf(Rune rune) => NameOf(rune.Value);

    /// <summary>The text cut into pieces that can be shown as they are, and names of what cannot.</summary>
    public static IEnumerable<Piece> Split(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];

            // Nearly every character of nearly every rule.
            if (c is >= ' ' and < '\u007F' or '\n' or '\t')
            {
                i++;
                continue;
            }

            var whole = Rune.TryGetRuneAt(text, i, out var rune);
            var length = whole ? rune.Utf16SequenceLength : 1;
            if (!whole || IsHidden(rune))
            {
                if (i > start)
                {
                    yield return new Piece(text[start..i], null);
                }

                yield return new Piece(text.Substring(i, length), NameOf(whole ? rune.Value : c));
                start = i + length;
            }

            i += length;
        }

        if (start < text.Length)
        {
            yield return new Piece(start == 0 ? text : text[start..], null);
        }
    }

    /// <summary>The same text with every hidden character written <c>[U+202E]</c>.</summary>
    public static string Show(string text)
    {
        StringBuilder? shown = null;
        foreach (var piece in Split(text))
        {
            if (piece.Name is null && piece.Text.Length == text.Length)
            {
                return text;
            }

            shown ??= new StringBuilder(text.Length + 16);
            if (piece.Name is null)
            {
                shown.Append(piece.Text);
            }
            else
            {
                shown.Append('[').Append(piece.Name).Append(']');
            }
        }

        return shown?.ToString() ?? text;
    }

    private static string NameOf(int value) => "U+" + value.ToString("X4", CultureInfo.InvariantCulture);

    /// <param name="Text">As it stands in the text; the pieces together are the text.</param>
    /// <param name="Name">What to print in its place, or null where the text may be printed.</param>
    public readonly record struct Piece(string Text, string? Name);
}
