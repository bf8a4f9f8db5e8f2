using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;
using Glossa.Web.Text;

namespace Glossa.Web.Pages.Fields;

/// <summary><c>/indicators/{op}/{subject}?v=…</c>: who looks for one thing.</summary>
internal static class IndicatorRoutes
{
    private static readonly string[] Roles = ["indicator", "exclusion", "exception"];

    public static void MapIndicators(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.MapMethods(
                "/indicators/{op}/{subject}.json",
                Answers.ReadMethods,
                (HttpContext http, string op, string subject, string? v, string? @as, string? written, string? family, string? role, string? page) => AnswerAsync(http))
            .WithSummary("Who looks for one thing: op and subject (a concept, or family:FIELD), v the value; as, written, family, role and page choose from the rules").WithName("indicator")
            .Produces<IndicatorReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        site.MapMethods("/indicators/{op}/{**subject}", Answers.ReadMethods, (Delegate)AnswerAsync).ExcludeFromDescription();

        Task<IResult> AnswerAsync(HttpContext http)
        {
            var op = RawPath.At(http.Request, 1);
            if (http.Request.Query.ContainsKey("subject"))
            {
                op = RawPath.WithoutJson(op) ?? op;
            }

            var value = Answers.Text(http.Request, "v") ?? "";
            var subject = "";
            return Answers.NamedAsync(
                http,
                2,
                "subject",
                name => Ask(http, catalog, op, subject = name, value),
                asked => asked is { Report: null, Status: StatusCodes.Status404NotFound } && asked.Title.Length == 0
                    ? pages.WriteAsync<NoIndicatorPage>(http, asked.Status, new()
                    {
                        ["Kind"] = op,
                        ["Subject"] = subject,
                        ["Value"] = value,
                        ["Nearest"] = catalog.Ask(opened => opened.Indicators.Nearest(op, subject, value)),
                    })
                    : pages.PageAsync<IndicatorReport, IndicatorPage>(http, asked),
                FieldsJson.Indented.IndicatorReport);
        }
    }

    private static Asked<IndicatorReport> Ask(HttpContext http, CatalogReader catalog, string op, string subject, string value)
    {
        var role = Answers.Text(http.Request, "role") ?? "indicator";
        if (!Roles.Contains(role, StringComparer.Ordinal))
        {
            return Asked<IndicatorReport>.Malformed("role is indicator, exclusion or exception.");
        }

        if (value.Length > Addresses.LongestName)
        {
            return Asked<IndicatorReport>.Malformed(string.Create(CultureInfo.InvariantCulture, $"v has at most {Addresses.LongestName} characters; longer values have no page of their own."));
        }

        if (Answers.PageOf(http.Request) is not { } page)
        {
            return Asked<IndicatorReport>.Malformed(Answers.PageProblem);
        }

        var filter = new IndicatorFilter(Answers.Text(http.Request, "as"), Answers.Text(http.Request, "written"), Answers.Text(http.Request, "family"), role);
        var report = catalog.Ask(opened => opened.Indicators.Read(op, subject, value, filter, page));
        return report is null ? Asked<IndicatorReport>.Missing("", "No rule of this catalog looks for that or excludes it.")
            : page > 1 && report.List.Rules.Count == 0
                ? Asked<IndicatorReport>.Missing("There is no such page", string.Create(CultureInfo.InvariantCulture, $"The list has {report.List.Total} rules and fewer pages."))
                : Asked<IndicatorReport>.Of(report);
    }
}
