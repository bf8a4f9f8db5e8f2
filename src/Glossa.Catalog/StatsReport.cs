using System.Text.Json;
using System.Text.Json.Serialization;

namespace Glossa.Catalog;

/// <summary>What was read and how well it was understood: <c>stats --json</c>. Names and order are a promise.</summary>
public sealed record StatsReport(
    int Rules,
    long ElapsedMs,
    IReadOnlyList<FamilyStats> Families,
    IReadOnlyList<LanguageStats> Languages,
    IReadOnlyList<ConstructStats> Unsupported,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<QueryStats>? Files);

/// <summary>Rules = exact + approximate + unsupported + noLogic.</summary>
/// <param name="Queries">Texts that can neither alert nor be scheduled: hunts, baselines, saved queries.</param>
public sealed record FamilyStats(string Family, int Files, int Rules, int Queries, int Exact, int Approximate, int Unsupported, int NoLogic, int Tests);

/// <param name="Parsed">Read whole, without an error.</param>
public sealed record LanguageStats(string Language, int Queries, int Parsed, int Exact, int Approximate, int Unsupported);

/// <param name="Rules">How many rules it keeps from being exact; a rule counts once a construct.</param>
public sealed record ConstructStats(string Language, string Construct, int Rules);

/// <param name="Query">Counted within its file from 0.</param>
/// <param name="Operators">Modifiers, operators, condition forms it uses.</param>
public sealed record QueryStats(string File, int Query, string Language, bool Parsed, string? Fidelity, IReadOnlyList<string> Operators);

/// <summary>Adds up what was read, file by file. Not safe for several threads.</summary>
internal sealed class StatsCollector(bool withFiles)
{
    private readonly SortedDictionary<string, int[]> _families = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int[]> _languages = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Language, string Construct), int> _constructs = new(
        Comparer<(string Language, string Construct)>.Create((x, y) => string.CompareOrdinal(x.Language, y.Language) is var order && order != 0 ? order : string.CompareOrdinal(x.Construct, y.Construct)));

    private readonly List<QueryStats>? _files = withFiles ? [] : null;

    public int Rules { get; private set; }

    public void AddFile(string family) => Row(_families, family, 8)[0]++;

    public void AddRule(string family, string language, string fidelity, int tests, IEnumerable<string> constructs)
    {
        Rules++;
        var row = Row(_families, family, 8);
        row[1]++;
        row[fidelity switch
        {
            "exact" => 3,
            "approximate" => 4,
            "unsupported" => 5,
            _ => 6,
        }]++;
        row[7] += tests;
        foreach (var construct in constructs.Distinct(StringComparer.Ordinal))
        {
            _constructs[(language, construct)] = _constructs.GetValueOrDefault((language, construct)) + 1;
        }
    }

    /// <param name="fidelity">Null for a query that belongs to no rule.</param>
    public void AddQuery(string file, int query, string family, string language, bool parsed, string? fidelity, IReadOnlyList<string> operators)
    {
        if (fidelity is null && parsed)
        {
            Row(_families, family, 8)[2]++;
        }

        var row = Row(_languages, language, 5);
        row[0]++;
        row[1] += parsed ? 1 : 0;
        switch (fidelity)
        {
            case "exact":
                row[2]++;
                break;
            case "approximate":
                row[3]++;
                break;
            case "unsupported":
                row[4]++;
                break;
        }

        _files?.Add(new QueryStats(file, query, language, parsed, fidelity, operators));
    }

    public StatsReport Report(long elapsedMs)
        => new(
            Rules,
            elapsedMs,
            [.. _families.Select(family => new FamilyStats(
                family.Key, family.Value[0], family.Value[1], family.Value[2], family.Value[3], family.Value[4], family.Value[5], family.Value[6], family.Value[7]))],
            [.. _languages.Select(language => new LanguageStats(
                language.Key, language.Value[0], language.Value[1], language.Value[2], language.Value[3], language.Value[4]))],
            [.. _constructs.OrderByDescending(construct => construct.Value).Select(construct => new ConstructStats(construct.Key.Language, construct.Key.Construct, construct.Value))],
            _files);

    private static int[] Row(SortedDictionary<string, int[]> rows, string key, int columns)
    {
        if (!rows.TryGetValue(key, out var row))
        {
            rows.Add(key, row = new int[columns]);
        }

        return row;
    }
}

/// <summary>Statistics of a catalog that was built before.</summary>
public static class CatalogStats
{
    /// <exception cref="CatalogException">The file cannot be read.</exception>
    public static StatsReport Read(CatalogDatabase database, bool withFiles = false)
    {
        ArgumentNullException.ThrowIfNull(database);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var lease = database.Rent();
        var collector = new StatsCollector(withFiles);
        using var command = lease.Connection.CreateCommand();
        command.CommandText = "SELECT family FROM file WHERE family IS NOT NULL";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                collector.AddFile(reader.GetString(0));
            }
        }

        command.CommandText = """
            SELECT r.family, r.language, r.fidelity, r.tests, (SELECT group_concat(construct, char(10)) FROM reason WHERE rule_id = r.id)
            FROM rule AS r
            """;
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                collector.AddRule(
                    reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.IsDBNull(4) ? [] : reader.GetString(4).Split('\n'));
            }
        }

        command.CommandText = """
            SELECT f.path, q.ordinal, coalesce(f.family, q.language), q.language, q.parsed, q.fidelity, q.operators
            FROM query AS q JOIN file AS f ON f.id = q.file_id ORDER BY f.root, f.path, q.ordinal
            """;
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                collector.AddQuery(
                    reader.GetString(0),
                    reader.GetInt32(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetInt64(4) != 0,
                    reader.IsDBNull(5) ? null : reader.GetString(5),
                    withFiles ? JsonSerializer.Deserialize(reader.GetString(6), RecordJson.Compact.IReadOnlyListString) ?? [] : []);
            }
        }

        return collector.Report(watch.ElapsedMilliseconds);
    }
}
