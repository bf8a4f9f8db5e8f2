using Glossa.Core.Text;

namespace Glossa.Catalog;

/// <summary>What may stand at the caret of a query; <c>/suggest.json</c>.</summary>
/// <param name="Start">Where the part begins that a suggestion replaces, from 0, in UTF-16 positions.</param>
public sealed record SuggestionList(string Query, int Start, int Length, IReadOnlyList<Suggestion> Suggestions);

/// <param name="Text">What is shown.</param>
/// <param name="Insert">What replaces the part; it ends where the reader may go on typing.</param>
/// <param name="Kind"><c>key operator word field concept value technique tactic product tool title</c>.</param>
/// <param name="Rules">How many rules it finds by itself; null where that is not counted.</param>
public sealed record Suggestion(string Text, string Insert, string Kind, int? Rules);

/// <summary>Completes the part of a query that is being typed. Never fails: what cannot be completed has no suggestions. Safe for several threads.</summary>
public sealed class RuleSuggestions(RuleSearch search)
{
    private const int Most = 10;

    /// <summary>Of each kind, where several kinds compete.</summary>
    private const int MostOfKind = 3;

    /// <summary>What a reader who has typed nothing is told first.</summary>
    private static readonly string[] FirstKeys = ["field", "value", "op", "concept", "attack", "severity", "product", "excludes", "family", "fidelity"];

    /// <param name="at">Where the caret stands; beyond the text is its end.</param>
    public SuggestionList Suggest(string text, int at)
    {
        ArgumentNullException.ThrowIfNull(text);
        var part = QueryPart.At(text, Math.Clamp(at, 0, text.Length));
        var suggestions = part.Key.Length > 0 ? OfKey(part) : OfWord(part);
        return new SuggestionList(text, part.Start, part.Length, [.. suggestions.Where(IsPlain).DistinctBy(suggestion => suggestion.Insert, StringComparer.Ordinal).Take(Most)]);
    }

    /// <summary>A text with characters that are not seen would not be what the reader takes it for.</summary>
    private static bool IsPlain(Suggestion suggestion) => HiddenCharacters.Show(suggestion.Text) == suggestion.Text;

    private IEnumerable<Suggestion> OfKey(QueryPart part)
    {
        var index = search.Vocabulary.Of(part.Key);
        var words = index.Beginning(part.Typed, Most);
        if (words.Count < Most && part.Key is not ("value" or "excludes"))
        {
            words.AddRange(index.WithPart(part.Typed, Most).Except(words));
        }

        return words.Select(word => Of(part, part.Key, word));
    }

    private IEnumerable<Suggestion> OfWord(QueryPart part)
    {
        if (part.Typed.Length == 0)
        {
            return part.IsQuoted ? [] : FirstKeys.Select(key => Key(part, key));
        }

        var vocabulary = search.Vocabulary;
        return Keys()
            .Concat(vocabulary.Tools.Beginning(part.Typed, MostOfKind).Select(word => Of(part, "value", word, "tool")))
            .Concat(vocabulary.Of("field").Beginning(part.Typed, MostOfKind).Select(word => Of(part, "field", word)))
            .Concat(Attack())
            .Concat(vocabulary.Of("product").Beginning(part.Typed, MostOfKind).Select(word => Of(part, "product", word)))
            .Concat(vocabulary.Of("concept").Beginning(part.Typed, MostOfKind).Select(word => Of(part, "concept", word)))
            .Concat(Titles())
            .Concat(vocabulary.Of("value").Beginning(part.Typed, MostOfKind).Select(word => Of(part, "value", word)));

        IEnumerable<Suggestion> Keys() => part.IsQuoted
            ? []
            : SearchQuery.Keys.Where(key => key.StartsWith(part.Typed, StringComparison.OrdinalIgnoreCase)).Take(MostOfKind).Select(key => Key(part, key));

        IEnumerable<Suggestion> Attack() => vocabulary.Of("attack").Beginning(part.Typed, MostOfKind)
            .Concat(part.Typed.Length < 3 ? [] : vocabulary.Of("attack").WithPart(part.Typed, MostOfKind))
            .Take(MostOfKind)
            .Select(word => Of(part, "attack", word));

        IEnumerable<Suggestion> Titles() => part.Typed.Length < 2
            ? []
            : search.Columns.TitlesWith(part.Typed, MostOfKind).Select(title => new Suggestion(title, Sign(part) + SearchQuery.Quote(title), "title", null));
    }

