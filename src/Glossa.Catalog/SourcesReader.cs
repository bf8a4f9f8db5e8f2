using System.Collections.Concurrent;
using System.Text.Json;
using Glossa.Core.Taxonomy;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>Log sources: products with the services and categories that rules name. Counts are rules, each once a row.</summary>
/// <param name="Families">All that stand in a row.</param>
/// <param name="Total">Rows, on all pages.</param>
/// <param name="Page">From 1; a page has <see cref="SourcesReader.PageSize"/> rows.</param>
public sealed record SourcesReport(string? Query, int Page, int Total, IReadOnlyList<string> Families, IReadOnlyList<SourceSummary> Sources);

/// <param name="Product">Null where rules name none.</param>
/// <param name="Name">Service or category; null for the row of the whole product.</param>
/// <param name="Kind"><c>product</c>, <c>service</c>, <c>category</c>, <c>both</c>.</param>
public sealed record SourceSummary(string? Product, string? Name, string Kind, int Rules, IReadOnlyList<FamilyCount> Families);

/// <summary>One log source.</summary>
/// <param name="Name">Service or category; null for the whole product.</param>
/// <param name="Names">Of a whole product: its services and categories.</param>
/// <param name="Fields">Most rules first; not more than 60.</param>
/// <param name="Windows">What it is in the logs of Windows, where that is known.</param>
/// <param name="Others">What vendors call the same.</param>
/// <param name="Tactics">In matrix order.</param>
public sealed record SourceReport(
    string? Product,
    string? Name,
    string Kind,
    int Rules,
    IReadOnlyList<FamilyCount> Families,
    IReadOnlyList<SourceSummary> Names,
    int FieldTotal,
    IReadOnlyList<FieldSummary> Fields,
    IReadOnlyList<WindowsSource> Windows,
    IReadOnlyList<SourceName> Others,
    IReadOnlyList<TacticCount> Tactics,
    RuleList List);

/// <param name="EventIds">Empty: every event of the channels.</param>
/// <param name="Condition">What the event must also have, in words; null where nothing more.</param>
public sealed record WindowsSource(IReadOnlyList<string> Channels, IReadOnlyList<int> EventIds, string? Condition);

/// <param name="Kind">How the family names it: <c>table</c>, <c>data_source</c>, <c>index</c>, <c>log_type</c>.</param>
/// <param name="IsDerived">Guessed from its name alone.</param>
public sealed record SourceName(string Family, string Kind, string Name, string? Product, bool IsDerived);

public sealed record TacticCount(string Id, string Name, int Rules);

/// <summary>Log sources with what rules ask of them. Safe for several threads.</summary>
public sealed class SourcesReader
{
    /// <summary>Rows a page.</summary>
    public const int PageSize = 80;

    private const int MaxFields = 60;
    private const int MaxOthers = 60;

    private readonly CatalogDatabase _database;
    private readonly Lazy<FieldIndex> _index;
    private readonly Lazy<IReadOnlyList<Group>> _all;

    /// <summary>All but the list, of those that exist: a product of thousands of rules takes ten milliseconds.</summary>
    private readonly ConcurrentDictionary<(string Product, string? Name), (SourceReport Report, string Ids)> _known = new();

