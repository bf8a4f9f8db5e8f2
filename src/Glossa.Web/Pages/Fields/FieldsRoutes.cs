using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;
using Glossa.Web.Text;

namespace Glossa.Web.Pages.Fields;

/// <summary>The pages of what rules look for, where, and what of them is not understood.</summary>
internal static class FieldsRoutes
{
    /// <summary>Rows a page of <c>/concepts</c>.</summary>
    private const int ConceptRows = 100;

    public static void MapFields(this WebApplication site)
    {
        site.MapValues();
        site.MapIndicators();
        site.MapSources();

        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();
        MapList("/fields", "fields", "Field names as written and concepts, by rules, 50 of each a page; q a part of the name, family", FieldsReader.PageSize, isConcepts: false);
        MapList("/concepts", "concepts", "Concepts by rules, 100 a page; q a part of the name, family", ConceptRows, isConcepts: true);

        site.MapMethods("/fields/{family}/{name}.json", Answers.ReadMethods, (HttpContext http, string family, string name, string? page) => FieldAsync(http))
            .WithSummary("A field as a family's rules write it: concepts, operators, values, sources; page of the values").WithName("field")
            .Produces<FieldReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        site.MapMethods("/fields/{family}/{**name}", Answers.ReadMethods, (Delegate)FieldAsync).ExcludeFromDescription();

        site.MapMethods("/concepts/{name}.json", Answers.ReadMethods, (HttpContext http, string name, string? page) => ConceptAsync(http))
            .WithSummary("A concept: its names in each family, operators, values; page of the values").WithName("concept")
            .Produces<ConceptReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        site.MapMethods("/concepts/{**name}", Answers.ReadMethods, (Delegate)ConceptAsync).ExcludeFromDescription();

        void MapList(string path, string name, string summary, int size, bool isConcepts)
        {
            site.MapMethods(path, Answers.ReadMethods, (Delegate)ShowAsync).ExcludeFromDescription();
            site.MapMethods(path + ".json", Answers.ReadMethods, (HttpContext http, string? q, string? family, string? page) => isConcepts && http.Request.Query.ContainsKey("name")
                    ? ConceptAsync(http)
                    : Task.FromResult(Answers.Json(List(http), FieldsJson.Indented.FieldsReport)))
                .WithSummary(summary).WithName(name).Produces<FieldsReport>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

            async Task<IResult> ShowAsync(HttpContext http)
            {
                if (isConcepts && http.Request.Query.ContainsKey("name"))
                {
                    return await ConceptAsync(http);
                }

                await pages.PageAsync<FieldsReport, FieldsPage>(http, List(http), new() { ["IsConcepts"] = isConcepts, ["Size"] = size });
                return Results.Empty;
            }

            Asked<FieldsReport> List(HttpContext http)
            {
                if (Answers.PageOf(http.Request) is not { } page)
                {
                    return Asked<FieldsReport>.Malformed(Answers.PageProblem);
                }

                var query = Answers.Text(http.Request, "q")?.Trim();
                if (query is { Length: > Addresses.LongestName })
                {
                    return Asked<FieldsReport>.Malformed(string.Create(CultureInfo.InvariantCulture, $"q has at most {Addresses.LongestName} characters."));
                }

                var report = catalog.Ask(opened => opened.Fields.All(query, Answers.Text(http.Request, "family"), page, size));
                return page > 1 && report.Concepts.Count == 0 && (isConcepts || report.Names.Count == 0)
                    ? Asked<FieldsReport>.Missing("There is no such page", "The tables have fewer pages.", query)
                    : Asked<FieldsReport>.Of(report);
            }
        }

        Task<IResult> FieldAsync(HttpContext http)
        {
            var family = RawPath.At(http.Request, 1);
            if (http.Request.Query.ContainsKey("name"))
            {
                family = RawPath.WithoutJson(family) ?? family;
            }
            else if (RawPath.After(http.Request, 2).Length == 0)
            {
                return Task.FromResult(Results.Redirect(Addresses.Fields("/fields", family: family)));
            }

            return Answers.NamedAsync(
                http,
                2,
                "name",
                name => Answers.PageOf(http.Request) is not { } page
                    ? Asked<FieldReport>.Malformed(Answers.PageProblem)
                    : catalog.Ask(opened => opened.Fields.Field(family, name, page)) is not { } report
                        ? Asked<FieldReport>.Missing("No rule has that field", "No rule of that family in this catalog uses a field of that name. Its name may be another's, or another family's.", name)
                        : page > 1 && report.Values.Count == 0 ? NoPage<FieldReport>() : Asked<FieldReport>.Of(report),
                asked => pages.PageAsync<FieldReport, FieldPage>(http, asked),
                FieldsJson.Indented.FieldReport);
        }

        Task<IResult> ConceptAsync(HttpContext http)
            => Answers.NamedAsync(
                http,
                1,
                "name",
                name => Answers.PageOf(http.Request) is not { } page
                    ? Asked<ConceptReport>.Malformed(Answers.PageProblem)
                    : catalog.Ask(opened => opened.Fields.Concept(name, page)) is not { } report
                        ? Asked<ConceptReport>.Missing("There is no such concept", "Neither a rule of this catalog nor the table of vendors' names has a concept of that name.", name)
                        : page > 1 && report.Values.Count == 0 ? NoPage<ConceptReport>() : Asked<ConceptReport>.Of(report),
                asked => pages.PageAsync<ConceptReport, ConceptPage>(http, asked),
                FieldsJson.Indented.ConceptReport);
    }

    internal static Asked<T> NoPage<T>()
        where T : class
        => Asked<T>.Missing("There is no such page", "The list has fewer pages.");
}
