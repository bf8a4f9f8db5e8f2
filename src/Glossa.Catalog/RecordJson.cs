using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Glossa.Catalog;

/// <summary>The JSON of records and reports: camelCase, in the order of the properties, characters as they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RuleRecord))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(SearchResult))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>Room for the deepest tree a record holds, and an end to what a hostile catalog may ask of the stack.</summary>
    internal const int MaxDepth = 600;

    /// <summary>For people: indented.</summary>
    public static RecordJson Indented { get; } = new(OptionsFor(isIndented: true));

    /// <summary>For machines: one line.</summary>
    public static RecordJson Compact { get; } = new(OptionsFor(isIndented: false));

    /// <summary>How every record is written. New ones each time: a context takes its options for itself.</summary>
    public static JsonSerializerOptions OptionsFor(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
        WriteIndented = isIndented,
    };
}

/// <summary>The JSON of the column <c>rule_record.record</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredRecord))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(FidelityReasonRecord[]))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    public static StoredJson Compact { get; } = new(new JsonSerializerOptions(RecordJson.OptionsFor(isIndented: false)) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });
}

/// <summary>
/// What <c>rule_record</c> holds: the record without its indicators, and the predicates once each with their values, from which the indicators are made.
/// Half the size, and no count in it that another rule could make wrong.
/// </summary>
internal sealed record StoredRecord(RuleRecord Head, IReadOnlyList<StoredRow> Rows);

internal sealed record StoredRow(
    string Field, string? Concept, string Kind, int Stage, bool All, bool Cased, int Role, string Scope, string? Part, IReadOnlyList<StoredValue> Values);

/// <param name="Place">Body, start, length; null where the value stands nowhere.</param>
internal sealed record StoredValue(
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int[]? Place,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Derived);
