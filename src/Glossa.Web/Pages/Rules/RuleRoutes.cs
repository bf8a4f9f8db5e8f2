using Glossa.Catalog;
using Glossa.Web.Http;
using Glossa.Web.Text;

namespace Glossa.Web.Pages.Rules;

/// <summary>A rule's own page, its predicates and its files, each as page and as JSON.</summary>
internal static class RuleRoutes
{
    public static void MapRules(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        Map("/rules/{family}/{slug}", http =>
        {
            var asked = Rule(http);
            if (asked.Report is not { } rule)
            {
                return Moved(http) is { } address ? RedirectAsync(http, address) : MissingAsync(http, asked);
            }

            var view = new RuleView(rule);
            var style = LightRules.For(view.Rows.Keys.DefaultIfEmpty().Max());
            http.Response.Headers.ContentSecurityPolicy = Guard.ContentSecurityPolicy(LightRules.Source(style));
            return pages.WriteAsync<RulePage>(http, StatusCodes.Status200OK, new() { ["View"] = view, ["Style"] = style, ["Rules"] = RulesOf(rule) });
        });
        site.MapMethods("/rules/{family}/{slug}.json", Answers.ReadMethods, (HttpContext http, string family, string slug) =>
            {
                var asked = Rule(http);
                return asked.Report is null && Moved(http) is { } address
                    ? Results.Redirect(Addresses.Json(address), permanent: true)
                    : Answers.Json(asked, RecordJson.Indented.RuleRecord);
            })
            .WithSummary("Everything known of one rule; its id, or an address it had in an earlier build, redirects to it").WithName("rule")
            .Produces<RuleRecord>().Produces(StatusCodes.Status301MovedPermanently).ProducesProblem(StatusCodes.Status404NotFound);

        Map("/rules/{family}/{slug}/raw", http =>
        {
            var asked = Rule(http);
            if (asked.Report is not { } rule || FileOf(http.Request, rule) is not { } file)
            {
                return MissingAsync(http, asked);
            }

            http.Response.ContentType = "text/plain; charset=utf-8";
            return http.Response.WriteAsync(rule.Body[file].Text, http.RequestAborted);
        });

        Map("/rules/{family}/{slug}/source", http =>
        {
            var asked = Source(http);
            return asked.Report is { } view
                ? pages.WriteAsync<SourcePage>(http, StatusCodes.Status200OK, new() { ["View"] = view, ["Body"] = FileOf(http.Request, view.Rule) })
                : MissingAsync(http, asked);
        });
        site.MapMethods("/rules/{family}/{slug}/source.json", Answers.ReadMethods, (HttpContext http, string family, string slug, string? from, string? file) =>
            {
                var asked = Source(http);
                return Answers.Json(
                    asked.Report is { } view ? Asked<SourceReport>.Of(SourceReport.Of(view, FileOf(http.Request, view.Rule)!.Value)) : asked.As<SourceReport>(),
                    RulesJson.Indented.SourceReport);
            })
            .WithSummary("A part of one of the rule's files: 400 lines or 24 KB from a line on; line and file count from 1").WithName("ruleSource")
            .Produces<SourceReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        Map("/rules/{family}/{slug}/values", http => pages.PageAsync<PredicatesReport, AllValuesPage>(http, Predicates(http), new() { ["Rule"] = Rule(http).Report }));
        site.MapMethods("/rules/{family}/{slug}/values.json", Answers.ReadMethods, (HttpContext http, string family, string slug, string? page) => Answers.Json(Predicates(http), RulesJson.Indented.PredicatesReport))
            .WithSummary("The predicates of a rule with their values, 50 predicates a page").WithName("predicates")
            .Produces<PredicatesReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        void Map(string pattern, RequestDelegate handler) => site.MapMethods(pattern, Answers.ReadMethods, handler).ExcludeFromDescription();

        Task MissingAsync<T>(HttpContext http, Asked<T> asked)
            where T : class
            => asked.Report is null
                ? pages.MessageAsync(http, asked.Status, asked.Title, asked.Problem, asked.Guess)
                : pages.MessageAsync(http, StatusCodes.Status404NotFound, "There is no such file here", "The rule has no file of that number.", PageRoutes.LastWords(http.Request.Path.Value));

        Asked<RuleRecord> Rule(HttpContext http) => PageRoutes.Find(http, catalog) is { } rule
            ? Asked<RuleRecord>.Of(rule)
            : PageRoutes.NoRule<RuleRecord>(http);

        Asked<RuleView> Source(HttpContext http)
        {
            var asked = Rule(http);
            if (asked.Report is not { } rule)
            {
                return asked.As<RuleView>();
            }

            int? line = http.Request.Query.TryGetValue("from", out var from) ? RequestedList.Number(from, int.MaxValue) : 1;
            if (line is null)
            {
                return Asked<RuleView>.Malformed("from is the number of a line, from 1.");
            }

            return FileOf(http.Request, rule) is { } file && new RuleView(rule, file, line) is { } view && view.Windows[file].FirstLine == line
                ? Asked<RuleView>.Of(view)
                : Asked<RuleView>.Missing("There is no such line here", "The rule has no such file, or the file has fewer lines.", PageRoutes.LastWords(rule.Title));
        }

        Asked<PredicatesReport> Predicates(HttpContext http)
        {
            var asked = Rule(http);
            return asked.Report is not { } rule ? asked.As<PredicatesReport>()
                : Answers.PageOf(http.Request) is not { } page ? Asked<PredicatesReport>.Malformed(Answers.PageProblem)
                : PredicatesReport.Of(rule, page) is { } report ? Asked<PredicatesReport>.Of(report)
                : Asked<PredicatesReport>.Missing("There is no such page", "The rule has fewer predicates.", PageRoutes.LastWords(rule.Title));
        }

        // An id, or where the rule was in an earlier catalog.
        string? Moved(HttpContext http)
            => http.GetRouteValue("family") is string family && http.GetRouteValue("slug") is string slug && catalog.Ask(opened => opened.Rules.SlugNow(family, slug)) is { } now && now != slug
                ? Addresses.Rule(family, now)
                : null;

        Dictionary<string, int> RulesOf(RuleRecord rule)
            => catalog.Ask(opened => rule.Attack.SelectMany(row => row.Techniques).Select(technique => technique.Id).Distinct(StringComparer.Ordinal)
                .ToDictionary(id => id, opened.Attack.Rules, StringComparer.Ordinal));
    }

    private static Task RedirectAsync(HttpContext http, string address)
    {
        http.Response.Redirect(address, permanent: true);
        return Task.CompletedTask;
    }

    /// <summary><c>?file=</c> from 1, as an index; null where the rule has no such file.</summary>
    private static int? FileOf(HttpRequest request, RuleRecord rule)
        => (request.Query.TryGetValue("file", out var asked) ? RequestedList.Number(asked, int.MaxValue) : 1) is { } number && number <= rule.Body.Count ? number - 1 : null;
}
