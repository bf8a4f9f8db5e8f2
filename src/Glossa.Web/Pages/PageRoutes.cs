using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;

namespace Glossa.Web.Pages;

/// <summary>Which address shows which page, and with which status.</summary>
internal static class PageRoutes
{
    public static void MapPages(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        Map("/", http => pages.WriteAsync<HomePage>(http, StatusCodes.Status200OK, new() { ["Stats"] = catalog.Stats() }));

        Map("/rules", http =>
        {
            if (RequestedList.Of(http.Request, out var problem) is not { } list)
            {
                return pages.MessageAsync(http, StatusCodes.Status400BadRequest, "That list cannot be shown", problem);
            }

            var (result, error) = catalog.Search(list);
            if (list.Page > 1 && result is { Hits.Count: 0 })
            {
                return pages.MessageAsync(http, StatusCodes.Status404NotFound, "There is no such page", $"The list has {result.Total} rules and fewer pages.", list.Query);
            }

            var status = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
            return pages.WriteAsync<RuleListPage>(http, status, new() { ["Result"] = result, ["Error"] = error, ["Query"] = list.Query, ["Page"] = list.Page });
        });

        Map("/rules/{family}/{slug}", http => WithRule(http, rule =>
        {
            var style = LightRules.For(rule.Indicators.Concat(rule.Exclusions).Select(value => value.Row + 1).DefaultIfEmpty().Max());
            http.Response.Headers.ContentSecurityPolicy = Guard.ContentSecurityPolicy(LightRules.Source(style));
            return pages.WriteAsync<RulePage>(http, StatusCodes.Status200OK, new() { ["Rule"] = rule, ["Style"] = style });
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

/// <summary><c>?q=…&amp;page=…</c>, checked.</summary>
internal sealed record RequestedList(string Query, int Page)
{
    /// <summary>Null, with what is wrong, where the address is malformed.</summary>
    public static RequestedList? Of(HttpRequest request, out string problem)
    {
        problem = "";
        var query = request.Query["q"].Count > 0 ? request.Query["q"][0] ?? "" : "";
        if (query.Length > RequestLimits.QueryLength)
        {
            problem = $"A query has at most {RequestLimits.QueryLength} characters; this one has {query.Length}.";
            return null;
        }

        if (!request.Query.TryGetValue("page", out var asked))
        {
            return new RequestedList(query.Trim(), 1);
        }

        if (Number(asked, RequestLimits.HighestPage) is not { } page)
        {
            problem = $"page is a number from 1 to {RequestLimits.HighestPage}.";
            return null;
        }

        return new RequestedList(query.Trim(), page);
    }

    /// <summary>A plain whole number from 1, or null.</summary>
    public static int? Number(string? text, int highest)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= highest ? number : null;
}
