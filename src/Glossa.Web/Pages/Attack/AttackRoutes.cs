using Glossa.Catalog;
using Glossa.Core.Taxonomy;
using Glossa.Web.Http;
using Glossa.Web.Text;

namespace Glossa.Web.Pages.Attack;

/// <summary><c>/attack</c>, its places and downloads.</summary>
internal static class AttackRoutes
{
    public static void MapAttack(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.MapMethods("/attack", Answers.ReadMethods, http => Requested(catalog, http.Request, out var problem) is { } asked
            ? pages.WriteAsync<MatrixPage>(
                http,
                StatusCodes.Status200OK,
                new() { ["Matrix"] = catalog.Ask(opened => opened.Attack.Matrix(asked.Families)), ["Known"] = catalog.Ask(opened => opened.Attack.Families), ["Show"] = asked.Show, ["Tactic"] = asked.Tactic })
            : pages.MessageAsync(http, StatusCodes.Status400BadRequest, "That matrix cannot be shown", problem)).ExcludeFromDescription();

        site.MapMethods("/attack.json", Answers.ReadMethods, (HttpContext http, string[]? family) => Requested(catalog, http.Request, out var problem) is { } asked
                ? Answers.Json(catalog.Ask(opened => opened.Attack.Matrix(asked.Families)), AttackJson.Indented.AttackMatrixRecord)
                : Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest))
            .WithSummary("The ATT&CK matrix with the rules of each place; family may be given several times").WithName("attack")
            .Produces<AttackMatrixRecord>().ProducesProblem(StatusCodes.Status400BadRequest);

