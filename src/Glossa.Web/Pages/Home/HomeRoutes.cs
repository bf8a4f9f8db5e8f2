using Glossa.Catalog;

namespace Glossa.Web.Pages.Home;

/// <summary>The front page, and changes from build to build.</summary>
internal static class HomeRoutes
{
    private const int ShownChanges = 7;

    public static void MapHome(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.MapMethods("/", Answers.ReadMethods, http => pages.WriteAsync<HomePage>(http, StatusCodes.Status200OK, new() { ["Home"] = Home(catalog) })).ExcludeFromDescription();

        site.MapMethods("/index.json", Answers.ReadMethods, () => Answers.Json(Home(catalog), HomeJson.Indented.HomeRecord))
            .WithSummary("What was read and how well it was understood, by family and by tactic, and what changed").WithName("home").Produces<HomeRecord>();

        site.MapMethods("/changes", Answers.ReadMethods, http => pages.PageAsync<ChangeList, ChangesPage>(http, Changes(catalog, http.Request))).ExcludeFromDescription();

        site.MapMethods("/changes.json", Answers.ReadMethods, (HttpContext http, string? page) => Answers.Json(Changes(catalog, http.Request), HomeJson.Indented.ChangeList))
            .WithSummary("What became of rules from build to build, the newest first, 25 a page").WithName("changes")
            .Produces<ChangeList>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static HomeRecord Home(CatalogReader catalog) => catalog.Ask(opened => opened.Home.Read(opened.Stats, opened.Changes.Read(1, ShownChanges)));

    private static Asked<ChangeList> Changes(CatalogReader catalog, HttpRequest request)
    {
        if (Answers.PageOf(request) is not { } page)
        {
            return Asked<ChangeList>.Malformed(Answers.PageProblem);
        }

        var changes = catalog.Ask(opened => opened.Changes.Read(page));
        return page > 1 && changes.Changes.Count == 0 ? Asked<ChangeList>.Missing("There is no such page", "The list has fewer pages.") : Asked<ChangeList>.Of(changes);
    }
}
