namespace Glossa.Catalog;

/// <summary>Concepts and field names, each by rules, most first. Counts are rules that use it in any role, each once.</summary>
/// <param name="Page">From 1, of both lists; a page has <see cref="FieldsReader.PageSize"/> of each.</param>
/// <param name="ConceptTotal">On all pages.</param>
/// <param name="NameTotal">On all pages.</param>
public sealed record FieldsReport(
    string? Query, string? Family, int Page, int ConceptTotal, IReadOnlyList<ConceptSummary> Concepts, int NameTotal, IReadOnlyList<FieldSummary> Names);

/// <param name="Classes">Of events: <c>process_creation</c>.</param>
/// <param name="Names">How many field names of all families stand for it here.</param>
public sealed record ConceptSummary(string Name, IReadOnlyList<string> Classes, int Rules, int Names, IReadOnlyList<FamilyCount> Families);

/// <param name="Name">As mostly written; empty for keywords, which name no field.</param>
/// <param name="Concepts">What it stands for here, commonest first.</param>
public sealed record FieldSummary(string Family, string Name, int Rules, IReadOnlyList<string> Concepts);

/// <summary>A number of rules under a name.</summary>
public sealed record NamedCount(string Name, int Rules);

/// <param name="Rules">Of the family, with the field written so.</param>
/// <param name="AllRules">Of any family, by any name.</param>
public sealed record ConceptUse(string Name, int Rules, int AllRules);

/// <summary>A field as a family's rules write it, in any letter case. Counts are rules, each once, in any role unless the name says otherwise.</summary>
/// <param name="Spellings">The ways it is written, where there are several.</param>
/// <param name="Concepts">What it stands for here.</param>
/// <param name="Operators">With <c>in</c> counted as <c>eq</c>.</param>
/// <param name="ValueTotal">Things looked for in it, on all pages.</param>
/// <param name="Page">Of the values, from 1; a page has <see cref="FieldsReader.PageSize"/>.</param>
/// <param name="Excluded">The commonest things that rules exclude by it.</param>
/// <param name="Sources">Of its rules, commonest first.</param>
/// <param name="List">Its first rules.</param>
public sealed record FieldReport(
    string Family,
    string Name,
    int Rules,
    int Indicators,
    int Exclusions,
    int Exceptions,
    IReadOnlyList<NamedCount> Spellings,
    IReadOnlyList<ConceptUse> Concepts,
    IReadOnlyList<NamedCount> Operators,
    int ValueTotal,
    int Page,
    IReadOnlyList<KeyCount> Values,
    int ExcludedTotal,
    IReadOnlyList<KeyCount> Excluded,
    int SourceTotal,
    IReadOnlyList<SourceCount> Sources,
    RuleList List);

/// <param name="Product">Null where the rules name none.</param>
/// <param name="Name">Service or category; null for the whole product.</param>
public sealed record SourceCount(string? Product, string? Name, int Rules);

/// <summary>What fields of several names share. Counts as in <see cref="FieldReport"/>.</summary>
/// <param name="Names">The names that stand for it: those in use here, then those known of vendors.</param>
public sealed record ConceptReport(
    string Name,
    IReadOnlyList<string> Classes,
    int Rules,
    int Indicators,
    int Exclusions,
    int Exceptions,
    IReadOnlyList<FamilyCount> Families,
    IReadOnlyList<ConceptName> Names,
    IReadOnlyList<NamedCount> Operators,
    int ValueTotal,
    int Page,
    IReadOnlyList<KeyCount> Values,
    int ExcludedTotal,
    IReadOnlyList<KeyCount> Excluded,
    RuleList List);

/// <param name="Family">As rules' families are called.</param>
/// <param name="Table">The vendor's table it belongs to; null where it holds anywhere.</param>
/// <param name="Qualifier">The part of the concept it holds, or the condition under which it does; null where it is the concept.</param>
/// <param name="Rules">Rules here that write it for this concept.</param>
/// <param name="IsKnown">Our table of vendors' names has it; else a rule's log source made it so.</param>
public sealed record ConceptName(string Family, string Name, string? Table, string? Qualifier, int Rules, bool IsKnown);
