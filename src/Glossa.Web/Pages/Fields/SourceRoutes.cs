using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;
using Glossa.Web.Text;

namespace Glossa.Web.Pages.Fields;

/// <summary>Log sources, coverage of parsing, and what this catalog is.</summary>
internal static class SourceRoutes
{
    public static void MapSources(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.MapMethods("/sources", Answers.ReadMethods, (Delegate)ListAsync).ExcludeFromDescription();
        site.MapMethods("/sources.json", Answers.ReadMethods, (HttpContext http, string? q, string? page) => ListAsync(http))
            .WithSummary("Products with the services and categories that rules name, 80 rows a page; q a part of the name").WithName("sources")
            .Produces<SourcesReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        site.MapMethods("/sources/{product}.json", Answers.ReadMethods, (HttpContext http, string product, string? page) => ProductAsync(http))
            .WithSummary("A product, or any for rules that name none: fields, tactics, rules").WithName("logProduct")
            .Produces<SourceReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        site.MapMethods("/sources/{product}", Answers.ReadMethods, (Delegate)ProductAsync).ExcludeFromDescription();
        site.MapMethods("/sources/{product}/{name}.json", Answers.ReadMethods, (HttpContext http, string product, string name, string? page) => SourceAsync(http))
            .WithSummary("A service or category of a product: fields, tactics, what others call it, rules").WithName("logSource")
            .Produces<SourceReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        site.MapMethods("/sources/{product}/{**name}", Answers.ReadMethods, (Delegate)SourceAsync).ExcludeFromDescription();

        site.MapMethods("/coverage", Answers.ReadMethods, (HttpContext http) => pages.PageAsync<CoverageReport, CoveragePage>(http, Coverage(http, catalog))).ExcludeFromDescription();
        site.MapMethods("/coverage.json", Answers.ReadMethods, (HttpContext http, string? finding, string? page) => Answers.Json(Coverage(http, catalog), FieldsJson.Indented.CoverageReport))
            .WithSummary("How well each language is understood, what is not, and findings of reading; finding a code: with its rules").WithName("coverage")
            .Produces<CoverageReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        site.MapMethods("/coverage/{language}/{construct}.json", Answers.ReadMethods, (HttpContext http, string language, string construct, string? page) => ConstructAsync(http))
            .WithSummary("The rules that a construct keeps from being exact, with reason and place").WithName("construct")
            .Produces<ConstructReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        site.MapMethods("/coverage/{language}/{**construct}", Answers.ReadMethods, (Delegate)ConstructAsync).ExcludeFromDescription();

        site.MapMethods("/about", Answers.ReadMethods, (HttpContext http) => pages.PageAsync<AboutReport, AboutPage>(http, About(http, catalog), new() { ["Family"] = Answers.Text(http.Request, "family") })).ExcludeFromDescription();
        site.MapMethods("/about.json", Answers.ReadMethods, (HttpContext http, string? family, string? licence, string? page) => Answers.Json(About(http, catalog), FieldsJson.Indented.AboutReport))
            .WithSummary("What this catalog was made of, and when; licence: with the rules that name it, an empty one: that name none").WithName("about")
            .Produces<AboutReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        async Task<IResult> ListAsync(HttpContext http)
        {
            // Names that a path cannot carry stand in the query.
            var product = Answers.Text(http.Request, "product");
            if (product is not null)
            {
                return await Answers.NamedAsync(
                    http,
                    1,
                    "product",
                    _ => Source(http, catalog, product, Answers.Text(http.Request, "name")),
                    asked => pages.PageAsync<SourceReport, SourcePage>(http, asked),
                    FieldsJson.Indented.SourceReport);
            }

            var asked = List(http, catalog);
            if (http.Request.Path.Value is "/sources.json")
            {
                return Answers.Json(asked, FieldsJson.Indented.SourcesReport);
            }

            await pages.PageAsync<SourcesReport, SourcesPage>(http, asked);
            return Results.Empty;
        }

        Task<IResult> ProductAsync(HttpContext http)
            => http.Request.Query.ContainsKey("name")
                ? SourceAsync(http)
                : Answers.NamedAsync(http, 1, "product", product => Source(http, catalog, product, null), asked => pages.PageAsync<SourceReport, SourcePage>(http, asked), FieldsJson.Indented.SourceReport);

        Task<IResult> SourceAsync(HttpContext http)
        {
            var product = RawPath.At(http.Request, 1);
            if (http.Request.Query.ContainsKey("name"))
            {
                product = RawPath.WithoutJson(product) ?? product;
            }

            return Answers.NamedAsync(
                http, 2, "name", name => Source(http, catalog, product, name.Length == 0 ? null : name), asked => pages.PageAsync<SourceReport, SourcePage>(http, asked), FieldsJson.Indented.SourceReport);
        }

        Task<IResult> ConstructAsync(HttpContext http)
        {
            var language = RawPath.At(http.Request, 1);
            if (http.Request.Query.ContainsKey("construct"))
            {
                language = RawPath.WithoutJson(language) ?? language;
            }

            return Answers.NamedAsync(
                http,
                2,
                "construct",
                construct => Answers.PageOf(http.Request) is not { } page
                    ? Asked<ConstructReport>.Malformed(Answers.PageProblem)
                    : catalog.Ask(opened => opened.Coverage.Construct(language, construct, page)) is not { } report
                        ? Asked<ConstructReport>.Missing("Nothing of that name is missing", "No rule of that language in this catalog is kept from being exact by it. It may be understood by now.", construct)
                        : report.List.Rules.Count == 0 ? FieldsRoutes.NoPage<ConstructReport>() : Asked<ConstructReport>.Of(report),
                asked => pages.PageAsync<ConstructReport, ConstructPage>(http, asked),
                FieldsJson.Indented.ConstructReport);
        }
    }

