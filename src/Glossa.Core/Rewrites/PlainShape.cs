using System.Text;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Core.Rewrites;

/// <summary>Wildcards and patterns that only spell contains, starts with, ends with or equals, where both mean the same of every value.</summary>
internal static class PlainShape
{
    /// <summary>A leaf of one operand, in the plainest operator that means the same.</summary>
    public static Predicate.Leaf Of(Predicate.Leaf leaf)
    {
        if (leaf.Operands is not [ValueExpression.Literal { Value: Value.Text text } operand])
        {
            return leaf;
        }

        return leaf.Operator switch
        {
            LeafOperator.Wildcard => OfWildcard(leaf, operand, text.Content),
            LeafOperator.Regex when leaf.Regex is { Dialect: RegexDialect.Pcre, Anchor: RegexAnchor.Search } => OfRegex(leaf, operand, text.Content),
            _ => leaf,
        };
    }

    private static Predicate.Leaf OfWildcard(Predicate.Leaf leaf, ValueExpression.Literal operand, string pattern)
    {
        var tokens = Canonical(WildcardPattern.Parse(pattern));
        return tokens switch
        {
            [] => With(leaf, LeafOperator.Eq, operand, ""),
            [{ Kind: WildcardTokenKind.Literal } literal] => With(leaf, LeafOperator.Eq, operand, literal.Text),
            [{ Kind: WildcardTokenKind.AnyRun }] => With(leaf, LeafOperator.Contains, operand, ""),
            [{ Kind: WildcardTokenKind.AnyRun }, { Kind: WildcardTokenKind.Literal } literal] => With(leaf, LeafOperator.EndsWith, operand, literal.Text),
            [{ Kind: WildcardTokenKind.Literal } literal, { Kind: WildcardTokenKind.AnyRun }] => With(leaf, LeafOperator.StartsWith, operand, literal.Text),
            [{ Kind: WildcardTokenKind.AnyRun }, { Kind: WildcardTokenKind.Literal } literal, { Kind: WildcardTokenKind.AnyRun }] => With(leaf, LeafOperator.Contains, operand, literal.Text),
            _ => With(leaf, LeafOperator.Wildcard, operand, WildcardPattern.Write(tokens)),
        };
    }

    /// <summary>In a stretch of wildcards the order says nothing: so many single characters, then at most one run.</summary>
    private static List<WildcardToken> Canonical(IReadOnlyList<WildcardToken> tokens)
    {
        var canonical = new List<WildcardToken>(tokens.Count);
        var hasRun = false;
        foreach (var token in tokens)
        {
            switch (token.Kind)
            {
                case WildcardTokenKind.AnyRun:
                    hasRun = true;
                    break;
                case WildcardTokenKind.AnyOne:
                    canonical.Add(token);
                    break;
                default:
                    AddRun();
                    canonical.Add(token);
                    break;
            }
        }

        AddRun();
        return canonical;

        void AddRun()
        {
            if (hasRun)
            {
                canonical.Add(new WildcardToken(WildcardTokenKind.AnyRun, ""));
                hasRun = false;
            }
        }
    }

    private static Predicate.Leaf OfRegex(Predicate.Leaf leaf, ValueExpression.Literal operand, string pattern)
    {
        var form = leaf.Regex!;
        var caseRule = leaf.Case;
        if (pattern.StartsWith("(?i)", StringComparison.Ordinal))
        {
            pattern = pattern[4..];
            caseRule = CaseRule.Fold;
        }

        pattern = TrimAnyText(pattern);
        var body = pattern.AsSpan();
        var startsAtStart = body.StartsWith("^") && !form.Options.HasFlag(RegexOptionSet.Multiline);
        body = startsAtStart ? body[1..] : body;
        var endsAtEnd = body.EndsWith("\\z") && !IsEscaped(body, body.Length - 2);
        body = endsAtEnd ? body[..^2] : body;
        if (LiteralOf(body) is { } literal && (caseRule == CaseRule.Exact || FoldsAlike(literal)))
        {
            var plain = (startsAtStart, endsAtEnd) switch
            {
                (true, true) => LeafOperator.Eq,
                (true, false) => LeafOperator.StartsWith,
                (false, true) => LeafOperator.EndsWith,
                _ => LeafOperator.Contains,
            };
            return With(leaf with { Case = caseRule, Regex = null }, plain, operand, literal);
        }

        return With(leaf with { Case = caseRule }, LeafOperator.Regex, operand, pattern);
    }

    /// <summary>
    /// A search that may begin and end anywhere asks nothing with <c>.*</c> at its ends. Left alone where the ends may not be what
    /// they seem: quoted stretches, and groups that change how the rest is read.
    /// </summary>
    private static string TrimAnyText(string pattern)
    {
        if (pattern.Contains("\\Q", StringComparison.Ordinal) || pattern.Contains("(?", StringComparison.Ordinal))
        {
            return pattern;
        }

        var body = pattern.AsSpan();
        while (body.StartsWith(".*") && !(body.Length > 2 && body[2] is '+'))
        {
            body = body[(body.Length > 2 && body[2] == '?' ? 3 : 2)..];
        }

        while (true)
        {
            var length = body.EndsWith(".*") ? 2 : body.EndsWith(".*?") ? 3 : 0;
            if (length == 0 || IsEscaped(body, body.Length - length) || IsInClass(body))
            {
                return body.ToString();
            }

            body = body[..^length];
        }
    }

    /// <summary>Whether the character at a position has an odd number of backslashes before it.</summary>
    private static bool IsEscaped(ReadOnlySpan<char> text, int position)
    {
        var count = 0;
        while (position - count > 0 && text[position - count - 1] == '\\')
        {
            count++;
        }

        return count % 2 == 1;
    }

    private static bool IsInClass(ReadOnlySpan<char> body) => body.LastIndexOf('[') > body.LastIndexOf(']');

    /// <summary>The text a pattern without any syntax stands for, or null.</summary>
    private static string? LiteralOf(ReadOnlySpan<char> body)
    {
        var literal = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            var character = body[i];
            if (character == '\\')
            {
                // Before a letter or digit a backslash has a meaning; before anything else it takes one away.
                if (++i == body.Length || char.IsLetterOrDigit(body[i]) || body[i] == '_' || char.IsSurrogate(body[i]))
                {
                    return null;
                }

                literal.Append(body[i]);
            }
            else if (character is '^' or '$' or '.' or '|' or '?' or '*' or '+' or '(' or ')' or '[' or ']' or '{' or '}')
            {
                return null;
            }
            else
            {
                literal.Append(character);
            }
        }

        return literal.ToString();
    }

    /// <summary>
    /// Whether letters of the text are folded by a pattern as by a text comparison: ASCII, but for <c>k</c>, which a pattern that
    /// ignores case also finds in the Kelvin sign.
    /// </summary>
    private static bool FoldsAlike(string literal) => literal.All(character => char.IsAscii(character) && character is not ('k' or 'K'));

    private static Predicate.Leaf With(Predicate.Leaf leaf, LeafOperator leafOperator, ValueExpression.Literal operand, string text)
        => leaf with { Operator = leafOperator, Operands = [operand with { Value = new Value.Text(text), Text = null }] };
}
