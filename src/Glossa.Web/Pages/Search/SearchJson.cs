using System.Text.Json.Serialization;
using Glossa.Catalog;

namespace Glossa.Web.Pages.Search;

/// <summary>The JSON of lists of rules and of suggestions.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RuleListing))]
[JsonSerializable(typeof(SuggestionList))]
internal sealed partial class SearchJson : JsonSerializerContext
{
    public static SearchJson Indented { get; } = new(RecordJson.OptionsFor(isIndented: true));

    public static SearchJson Compact { get; } = new(RecordJson.OptionsFor(isIndented: false));
}
