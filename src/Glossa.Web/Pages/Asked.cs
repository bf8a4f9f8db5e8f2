using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Components;

namespace Glossa.Web.Pages;

/// <summary>The record a page and its JSON show, or why there is none.</summary>
/// <param name="Title">Of the page that says so.</param>
/// <param name="Guess">What to offer in the search box.</param>
internal sealed record Asked<T>(T? Report, int Status, string Title, string Problem, string? Guess)
    where T : class
{
    public static Asked<T> Of(T report) => new(report, StatusCodes.Status200OK, "", "", null);

    public static Asked<T> Missing(string title, string problem, string? guess = null) => new(null, StatusCodes.Status404NotFound, title, problem, guess);

    /// <summary>The same answer where another record was asked for.</summary>
    public Asked<TOther> As<TOther>()
        where TOther : class
        => new(null, Status, Title, Problem, Guess);

    public static Asked<T> Malformed(string problem) => new(null, StatusCodes.Status400BadRequest, "That address cannot be read", problem, null);
}

internal static class Answers
{
    public static readonly string[] ReadMethods = ["GET", "HEAD"];

    /// <param name="parameters">The page's own, beside <c>Report</c>.</param>
    public static Task PageAsync<T, TPage>(this PageWriter pages, HttpContext http, Asked<T> asked, Dictionary<string, object?>? parameters = null)
        where T : class
        where TPage : IComponent
        => asked.Report is { } report
            ? pages.WriteAsync<TPage>(http, StatusCodes.Status200OK, new Dictionary<string, object?>(parameters ?? []) { ["Report"] = report })
            : pages.MessageAsync(http, asked.Status, asked.Title, asked.Problem, asked.Guess);

    public static IResult Json<T>(T report, JsonTypeInfo<T> type) => JsonText(JsonSerializer.Serialize(report, type));

    public static IResult JsonText(string json) => Results.Text(json + "\n", "application/json; charset=utf-8");

    public static IResult Json<T>(Asked<T> asked, JsonTypeInfo<T> type)
        where T : class
        => asked.Report is { } report
            ? Json(report, type)
            : Results.Problem(asked.Problem, title: asked.Title, statusCode: asked.Status);

    /// <summary>
    /// Answers an address whose last part is a name: as JSON where it ends in <c>.json</c>, unless that is how a known name ends and no other is meant.
    /// </summary>
    /// <param name="segments">How many parts stand before the name.</param>
    /// <param name="key">Where the query has the name, for names that a path cannot carry.</param>
    public static async Task<IResult> NamedAsync<T>(
        HttpContext http, int segments, string key, Func<string, Asked<T>> ask, Func<Asked<T>, Task> show, JsonTypeInfo<T> type)
        where T : class
    {
        var path = http.Request.Path.Value ?? "";
        if (http.Request.Query.TryGetValue(key, out var named))
        {
            var meant = ask(named.ToString());
            if (path.EndsWith(".json", StringComparison.Ordinal))
            {
                return Json(meant, type);
            }

            await show(meant);
            return Results.Empty;
        }

        var name = Http.RawPath.After(http.Request, segments);
        if (Http.RawPath.WithoutJson(name) is not { } stripped)
        {
            await show(ask(name));
            return Results.Empty;
        }

        var asked = ask(stripped);
        if (asked.Report is null && ask(name) is { Report: not null } whole)
        {
            await show(whole);
            return Results.Empty;
        }

        return Json(asked, type);
    }

    /// <summary><c>?page=</c>: 1 where it is not there, null where it is no number of a page.</summary>
    public static int? PageOf(HttpRequest request)
        => request.Query.TryGetValue("page", out var asked) ? RequestedList.Number(asked, Http.RequestLimits.HighestPage) : 1;

    /// <summary>A parameter, or null where it is not there.</summary>
    public static string? Text(HttpRequest request, string name) => request.Query.TryGetValue(name, out var value) ? value[0] : null;

    public static string PageProblem { get; } = $"page is a number from 1 to {Http.RequestLimits.HighestPage}.";
}