        site.MapMethods("/attack/layer.json", Answers.ReadMethods, (HttpContext http, string[]? family) => Requested(catalog, http.Request, out var problem) is { } asked
                ? Download(http, "glossa-attack-layer.json", Answers.JsonText(NavigatorLayer.Write(catalog.Ask(opened => opened.Attack.Matrix(asked.Families)))))
                : Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest))
            .WithSummary("The matrix as a layer of the ATT&CK Navigator, format 4.5").WithName("attack-layer")
            .Produces<NavigatorLayer>().ProducesProblem(StatusCodes.Status400BadRequest);

        site.MapMethods("/attack.csv", Answers.ReadMethods, (HttpContext http, string[]? family) => Requested(catalog, http.Request, out var problem) is { } asked
                ? Download(http, "glossa-attack.csv", Results.Text(catalog.Ask(opened => MatrixCsv.Write(opened.Attack.Matrix(asked.Families), opened.Attack.Families)), "text/csv; charset=utf-8; header=present"))
                : Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest))
            .WithSummary("The matrix as a table, a line for each technique and sub-technique of each tactic").WithName("attack-table")
            .Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status400BadRequest);

        site.MapMethods("/attack/{id}", Answers.ReadMethods, http => PlaceAsync(http, catalog, pages)).ExcludeFromDescription();

        site.MapMethods("/attack/{id}.json", Answers.ReadMethods, (string id, string? page) =>
            {
                var number = page is null ? 1 : RequestedList.Number(page, RequestLimits.HighestPage);
                return number is null
                    ? Results.Problem(Answers.PageProblem, statusCode: StatusCodes.Status400BadRequest)
                    : catalog.Ask(opened => opened.Attack.Place(Canonical(id) ?? id, number.Value)) is { } place && HasPage(place)
                        ? Answers.Json(place, AttackJson.Indented.AttackPlace)
                        : Results.Problem("Neither ATT&CK v19 nor a rule of this catalog has such a tactic or technique, or it has fewer pages.", statusCode: StatusCodes.Status404NotFound);
            })
            .WithSummary("A tactic, technique or sub-technique and its rules, 25 a page").WithName("attack-place")
            .Produces<AttackPlace>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task PlaceAsync(HttpContext http, CatalogReader catalog, PageWriter pages)
    {
        var id = http.GetRouteValue("id") as string ?? "";
        var page = http.Request.Query.TryGetValue("page", out var asked) ? RequestedList.Number(asked, RequestLimits.HighestPage) : 1;
        if (page is null)
        {
            return pages.MessageAsync(http, StatusCodes.Status400BadRequest, "That list cannot be shown", $"page is a number from 1 to {RequestLimits.HighestPage}.", id.Length <= 20 ? "attack:" + id : null);
        }

        if (Canonical(id) is { } canonical && canonical != id)
        {
            return Moved(http, Addresses.Technique(canonical, page.Value, From(http, canonical)));
        }

        // One successor: whoever has the old id written down comes to the new one, and is told. Several, or none: the page of the old id says so.
        if (AttackMatrix.Instance.FindTechnique(id) is { SuccessorIds: [var successor] })
        {
            return Moved(http, Addresses.Technique(successor, 1, id));
        }

        if (catalog.Ask(opened => opened.Attack.Place(id, page.Value)) is not { } place)
        {
            var nearest = Nearest(id);
            return pages.MessageAsync(
                http,
                StatusCodes.Status404NotFound,
                "There is no such tactic or technique",
                "Neither ATT&CK v19 nor a rule of this catalog has it." + (nearest is null ? "" : $" The nearest is {nearest.Id}, {nearest.FullName}."),
                nearest is null ? null : "attack:" + nearest.Id);
        }

        return HasPage(place)
            ? pages.WriteAsync<PlacePage>(http, StatusCodes.Status200OK, new() { ["Place"] = place, ["From"] = From(http, id) })
            : pages.MessageAsync(http, StatusCodes.Status404NotFound, "There is no such page", "The list has fewer pages.", "attack:" + place.Id);
    }

    private static bool HasPage(AttackPlace place) => place.Page == 1 || place.Rules.Count > 0;

    private static Task Moved(HttpContext http, string address)
    {
        http.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        http.Response.Headers.Location = address;
        return Task.CompletedTask;
    }

    /// <summary>The id of today's spelling: in capitals, or that of the tactic with such a name. Null where the matrix has none.</summary>
    private static string? Canonical(string id)
        => AttackMatrix.Instance.FindTechnique(id)?.Id ?? (AttackMatrix.Instance.FindTactic(id) is { IsOutdated: false } tactic ? tactic.Id : null);

    /// <summary>The outdated id that led to a technique; null where it did not, whatever the address says.</summary>
    private static string? From(HttpContext http, string id)
        => (string?)http.Request.Query["from"] is { } from && AttackMatrix.Instance.FindTechnique(from) is { SuccessorIds: [var successor] } old && successor == id ? old.Id : null;

    /// <summary>The parent of a sub-technique that is not there, else the id that differs in the fewest digits, if that is one.</summary>
    private static AttackTechnique? Nearest(string id)
    {
        if (id.Length > 20)
        {
            return null;
        }

        var dot = id.LastIndexOf('.');
        return (dot > 0 ? AttackMatrix.Instance.FindTechnique(id[..dot]) : null)
            ?? AttackMatrix.Instance.Techniques.FirstOrDefault(technique => technique.Status == AttackStatus.Active && Differences(technique.Id, id) == 1);

        static int Differences(string left, string right)
            => left.Length != right.Length ? int.MaxValue : left.Zip(right).Count(pair => char.ToUpperInvariant(pair.First) != char.ToUpperInvariant(pair.Second));
    }

    private static IResult Download(HttpContext http, string name, IResult content)
    {
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        return content;
    }

    /// <summary><c>?family=…&amp;show=…&amp;tactic=…</c>, checked. Null, with what is wrong, where it asks for what is not there.</summary>
    private static RequestedMatrix? Requested(CatalogReader catalog, HttpRequest request, out string problem)
    {
        var known = catalog.Ask(opened => opened.Attack.Families);
        var families = request.Query["family"].OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (families.Find(family => !known.Contains(family)) is { } unknown)
        {
            problem = $"No rule of this catalog is of the family '{(unknown.Length <= 40 ? unknown : unknown[..40] + "…")}'. It has {(known.Count == 0 ? "no rules" : string.Join(", ", known))}.";
            return null;
        }

        var show = request.Query.TryGetValue("show", out var asked) ? (string?)asked : "techniques";
        if (show is not ("techniques" or "sub" or "gaps"))
        {
            problem = "show is one of techniques, sub, gaps.";
            return null;
        }

        var tactics = AttackMatrix.Instance.Tactics;
        var tactic = request.Query.TryGetValue("tactic", out var named) ? tactics.FirstOrDefault(tactic => tactic.Id == named) : tactics[0];
        problem = tactic is null ? $"tactic is the id of a tactic of the enterprise matrix: {string.Join(", ", tactics.Select(tactic => tactic.Id))}." : "";
        return tactic is null ? null : new RequestedMatrix(families, show, tactic.Id);
    }

    private sealed record RequestedMatrix(IReadOnlyList<string> Families, string Show, string Tactic);
}
