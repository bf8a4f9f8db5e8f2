using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Glossa.Catalog;

namespace Glossa.Web.Api;

/// <summary>The same records as the pages, as JSON; the rule's is byte for byte what <c>glossa show --json</c> prints.</summary>
internal static class ApiRoutes
{
    public static void AddApiDescription(this IServiceCollection services)
        => services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Glossa";
            document.Info.Description = "What is known of each detection rule of this catalog. Every page has .json beside it.";
            document.Tags?.Clear();
            return Task.CompletedTask;
        }));

    public static void MapApi(this WebApplication site)
    {
        var catalog = site.Services.GetRequiredService<CatalogReader>();

        site.MapMethods("/rules/{family}/{slug}.json", ReadMethods, (string family, string slug) =>
                catalog.Rule(family, slug) is { } rule
                    ? Json(rule, RecordJson.Indented.RuleRecord)
                    : Results.Problem("This catalog has no such rule.", statusCode: StatusCodes.Status404NotFound))
            .WithSummary("Everything known of one rule").WithName("rule").Produces<RuleRecord>().ProducesProblem(StatusCodes.Status404NotFound);

        site.MapOpenApi().ExcludeFromDescription();
    }

    private static readonly string[] ReadMethods = ["GET", "HEAD"];

    private static IResult Json<T>(T value, JsonTypeInfo<T> type) => Results.Text(JsonSerializer.Serialize(value, type) + "\n", "application/json; charset=utf-8");
}
