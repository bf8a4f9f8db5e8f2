using System.Collections.Concurrent;
using System.Text.Json;
using Glossa.Core.Taxonomy;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>Fields and concepts with what rules ask of them. Safe for several threads.</summary>
public sealed class FieldsReader
{
    /// <summary>Rows a page of fields, concepts and values.</summary>
    public const int PageSize = 50;

    private const int FirstRules = 10;
    private const int MaxSources = 40;
    private const int MaxExcluded = 20;

    private readonly CatalogDatabase _database;

    /// <summary>By a list of the index; of all lists together it has a place for each value of each predicate at most.</summary>
    private readonly ConcurrentDictionary<IReadOnlyList<FieldUse>, (List<(int Key, int Rules)> Values, List<(int Key, int Rules)> Excluded)> _keyCounts = new(ReferenceEqualityComparer.Instance);

    private readonly Lazy<FieldIndex> _index;
    private readonly Lazy<(IReadOnlyList<ConceptSummary> Concepts, IReadOnlyList<FieldSummary> Names)> _all;

    public FieldsReader(CatalogDatabase database)
    {
        _database = database;
        _index = new(
            () =>
            {
                using var lease = database.Rent();
                return FieldIndex.Read(lease.Connection);
            },
            LazyThreadSafetyMode.ExecutionAndPublication);
        _all = new(() => (AllConcepts(_index.Value), AllNames(_index.Value)), LazyThreadSafetyMode.ExecutionAndPublication);
        Sources = new SourcesReader(database, _index);
    }

    /// <summary>Shares what this one holds in memory.</summary>
    public SourcesReader Sources { get; }

    /// <param name="query">A part of the name; letter case plays no part.</param>
    /// <param name="family">Only names of this family, and concepts that it uses; null for all.</param>
    /// <param name="size">Rows of each list.</param>
    public FieldsReport All(string? query, string? family, int page, int size = PageSize)
    {
        var part = query is null ? "" : NoCase.Fold(query);
        var concepts = _all.Value.Concepts
            .Where(concept => part.Length == 0 || NoCase.Fold(concept.Name).Contains(part, StringComparison.Ordinal))
            .Where(concept => family is null || concept.Families.Any(count => count.Family == family))
            .ToList();
        var names = _all.Value.Names
            .Where(name => part.Length == 0 || NoCase.Fold(name.Name).Contains(part, StringComparison.Ordinal))
            .Where(name => family is null || name.Family == family)
            .ToList();
        var skipped = (page - 1) * size;
        return new FieldsReport(query, family, page, concepts.Count, [.. concepts.Skip(skipped).Take(size)], names.Count, [.. names.Skip(skipped).Take(size)]);
    }

    /// <summary>Null where no rule of the family uses it.</summary>
    /// <param name="name">In any letter case.</param>
    /// <param name="page">Of the values, from 1.</param>
    public FieldReport? Field(string family, string name, int page)
    {
        ArgumentNullException.ThrowIfNull(name);
        var index = _index.Value;
        if (!index.ByField.TryGetValue((family, NoCase.Fold(name)), out var uses))
        {
            return null;
        }

        using var lease = _database.Rent();
        var spellings = Named(uses, use => use.Field);
        var (values, excluded) = KeyCounts(index, uses);
        var sources = SourcesOf(index, uses);
        return new FieldReport(
            family,
            spellings[0].Name,
            FieldIndex.Count(uses),
            InRole(uses, 0),
            InRole(uses, 1),
            InRole(uses, 2),
            spellings.Count > 1 ? spellings : [],
            [.. Named(uses.Where(use => use.Concept is not null), use => use.Concept!)
                .Select(concept => new ConceptUse(concept.Name, concept.Rules, FieldIndex.Count(index.ByConcept[NoCase.Fold(concept.Name)])))],
            Named(uses, use => use.Kind),
            values.Count,
            page,
            Keys(lease.Connection, values, excluded, page),
            excluded.Count,
            Keys(lease.Connection, [.. excluded.Take(MaxExcluded)], values, 1, areExclusions: true),
            sources.Count,
            [.. sources.Take(MaxSources)],
            First(lease.Connection, index, uses));
    }

