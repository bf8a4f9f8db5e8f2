using System.Text;
using Glossa.Core.Ir;

namespace Glossa.Core.Semantics;

public enum WildcardTokenKind
{
    Literal,

    /// <summary>Any run of characters, none included.</summary>
    AnyRun,

    /// <summary>Exactly one character (a UTF-16 unit).</summary>
    AnyOne,
}

public readonly record struct WildcardToken(WildcardTokenKind Kind, string Text);

/// <summary>
/// The operand of <see cref="LeafOperator.Wildcard"/> has one spelling, whatever the rule's language: <c>*</c>, <c>?</c>, and a
/// backslash before a literal <c>*</c>, <c>?</c> or backslash. Lowering settles the language's own escapes when it writes it.
/// </summary>
public static class WildcardPattern
{
    public static IReadOnlyList<WildcardToken> Parse(string pattern)
    {
        var tokens = new List<WildcardToken>();
        var literal = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' or '?':
                    Flush();
                    tokens.Add(new WildcardToken(pattern[i] == '*' ? WildcardTokenKind.AnyRun : WildcardTokenKind.AnyOne, ""));
                    break;
                case '\\' when i + 1 < pattern.Length && pattern[i + 1] is '*' or '?' or '\\':
                    literal.Append(pattern[++i]);
                    break;
                default:
                    literal.Append(pattern[i]);
                    break;
            }
        }

        Flush();
        return tokens;

        void Flush()
        {
            if (literal.Length > 0)
            {
                tokens.Add(new WildcardToken(WildcardTokenKind.Literal, literal.ToString()));
                literal.Clear();
            }
        }
    }

    public static string Write(IEnumerable<WildcardToken> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            switch (token.Kind)
            {
                case WildcardTokenKind.AnyRun:
                    text.Append('*');
                    break;
                case WildcardTokenKind.AnyOne:
                    text.Append('?');
                    break;
                default:
                    foreach (var character in token.Text)
                    {
                        if (character is '*' or '?' or '\\')
                        {
                            text.Append('\\');
                        }

                        text.Append(character);
                    }

                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Whether a whole value fits: greedy with one point of return, so at worst the product of both lengths.</summary>
    public static bool IsMatch(ReadOnlySpan<WildcardToken> tokens, ReadOnlySpan<char> value, CaseRule caseRule)
    {
        int token = 0, position = 0, retryToken = -1, retryPosition = 0;
        while (true)
        {
            if (token < tokens.Length && tokens[token].Kind == WildcardTokenKind.AnyRun)
            {
                retryToken = ++token;
                retryPosition = position;
                continue;
            }

            if (token == tokens.Length)
            {
                if (position == value.Length || (retryToken == tokens.Length))
                {
                    return true;
                }
            }
            else if (tokens[token].Kind == WildcardTokenKind.AnyOne ? position < value.Length : StartsWith(value[position..], tokens[token].Text, caseRule))
            {
                position += tokens[token].Kind == WildcardTokenKind.AnyOne ? 1 : tokens[token].Text.Length;
                token++;
                continue;
            }

            if (retryToken < 0 || retryPosition >= value.Length)
            {
                return false;
            }

            position = ++retryPosition;
            token = retryToken;
        }
    }

    private static bool StartsWith(ReadOnlySpan<char> value, string prefix, CaseRule caseRule)
        => value.StartsWith(prefix, CaseRules.Comparison(caseRule));
}
