using System.Buffers;
using System.Text;

namespace Glossa.Catalog;

/// <summary>A query that cannot be read: where, and what was expected there.</summary>
/// <param name="Start">In the query, from 0.</param>
public sealed record SearchError(string Message, int Start, int Length)
{
    /// <summary>The query with a caret under the place.</summary>
    public string WithCaret(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var line = new StringBuilder();
        foreach (var character in query)
        {
            line.Append(char.IsControl(character) ? ' ' : character);
        }

        return $"{line}\n{new string(' ', Math.Min(Start, query.Length))}{new string('^', Math.Max(Length, 1))}\n{Message}";
    }
}

/// <param name="Key">Empty for a word; else one of <see cref="SearchQuery.Keys"/>.</param>
/// <param name="Comparison"><c>=</c>, or <c>&gt;=</c> and its like where the key has an order.</param>
/// <param name="IsQuoted">Taken as it stands: a phrase, no wildcards.</param>
public sealed record SearchTerm(string Key, string Comparison, string Value, bool IsNegated, bool IsQuoted, int Start, int Length);

/// <summary>
/// Words and <c>key:value</c> pairs, all of which must hold. <c>-</c> before one says that it must not. A value in quotes may hold blanks, and two
/// quotes in it are one; a backslash is a backslash. <c>*</c> in an unquoted value of <c>field</c>, <c>value</c> and <c>excludes</c> is any run.
/// </summary>
public sealed record SearchQuery(IReadOnlyList<SearchTerm> Terms)
{
    private const int MaxLength = 2000;
    private const int MaxTerms = 40;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\\/.,:;_+#@$%&!?|~{}[]()<>=^-");

