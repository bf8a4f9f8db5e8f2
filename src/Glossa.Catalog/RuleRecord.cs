using System.Text.Json.Serialization;

namespace Glossa.Catalog;

/// <summary>
/// Everything that is known of one rule, as <c>show --json</c> prints it and pages and API serve it. Names and order of the JSON are a promise;
/// a section with nothing in it is empty, never left out. A span is <c>[start, length]</c> in UTF-16 positions of <c>body[0].text</c>, unless a
/// place names another body.
/// </summary>
public sealed record RuleRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Family { get; init; }

    /// <summary>Path below the root it was found in.</summary>
    public required string File { get; init; }

    /// <summary>The folders of <see cref="File"/>, outermost first.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary><c>exact</c>, <c>approximate</c>, <c>unsupported</c>, <c>noLogic</c>.</summary>
    public required string Fidelity { get; init; }

    public IReadOnlyList<FidelityReasonRecord> Reasons { get; init; } = [];

    public IReadOnlyList<string> Needs { get; init; } = [];

    public IReadOnlyList<FactRecord> Facts { get; init; } = [];

    public string? Description { get; init; }

    public IReadOnlyList<SectionRecord> Sections { get; init; } = [];

    public IReadOnlyList<AttackRecord> Attack { get; init; } = [];

    public IReadOnlyList<BodyRecord> Body { get; init; } = [];

    public string? Condition { get; init; }

    public IReadOnlyList<StageRecord> Stages { get; init; } = [];

    /// <summary>One entry a value; entries of one predicate share <see cref="IndicatorRecord.Row"/>.</summary>
    public IReadOnlyList<IndicatorRecord> Indicators { get; init; } = [];

    public IReadOnlyList<IndicatorRecord> Exclusions { get; init; } = [];

    public IReadOnlyList<OutputRecord> Outputs { get; init; } = [];

    public IReadOnlyList<EntityRecord> Entities { get; init; } = [];

    public IReadOnlyList<SeverityCaseRecord> SeverityCases { get; init; } = [];

    public IReadOnlyList<RuleTestRecord> Tests { get; init; } = [];

    public IReadOnlyList<string> Drilldowns { get; init; } = [];

    public IReadOnlyList<DataRecord> Data { get; init; } = [];

    public IReadOnlyList<RelationRecord> Relations { get; init; } = [];

    public IReadOnlyList<FindingRecord> Findings { get; init; } = [];

    public IReadOnlyList<NotModelledRecord> NotModelled { get; init; } = [];

    // Beyond the documented record: what pages need.

    /// <summary>Unique within the family: the rule's address is <c>/rules/{family}/{slug}</c>.</summary>
    public string Slug { get; init; } = "";

    public string Kind { get; init; } = "rule";

    public string Language { get; init; } = "";

    public string? Severity { get; init; }

    public string? Status { get; init; }

    public string? Author { get; init; }

    public string? Created { get; init; }

    public string? Modified { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What exactness leans on.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>Events that fired the rule when it was read: made from its logic, judged by the reference evaluator. Empty where none was found.</summary>
    public IReadOnlyList<ExampleRecord> Examples { get; init; } = [];

    /// <summary>Hash of the normal form; equal hashes mean equal logic. Null without logic.</summary>
    public string? LogicHash { get; init; }

    /// <summary>Which document of its file, from 0.</summary>
    public int Document { get; init; }

    /// <summary>The AND/OR tree; null without logic.</summary>
    public LogicRecord? Logic { get; init; }
}

public sealed record FidelityReasonRecord(int[]? Span, string Construct, string Text);

/// <param name="Links">Addresses that go with the value: http and https only.</param>
public sealed record FactRecord(string Name, string Value, IReadOnlyList<string> Links);

/// <param name="Name"><c>runbook</c>, <c>falsePositives</c>, <c>howToImplement</c>, <c>references</c>.</param>
public sealed record SectionRecord(string Name, string Markdown);

/// <param name="Tactic">Null for techniques that ATT&amp;CK places nowhere.</param>
public sealed record AttackRecord(TacticRecord? Tactic, IReadOnlyList<TechniqueRecord> Techniques);

/// <param name="Note">What became of a tactic the rule names by a former name; else null.</param>
/// <param name="Declared">The rule names it; false where it follows from a technique.</param>
public sealed record TacticRecord(string Id, string Name, string? Note, bool Declared);

/// <param name="Status"><c>active</c>, <c>deprecated</c>, <c>revoked</c>, <c>unknown</c>.</param>
/// <param name="Successor">What to write instead of an outdated id.</param>
public sealed record TechniqueRecord(string Id, string? Name, string Status, string? Successor);

public sealed record BodyRecord(string File, string Language, string Text);

/// <param name="Predicates">What the stage asks, one line a predicate, long value lists cut short.</param>
/// <param name="Rows">The rows of its predicates among indicators and exclusions.</param>
/// <param name="Places">Where its text stands; <paramref name="Span"/> is the first of them.</param>
public sealed record StageRecord(
    int Number,
    string Name,
    string Source,
    int[]? Span,
    string? Becomes,
    IReadOnlyList<string> Predicates,
    IReadOnlyList<int> Rows,
    IReadOnlyList<PlaceRecord> Places);

