using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>What a catalog is made of.</summary>
/// <param name="BuiltAt">UTC, ISO 8601; null where the file does not say.</param>
/// <param name="Inputs">Names of the folders and files that were read, without where they are.</param>
/// <param name="Licences">Of rules that name one, most rules first.</param>
/// <param name="Unlicensed">Rules that name none.</param>
/// <param name="Version">Of Glossa.</param>
/// <param name="List">The rules of a licence; null where none is asked for.</param>
public sealed record AboutReport(
    string Version, int SchemaVersion, string? BuiltAt, IReadOnlyList<string> Inputs, int Rules, IReadOnlyList<FamilyCount> Families, IReadOnlyList<LicenceCount> Licences, int Unlicensed, string? Licence, RuleList? List);

public sealed record LicenceCount(string Family, string Licence, int Rules);

/// <summary>Where a catalog came from. Safe for several threads.</summary>
public sealed class AboutReader
{
    private readonly CatalogDatabase _database;
    private readonly Lazy<(AboutReport Report, ILookup<(string? Family, string Licence), long> Rules)> _known;

    public AboutReader(CatalogDatabase database)
    {
        _database = database;
        _known = new(Build, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The first time it looks through every record for licences, which takes some tenths of a second; then it is known.</summary>
    /// <param name="family">With <paramref name="licence"/>: only rules of this family; null for all.</param>
    /// <param name="licence">With the rules that name it; empty for those that name none; null for no rules.</param>
    /// <param name="page">Of these rules, from 1.</param>
    public AboutReport Read(string? family = null, string? licence = null, int page = 1)
    {
        var (report, rules) = _known.Value;
        if (licence is null)
        {
            return report;
        }

        using var lease = _database.Rent();
        var ids = JsonSerializer.Serialize([.. rules[(family, licence)]], StoredJson.Compact.Int64Array);
        return report with { Licence = licence, List = RuleList.Read(lease.Connection, "SELECT value AS rule_id FROM json_each($ids)", [("$ids", ids)], page) };
    }

    private (AboutReport Report, ILookup<(string? Family, string Licence), long> Rules) Build()
    {
        using var lease = _database.Rent();
        using var command = lease.Connection.CreateCommand();
        var meta = new Dictionary<string, string>(StringComparer.Ordinal);
        Each("SELECT name, value FROM meta", row => meta[row.GetString(0)] = row.GetString(1));
        List<FamilyCount> families = [];
        Each("SELECT family, count(*) FROM rule GROUP BY 1 ORDER BY 2 DESC, 1", row => families.Add(new FamilyCount(row.GetString(0), row.GetInt32(1))));
        List<(long Rule, string Family, string Licence)> named = [];
        Each(
            """
            SELECT r.id, r.family, coalesce((
                SELECT json_extract(fact.value, '$.value') FROM json_each(rr.record, '$.head.facts') AS fact WHERE json_extract(fact.value, '$.name') = 'Licence' LIMIT 1), '')
            FROM rule AS r JOIN rule_record AS rr ON rr.rule_id = r.id
            """,
            row => named.Add((row.GetInt64(0), row.GetString(1), row.GetString(2))));
        var version = 0;
        Each("PRAGMA user_version", row => version = row.GetInt32(0));
        var rules = families.Sum(family => family.Rules);
        var report = new AboutReport(
            typeof(AboutReader).Assembly.GetName().Version?.ToString(3) ?? "",
            version,
            DateTime.TryParse(meta.GetValueOrDefault("built_at"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var built)
                ? built.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : null,
            Inputs(meta.GetValueOrDefault("inputs")),
            rules,
            families,
            [.. named.Where(rule => rule.Licence.Length > 0).GroupBy(rule => (rule.Family, rule.Licence))
                .Select(group => new LicenceCount(group.Key.Family, group.Key.Licence, group.Count()))
                .OrderByDescending(licence => licence.Rules).ThenBy(licence => licence.Family, StringComparer.Ordinal).ThenBy(licence => licence.Licence, StringComparer.Ordinal)],
            named.Count(rule => rule.Licence.Length == 0),
            null,
            null);
        var rulesOf = named
            .SelectMany(rule => new (string? Family, string Licence, long Rule)[] { (rule.Family, rule.Licence, rule.Rule), (null, rule.Licence, rule.Rule) })
            .ToLookup(rule => (rule.Family, rule.Licence), rule => rule.Rule);
        return (report, rulesOf);

        void Each(string sql, Action<SqliteDataReader> read)
        {
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                read(reader);
            }
        }
    }

    private static IReadOnlyList<string> Inputs(string? json)
    {
        try
        {
            var paths = json is null ? [] : JsonSerializer.Deserialize(json, RecordJson.Compact.IReadOnlyListString) ?? [];
            return [.. paths.Select(path => path.Replace('\\', '/').TrimEnd('/')).Select(path => path[(path.LastIndexOf('/') + 1)..]).Where(name => name.Length > 0)];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
