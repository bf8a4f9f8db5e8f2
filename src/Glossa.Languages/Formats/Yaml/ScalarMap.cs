using Glossa.Core.Text;

namespace Glossa.Languages.Formats.Yaml;

/// <summary>
/// The map from a decoded scalar to its file. YAML folds lines, removes indentation and resolves escapes; the characters
/// that are left stand in the file in the same order, so the map is found by walking both texts side by side.
/// </summary>
internal sealed class ScalarMap
{
    private readonly SourceFile _file;
    private readonly string _text;
    private readonly int _verbatimStart;

    // Of each decoded character: where its spelling begins and ends. Null where the text is verbatim.
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    private ScalarMap(SourceFile file, string text, int verbatimStart, int[]? starts, int[]? ends)
    {
        _file = file;
        _text = text;
        _verbatimStart = verbatimStart;
        _starts = starts;
        _ends = ends;
    }

    /// <summary>False where decoding could not be followed, so that every position is the whole scalar.</summary>
    public bool IsFaithful { get; private init; } = true;

    public static ScalarMap Of(YamlScalar scalar)
    {
        var file = scalar.Document.File;
        var quoted = scalar.Style is YamlScalarStyle.SingleQuoted or YamlScalarStyle.DoubleQuoted && scalar.Span.Length >= 2;
        var raw = quoted ? new SourceSpan(scalar.Span.Start + 1, scalar.Span.Length - 2) : scalar.Span;
        if (raw.Length == scalar.Text.Length && file.Text.AsSpan(raw.Start, raw.Length).SequenceEqual(scalar.Text))
        {
            return new ScalarMap(file, scalar.Text, raw.Start, null, null);
        }

        var starts = new int[scalar.Text.Length];
        var ends = new int[scalar.Text.Length];
        if (Follow(file.Text, raw, scalar.Text, scalar.Style, starts, ends))
        {
            return new ScalarMap(file, scalar.Text, 0, starts, ends);
        }

        Array.Fill(starts, scalar.Span.Start);
        Array.Fill(ends, scalar.Span.End);
        return new ScalarMap(file, scalar.Text, 0, starts, ends) { IsFaithful = false };
    }

    /// <summary>The range of the file that spells a range of the decoded text.</summary>
    public SourceSpan Locate(SourceSpan decoded)
    {
        if (_starts is null || _ends is null)
        {
            return new SourceSpan(_verbatimStart + decoded.Start, decoded.Length);
        }

        if (_starts.Length == 0)
        {
            return new SourceSpan(_verbatimStart, 0);
        }

        if (decoded.Length == 0)
        {
            return decoded.Start < _starts.Length ? new SourceSpan(_starts[decoded.Start], 0) : new SourceSpan(_ends[^1], 0);
        }

        var start = _starts[decoded.Start];
        return SourceSpan.FromBounds(start, Math.Max(start, _ends[decoded.End - 1]));
    }

    public QueryText ToQueryText()
    {
        var builder = new QueryText.Builder();
        if (_starts is null || _ends is null)
        {
            return builder.Verbatim(_file, new SourceSpan(_verbatimStart, _text.Length)).ToQueryText();
        }

        for (var i = 0; i < _text.Length;)
        {
            var length = 1;
            while (i + length < _text.Length && IsVerbatim(i + length - 1) && IsVerbatim(i + length) && _starts[i + length] == _ends[i + length - 1])
            {
                length++;
            }

            // The characters of one escape (a surrogate pair) are one piece.
            while (i + length < _text.Length && _starts[i + length] == _starts[i + length - 1])
            {
                length++;
            }

            builder.Decoded(_text.Substring(i, length), _file, SourceSpan.FromBounds(_starts[i], _ends[i + length - 1]));
            i += length;
        }

        return builder.ToQueryText();

        bool IsVerbatim(int index) => _ends[index] - _starts[index] == 1 && _file.Text[_starts[index]] == _text[index];
    }

    private static bool Follow(string file, SourceSpan raw, string text, YamlScalarStyle style, int[] starts, int[] ends)
    {
        var at = raw.Start;
        if (style is YamlScalarStyle.Literal or YamlScalarStyle.Folded)
        {
            // The header (`|`, `>-`, `|2`, perhaps a comment) ends with its line.
            var newline = file.AsSpan(at, raw.Length).IndexOf('\n');
            if (newline < 0)
            {
                return false;
            }

            at += newline + 1;
        }

        for (var i = 0; i < text.Length;)
        {
            var wanted = text[i];
            if (style == YamlScalarStyle.DoubleQuoted && TryEscape(file, raw.End, ref at, out var escape))
            {
                if (escape.Characters == 0)
                {
                    continue;
                }

                for (var k = 0; k < escape.Characters && i < text.Length; k++, i++)
                {
                    starts[i] = escape.Span.Start;
                    ends[i] = escape.Span.End;
                }

                continue;
            }

            if (at >= raw.End)
            {
                // Final line breaks that clipping added to a block at the end of a file.
                if (!IsBlank(wanted))
                {
                    return false;
                }

                starts[i] = ends[i] = raw.End;
                i++;
                continue;
            }

            var here = file[at];
            if (here == wanted)
            {
                starts[i] = at;
                at += style == YamlScalarStyle.SingleQuoted && here == '\'' ? 2 : 1;
                ends[i] = Math.Min(at, raw.End);
                i++;
            }
            else if (IsBlank(wanted))
            {
                if (!IsBlank(here))
                {
                    // A blank that was decoded from breaks already passed over.
                    starts[i] = ends[i] = at;
                    i++;
                    continue;
                }

                // A line break folded to a blank, with the indentation after it.
                var start = at;
                while (at < raw.End && IsBlank(file[at]) && !(file[at] == wanted && at > start))
                {
                    at++;
                }

                starts[i] = start;
                ends[i] = at;
                i++;
            }
            else if (IsBlank(here))
            {
                at++;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBlank(char character) => character is ' ' or '\t' or '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    private static bool TryEscape(string file, int end, ref int at, out (SourceSpan Span, int Characters) escape)
    {
        escape = default;
        if (at + 1 >= end || file[at] != '\\')
        {
            return false;
        }

        var length = file[at + 1] switch
        {
            'x' => 4,
            'u' => 6,
            'U' => 10,
            _ => 2,
        };
        length = Math.Min(length, end - at);
        var characters = 1;
        if (file[at + 1] is '\n' or '\r')
        {
            // A line break that an escape takes away, with the indentation after it.
            characters = 0;
            while (at + length < end && IsBlank(file[at + length]))
            {
                length++;
            }
        }
        else if (length == 10)
        {
            characters = int.TryParse(file.AsSpan(at + 2, 8), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out var rune) && rune > 0xFFFF ? 2 : 1;
        }

        escape = (new SourceSpan(at, length), characters);
        at += length;
        return true;
    }
}