    /// <summary>Every key, with the comparisons it takes.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "field", "op", "value", "concept", "role", "attack", "family", "severity", "product", "service", "category", "source", "language", "fidelity", "construct", "uses",
        "tested", "status", "excludes", "id",
    ];

    private static readonly string[] Fidelities = ["exact", "approximate", "unsupported", "noLogic"];
    private static readonly string[] Tests = ["fires", "vendor", "none"];
    private static readonly string[] Operators =
    [
        "eq", "in", "contains", "starts_with", "ends_with", "wildcard", "regex", "cidr", "lt", "le", "gt", "ge", "keyword", "in_list", "present", "missing",
        "has_value", "is_empty", "field_compare", "computed",
    ];

    /// <summary>The only values a key takes; empty where it takes any text.</summary>
    public static IReadOnlyList<string> ValuesOf(string key) => key switch
    {
        "severity" => Words.Severities,
        "fidelity" => Fidelities,
        "op" => Operators,
        "role" => Words.Roles,
        "tested" => Tests,
        _ => [],
    };

    /// <summary>Keys that speak of a predicate: those of a query that stand at the same place of their key are asked of the same one.</summary>
    public static bool IsOfPredicate(string key) => key is "field" or "op" or "value" or "concept" or "role";

    /// <summary>
    /// One term of a query, in quotes unless it is plain: there blanks and stars are themselves, and two quotes are one.
    /// </summary>
    public static string Term(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return key + ":" + (value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Plain) ? value : Quote(value));
    }

    /// <summary>A text that stands for itself.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    /// <returns>The query, or what is wrong with it; one of them is null.</returns>
    public static (SearchQuery? Query, SearchError? Error) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
        {
            return (null, new SearchError($"A query has at most {MaxLength} characters.", MaxLength, 1));
        }

        // SQLite ends a text at a NUL, and none of the others can be typed or seen.
        var control = text.AsSpan().IndexOfAnyInRange('\0', '\u0008');
        if (control >= 0)
        {
            return (null, new SearchError("A query has no control characters.", control, 1));
        }

        var terms = new List<SearchTerm>();
        for (var position = 0; position < text.Length;)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
                continue;
            }

            if (terms.Count == MaxTerms)
            {
                return (null, new SearchError($"A query has at most {MaxTerms} parts.", position, 1));
            }

            if (ParseTerm(text, ref position, terms) is { } error)
            {
                return (null, error);
            }
        }

        return (new SearchQuery(terms), null);
    }

    private static SearchError? ParseTerm(string text, ref int position, List<SearchTerm> terms)
    {
        var start = position;
        var isNegated = text[position] == '-' && position + 1 < text.Length && !char.IsWhiteSpace(text[position + 1]);
        if (isNegated)
        {
            position++;
        }

        var key = "";
        var keyStart = position;
        var end = position;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        if (end > position && end < text.Length && text[end] == ':')
        {
            var name = text[position..end].ToLowerInvariant();
            if (Keys.Contains(name))
            {
                key = name;
                position = end + 1;
            }
            else if (!LooksLikeText(text, position, end))
            {
                return new SearchError($"There is no '{name}:'. Expected one of {string.Join(", ", Keys)}; in quotes it is a word.", keyStart, end - keyStart);
            }
        }

        var comparison = "=";
        if (key.Length > 0)
        {
            foreach (var sign in new[] { ">=", "<=", ">", "<", "=" })
            {
                if (text.AsSpan(position).StartsWith(sign) && (key == "severity" || sign == "="))
                {
                    if (key == "severity")
                    {
                        comparison = sign;
                        position += sign.Length;
                    }

                    break;
                }
            }
        }

        var valueStart = position;
        if (ReadValue(text, ref position, out var value, out var isQuoted) is { } error)
        {
            return error;
        }

        if (value.Length == 0)
        {
            return key.Length == 0
                ? new SearchError("Expected a word.", start, Math.Max(position - start, 1))
                : isQuoted && key is "value" or "field" or "excludes"
                    ? Add(terms, position - start)
                    : new SearchError($"Expected a value after '{key}:'.", Math.Min(valueStart, text.Length), 1);
        }

        if (Check(key, value, valueStart, position - valueStart) is { } wrong)
        {
            return wrong;
        }

        var length = position - start;
        terms.Add(new SearchTerm(key, comparison, value, isNegated, isQuoted, start, length));
        return null;

        SearchError? Add(List<SearchTerm> into, int whole)
        {
            into.Add(new SearchTerm(key, comparison, value, isNegated, isQuoted, start, whole));
            return null;
        }
    }

    /// <summary>A path of Windows or an address has a colon too.</summary>
    private static bool LooksLikeText(string text, int start, int colon)
        => colon - start == 1 || (colon + 1 < text.Length && text[colon + 1] is '/' or '\\') || colon + 1 == text.Length;

    private static SearchError? ReadValue(string text, ref int position, out string value, out bool isQuoted)
    {
        isQuoted = position < text.Length && text[position] == '"';
        if (!isQuoted)
        {
            var end = position;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            value = text[position..end];
            position = end;
            return null;
        }

        var opening = position++;
        var content = new StringBuilder();
        while (position < text.Length)
        {
            if (text[position] == '"')
            {
                if (position + 1 < text.Length && text[position + 1] == '"')
                {
                    position++;
                }
                else
                {
                    position++;
                    value = content.ToString();
                    return null;
                }
            }

            content.Append(text[position++]);
        }

        value = "";
        return new SearchError("The quote is not closed. Two quotes inside of quotes are one.", opening, 1);
    }

    /// <summary>Keys with few values say which.</summary>
    private static SearchError? Check(string key, string value, int start, int length)
    {
        if (key == "source" && (value[0] == '/' || value[^1] == '/'))
        {
            return new SearchError("Expected a product, or a product, '/' and the name of its service or category: windows/process_creation.", start, length);
        }

        var allowed = ValuesOf(key);
        return allowed.Count > 0 && !allowed.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? new SearchError($"'{value}' is no {Called(key)}. Expected one of {string.Join(", ", allowed)}.", start, length)
            : null;
    }

    private static string Called(string key) => key switch
    {
        "op" => "operator",
        "tested" => "word of tested",
        _ => key,
    };
}
