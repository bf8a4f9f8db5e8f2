using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Glossa.Catalog;

namespace Glossa.Web.Pages.Search;

/// <summary>The JSON of lists of rules and of suggestions.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RuleListing))]
[JsonSerializable(typeof(SuggestionList))]
internal sealed partial class SearchJson : JsonSerializerContext
{
    public static SearchJson Indented { get; } = new(OptionsOf(isIndented: true));

    public static SearchJson Compact { get; } = new(OptionsOf(isIndented: false));

    private static JsonSerializerOptions OptionsOf(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = isIndented,
    };
}
