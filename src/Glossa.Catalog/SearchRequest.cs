using System.Text.Json.Serialization;

namespace Glossa.Catalog;

/// <summary>The order of a list of rules.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SearchSort>))]
public enum SearchSort
{
    /// <summary>By how well a rule answers the words; without words by severity.</summary>
    [JsonStringEnumMemberName("best")]
    Best,

    /// <summary>The highest first.</summary>
    [JsonStringEnumMemberName("severity")]
    Severity,

    /// <summary>The one its author changed (or, never changed, created) last comes first.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>By title, letter case aside.</summary>
    [JsonStringEnumMemberName("title")]
    Title,
}

/// <summary>One value chosen of a facet: <c>product</c>, <c>windows</c>.</summary>
public sealed record FacetChoice(string Key, string Value);

/// <summary>A query, what is chosen beside it, and which part of the list is wanted.</summary>
/// <param name="Text">As typed.</param>
public sealed record SearchRequest(string Text)
{
    /// <summary>Values of one facet are alternatives; a rule must satisfy every facet of which one is chosen.</summary>
    public IReadOnlyList<FacetChoice> Choices { get; init; } = [];

    public SearchSort Sort { get; init; }

    /// <summary>Hits a page.</summary>
    public int Limit { get; init; } = 25;

    /// <summary>Hits passed over.</summary>
    public int Offset { get; init; }
}

/// <summary>What the page of rules shows; <c>/rules.json</c>.</summary>
/// <param name="Total">Rules found, on other pages too.</param>
/// <param name="Rules">Rules of the catalog.</param>
/// <param name="Tokens">How the query was read, in its order.</param>
/// <param name="Hints">Where nothing was found: what to leave out or to spell otherwise; else null.</param>
public sealed record RuleListing(
    string Query,
    int Total,
    int Rules,
    int Offset,
    SearchSort Sort,
    IReadOnlyList<SearchToken> Tokens,
    IReadOnlyList<ListFacet> Facets,
    IReadOnlyList<SearchHit> Hits,
    SearchHints? Hints);

/// <summary>One part of the query as it was read.</summary>
/// <param name="Key">Empty for a word.</param>
/// <param name="Comparison"><c>=</c>, <c>&gt;=</c> and its like.</param>
/// <param name="Start">In the query, from 0, in UTF-16 positions.</param>
/// <param name="Without">The query without it.</param>
public sealed record SearchToken(string Key, string Comparison, string Value, bool Negated, bool Quoted, int Start, int Length, string Without);

/// <summary>How the found rules are spread over one property, were nothing chosen of it.</summary>
/// <param name="Values">Those with rules or chosen; the chosen ones and the most frequent first, severities and fidelities in their own order.</param>
public sealed record ListFacet(string Key, IReadOnlyList<ListFacetValue> Values);

/// <param name="Value">As the address writes it.</param>
/// <param name="Name">As a reader is told it: a tactic's name.</param>
/// <param name="Rules">How many the list holds when of this facet only this value is chosen.</param>
public sealed record ListFacetValue(string Value, string Name, int Rules, bool Selected);

/// <summary>What may help where nothing was found.</summary>
/// <param name="Without">Parts of the query, each with the rules there would be without it; those with none are left out.</param>
/// <param name="Rules">Rules that answer the query when nothing is chosen beside it; null where nothing is.</param>
/// <param name="Nearest">Words and names that are spelled nearly so, each with the whole query in that spelling.</param>
public sealed record SearchHints(IReadOnlyList<SearchWithout> Without, int? Rules, IReadOnlyList<SearchSpelling> Nearest);

/// <param name="Part">As it stands in the query.</param>
/// <param name="Query">The query without it.</param>
public sealed record SearchWithout(string Part, string Query, int Rules);

/// <param name="Part">As it stands in the query.</param>
/// <param name="Spelling">What is known and spelled nearly so.</param>
public sealed record SearchSpelling(string Part, string Spelling, string Query, int Rules);