    /// <summary>Null where neither a rule nor our table of vendors' names has it.</summary>
    /// <param name="name">In any letter case.</param>
    /// <param name="page">Of the values, from 1.</param>
    public ConceptReport? Concept(string name, int page)
    {
        ArgumentNullException.ThrowIfNull(name);
        var index = _index.Value;
        var known = FieldConcepts.Instance.Entries(name);
        if (!index.ByConcept.TryGetValue(NoCase.Fold(name), out var uses))
        {
            uses = [];
        }

        if (uses.Count == 0 && known.Count == 0)
        {
            return null;
        }

        using var lease = _database.Rent();
        var (values, excluded) = KeyCounts(index, uses);
        return new ConceptReport(
            uses.Count > 0 ? uses[0].Concept! : known[0].Concept,
            [.. known.Select(entry => entry.Class).Distinct(StringComparer.Ordinal)],
            FieldIndex.Count(uses),
            InRole(uses, 0),
            InRole(uses, 1),
            InRole(uses, 2),
            Families(index, uses),
            Names(index, uses, known),
            Named(uses, use => use.Kind),
            values.Count,
            page,
            Keys(lease.Connection, values, excluded, page),
            excluded.Count,
            Keys(lease.Connection, [.. excluded.Take(MaxExcluded)], values, 1, areExclusions: true),
            First(lease.Connection, index, uses));
    }

    private (List<(int Key, int Rules)> Values, List<(int Key, int Rules)> Excluded) KeyCounts(FieldIndex index, IReadOnlyList<FieldUse> uses)
        => uses.Count == 0 ? ([], []) : _keyCounts.GetOrAdd(uses, static (uses, index) => (index.CountKeys(uses, 0), index.CountKeys(uses, 1)), index);

    /// <summary>As the rule's families are called, what our table calls <c>ecs</c> is Elastic's.</summary>
    internal static string FamilyOf(string family) => family == "ecs" ? "elastic" : family;

    internal static List<FamilyCount> Families(FieldIndex index, IEnumerable<FieldUse> uses)
        => [.. uses.GroupBy(use => index.Rules[use.Rule].Family)
            .Select(group => new FamilyCount(group.Key, FieldIndex.Count(group)))
            .OrderByDescending(family => family.Rules).ThenBy(family => family.Family, StringComparer.Ordinal)];

    private static IReadOnlyList<ConceptSummary> AllConcepts(FieldIndex index)
        => [.. index.ByConcept.Values
            .Select(uses => new ConceptSummary(
                uses[0].Concept!,
                [.. FieldConcepts.Instance.Entries(uses[0].Concept!).Select(entry => entry.Class).Distinct(StringComparer.Ordinal)],
                FieldIndex.Count(uses),
                uses.Select(use => (index.Rules[use.Rule].Family, NoCase.Fold(use.Field))).Distinct().Count(),
                Families(index, uses)))
            .OrderByDescending(concept => concept.Rules).ThenBy(concept => concept.Name, StringComparer.Ordinal)];

    private static IReadOnlyList<FieldSummary> AllNames(FieldIndex index)
        => [.. index.ByField
            .Select(field => new FieldSummary(
                field.Key.Family,
                Named(field.Value, use => use.Field)[0].Name,
                FieldIndex.Count(field.Value),
                [.. Named(field.Value.Where(use => use.Concept is not null), use => use.Concept!).Select(concept => concept.Name)]))
            .OrderByDescending(field => field.Rules).ThenBy(field => field.Name, StringComparer.Ordinal).ThenBy(field => field.Family, StringComparer.Ordinal)];

    private static List<ConceptName> Names(FieldIndex index, IReadOnlyList<FieldUse> uses, IReadOnlyList<FieldName> known)
    {
        var used = uses.GroupBy(use => (index.Rules[use.Rule].Family, Name: NoCase.Fold(use.Field)))
            .ToDictionary(group => group.Key, group => (Named(group, use => use.Field)[0].Name, Rules: FieldIndex.Count(group)));
        List<ConceptName> names = [];
        foreach (var entry in known)
        {
            // A rule writes a vendor's name with its table or without.
            var family = FamilyOf(entry.Family);
            var rules = 0;
            foreach (var name in new[] { entry.Name, entry.FullName }.Distinct(StringComparer.Ordinal))
            {
                if (used.Remove((family, NoCase.Fold(name)), out var found))
                {
                    rules += found.Rules;
                    names.Add(new ConceptName(family, found.Name, OrNull(entry.Table), OrNull(entry.Qualifier), found.Rules, IsKnown: true));
                }
            }

            if (rules == 0)
            {
                names.Add(new ConceptName(family, entry.Name, OrNull(entry.Table), OrNull(entry.Qualifier), 0, IsKnown: true));
            }
        }

        names.AddRange(used.Select(name => new ConceptName(name.Key.Family, name.Value.Name, null, null, name.Value.Rules, IsKnown: false)));

        // OrderBy is stable: among those without rules the table's order of preference stays.
        return [.. names.OrderByDescending(name => name.Rules)];
    }

