using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>How well rules were understood, and what of them was not.</summary>
/// <param name="Languages">By name.</param>
/// <param name="Constructs">What keeps rules from being exact, most rules first.</param>
/// <param name="Findings">Of reading, most first.</param>
/// <param name="Used">What rules are written with, understood or not: the commonest of each language.</param>
/// <param name="Finding">The finding whose rules <paramref name="List"/> has; null where none is asked for.</param>
public sealed record CoverageReport(
    IReadOnlyList<LanguageCoverage> Languages,
    IReadOnlyList<ConstructStats> Constructs,
    IReadOnlyList<FindingCount> Findings,
    IReadOnlyList<UsedConstruct> Used,
    string? Finding,
    RuleList? List);

/// <summary>Rules = exact + approximate + unsupported + noLogic.</summary>
/// <param name="Queries">Texts in that language, those of no rule too.</param>
/// <param name="Parsed">Read whole, without an error.</param>
public sealed record LanguageCoverage(string Language, int Rules, int Exact, int Approximate, int Unsupported, int NoLogic, int Queries, int Parsed);

/// <param name="Severity"><c>info warning error</c>.</param>
/// <param name="Example">The message of one of them.</param>
/// <param name="Rules">Rules in files that have it.</param>
public sealed record FindingCount(string Code, string Severity, int Findings, int Files, int Rules, string Example);

/// <param name="Rules">Written with it; the search key <c>uses</c> finds them.</param>
public sealed record UsedConstruct(string Language, string Construct, int Rules);

/// <summary>What one construct costs.</summary>
/// <param name="Places">As many as rules on the page: each rule's reason and its words.</param>
public sealed record ConstructReport(string Language, string Construct, RuleList List, IReadOnlyList<ConstructPlace> Places);

/// <param name="Reasons">Why the rule is not exact for it.</param>
/// <param name="Sample">The words of the rule that say it, cut short; null where it stands nowhere.</param>
/// <param name="Line">Of the first, from 1.</param>
public sealed record ConstructPlace(string Family, string Slug, IReadOnlyList<string> Reasons, string? Sample, int? Line);

/// <summary>What of a catalog was understood. Safe for several threads.</summary>
public sealed class CoverageReader
{
    private const int MaxUsed = 40;
    private const int MaxSample = 600;

    private readonly CatalogDatabase _database;
    private readonly Lazy<CoverageReport> _all;

