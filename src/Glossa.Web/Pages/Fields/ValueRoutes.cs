using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Components;

namespace Glossa.Web.Pages.Fields;

/// <summary>The values of one predicate of a rule, and the rules behind each count of a value.</summary>
internal static class ValueRoutes
{
    public static void MapValues(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.MapMethods("/rules/{family}/{slug}/values/{row}", Answers.ReadMethods, (HttpContext http) =>
        {
            var rule = PageRoutes.Find(http, catalog);
            return pages.PageAsync<ValuesReport, ValuesPage>(http, Values(http, rule), new() { ["Rule"] = rule });
        }).ExcludeFromDescription();
        site.MapMethods(
                "/rules/{family}/{slug}/values/{row}.json",
                Answers.ReadMethods,
                (HttpContext http, string family, string slug, string row, string? page) => Answers.Json(Values(http, PageRoutes.Find(http, catalog)), FieldsJson.Indented.ValuesReport))
            .WithSummary("The values of one predicate of a rule, 500 a page; row counts from 1").WithName("values")
            .Produces<ValuesReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        site.MapMethods("/rules/{family}/{slug}/others/{row}/{value}", Answers.ReadMethods, (HttpContext http) =>
        {
            var rule = PageRoutes.Find(http, catalog);
            return pages.PageAsync<OthersReport, OthersPage>(http, Others(http, catalog, rule), new() { ["Rule"] = rule });
        }).ExcludeFromDescription();
        site.MapMethods(
                "/rules/{family}/{slug}/others/{row}/{value}.json",
                Answers.ReadMethods,
                (HttpContext http, string family, string slug, string row, string value, string? @as, string? only, string? page)
                    => Answers.Json(Others(http, catalog, PageRoutes.Find(http, catalog)), FieldsJson.Indented.OthersReport))
            .WithSummary("The other rules behind a count of one value: as=written or as=excluded instead of by concept, family=…; row and value count from 1").WithName("others")
            .Produces<OthersReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Asked<ValuesReport> Values(HttpContext http, RuleRecord? rule)
    {
        if (Answers.PageOf(http.Request) is not { } page)
        {
            return Asked<ValuesReport>.Malformed(Answers.PageProblem);
        }

        var number = RequestedList.Number(http.GetRouteValue("row") as string, int.MaxValue);
        return rule is not null
            && PredicateRow.Of(rule.Indicators.Concat(rule.Exclusions)).FirstOrDefault(row => row.Number == number) is { } row
            && (page - 1) * ValuesPage.PageSize < row.Values.Count
                ? Asked<ValuesReport>.Of(new ValuesReport(
                    RuleName.Of(rule), row.Number, row.Values.Count, page, [.. row.Values.Skip((page - 1) * ValuesPage.PageSize).Take(ValuesPage.PageSize)]))
                : Missing<ValuesReport>(http, rule);
    }

    private static Asked<OthersReport> Others(HttpContext http, CatalogReader catalog, RuleRecord? rule)
    {
        if (Answers.PageOf(http.Request) is not { } page)
        {
            return Asked<OthersReport>.Malformed(Answers.PageProblem);
        }

        OthersKind? kind = Answers.Text(http.Request, "as") switch
        {
            null or "concept" => OthersKind.ByConcept,
            "written" => OthersKind.AsWritten,
            "excluded" => OthersKind.Excluding,
            _ => null,
        };
        if (kind is null)
        {
            return Asked<OthersReport>.Malformed("as is concept, written or excluded.");
        }

        var row = RequestedList.Number(http.GetRouteValue("row") as string, int.MaxValue);
        var ordinal = RequestedList.Number(http.GetRouteValue("value") as string, int.MaxValue) - 1;
        if (rule is null || ordinal is null
            || PredicateRow.Of(rule.Indicators.Concat(rule.Exclusions)).FirstOrDefault(predicate => predicate.Number == row)?.Values.ElementAtOrDefault(ordinal.Value) is not { } value)
        {
            return Missing<OthersReport>(http, rule);
        }

        var family = Answers.Text(http.Request, "family");
        var (keys, list) = catalog.Ask(opened => (
            opened.Rules.KeysOf(rule.Family, rule.Slug, value.Row, ordinal.Value),
            opened.Rules.Others(rule.Family, rule.Slug, value.Row, ordinal.Value, kind.Value, family, page)));
        return page > 1 && list.Rules.Count == 0
            ? Asked<OthersReport>.Missing("There is no such page", string.Create(CultureInfo.InvariantCulture, $"The list has {list.Total} rules and fewer pages."))
            : Asked<OthersReport>.Of(new OthersReport(RuleName.Of(rule), value, WordOf(kind.Value), family, keys, list));
    }

    private static string WordOf(OthersKind kind) => kind switch
    {
        OthersKind.AsWritten => "written",
        OthersKind.Excluding => "excluded",
        _ => "concept",
    };

    private static Asked<T> Missing<T>(HttpContext http, RuleRecord? rule)
        where T : class
        => rule is null
            ? PageRoutes.NoRule<T>(http)
            : Asked<T>.Missing("There is no such value here", "The rule has no such predicate or value: it may have changed with a new catalog.", rule.Title);
}