    private static string? OrNull(string cell) => cell.Length == 0 ? null : cell;

    private static int InRole(IEnumerable<FieldUse> uses, int role) => FieldIndex.Count(uses.Where(use => use.Role == role));

    internal static List<NamedCount> Named(IEnumerable<FieldUse> uses, Func<FieldUse, string> name)
        => [.. uses.GroupBy(name, StringComparer.Ordinal).Select(group => new NamedCount(group.Key, FieldIndex.Count(group)))
            .OrderByDescending(count => count.Rules).ThenBy(count => count.Name, StringComparer.Ordinal)];

    /// <summary>A rule with both a service and a category stands under both names.</summary>
    internal static List<SourceCount> SourcesOf(FieldIndex index, IEnumerable<FieldUse> uses)
        => [.. uses.Select(use => use.Rule).Distinct().SelectMany(rule => SourceNames.Of(index.Rules[rule]))
            .GroupBy(source => (NoCase.Fold(source.Product ?? ""), NoCase.Fold(source.Name)))
            .Select(group => new SourceCount(group.First().Product, group.First().Name, group.Count()))
            .OrderByDescending(source => source.Rules).ThenBy(source => source.Product, StringComparer.Ordinal).ThenBy(source => source.Name, StringComparer.Ordinal)];

    private static RuleList First(SqliteConnection connection, FieldIndex index, IEnumerable<FieldUse> uses)
        => RuleList.Read(
            connection,
            "SELECT value AS rule_id FROM json_each($ids)",
            [("$ids", JsonSerializer.Serialize([.. uses.Select(use => use.Rule).Distinct().Select(rule => index.Rules[rule].Id)], StoredJson.Compact.Int64Array))],
            1,
            FirstRules);

    /// <param name="counts">The keys to show, with their rules.</param>
    /// <param name="others">The same in the other role.</param>
    /// <param name="areExclusions"><paramref name="counts"/> are of exclusions.</param>
    private static List<KeyCount> Keys(
        SqliteConnection connection, List<(int Key, int Rules)> counts, List<(int Key, int Rules)> others, int page, bool areExclusions = false)
    {
        var shown = counts.Skip((page - 1) * PageSize).Take(PageSize).ToList();
        var other = others.ToDictionary(count => count.Key, count => count.Rules);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT k.subject, k.kind, k.value, (SELECT v.value FROM predicate_value AS v WHERE v.key_id = k.id LIMIT 1) FROM lookup_key AS k WHERE k.id = $id";
        var id = command.Parameters.Add("$id", SqliteType.Integer);
        List<KeyCount> keys = [];
        foreach (var (key, rules) in shown)
        {
            id.Value = key;
            using var reader = command.ExecuteReader();
            if (reader.Read())
            {
                var (subject, kind, value) = (reader.GetString(0), reader.GetString(1), reader.GetString(2));
                var inOther = other.GetValueOrDefault(key);
                keys.Add(new KeyCount(
                    subject, kind, value, IndicatorReader.Shown(new(subject, kind, value), [RuleRecordReader.Text(reader, 3) ?? ""]), areExclusions ? inOther : rules, areExclusions ? rules : inOther));
            }
        }

        return keys;
    }
}

/// <summary>The names under which a rule's log source is listed.</summary>
internal static class SourceNames
{
    public static IEnumerable<(string? Product, string Name)> Of(IndexedRule rule)
    {
        if (rule.Category is { } category)
        {
            yield return (rule.Product, category);
        }

        if (rule.Service is { } service && !NoCase.Equals(service, rule.Category))
        {
            yield return (rule.Product, service);
        }
    }
}