    private static Suggestion Key(QueryPart part, string key) => new(key + ":", Sign(part) + key + ":", "key", null);

    private static Suggestion Of(QueryPart part, string key, KnownWord word, string? kind = null)
    {
        var text = word.Label.Length > 0 ? word.Text + " " + word.Label : word.Text;
        kind ??= key switch
        {
            "field" or "concept" or "value" or "product" => key,
            "excludes" => "value",
            "op" => "operator",
            "attack" => word.Text.StartsWith("TA", StringComparison.Ordinal) ? "tactic" : "technique",
            _ => "word",
        };

        // With a comparison or a minus the number would be another one.
        var rules = part.IsNegated || part.Comparison.Length > 0 ? null : word.Rules;
        return new Suggestion(text, Sign(part) + SearchQuery.Term(key, word.Text).Insert(key.Length + 1, part.Comparison), kind, rules);
    }

    private static string Sign(QueryPart part) => part.IsNegated ? "-" : "";
}

/// <summary>The part of a query that a caret stands in, read as far as it goes: a query that is being typed is mostly wrong.</summary>
/// <param name="Key">Empty for a word.</param>
/// <param name="Typed">The value up to the caret.</param>
/// <param name="Comparison"><c>&gt;=</c> and its like, of a severity; else empty.</param>
internal sealed record QueryPart(int Start, int Length, string Key, string Typed, string Comparison, bool IsNegated, bool IsQuoted)
{
    public static QueryPart At(string text, int caret)
    {
        for (var position = 0; position < text.Length;)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
                continue;
            }

            var start = position;
            if (start > caret)
            {
                break;
            }

            var isNegated = text[position] == '-';
            var value = isNegated ? position + 1 : position;
            var letters = value;
            while (letters < text.Length && char.IsAsciiLetter(text[letters]))
            {
                letters++;
            }

            var key = letters < text.Length && text[letters] == ':' ? text[value..letters].ToLowerInvariant() : "";
            if (!SearchQuery.Keys.Contains(key))
            {
                key = "";
            }
            else
            {
                value = letters + 1;
            }

            var comparison = "";
            if (key == "severity")
            {
                comparison = Array.Find([">=", "<=", ">", "<", "="], sign => text.AsSpan(value).StartsWith(sign)) ?? "";
                value += comparison.Length;
            }

            var isQuoted = value < text.Length && text[value] == '"';
            var end = isQuoted ? EndOfQuote(text, value) : EndOfWord(text, value);
            if (caret <= end)
            {
                value += isQuoted ? 1 : 0;
                if (caret < value)
                {
                    // In the key itself: its letters so far are completed as a word, what stands behind the colon stays.
                    var from = isNegated ? start + 1 : start;
                    return new QueryPart(start, Math.Max(value - start, 0), "", text[Math.Min(from, caret)..caret], "", isNegated, false);
                }

                var typed = text[value..caret];
                return new QueryPart(start, end - start, key, isQuoted ? typed.TrimEnd('"').Replace("\"\"", "\"", StringComparison.Ordinal) : typed, comparison, isNegated, isQuoted);
            }

            position = end;
        }

        return new QueryPart(caret, 0, "", "", "", false, false);
    }

    private static int EndOfWord(string text, int position)
    {
        while (position < text.Length && !char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }

    private static int EndOfQuote(string text, int quote)
    {
        for (var position = quote + 1; position < text.Length; position++)
        {
            if (text[position] == '"')
            {
                if (position + 1 == text.Length || text[position + 1] != '"')
                {
                    return position + 1;
                }

                position++;
            }
        }

        return text.Length;
    }
}