/// <param name="Body">Into <see cref="RuleRecord.Body"/>.</param>
public sealed record PlaceRecord(int Body, int Start, int Length);

/// <summary>One value of one predicate.</summary>
/// <param name="Kind">A word of the IR: <c>eq in contains starts_with …</c>.</param>
/// <param name="Others">Other rules that look for the same: each once, positive predicates only, letter case ignored.</param>
/// <param name="Row">The predicate, from 0 in the order written; a leaf of the tree has the same number.</param>
/// <param name="Match"><c>any</c> value is enough, or <c>all</c> must fit.</param>
/// <param name="Case"><c>exact</c> or <c>fold</c>.</param>
/// <param name="Role"><c>indicator</c>, <c>exclusion</c>, <c>exception</c>.</param>
/// <param name="Scope"><c>rule</c>, <c>branch</c>, <c>absence</c>.</param>
/// <param name="Part">The selection it stands in.</param>
/// <param name="Derived">What is really searched for, where that was computed from the value.</param>
/// <param name="OthersAsWritten">Other rules of the family with the field's name, the kind and the value spelled so, whatever concept the name stands for there.</param>
/// <param name="ExcludedBy">Other rules that exclude the same.</param>
/// <param name="Place">Where the value stands in the body; null where it stands nowhere.</param>
/// <param name="Key">Null where the value stands for several (encodings, kinds of dashes).</param>
public sealed record IndicatorRecord(
    string Field,
    string? Concept,
    string Kind,
    string Value,
    int Stage,
    OthersRecord Others,
    int Row,
    string Match,
    string Case,
    string Role,
    string Scope,
    string? Part,
    IReadOnlyList<string> Derived,
    int OthersAsWritten,
    int ExcludedBy,
    PlaceRecord? Place,
    KeyRecord? Key);

/// <summary>What a value asks for, the same for every rule that asks for it; the address of an indicator's page is made of it.</summary>
/// <param name="Subject">The concept, or <c>family:field</c> where the field stands for none.</param>
/// <param name="Kind">Reduced: a pattern that is but an ending is an <c>ends_with</c>.</param>
/// <param name="Value">Folded: letter case plays no part.</param>
public sealed record KeyRecord(string Subject, string Kind, string Value);

/// <param name="ByFamily">Families with at least one such rule, by name.</param>
public sealed record OthersRecord(int Total, IReadOnlyDictionary<string, int> ByFamily)
{
    public static OthersRecord None { get; } = new(0, new SortedDictionary<string, int>(StringComparer.Ordinal));
}

/// <param name="Verdict"><c>fires</c>.</param>
/// <param name="Count">Events in all; <paramref name="Events"/> has the first of them.</param>
public sealed record ExampleRecord(string Verdict, int Count, IReadOnlyList<ExampleEventRecord> Events);

/// <param name="Time">UTC, ISO 8601; null where the event has none.</param>
/// <param name="Product">With category and service: what is known of where the event comes from.</param>
public sealed record ExampleEventRecord(string? Time, string? Product, string? Category, string? Service, IReadOnlyList<ExampleFieldRecord> Fields);

/// <param name="Name">A path with dots; a field with several values stands once for each. <c>""</c> for the text of the record itself.</param>
/// <param name="Value">Null where the field is there and has none.</param>
public sealed record ExampleFieldRecord(string Name, string? Value);

public sealed record OutputRecord(string Field, string Source);

public sealed record EntityRecord(string Field, string Type, string Value, double? Score);

public sealed record SeverityCaseRecord(string When, string Severity);

public sealed record RuleTestRecord(string Name, string Expected, bool? Passed, string? Reason);

/// <param name="Gate">What the source means in the log: channel and event ids, in words.</param>
/// <param name="Definition">What must be configured for the log to exist.</param>
public sealed record DataRecord(string? Product, string? Category, string? Service, string? Definition, string? Gate);

/// <param name="Type"><c>equal</c> for the same logic, else the word of the rule that names the other: <c>similar</c>, <c>derived</c>, <c>obsolete</c>, <c>merged</c>, <c>renamed</c>.</param>
/// <param name="Reason">How we know, in words.</param>
/// <param name="Family">With <paramref name="Slug"/> the other's address; both null where the catalog does not have it.</param>
public sealed record RelationRecord(string Type, string Id, string? Title, string Reason, string? Family, string? Slug);

public sealed record FindingRecord(string Id, string Severity, string Message, int? Line, int? Column);

public sealed record NotModelledRecord(int[]? Span, string Reason);

/// <summary>A node of the AND/OR tree.</summary>
/// <param name="Type"><c>and or not atLeast named leaf constant opaque stage</c>.</param>
/// <param name="Row">Of a leaf: its predicate; else absent.</param>
public sealed record LogicRecord(
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Row,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlaceRecord? Place,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LogicRecord>? Children);
