using System.Buffers;
using System.Globalization;
using Glossa.Catalog;

namespace Glossa.Web.Text;

/// <summary>Every address a page writes is made here.</summary>
internal static class Addresses
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\\/.,:;_+#@$%&!?|~{}[]()<>=^-");

    public static string Rule(string family, string slug) => $"/rules/{Uri.EscapeDataString(family)}/{Uri.EscapeDataString(slug)}";

    public static string Values(string family, string slug, int row) => Rule(family, slug) + "/values/" + (row + 1).ToString(CultureInfo.InvariantCulture);

    /// <param name="ordinal">The value's place in its predicate, from 0.</param>
    public static string Others(RuleRecord rule, IndicatorRecord value, int ordinal, string? family = null, int page = 1)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{Rule(rule.Family, rule.Slug)}/others/{value.Row + 1}/{ordinal + 1}");
        var parts = new[] { family is null ? null : "family=" + Uri.EscapeDataString(family), page <= 1 ? null : string.Create(CultureInfo.InvariantCulture, $"page={page}") };
        var query = string.Join('&', parts.Where(part => part is not null));
        return query.Length == 0 ? address : address + "?" + query;
    }

    public static string Search(string query, int page = 1)
    {
        var address = query.Length == 0 ? "/rules" : "/rules?q=" + Uri.EscapeDataString(query);
        return page <= 1 ? address : address + (query.Length == 0 ? "?" : "&") + "page=" + page.ToString(CultureInfo.InvariantCulture);
    }

    public static string Json(string path) => path == "/" ? "/index.json" : path + ".json";

    /// <summary>
    /// One term of a query, in quotes unless it is plain: there blanks and stars are themselves, and two quotes are one.
    /// </summary>
    public static string Term(string key, string value)
        => key + ":" + (value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Plain) ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"");
}
