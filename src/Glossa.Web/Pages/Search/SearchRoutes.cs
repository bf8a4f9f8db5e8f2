using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;

namespace Glossa.Web.Pages.Search;

/// <summary>The list of rules, as page and as JSON, and what the search box suggests.</summary>
internal static class SearchRoutes
{
    internal static void MapSearch(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.MapMethods("/rules", Answers.ReadMethods, http =>
        {
            var answer = Answer(http.Request, catalog);
            if (answer.Rules is not { } rules)
            {
                return pages.MessageAsync(http, StatusCodes.Status400BadRequest, "That list cannot be shown", answer.Problem, Query(http.Request));
            }

            if (answer.Listing is { Hits.Count: 0 } listing && rules.Page > 1)
            {
                return pages.MessageAsync(http, StatusCodes.Status404NotFound, "There is no such page", $"The list has {listing.Total} rules and fewer pages.", rules.Query);
            }

            return pages.WriteAsync<RuleListPage>(
                http,
                answer.Error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
                new() { ["Rules"] = rules, ["Listing"] = answer.Listing, ["Error"] = answer.Error });
        }).ExcludeFromDescription();

        site.MapMethods("/rules.json", Answers.ReadMethods, (HttpContext http, string? q, string[]? family, string? severity, string[]? tactic, string[]? product, string[]? fidelity, string[]? tested, string[]? status, string? sort, string? page) =>
            {
                var answer = Answer(http.Request, catalog);
                return answer switch
                {
                    { Rules: null } => Results.Problem(answer.Problem, statusCode: StatusCodes.Status400BadRequest),
                    { Error: { } error } => Results.Problem(
                        error.Message,
                        statusCode: StatusCodes.Status400BadRequest,
                        extensions: new Dictionary<string, object?> { ["start"] = error.Start, ["length"] = error.Length }),
                    _ => Answers.Json(answer.Listing!, SearchJson.Indented.RuleListing),
                };
            })
            .WithSummary("Rules that answer to a query, 25 a page; q as in the search box, facets repeat, severity is 'at least', sort is best, severity, changed or title, page from 1").WithName("rules")
            .Produces<RuleListing>().ProducesProblem(StatusCodes.Status400BadRequest);

        site.MapMethods("/suggest.json", Answers.ReadMethods, (HttpContext http, string? q, string? at) =>
            {
                var query = Query(http.Request);
                var caret = query.Length;
                if (query.Length > RequestLimits.QueryLength
                    || (http.Request.Query["at"] is [{ } place] && !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out caret)))
                {
                    return Results.Problem($"q has at most {RequestLimits.QueryLength} characters, at is a place in it, from 0.", statusCode: StatusCodes.Status400BadRequest);
                }

                return Answers.Json(catalog.Ask(opened => opened.Suggestions.Suggest(query, caret)), SearchJson.Compact.SuggestionList);
            })
            .WithSummary("What may stand in a query at the caret: at most ten suggestions; at is the caret's place in q, from 0").WithName("suggest")
            .Produces<SuggestionList>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static string Query(HttpRequest request) => request.Query["q"] is [{ } first, ..] ? first : "";

    private static (RequestedRules? Rules, string Problem, RuleListing? Listing, SearchError? Error) Answer(HttpRequest request, CatalogReader catalog)
        => catalog.Ask<(RequestedRules?, string, RuleListing?, SearchError?)>(opened =>
        {
            var (rules, problem) = RequestedRules.Of(request, opened.Search);
            if (rules is null)
            {
                return (null, problem, null, null);
            }

            var (listing, error) = opened.Search.List(rules.ToRequest());
            return (rules, "", listing, error);
        });
}
