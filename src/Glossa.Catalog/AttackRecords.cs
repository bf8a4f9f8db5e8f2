using System.Text.Json.Serialization;

namespace Glossa.Catalog;

/// <summary>How many distinct rules name a place of ATT&amp;CK, or one below it.</summary>
/// <param name="State">
/// <c>tested</c>: an exactly understood rule fired on an event made from its logic; <c>exact</c>: a rule is exactly understood; <c>tagged</c>: rules name
/// it, and none is exactly understood; <c>none</c>.
/// </param>
/// <param name="Exact">Exactly understood, the tested ones too.</param>
/// <param name="Tested">Exactly understood, and fired.</param>
/// <param name="ByFamily">Rules of each family that has one; they add up to <paramref name="Rules"/>.</param>
public sealed record AttackCounts(string State, int Rules, int Exact, int Tested, IReadOnlyDictionary<string, int> ByFamily);

/// <summary>The enterprise matrix; <c>/attack.json</c>.</summary>
/// <param name="Version">Of ATT&amp;CK: <c>19</c>.</param>
/// <param name="Families">Only rules of these were counted; empty for all.</param>
/// <param name="Places">Techniques, each counted in every tactic it stands in.</param>
/// <param name="Covered">Places that at least one rule names.</param>
/// <param name="Elsewhere">What rules name and this matrix does not have: outdated, unknown, and of other matrices.</param>
public sealed record AttackMatrixRecord(
    string Version, IReadOnlyList<string> Families, int Places, int Covered, IReadOnlyList<AttackColumn> Tactics, IReadOnlyList<AttackStray> Elsewhere);

/// <param name="Covered">How many of <paramref name="Techniques"/> a rule names.</param>
/// <param name="Techniques">The one most rules name first.</param>
public sealed record AttackColumn(string Id, string Name, AttackCounts Counts, int Covered, IReadOnlyList<AttackCell> Techniques);

/// <param name="SubTechniques">Those of this tactic, the one most rules name first.</param>
public sealed record AttackCell(string Id, string Name, AttackCounts Counts, IReadOnlyList<AttackCell> SubTechniques);

/// <param name="Name">Null where ATT&amp;CK has no such id.</param>
/// <param name="Status"><c>active</c> (in another matrix), <c>deprecated</c>, <c>revoked</c>, <c>unknown</c>.</param>
/// <param name="Domain"><c>enterprise mobile ics atlas pre-attack</c>; null where nobody knows it.</param>
public sealed record AttackStray(string Id, string? Name, string Status, string? Domain, IReadOnlyList<AttackName> Successors, int Rules);

public sealed record AttackName(string Id, string Name);

/// <summary>A tactic, technique or sub-technique; <c>/attack/{id}.json</c>.</summary>
/// <param name="Kind"><c>tactic technique subTechnique</c>.</param>
/// <param name="Status"><c>active deprecated revoked unknown</c>.</param>
/// <param name="Url">Where its owner describes it; null for an id nobody has.</param>
/// <param name="Successors">What to write instead of an outdated id.</param>
/// <param name="Former">Outdated ids that became this one, with the rules that still name them.</param>
/// <param name="Families">One a family that has a rule of it.</param>
/// <param name="Below">Techniques of a tactic, sub-techniques of a technique.</param>
/// <param name="LooksFor">
/// What its rules look for most often, the commonest 20. Exclusions are not among it, nor regular expressions with small letters, which the search cannot count.
/// </param>
/// <param name="Page">Of <paramref name="Rules"/>, from 1; 25 a page.</param>
/// <param name="Rules">Exact and tested ones first.</param>
public sealed record AttackPlace(
    string Id,
    string Name,
    string Kind,
    string? Domain,
    string Status,
    string? Url,
    AttackName? Parent,
    IReadOnlyList<AttackName> Tactics,
    IReadOnlyList<AttackName> Successors,
    IReadOnlyList<AttackStray> Former,
    AttackCounts Counts,
    IReadOnlyList<AttackFamily> Families,
    IReadOnlyList<AttackCell> Below,
    IReadOnlyList<AttackPredicate> LooksFor,
    IReadOnlyList<AttackSource> Sources,
    int Page,
    IReadOnlyList<AttackRule> Rules);

/// <summary>Rules = exact + approximate + unsupported + noLogic; tested ones are exact.</summary>
public sealed record AttackFamily(string Family, int Rules, int Tested, int Exact, int Approximate, int Unsupported, int NoLogic);

/// <param name="Concept">Null where the field has none; then <paramref name="Field"/> and <paramref name="Family"/> say which it is.</param>
/// <param name="Kind">As the rule writes it; <c>in</c> is <c>eq</c>.</param>
/// <param name="Value">As one of the rules writes it; empty for operators that take none.</param>
/// <param name="Key">In its canonical form, folded to upper case: what all of the rules share.</param>
/// <param name="Subject">With <paramref name="KeyKind"/> and <paramref name="Key"/> what <c>lookup_key</c> holds: the concept, or <c>family:FIELD</c>.</param>
/// <param name="Rules">Of this tactic or technique.</param>
public sealed record AttackPredicate(string? Concept, string Field, string? Family, string Kind, string Value, string Key, string Subject, string KeyKind, int Rules);

/// <param name="Product"><c>any</c> where the rules name none.</param>
/// <param name="Name">Service or category; null where a rule names neither, then all rules of the product are counted.</param>
public sealed record AttackSource(string Product, string? Name, int Rules);

/// <param name="Tested">Exactly understood, and an event made from its logic fired it.</param>
public sealed record AttackRule(
    string Id, string Title, string Family, string Slug, string File, string? Severity, string? Status, string Fidelity, bool Tested, string? Product, string? Service, string? Category);

/// <summary>The JSON of the records of ATT&amp;CK, indented.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AttackMatrixRecord))]
[JsonSerializable(typeof(AttackPlace))]
public sealed partial class AttackJson : JsonSerializerContext
{
    public static AttackJson Indented { get; } = new(RecordJson.OptionsFor(isIndented: true));
}
