using System.Text;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Analysis.Witnesses;

internal enum PieceKind
{
    /// <summary>The text is this.</summary>
    Whole,

    /// <summary>The text begins with this.</summary>
    Start,

    /// <summary>The text ends with this.</summary>
    End,

    /// <summary>This stands somewhere in it.</summary>
    Inside,
}

internal readonly record struct Piece(PieceKind Kind, string Text, CaseRule Case);

/// <summary>
/// Puts a text together from what must stand in it: a beginning, an end, and parts between. Several spellings are offered, the one
/// that reads best first; whether one holds is the evaluator's to say.
/// </summary>
internal static class TextAssembly
{
    private static readonly string[] Separators = ["", " ", "x", "-", "/", "\\", "\n", "|0|"];

    /// <param name="words">Parts are words of a line rather than parts of a path: a space between them reads better.</param>
    public static IEnumerable<string> Spellings(IReadOnlyList<Piece> pieces, bool words)
    {
        var wholes = pieces.Where(piece => piece.Kind == PieceKind.Whole).Select(piece => piece.Text).Distinct().ToArray();
        if (wholes.Length > 0)
        {
            foreach (var whole in wholes)
            {
                yield return whole;
                yield return whole.ToLowerInvariant();
                yield return whole.ToUpperInvariant();
            }

            yield break;
        }

        var start = Merge(pieces, PieceKind.Start);
        var end = Merge(pieces, PieceKind.End);
        var inside = Uncovered(pieces, start, end);
        if (start.Length == 0 && inside.Count == 0 && end.Length == 0)
        {
            yield break;
        }

        var first = start.Length > 0 ? start : inside.Count > 0 ? inside[0] : end;
        var leads = start.Length == 0 && first.StartsWith('\\') && !first.StartsWith("\\\\", StringComparison.Ordinal) ? new[] { "C:", "" } : [""];
        foreach (var lead in leads)
        {
            yield return Natural([lead + start, .. inside, end], words);
        }

        // Two ends that share a part: what a limit of length, or a whole pattern, may ask for.
        if (inside.Count == 0 && Overlap(start, end) is > 0 and var shared)
        {
            yield return start + end[shared..];
        }

        foreach (var separator in Separators)
        {
            foreach (var lead in leads)
            {
                yield return lead + start + (start.Length > 0 && inside.Count > 0 ? separator : "") + string.Join(separator, inside) + (inside.Count > 0 || start.Length > 0 ? separator : "") + end;
            }

            if (inside.Count > 1)
            {
                yield return start + string.Join(separator, Enumerable.Reverse(inside)) + separator + end;
            }

            // Room around the parts, for a pattern that asks for a boundary.
            yield return start + separator + string.Join(separator, inside) + separator + end;
        }

        yield return Shortest([start, .. inside, end]);
    }

    /// <summary>The pieces of a wildcard pattern; every <c>?</c> is given a character.</summary>
    public static IEnumerable<Piece> PiecesOf(IReadOnlyList<WildcardToken> tokens, CaseRule caseRule)
    {
        var text = new StringBuilder();
        var runs = tokens.Count(token => token.Kind == WildcardTokenKind.AnyRun);
        if (runs == 0)
        {
            yield return new Piece(PieceKind.Whole, string.Concat(tokens.Select(Written)), caseRule);
            yield break;
        }

        var seen = 0;
        foreach (var token in tokens)
        {
            if (token.Kind != WildcardTokenKind.AnyRun)
            {
                text.Append(Written(token));
                continue;
            }

            if (text.Length > 0)
            {
                yield return new Piece(seen == 0 ? PieceKind.Start : PieceKind.Inside, text.ToString(), caseRule);
                text.Clear();
            }

            seen++;
        }

        if (text.Length > 0)
        {
            yield return new Piece(PieceKind.End, text.ToString(), caseRule);
        }

        static string Written(WildcardToken token) => token.Kind == WildcardTokenKind.AnyOne ? "a" : token.Text;
    }

    // The longest beginning (or end) wins; where a shorter one is exact, its letters are taken.
    private static string Merge(IReadOnlyList<Piece> pieces, PieceKind kind)
    {
        var longest = "";
        foreach (var piece in pieces)
        {
            if (piece.Kind == kind && piece.Text.Length > longest.Length)
            {
                longest = piece.Text;
            }
        }

        foreach (var piece in pieces)
        {
            if (piece.Kind == kind && piece.Case == CaseRule.Exact && piece.Text.Length < longest.Length)
            {
                longest = kind == PieceKind.Start ? piece.Text + longest[piece.Text.Length..] : longest[..^piece.Text.Length] + piece.Text;
            }
        }

        return longest;
    }

    private static List<string> Uncovered(IReadOnlyList<Piece> pieces, string start, string end)
    {
        var inside = new List<string>();
        var parts = pieces.Where(piece => piece.Kind == PieceKind.Inside && piece.Text.Length > 0).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            var comparison = CaseRules.Comparison(parts[i].Case);
            var text = parts[i].Text;
            var covered = start.Contains(text, comparison) || end.Contains(text, comparison);
            for (var j = 0; j < parts.Length && !covered; j++)
            {
                // Of two equal ones the first stays.
                covered = j != i && parts[j].Text.Contains(text, comparison)
                    && (parts[j].Text.Length > text.Length || j < i);
            }

            if (!covered)
            {
                inside.Add(text);
            }
        }

        return inside;
    }

    private static string Natural(IEnumerable<string> parts, bool words)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                continue;
            }

            if (text.Length > 0)
            {
                var last = text[^1];
                if (last == part[0] && last is '\\' or '/' or ' ')
                {
                    text.Append(part, 1, part.Length - 1);
                    continue;
                }

                if (words && last is not (' ' or '\\' or '/' or '=' or ':' or '-' or '.') && part[0] is not (' ' or '\\' or '.' or ',' or ':' or '='))
                {
                    text.Append(' ');
                }
            }

            text.Append(part);
        }

        return text.ToString();
    }

    private static string Shortest(IEnumerable<string> parts)
    {
        var text = "";
        foreach (var part in parts)
        {
            if (!text.Contains(part, StringComparison.Ordinal))
            {
                text += part[Overlap(text, part)..];
            }
        }

        return text;
    }

    // How much of the first text's end is the second one's beginning.
    private static int Overlap(string left, string right)
    {
        for (var length = Math.Min(Math.Min(left.Length, right.Length), 256); length > 0; length--)
        {
            if (left.AsSpan(left.Length - length).Equals(right.AsSpan(0, length), StringComparison.OrdinalIgnoreCase))
            {
                return length;
            }
        }

        return 0;
    }
}
