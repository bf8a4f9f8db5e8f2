namespace Glossa.Web.Api;

/// <summary>The description of the JSON that the areas' routes give; a rule's is byte for byte what <c>glossa show --json</c> prints.</summary>
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
        site.MapOpenApi().ExcludeFromDescription();
    }
}
