using System.Text.Json.Serialization;
using Glossa.Analysis;

namespace Glossa.Catalog;

/// <summary>The rules behind one count of one value of a rule; the JSON of <c>/rules/{family}/{slug}/others/{row}/{value}</c>.</summary>
/// <param name="Rule">Whose value it is; it is not in the list.</param>
/// <param name="As"><c>concept</c>, <c>written</c>, <c>excluded</c>.</param>
/// <param name="Family">Only rules of this family; null for all.</param>
/// <param name="Keys">What is looked up: several where the value stands for several.</param>
public sealed record OthersReport(RuleName Rule, IndicatorRecord Value, string As, string? Family, IReadOnlyList<CountKey> Keys, RuleList List);

/// <summary>The values of one predicate; the JSON of <c>/rules/{family}/{slug}/values/{row}</c>.</summary>
/// <param name="Number">Of the predicate, from 1.</param>
/// <param name="Total">All values; a page has 500.</param>
public sealed record ValuesReport(RuleName Rule, int Number, int Total, int Page, IReadOnlyList<IndicatorRecord> Values);

public sealed record RuleName(string Id, string Title, string Family, string Slug)
{
    public static RuleName Of(RuleRecord rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new RuleName(rule.Id, rule.Title, rule.Family, rule.Slug);
    }
}

/// <summary>The JSON of the pages of indicators, fields, concepts, sources and coverage.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IndicatorReport))]
[JsonSerializable(typeof(SourcesReport))]
[JsonSerializable(typeof(SourceReport))]
[JsonSerializable(typeof(CoverageReport))]
[JsonSerializable(typeof(ConstructReport))]
[JsonSerializable(typeof(AboutReport))]
[JsonSerializable(typeof(OthersReport))]
[JsonSerializable(typeof(FieldsReport))]
[JsonSerializable(typeof(FieldReport))]
[JsonSerializable(typeof(ConceptReport))]
[JsonSerializable(typeof(ValuesReport))]
public sealed partial class FieldsJson : JsonSerializerContext
{
    /// <summary>For people: indented.</summary>
    public static FieldsJson Indented { get; } = new(RecordJson.OptionsFor(isIndented: true));
}