    private static Asked<SourcesReport> List(HttpContext http, CatalogReader catalog)
    {
        if (Answers.PageOf(http.Request) is not { } page)
        {
            return Asked<SourcesReport>.Malformed(Answers.PageProblem);
        }

        var query = Answers.Text(http.Request, "q")?.Trim();
        if (query is { Length: > Addresses.LongestName })
        {
            return Asked<SourcesReport>.Malformed(string.Create(CultureInfo.InvariantCulture, $"q has at most {Addresses.LongestName} characters."));
        }

        var report = catalog.Ask(opened => opened.Sources.All(query, page));
        return page > 1 && report.Sources.Count == 0 ? FieldsRoutes.NoPage<SourcesReport>() : Asked<SourcesReport>.Of(report);
    }

    private static Asked<SourceReport> Source(HttpContext http, CatalogReader catalog, string product, string? name)
    {
        if (Answers.PageOf(http.Request) is not { } page)
        {
            return Asked<SourceReport>.Malformed(Answers.PageProblem);
        }

        var report = catalog.Ask(opened => opened.Sources.Source(product, name, page));
        return report is null ? Asked<SourceReport>.Missing("No rule reads that log source", "No rule of this catalog names that product, service or category.", name ?? product)
            : page > 1 && report.List.Rules.Count == 0 ? FieldsRoutes.NoPage<SourceReport>() : Asked<SourceReport>.Of(report);
    }

    private static Asked<AboutReport> About(HttpContext http, CatalogReader catalog)
    {
        if (Answers.PageOf(http.Request) is not { } page)
        {
            return Asked<AboutReport>.Malformed(Answers.PageProblem);
        }

        var report = catalog.Ask(opened => opened.About.Read(Answers.Text(http.Request, "family"), Answers.Text(http.Request, "licence"), page));
        return report.List is { Rules.Count: 0 } ? Asked<AboutReport>.Missing("No rule names that licence", "No rule of this catalog names it, or its list has fewer pages.") : Asked<AboutReport>.Of(report);
    }

    private static Asked<CoverageReport> Coverage(HttpContext http, CatalogReader catalog)
    {
        if (Answers.PageOf(http.Request) is not { } page)
        {
            return Asked<CoverageReport>.Malformed(Answers.PageProblem);
        }

        var report = catalog.Ask(opened => opened.Coverage.All(Answers.Text(http.Request, "finding"), page));
        return report.List is { Rules.Count: 0 } && (page > 1 || !report.Findings.Any(finding => finding.Code == report.Finding))
            ? Asked<CoverageReport>.Missing("There is no such finding here", "Reading this catalog's rules found nothing of that code, or its list has fewer pages.")
            : Asked<CoverageReport>.Of(report);
    }
}
