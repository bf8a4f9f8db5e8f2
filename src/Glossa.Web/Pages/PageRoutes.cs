using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;
using Glossa.Web.Text;

namespace Glossa.Web.Pages;

/// <summary>Which address shows which page, and with which status.</summary>
internal static class PageRoutes
{
    public static void MapPages(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        Map("/rules/{family}/{slug}", http => WithRule(http, rule =>
        {
            var view = new RuleView(rule);
            var style = LightRules.For(view.Rows.Keys.DefaultIfEmpty().Max());
            http.Response.Headers.ContentSecurityPolicy = Guard.ContentSecurityPolicy(LightRules.Source(style));
            return pages.WriteAsync<RulePage>(http, StatusCodes.Status200OK, new() { ["View"] = view, ["Style"] = style });
        }));

        Map("/rules/{family}/{slug}/source", http => WithRule(http, rule =>
        {
            var file = http.Request.Query.TryGetValue("file", out var asked) ? RequestedList.Number(asked, int.MaxValue) : 1;
            var line = http.Request.Query.TryGetValue("from", out asked) ? RequestedList.Number(asked, int.MaxValue) : 1;
            if (file is not { } number || number > rule.Body.Count || line is null || new RuleView(rule, number - 1, line) is not { } view || view.Windows[number - 1].FirstLine != line)
            {
                return NoRuleAsync(http);
            }

            return pages.WriteAsync<SourcePage>(http, StatusCodes.Status200OK, new() { ["View"] = view, ["Body"] = number - 1 });
        }));

        Map("/rules/{family}/{slug}/raw", http => WithRule(http, rule =>
        {
            var file = http.Request.Query.TryGetValue("file", out var asked) ? RequestedList.Number(asked, rule.Body.Count) : 1;
            if (file is not { } number || number > rule.Body.Count)
            {
                return NoRuleAsync(http);
            }

            http.Response.ContentType = "text/plain; charset=utf-8";
            return http.Response.WriteAsync(rule.Body[number - 1].Text, http.RequestAborted);
        }));

        Map("/rules/{family}/{slug}/values", http => WithRule(http, rule =>
        {
            var page = http.Request.Query.TryGetValue("page", out var asked) ? RequestedList.Number(asked, RequestLimits.HighestPage) : 1;
            var view = new RuleView(rule);
            return page is null || (page.Value > 1 && (page.Value - 1) * AllValuesPage.PageSize >= view.Rows.Count)
                ? NoRuleAsync(http)
                : pages.WriteAsync<AllValuesPage>(http, StatusCodes.Status200OK, new() { ["View"] = view, ["Page"] = page.Value });
        }));

        site.MapTheme();
        site.MapFallback("{**path}", http => pages.MessageAsync(
            http,
            StatusCodes.Status404NotFound,
            "There is no such page",
            "Nothing is at this address. Rules may have moved with a new catalog: look for a word of the title.",
            LastWords(http.Request.Path.Value)));

        void Map(string pattern, RequestDelegate handler) => site.MapMethods(pattern, ["GET", "HEAD"], handler).ExcludeFromDescription();

        Task WithRule(HttpContext http, Func<RuleRecord, Task> show)
            => Find(http, catalog) is { } rule ? show(rule) : NoRuleAsync(http);

        Task NoRuleAsync(HttpContext http) => pages.MessageAsync(
            http,
            StatusCodes.Status404NotFound,
            "There is no such rule here",
            "This catalog has no rule at that address. It may have been renamed: look for a word of its title.",
            LastWords(http.Request.Path.Value));
    }

    public static RuleRecord? Find(HttpContext http, CatalogReader catalog)
        => http.GetRouteValue("family") is string family && http.GetRouteValue("slug") is string slug ? catalog.Rule(family, slug) : null;

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