    public CoverageReader(CatalogDatabase database)
    {
        _database = database;
        _all = new(Read, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <param name="finding">A code: with the rules in files that have it.</param>
    /// <param name="page">Of these rules, from 1.</param>
    public CoverageReport All(string? finding = null, int page = 1)
    {
        if (finding is null)
        {
            return _all.Value;
        }

        using var lease = _database.Rent();
        return _all.Value with
        {
            Finding = finding,
            List = RuleList.Read(
                lease.Connection, "SELECT r.id AS rule_id FROM rule AS r WHERE r.file_id IN (SELECT file_id FROM diagnostic WHERE code = $code)", [("$code", finding)], page),
        };
    }

    /// <summary>Null where no rule of the language has it.</summary>
    public ConstructReport? Construct(string language, string construct, int page)
    {
        using var lease = _database.Rent();
        var connection = lease.Connection;
        var list = RuleList.Read(
            connection,
            "SELECT x.rule_id FROM reason AS x JOIN rule AS o ON o.id = x.rule_id WHERE x.construct = $construct AND o.language = $language",
            [("$construct", construct), ("$language", language)],
            page);
        return list.Total == 0 ? null : new ConstructReport(language, construct, list, [.. list.Rules.Select(rule => Place(connection, rule, construct))]);
    }

    private static ConstructPlace Place(SqliteConnection connection, ListedRule rule, string construct)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT json_extract(rr.record, '$.head.reasons'), f.text
            FROM rule AS r JOIN rule_record AS rr ON rr.rule_id = r.id JOIN file AS f ON f.id = r.file_id WHERE r.id = $id
            """;
        command.Parameters.AddWithValue("$id", rule.Key);
        using var reader = command.ExecuteReader();
        if (!reader.Read() || reader.IsDBNull(0))
        {
            return new ConstructPlace(rule.Family, rule.Slug, [], null, null);
        }

        var reasons = (JsonSerializer.Deserialize(reader.GetString(0), StoredJson.Compact.FidelityReasonRecordArray) ?? []).Where(reason => reason.Construct == construct).ToList();
        var text = reader.IsDBNull(1) ? "" : reader.GetString(1);
        var span = reasons.Select(reason => reason.Span).FirstOrDefault(span => span is [>= 0, > 0] && (long)span[0] + span[1] <= text.Length);
        return new ConstructPlace(
            rule.Family,
            rule.Slug,
            [.. reasons.Select(reason => reason.Text).Distinct(StringComparer.Ordinal)],
            span is null ? null : span[1] <= MaxSample ? text.Substring(span[0], span[1]) : string.Concat(text.AsSpan(span[0], MaxSample), "…"),
            span is null ? null : text.AsSpan(0, span[0]).Count('\n') + 1);
    }

    private CoverageReport Read()
    {
        using var lease = _database.Rent();
        using var command = lease.Connection.CreateCommand();
        var languages = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        Each("SELECT language, fidelity, count(*) FROM rule GROUP BY 1, 2", row =>
        {
            var counts = Row(row.GetString(0));
            counts[row.GetString(1) switch
            {
                "exact" => 1,
                "approximate" => 2,
                "unsupported" => 3,
                _ => 4,
            }] += row.GetInt32(2);
            counts[0] += row.GetInt32(2);
        });
        Each("SELECT language, count(*), coalesce(sum(parsed), 0) FROM query GROUP BY 1", row => (Row(row.GetString(0))[5], Row(row.GetString(0))[6]) = (row.GetInt32(1), row.GetInt32(2)));

        List<ConstructStats> constructs = [];
        Each(
            "SELECT r.language, x.construct, count(DISTINCT r.id) FROM reason AS x JOIN rule AS r ON r.id = x.rule_id GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
            row => constructs.Add(new ConstructStats(row.GetString(0), row.GetString(1), row.GetInt32(2))));

        List<FindingCount> findings = [];
        Each(
            """
            SELECT d.code, max(d.severity), count(*), count(DISTINCT d.file_id),
                   (SELECT count(*) FROM rule AS r WHERE r.file_id IN (SELECT file_id FROM diagnostic AS o WHERE o.code = d.code)), min(d.message)
            FROM diagnostic AS d GROUP BY d.code ORDER BY 3 DESC, 1
            """,
            row => findings.Add(new FindingCount(
                row.GetString(0),
                row.GetInt32(1) switch
                {
                    0 => "info",
                    1 => "warning",
                    _ => "error",
                },
                row.GetInt32(2),
                row.GetInt32(3),
                row.GetInt32(4),
                row.GetString(5))));

        List<UsedConstruct> used = [];
        Each(
            "SELECT r.language, max(u.name), count(DISTINCT u.rule_id) FROM rule_use AS u JOIN rule AS r ON r.id = u.rule_id GROUP BY 1, u.name COLLATE NOCASE ORDER BY 1, 3 DESC, 2",
            row => used.Add(new UsedConstruct(row.GetString(0), row.GetString(1), row.GetInt32(2))));

        return new CoverageReport(
            [.. languages.Select(language => new LanguageCoverage(
                language.Key, language.Value[0], language.Value[1], language.Value[2], language.Value[3], language.Value[4], language.Value[5], language.Value[6]))],
            constructs,
            findings,
            [.. used.GroupBy(construct => construct.Language, StringComparer.Ordinal).SelectMany(language => language.Take(MaxUsed))],
            null,
            null);

        int[] Row(string language) => languages.TryGetValue(language, out var row) ? row : languages[language] = new int[7];

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
}
