using System.Globalization;
using Glossa.Catalog;

namespace Glossa.Web.Text;

/// <summary>Every address a page writes is made here.</summary>
internal static class Addresses
{
    public static string Rule(string family, string slug) => $"/rules/{Uri.EscapeDataString(family)}/{Uri.EscapeDataString(slug)}";

    public static string Values(string family, string slug, int row) => Rule(family, slug) + "/values/" + (row + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Every predicate of the rule with its values.</summary>
    /// <param name="page">From 1.</param>
    public static string AllValues(RuleRecord rule, int page = 1)
        => Rule(rule.Family, rule.Slug) + "/values" + (page <= 1 ? "" : "?page=" + page.ToString(CultureInfo.InvariantCulture));

    /// <summary>A file of the rule from a line on.</summary>
    /// <param name="body">Into <see cref="RuleRecord.Body"/>.</param>
    /// <param name="line">From 1.</param>
    public static string Source(RuleRecord rule, int body, int line)
        => string.Create(CultureInfo.InvariantCulture, $"{Rule(rule.Family, rule.Slug)}/source?from={line}{(body == 0 ? "" : $"&file={body + 1}")}");

    public static string Raw(RuleRecord rule, int body)
        => Rule(rule.Family, rule.Slug) + "/raw" + (body == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"?file={body + 1}"));

