using System.Globalization;
using System.Text;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Analysis;

/// <summary>
/// When two rules look for the same. Values are folded as <see cref="StringComparison.OrdinalIgnoreCase"/> compares them (to upper case), but patterns of
/// regular expressions are not: <c>\S</c> and <c>\s</c> are opposites.
/// </summary>
public static class CountKeys
{
    /// <summary>What a key speaks of: the concept, or the field of a family whose name has none; <c>anywhere</c> for keywords, which name no field.</summary>
    /// <param name="field">As written.</param>
    public static string Subject(string family, string field, string? concept)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Length == 0 ? "anywhere" : concept ?? $"{family}:{Fold(field)}";
    }

    /// <summary>The key of one operand of a leaf that compares a field or searches everywhere.</summary>
    /// <param name="subject">See <see cref="CountKey.Subject"/>.</param>
    /// <param name="kind">The row's kind.</param>
    public static CountKey Of(string subject, string kind, Predicate.Leaf leaf, ValueExpression operand)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(operand);
        switch (kind)
        {
            case "in_list" or "field_compare" or "computed":
                return new CountKey(subject, kind, Fold($"{IrText.Word(leaf.Operator)} {ValueText.Of(operand)}"));
            case "in":
                return new CountKey(subject, "eq", Fold(ValueText.Canonical(operand)));
            case "wildcard":
                return OfWildcard(subject, ValueText.Canonical(operand));
            case "keyword" when leaf.Operator == LeafOperator.Wildcard:
                return OfKeywordPattern(subject, ValueText.Canonical(operand));
            case "regex":
                return OfRegex(subject, ValueText.Canonical(operand), leaf);
            case "lt" or "le" or "gt" or "ge":
                return new CountKey(subject, kind, Number(ValueText.Canonical(operand)));
            default:
                return new CountKey(subject, kind, Fold(ValueText.Canonical(operand)));
        }
    }

    /// <summary>
    /// The key of a value that is known by its text alone, as somebody types it. The same as of the rule's leaf where the text is what is compared;
    /// values that stand for others (encodings) have keys that no text alone tells.
    /// </summary>
    public static CountKey OfText(string subject, string kind, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return kind switch
        {
            "in" => new CountKey(subject, "eq", Fold(text)),
            "wildcard" => OfWildcard(subject, text),
            "keyword" => OfKeywordPattern(subject, text),
            "regex" => OfSearch(subject, text, isMultiline: false),
            "lt" or "le" or "gt" or "ge" => new CountKey(subject, kind, Number(text)),
            _ => new CountKey(subject, kind, Fold(text)),
        };
    }

    /// <summary>The key of a leaf without a value: <c>present</c>, <c>is_empty</c>.</summary>
    public static CountKey OfQuestion(string subject, string kind) => new(subject, kind, "");

    /// <summary>As values are compared where case plays no part.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.ToUpperInvariant();
    }

    /// <summary>A plain shape is the operator it stands for; any other pattern stays one, in its canonical spelling.</summary>
    private static CountKey OfWildcard(string subject, string pattern)
    {
        var tokens = Compact(WildcardPattern.Parse(pattern));
        return tokens switch
        {
            [] => new CountKey(subject, "eq", ""),
            [{ Kind: WildcardTokenKind.Literal, Text: var text }] => new CountKey(subject, "eq", Fold(text)),
            [{ Kind: WildcardTokenKind.AnyRun }, { Kind: WildcardTokenKind.Literal, Text: var text }] => new CountKey(subject, "ends_with", Fold(text)),
            [{ Kind: WildcardTokenKind.Literal, Text: var text }, { Kind: WildcardTokenKind.AnyRun }] => new CountKey(subject, "starts_with", Fold(text)),
            [{ Kind: WildcardTokenKind.AnyRun }, { Kind: WildcardTokenKind.Literal, Text: var text }, { Kind: WildcardTokenKind.AnyRun }]
                => new CountKey(subject, "contains", Fold(text)),
            _ => new CountKey(subject, "wildcard", Fold(WildcardPattern.Write(tokens))),
        };
    }

    /// <summary>Keywords are looked for inside of values, so a run at either end says nothing.</summary>
    private static CountKey OfKeywordPattern(string subject, string pattern)
    {
        var tokens = Compact(WildcardPattern.Parse(pattern));
        if (tokens is [{ Kind: WildcardTokenKind.AnyRun }, _, ..])
        {
            tokens.RemoveAt(0);
        }

        if (tokens is [_, .., { Kind: WildcardTokenKind.AnyRun }])
        {
            tokens.RemoveAt(tokens.Count - 1);
        }

        return tokens is [{ Kind: WildcardTokenKind.Literal, Text: var text }]
            ? new CountKey(subject, "keyword", Fold(text))
            : new CountKey(subject, "keyword", Fold(WildcardPattern.Write(tokens)));
    }

    /// <summary><c>**</c> is <c>*</c>.</summary>
    private static List<WildcardToken> Compact(IReadOnlyList<WildcardToken> tokens)
    {
        var compact = new List<WildcardToken>(tokens.Count);
        foreach (var token in tokens)
        {
            if (token.Kind != WildcardTokenKind.AnyRun || compact.Count == 0 || compact[^1].Kind != WildcardTokenKind.AnyRun)
            {
                compact.Add(token);
            }
        }

        return compact;
    }

    private static CountKey OfRegex(string subject, string pattern, Predicate.Leaf leaf)
    {
        if (leaf.Regex is not { Anchor: RegexAnchor.Search } form)
        {
            return new CountKey(subject, "regex", pattern);
        }

        return OfSearch(subject, pattern, form.Options.HasFlag(RegexOptionSet.Multiline));
    }

    private static CountKey OfSearch(string subject, string pattern, bool isMultiline)
    {
        // In a search, a leading or trailing ".*" asks for nothing.
        var core = pattern;
        while (core.StartsWith(".*", StringComparison.Ordinal) && !core.StartsWith(".*?", StringComparison.Ordinal) && !core.StartsWith(".*+", StringComparison.Ordinal))
        {
            core = core[2..];
        }

        while (core.EndsWith(".*", StringComparison.Ordinal) && !core.EndsWith("\\.*", StringComparison.Ordinal))
        {
            core = core[..^2];
        }

        // "^" before the start of the value; with m it would be every line's.
        var isPrefix = core.StartsWith('^') && core.Length > 1 && !isMultiline;
        if (PlainText(isPrefix ? core[1..] : core) is { Length: > 0 } text)
        {
            return new CountKey(subject, isPrefix ? "starts_with" : "contains", Fold(text));
        }

        return new CountKey(subject, "regex", pattern);
    }

    /// <summary>The text a pattern stands for when it has no operators; else null.</summary>
    private static string? PlainText(string pattern)
    {
        const string Operators = ".^$*+?()[]{}|";
        var text = new StringBuilder(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                if (++i == pattern.Length || char.IsLetterOrDigit(pattern[i]))
                {
                    return null;
                }
            }
            else if (Operators.Contains(pattern[i], StringComparison.Ordinal))
            {
                return null;
            }

            text.Append(pattern[i]);
        }

        return text.ToString();
    }

    /// <summary>10, 10.0 and 010 are one bound.</summary>
    private static string Number(string text)
        => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new Value.Decimal(number).ToCanonicalText()!
            : Fold(text);
}
