using System.Collections.Frozen;

namespace Glossa.Core.Taxonomy;

/// <summary>A log source in the words shared by all families.</summary>
/// <param name="Kind">How the family names it: <c>logsource</c>, <c>table</c>, <c>data_source</c>, <c>index</c>, <c>log_type</c>.</param>
/// <param name="Source">The family's own name. Sigma's is <c>product/category/service</c> with <c>*</c> for what is not said.</param>
/// <param name="Class">The class of events, named as Sigma's categories are where there is one.</param>
/// <param name="IsDerived">Guessed from the name alone; good for grouping, not for routing.</param>
public sealed record CanonicalLogSource(
    string Family, string Kind, string Source, string? Product, string? Service, string? Class, bool IsDerived);

/// <summary>From a vendor's name for a log source to product, service and class. Names compare without case; index patterns are names, not matched.</summary>
public sealed class LogSourceMap
{
    private static readonly Lazy<LogSourceMap> Loaded = new(() => new LogSourceMap());

    private readonly FrozenDictionary<string, CanonicalLogSource[]> _sources;
    private readonly CanonicalLogSource[] _all;

    private LogSourceMap()
    {
        _all = [.. EmbeddedTable.Read("log-sources.tsv", "family", "kind", "source", "product", "service", "class", "basis")
            .Select(row => new CanonicalLogSource(row[0], row[1], row[2], OrNull(row[3]), OrNull(row[4]), OrNull(row[5]), row[6] == "derived"))];
        _sources = _all.GroupBy(source => Key(source.Family, source.Source), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    public static LogSourceMap Instance => Loaded.Value;

    /// <summary>Every name of every family, in the order of the table.</summary>
    public IReadOnlyList<CanonicalLogSource> All => _all;

    /// <param name="family"><c>sigma</c>, <c>splunk</c>, <c>elastic</c>, <c>panther</c>, <c>microsoft</c>, <c>chronicle</c>.</param>
    /// <param name="source">The family's name for it: <c>DeviceProcessEvents</c>, <c>AWS.CloudTrail</c>.</param>
    /// <param name="kind">Where kinds share a name (a Panther log type and a resource); without it the log itself wins.</param>
    public CanonicalLogSource? Find(string family, string source, string? kind = null)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(source);
        var known = _sources.GetValueOrDefault(Key(family, source)) ?? [];
        return kind is null ? known.FirstOrDefault() : Array.Find(known, entry => string.Equals(entry.Kind, kind, StringComparison.OrdinalIgnoreCase));
    }

    private static string? OrNull(string cell) => cell.Length == 0 ? null : cell;

    private static string Key(string family, string source) => $"{family}\t{source}";
}
