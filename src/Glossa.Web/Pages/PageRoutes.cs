using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;

namespace Glossa.Web.Pages;

/// <summary>What the areas' routes share, and the page for an address that names nothing.</summary>
internal static class PageRoutes
{
    public static void MapPages(this WebApplication site)
    {
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.MapTheme();
        site.MapFallback("{**path}", http => pages.MessageAsync(
            http,
            StatusCodes.Status404NotFound,
            "There is no such page",
            "Nothing is at this address. Rules may have moved with a new catalog: look for a word of the title.",
            LastWords(http.Request.Path.Value)));
    }

    public static RuleRecord? Find(HttpContext http, CatalogReader catalog)
        => http.GetRouteValue("family") is string family && http.GetRouteValue("slug") is string slug ? catalog.Rule(family, slug) : null;

    /// <summary>What to say where <see cref="Find"/> finds nothing.</summary>
    public static Asked<T> NoRule<T>(HttpContext http)
        where T : class
        => Asked<T>.Missing(
            "There is no such rule here",
            "This catalog has no rule at that address. It may have been renamed: look for a word of its title.",
            LastWords(http.GetRouteValue("slug") as string));

    /// <summary>A guess at what was meant: the last part of the address as words.</summary>
    internal static string LastWords(string? path)
    {
        var last = (path ?? "").TrimEnd('/').Split('/')[^1];
        var words = new string([.. last.Take(100).Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]);
        return string.Join(' ', words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>Parts of an address, checked.</summary>
internal static class RequestedList
{
    /// <summary>A plain whole number from 1, or null.</summary>
    public static int? Number(string? text, int highest)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= highest ? number : null;
}
