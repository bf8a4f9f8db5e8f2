using Glossa.Catalog;

namespace Glossa.Web.Components;

/// <summary>One comparison of the rule: the entries of the record that share a row.</summary>
/// <param name="Number">What the page calls it, from 1.</param>
public sealed record PredicateRow(int Number, IReadOnlyList<IndicatorRecord> Values)
{
    public IndicatorRecord First => Values[0];

    public bool IsExclusion => First.Role != "indicator";

    public static IReadOnlyList<PredicateRow> Of(IEnumerable<IndicatorRecord> entries)
        => [.. entries.GroupBy(entry => entry.Row).OrderBy(group => group.Key).Select(group => new PredicateRow(group.Key + 1, [.. group]))];
}
