using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>
/// Every predicate of a catalog in memory, by field, by concept and by rule: the pages of fields count distinct rules over thousands of rows, which takes
/// SQLite tens of milliseconds and this one. About 100 bytes a predicate. Immutable once read.
/// </summary>
internal sealed class FieldIndex
{
    private readonly int[] _keys;
    private readonly int[] _firstUse;

    private FieldIndex(IReadOnlyList<IndexedRule> rules, IReadOnlyList<FieldUse> uses, int[] keys)
    {
        (Rules, Uses, _keys) = (rules, uses, keys);
        _firstUse = new int[rules.Count + 1];
        foreach (var use in uses)
        {
            _firstUse[use.Rule + 1]++;
        }

        for (var i = 0; i < rules.Count; i++)
        {
            _firstUse[i + 1] += _firstUse[i];
        }

        ByField = uses.GroupBy(use => (rules[use.Rule].Family, NoCase.Fold(use.Field))).ToDictionary(group => group.Key, group => (IReadOnlyList<FieldUse>)[.. group]);
        ByConcept = uses.Where(use => use.Concept is not null).GroupBy(use => NoCase.Fold(use.Concept!)).ToDictionary(group => group.Key, group => (IReadOnlyList<FieldUse>)[.. group], StringComparer.Ordinal);
    }

    public IReadOnlyList<IndexedRule> Rules { get; }

    /// <summary>By rule and row. Every list here keeps that order, which <see cref="Count"/> needs.</summary>
    public IReadOnlyList<FieldUse> Uses { get; }

    /// <summary>By family and folded name.</summary>
    public IReadOnlyDictionary<(string Family, string Field), IReadOnlyList<FieldUse>> ByField { get; }

    /// <summary>By folded name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FieldUse>> ByConcept { get; }

    public IEnumerable<FieldUse> UsesOf(int rule) => Enumerable.Range(_firstUse[rule], _firstUse[rule + 1] - _firstUse[rule]).Select(i => Uses[i]);

    public ReadOnlySpan<int> KeysOf(FieldUse use) => _keys.AsSpan(use.FirstKey, use.KeyCount);

    /// <summary>How many rules stand behind uses that are in the order of the index.</summary>
    public static int Count(IEnumerable<FieldUse> uses)
    {
        var (count, last) = (0, -1);
        foreach (var use in uses)
        {
            if (use.Rule != last)
            {
                (count, last) = (count + 1, use.Rule);
            }
        }

        return count;
    }

    /// <summary>Of each lookup key in the uses of a role: its rules. Most rules first.</summary>
    public List<(int Key, int Rules)> CountKeys(IEnumerable<FieldUse> uses, int role)
    {
        var counts = new Dictionary<int, (int Last, int Rules)>();
        foreach (var use in uses)
        {
            if (use.Role != role)
            {
                continue;
            }

            foreach (var key in KeysOf(use))
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out var isKnown);
                if (!isKnown || count.Last != use.Rule)
                {
                    count = (use.Rule, count.Rules + 1);
                }
            }
        }

        return [.. counts.Select(count => (count.Key, count.Value.Rules)).OrderByDescending(count => count.Rules).ThenBy(count => count.Key)];
    }

    public static FieldIndex Read(SqliteConnection connection)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        List<IndexedRule> rules = [];
        var numbers = new Dictionary<long, int>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, family, product, service, category FROM rule ORDER BY id";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                numbers.Add(reader.GetInt64(0), rules.Count);
                rules.Add(new IndexedRule(reader.GetInt64(0), Word(reader.GetString(1)), WordOrNull(reader, 2), WordOrNull(reader, 3), WordOrNull(reader, 4)));
            }
        }

        List<(long Rule, int Row, int Key)> values = [];
        command.CommandText = "SELECT rule_id, row, key_id FROM predicate_value ORDER BY rule_id, row, ordinal, part";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                values.Add((reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2)));
            }
        }

        List<FieldUse> uses = [];
        var next = 0;
        command.CommandText = "SELECT rule_id, row, role, field, concept, kind FROM predicate ORDER BY rule_id, row";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var (rule, row) = (reader.GetInt64(0), reader.GetInt32(1));
                while (next < values.Count && (values[next].Rule < rule || (values[next].Rule == rule && values[next].Row < row)))
                {
                    next++;
                }

                var first = next;
                while (next < values.Count && values[next].Rule == rule && values[next].Row == row)
                {
                    next++;
                }

                // A catalog that was made by somebody else may hold a predicate of no rule.
                if (numbers.TryGetValue(rule, out var number))
                {
                    var kind = reader.GetString(5);
                    uses.Add(new FieldUse(number, reader.GetInt32(2), Word(reader.GetString(3)), WordOrNull(reader, 4), Word(kind is "in" ? "eq" : kind), first, next - first));
                }
            }
        }

        return new FieldIndex(rules, uses, [.. values.Select(value => value.Key)]);

        string Word(string text) => words.TryGetValue(text, out var known) ? known : words[text] = text;

        string? WordOrNull(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : Word(reader.GetString(column));
    }
}

/// <param name="Id"><c>rule.id</c></param>
internal sealed record IndexedRule(long Id, string Family, string? Product, string? Service, string? Category);

/// <summary>A predicate.</summary>
/// <param name="Rule">Into <see cref="FieldIndex.Rules"/>.</param>
/// <param name="Kind">With <c>in</c> counted as <c>eq</c>, as a search for <c>op:eq</c> does.</param>
internal sealed record FieldUse(int Rule, int Role, string Field, string? Concept, string Kind, int FirstKey, int KeyCount);

/// <summary>Letters as SQLite's NOCASE takes them: those of ASCII without case, all others as they are.</summary>
internal static class NoCase
{
    public static string Fold(string text)
        => text.AsSpan().ContainsAnyInRange('A', 'Z')
            ? string.Create(text.Length, text, static (folded, text) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    folded[i] = text[i] is >= 'A' and <= 'Z' ? (char)(text[i] | 0x20) : text[i];
                }
            })
            : text;

    public static bool Equals(string? x, string? y) => x is null || y is null ? x is null && y is null : string.Equals(Fold(x), Fold(y), StringComparison.Ordinal);
}