    /// <param name="ordinal">The value's place in its predicate, from 0.</param>
    /// <param name="kind">Which of the value's counts the list stands behind.</param>
    public static string Others(RuleRecord rule, IndicatorRecord value, int ordinal, string? family = null, int page = 1, OthersKind kind = OthersKind.ByConcept)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{Rule(rule.Family, rule.Slug)}/others/{value.Row + 1}/{ordinal + 1}");
        var parts = new[]
        {
            kind switch
            {
                OthersKind.AsWritten => "as=written",
                OthersKind.Excluding => "as=excluded",
                _ => null,
            },
            family is null ? null : "family=" + Uri.EscapeDataString(family),
            Page(page),
        };
        var query = string.Join('&', parts.Where(part => part is not null));
        return query.Length == 0 ? address : address + "?" + query;
    }

    public static string Search(string query, int page = 1)
    {
        var address = query.Length == 0 ? "/rules" : "/rules?q=" + Uri.EscapeDataString(query);
        return page <= 1 ? address : address + (query.Length == 0 ? "?" : "&") + "page=" + page.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The same content as JSON: <c>.json</c> goes to the end of the path, before the query.</summary>
    public static string Json(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        return address == "/" ? "/index.json" : query < 0 ? address + ".json" : address.Insert(query, ".json");
    }

    /// <inheritdoc cref="SearchQuery.Term"/>
    public static string Term(string key, string value) => SearchQuery.Term(key, value);

    /// <summary>Longer names and values have no address of their own: those of <see cref="Field"/>, <see cref="Indicator"/> and the like are null for them.</summary>
    public const int LongestName = 1500;

    /// <summary>A field of a family as its rules write it.</summary>
    /// <param name="page">Of the values, from 1.</param>
    public static string? Field(string family, string name, int page = 1)
        => Named("/fields/" + Uri.EscapeDataString(family), "name", name, Page(page));

    public static string? Concept(string name, int page = 1) => Named("/concepts", "name", name, Page(page));

    /// <summary>The tables of fields or concepts.</summary>
    /// <param name="path"><c>/fields</c> or <c>/concepts</c> or another list with the same parameters.</param>
    public static string Fields(string path, string? query = null, string? family = null, int page = 1)
    {
        var parts = new[]
        {
            query is { Length: > 0 } ? "q=" + Uri.EscapeDataString(query) : null, family is null ? null : "family=" + Uri.EscapeDataString(family), Page(page),
        };
        var text = string.Join('&', parts.Where(part => part is not null));
        return text.Length == 0 ? path : path + "?" + text;
    }

    /// <summary>The search for rules with all of these; null where no query can say it: one too long, or with characters a query does not take.</summary>
    public static string? List(params IEnumerable<(string Key, string Value)> terms)
    {
        var query = string.Join(' ', terms.Select(term => Term(term.Key, term.Value)));
        return query.Length > Http.RequestLimits.QueryLength || query.AsSpan().ContainsAnyInRange('\0', '\b') ? null : Search(query);
    }

    /// <summary>A log source. A rule without a product has the product <c>any</c>.</summary>
    /// <param name="name">Service or category; null for all of the product.</param>
    /// <param name="page">Of its rules, from 1.</param>
    public static string? Source(string? product, string? name = null, int page = 1)
        => product is { Length: > LongestName } ? null
        : name is null ? Named("/sources", "product", product ?? "any", Page(page))
        : IsSegment(product ?? "any") ? Named("/sources/" + Uri.EscapeDataString(product ?? "any"), "name", name, Page(page))
        : Named("/sources", "name", name, "product=" + Uri.EscapeDataString(product!) + (page <= 1 ? "" : "&" + Page(page)), inQuery: true);

    /// <summary>A technique, sub-technique or tactic by its id.</summary>
    public static string Technique(string id) => "/attack/" + Uri.EscapeDataString(id);

    /// <summary>The ATT&amp;CK matrix, or with <paramref name="file"/> a download of it.</summary>
    /// <param name="families">Only rules of these; empty for all.</param>
    /// <param name="show"><c>sub</c>, <c>gaps</c>, or null for techniques.</param>
    /// <param name="tactic">The one whose sub-techniques are shown.</param>
    public static string Matrix(IEnumerable<string> families, string? show = null, string? tactic = null, string file = "/attack")
    {
        var parts = families.Select(family => "family=" + Uri.EscapeDataString(family)).ToList();
        if (show is not null)
        {
            parts.Add("show=" + show);
        }

        if (tactic is not null)
        {
            parts.Add("tactic=" + Uri.EscapeDataString(tactic));
        }

        return parts.Count == 0 ? file : file + "?" + string.Join('&', parts);
    }

    /// <param name="page">Of its rules, from 1.</param>
    /// <param name="from">An outdated id that led here.</param>
    public static string Technique(string id, int page, string? from = null)
        => Technique(id) + (from is null ? "" : "?from=" + Uri.EscapeDataString(from)) + (page <= 1 ? "" : (from is null ? "?" : "&") + Page(page));

    /// <summary>What of a language is not understood, and the rules it costs.</summary>
    public static string? Coverage(string language, string construct, int page = 1)
        => Named("/coverage/" + Uri.EscapeDataString(language), "construct", construct, Page(page));

    /// <summary>The rules that look for one thing.</summary>
    /// <param name="kind">The operator: of the record, or of the catalog's <c>lookup_key</c>.</param>
    /// <param name="subject">The concept; for a field without one see <see cref="Subject"/>.</param>
    /// <param name="value">As written or as in <c>lookup_key</c>.</param>
    /// <param name="asField">Only rules with the field spelled so.</param>
    /// <param name="family">Only rules of this family.</param>
    /// <param name="role"><c>exclusion</c> or <c>exception</c>: the rules that have it there; null for those that look for it.</param>
    /// <param name="page">From 1.</param>
    /// <param name="written">With <paramref name="asField"/>: only rules with the value spelled so.</param>
    public static string? Indicator(
        string kind, string subject, string value, string? asField = null, string? family = null, string? role = null, int page = 1, string? written = null)
    {
        if (value.Length > LongestName || asField is { Length: > LongestName } || written is { Length: > LongestName })
        {
            return null;
        }

        List<string> query = [];
        if (Names.HasValue(kind))
        {
            query.Add("v=" + Uri.EscapeDataString(value));
        }

        Add("as", asField);
        Add("written", written);
        Add("family", family);
        Add("role", role is "indicator" ? null : role);
        if (page > 1)
        {
            query.Add(Page(page)!);
        }

        return Named("/indicators/" + Uri.EscapeDataString(kind is "in" ? "eq" : kind), "subject", subject, query.Count == 0 ? null : string.Join('&', query));

        void Add(string name, string? text)
        {
            if (text is not null)
            {
                query.Add(name + "=" + Uri.EscapeDataString(text));
            }
        }
    }

    /// <summary>The thing of which <see cref="Indicator"/> speaks, for a field of a record.</summary>
    public static string Subject(string family, string field, string? concept) => Analysis.CountKeys.Subject(family, field, concept);

    /// <summary>
    /// A name as the last part of a path. Some cannot stand there: browsers take <c>.</c> and <c>..</c> for ways, servers refuse NUL, and a name that
    /// ends in <c>.json</c> would ask for another one's JSON. Those go into the query, which every such page reads as well.
    /// </summary>
    private static string? Named(string parent, string key, string name, string? query = null, bool inQuery = false)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        var escaped = Uri.EscapeDataString(name);
        return !inQuery && IsSegment(name)
            ? query is null ? $"{parent}/{escaped}" : $"{parent}/{escaped}?{query}"
            : query is null ? $"{parent}?{key}={escaped}" : $"{parent}?{key}={escaped}&{query}";
    }

    private static bool IsSegment(string name)
        => name is not ("" or "." or "..") && !name.Contains('\0', StringComparison.Ordinal) && !name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static string? Page(int page) => page <= 1 ? null : string.Create(CultureInfo.InvariantCulture, $"page={page}");
}