    internal SourcesReader(CatalogDatabase database, Lazy<FieldIndex> index)
    {
        (_database, _index) = (database, index);
        _all = new(() => Groups(index.Value), LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <param name="query">A part of product or name; letter case plays no part.</param>
    public SourcesReport All(string? query, int page)
    {
        var part = query is null ? "" : NoCase.Fold(query);
        var rows = _all.Value.Where(group => part.Length == 0 || NoCase.Fold($"{group.Product ?? "any"}/{group.Name}").Contains(part, StringComparison.Ordinal)).ToList();
        return new SourcesReport(
            query,
            page,
            rows.Count,
            [.. _index.Value.Rules.Select(rule => rule.Family).Distinct().Order(StringComparer.Ordinal)],
            [.. rows.Skip((page - 1) * PageSize).Take(PageSize).Select(Summary)]);
    }

    /// <summary>Null where no rule reads it.</summary>
    /// <param name="product"><c>any</c> for rules without a product.</param>
    /// <param name="name">Service or category; null for the whole product.</param>
    /// <param name="page">Of its rules, from 1.</param>
    public SourceReport? Source(string product, string? name, int page)
    {
        ArgumentNullException.ThrowIfNull(product);
        using var lease = _database.Rent();
        var key = (NoCase.Fold(product), name is null ? null : NoCase.Fold(name));
        if (!_known.TryGetValue(key, out var known))
        {
            if (Read(lease.Connection, product, name) is not { } read)
            {
                return null;
            }

            known = _known.GetOrAdd(key, read);
        }

        return known.Report with { List = RuleList.Read(lease.Connection, "SELECT value AS rule_id FROM json_each($ids)", [("$ids", known.Ids)], page) };
    }

    private (SourceReport Report, string Ids)? Read(SqliteConnection connection, string product, string? name)
    {
        var index = _index.Value;

        // As a search for source: counts: rules that name the product so, and under "any" those that name none.
        var isAny = NoCase.Equals(product, "any");
        var meant = _all.Value
            .Where(group => NoCase.Equals(group.Product, product) || (isAny && group.Product is null))
            .Where(group => name is null ? group.Name is null : NoCase.Equals(group.Name, name))
            .ToList();
        if (meant.Count == 0)
        {
            return null;
        }

        var rules = meant.SelectMany(group => group.Rules).Distinct().Order().ToList();
        var fields = rules.SelectMany(index.UsesOf).GroupBy(use => (index.Rules[use.Rule].Family, Field: NoCase.Fold(use.Field)))
            .Select(group => new FieldSummary(
                group.Key.Family,
                group.First().Field,
                FieldIndex.Count(group),
                [.. FieldsReader.Named(group.Where(use => use.Concept is not null), use => use.Concept!).Select(concept => concept.Name)]))
            .OrderByDescending(field => field.Rules).ThenBy(field => field.Name, StringComparer.Ordinal).ThenBy(field => field.Family, StringComparer.Ordinal)
            .ToList();
        var group = meant.Find(group => group.Product is not null) ?? meant[0];
        var ids = JsonSerializer.Serialize([.. rules.Select(rule => index.Rules[rule].Id)], StoredJson.Compact.Int64Array);
        var report = new SourceReport(
            isAny ? null : group.Product,
            group.Name,
            group.Kind,
            rules.Count,
            FamiliesOf(rules),
            name is null ? [.. _all.Value.Where(other => other.Name is not null && NoCase.Equals(other.Product, group.Product)).OrderByDescending(other => other.Rules.Count).Select(Summary)] : [],
            fields.Count,
            [.. fields.Take(MaxFields)],
            name is null || !NoCase.Equals(group.Product, "windows") ? [] : Windows(name),
            OthersOf(group),
            Tactics(connection, ids),
            new RuleList(rules.Count, 1, []));
        return (report, ids);
    }

    private SourceSummary Summary(Group group) => new(group.Product, group.Name, group.Kind, group.Rules.Count, FamiliesOf(group.Rules));

    private List<FamilyCount> FamiliesOf(IReadOnlyList<int> rules)
        => [.. rules.GroupBy(rule => _index.Value.Rules[rule].Family).Select(family => new FamilyCount(family.Key, family.Count()))
            .OrderByDescending(family => family.Rules).ThenBy(family => family.Family, StringComparer.Ordinal)];

    /// <summary>Each product, and under it its names; those with most rules first.</summary>
    private static IReadOnlyList<Group> Groups(FieldIndex index)
    {
        var names = new Dictionary<(string? Product, string Name), Group>();
        var products = new Dictionary<(string? Product, string Name), Group>();
        for (var number = 0; number < index.Rules.Count; number++)
        {
            var rule = index.Rules[number];
            Add(products, rule.Product, null, "product", number);
            foreach (var (product, name) in SourceNames.Of(rule))
            {
                var (isCategory, isService) = (NoCase.Equals(name, rule.Category), NoCase.Equals(name, rule.Service));
                Add(names, product, name, isCategory && isService ? "both" : isCategory ? "category" : "service", number);
            }
        }

        return [.. products.Values.OrderByDescending(product => product.Rules.Count).ThenBy(product => product.Product, StringComparer.Ordinal)
            .SelectMany(product => names.Values.Where(name => NoCase.Equals(name.Product, product.Product))
                .OrderByDescending(name => name.Rules.Count).ThenBy(name => name.Name, StringComparer.Ordinal)
                .Prepend(product))];

        static void Add(Dictionary<(string? Product, string Name), Group> groups, string? product, string? name, string kind, int rule)
        {
            var key = (product is null ? null : NoCase.Fold(product), NoCase.Fold(name ?? ""));
            if (!groups.TryGetValue(key, out var group))
            {
                groups.Add(key, group = new Group(product, name, []) { Kind = kind });
            }

            group.Kind = group.Kind == kind ? kind : "both";
            group.Rules.Add(rule);
        }
    }

    private static IReadOnlyList<WindowsSource> Windows(string name)
    {
        if (WindowsLogSources.Instance.TryGetCategory(name, out var gates))
        {
            return [.. gates.Select(gate => new WindowsSource(gate.Channels, gate.EventIds, gate.Condition is null ? null : $"{gate.Condition.Field} is {string.Join(" or ", gate.Condition.Values)}"))];
        }

        return WindowsLogSources.Instance.TryGetService(name, out var channels) ? [new WindowsSource(channels, [], null)] : [];
    }

    /// <summary>Names for the same class of events, where the class says something; else for the same service of the same product.</summary>
    private static List<SourceName> OthersOf(Group group)
    {
        if (group.Name is null)
        {
            return [];
        }

        var map = LogSourceMap.Instance;
        var product = group.Product ?? "*";
        var own = map.Find("sigma", $"{product}/{group.Name}/*") ?? map.Find("sigma", $"{product}/*/{group.Name}");
        var (canonical, service, kind) = own is null ? (group.Product, group.Name, group.Name) : (own.Product, own.Service, own.Class);
        var isBroad = kind is null or "other" or "application" or "endpoint" or "windows_eventlog";
        return [.. map.All
            .Where(source => source.Family != "sigma")
            .Where(source => isBroad
                ? NoCase.Equals(source.Product, canonical) && source.Service is not null && NoCase.Equals(source.Service, service)
                : NoCase.Equals(source.Class, kind) && (source.Product is "endpoint" or "asim" or "defender_xdr" or "crowdstrike" or null || group.Product is null || NoCase.Equals(source.Product, canonical)))
            .Select(source => new SourceName(source.Family, source.Kind, source.Source, source.Product, source.IsDerived))
            .Take(MaxOthers)];
    }

    private static List<TacticCount> Tactics(SqliteConnection connection, string ids)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tactic, count(DISTINCT rule_id) FROM attack WHERE tactic <> '' AND rule_id IN (SELECT value FROM json_each($ids)) GROUP BY tactic";
        command.Parameters.AddWithValue("$ids", ids);
        using var reader = command.ExecuteReader();
        List<(int Order, TacticCount Count)> tactics = [];
        while (reader.Read())
        {
            var id = reader.GetString(0);
            var tactic = AttackMatrix.Instance.FindTactic(id);
            tactics.Add((tactic?.Order ?? int.MaxValue, new TacticCount(id, tactic?.Name ?? id, reader.GetInt32(1))));
        }

        return [.. tactics.OrderBy(tactic => tactic.Order).ThenBy(tactic => tactic.Count.Id, StringComparer.Ordinal).Select(tactic => tactic.Count)];
    }

    private sealed record Group(string? Product, string? Name, List<int> Rules)
    {
        public string Kind { get; set; } = "";
    }
}
