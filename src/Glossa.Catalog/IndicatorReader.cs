using Glossa.Analysis;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>Which rules of an indicator are asked for; null asks for all.</summary>
/// <param name="Field">The field's name as written, in any letter case.</param>
/// <param name="Written">The value as written, letter case too.</param>
/// <param name="Role"><c>indicator</c> (looks for it), <c>exclusion</c>, <c>exception</c>.</param>
public sealed record IndicatorFilter(string? Field = null, string? Written = null, string? Family = null, string Role = "indicator");

/// <summary>One thing that rules look for, and who does: a row of <c>lookup_key</c>. Counts are rules, each once, and of those that look for it unless a name says otherwise.</summary>
/// <param name="Subject">The concept, or <c>family:FIELD</c> for a field without one, or <c>anywhere</c>.</param>
/// <param name="Field">Of a subject without a concept: the commonest spelling of its name; null else.</param>
/// <param name="Kind">The reduced operator: never <c>in</c>.</param>
/// <param name="Value">As compared: folded, but for regular expressions.</param>
/// <param name="Shown">The value in the letters in which it is mostly written.</param>
/// <param name="Spellings">By rules, most first; not more than 200.</param>
/// <param name="SpellingCount">All spellings.</param>
/// <param name="Exclusions">Rules that exclude it.</param>
/// <param name="Exceptions">Rules that take it back from an exclusion.</param>
/// <param name="Operators">The same value asked of the same subject by another operator.</param>
/// <param name="Subjects">The same value asked of another subject by the same operator.</param>
/// <param name="List">The rules of the filter.</param>
public sealed record IndicatorReport(
    string Subject,
    string? Concept,
    string? Field,
    string Kind,
    string Value,
    string Shown,
    int Rules,
    IReadOnlyList<FamilyCount> Families,
    IReadOnlyList<SpellingCount> Spellings,
    int SpellingCount,
    int Exclusions,
    int Exceptions,
    IReadOnlyList<KeyCount> Operators,
    IReadOnlyList<KeyCount> Subjects,
    IndicatorFilter Filter,
    RuleList List);

public sealed record FamilyCount(string Family, int Rules);

/// <summary>One way of writing it down: the field in any letter case, the value as written.</summary>
public sealed record SpellingCount(string Family, string Field, string Value, int Rules);

/// <summary>A thing rules look for.</summary>
/// <param name="Shown">The value in the letters of a rule that writes it.</param>
/// <param name="Rules">That look for it; 0 where it is only excluded.</param>
/// <param name="Exclusions">Rules that exclude it.</param>
public sealed record KeyCount(string Subject, string Kind, string Value, string Shown, int Rules, int Exclusions);

/// <summary>Who looks for what. Safe for several threads.</summary>
public sealed class IndicatorReader(CatalogDatabase database)
{
    private const int MaxSpellings = 200;
    private const int MaxNear = 20;

    /// <summary>Null where no rule has it, in any role.</summary>
    /// <param name="kind">The operator as a record or <c>lookup_key</c> has it.</param>
    /// <param name="value">As written or as in <c>lookup_key</c>; letter case plays no part, but in regular expressions.</param>
    /// <param name="page">From 1.</param>
    public IndicatorReport? Read(string kind, string subject, string value, IndicatorFilter filter, int page)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var lease = database.Rent();
        var connection = lease.Connection;
        var (id, key) = Find(connection, kind, subject, value);
        if (id == 0)
        {
            return null;
        }

        var rows = Rows(connection, id);
        var looking = rows.Where(row => row.Role == 0).ToList();
        var spellings = looking.GroupBy(row => (row.Family, NoCase.Fold(row.Field), row.Value))
            .Select(group => new SpellingCount(group.Key.Family, group.First().Field, group.Key.Value, Rules(group)))
            .OrderByDescending(spelling => spelling.Rules).ThenBy(spelling => spelling.Family, StringComparer.Ordinal)
            .ThenBy(spelling => spelling.Field, StringComparer.Ordinal).ThenBy(spelling => spelling.Value, StringComparer.Ordinal)
            .ToList();
        var role = RoleOf(filter.Role);
        var chosen = rows
            .Where(row => row.Role == role)
            .Where(row => filter.Family is null || row.Family == filter.Family)
            .Where(row => filter.Field is null || NoCase.Equals(row.Field, filter.Field))
            .Where(row => filter.Written is null || row.Value == filter.Written)
            .ToList();
        var field = rows.GroupBy(row => row.Field).MaxBy(Rules)?.Key;
        return new IndicatorReport(
            key.Subject,
            ConceptOf(connection, id),
            key.Subject.Contains(':', StringComparison.Ordinal) ? field : null,
            key.Kind,
            key.Value,
            Shown(key, spellings.Count > 0 ? spellings.Select(spelling => spelling.Value) : rows.Select(row => row.Value)),
            Rules(looking),
            [.. looking.GroupBy(row => row.Family).Select(group => new FamilyCount(group.Key, Rules(group))).OrderByDescending(family => family.Rules).ThenBy(family => family.Family, StringComparer.Ordinal)],
            [.. spellings.Take(MaxSpellings)],
            spellings.Count,
            Rules(rows.Where(row => row.Role == 1)),
            Rules(rows.Where(row => row.Role == 2)),
            Near(connection, "k.value = $value AND k.subject = $subject AND k.kind <> $kind", key, MaxNear),
            key.Value.Length == 0 ? [] : Near(connection, "k.value = $value AND k.kind = $kind AND k.subject <> $subject", key, MaxNear),
            filter,
            RuleList.Read(connection, [.. chosen.Select(row => (row.Rule, new SearchMatch(row.Field, row.Kind, row.Value, Words.Roles[row.Role], row.Number)))], page));
    }

    /// <summary>What there is instead of a key that is not there: the same value in other places, else values that hold it.</summary>
    public IReadOnlyList<KeyCount> Nearest(string kind, string subject, string value)
    {
        var key = new CountKey(subject, kind is "in" ? "eq" : kind, CountKeys.Fold(value));
        if (value.Length == 0)
        {
            return [];
        }

        using var lease = database.Rent();
        var same = Near(lease.Connection, "k.value IN ($value, $raw) AND $subject <> '' AND $kind <> ''", key, MaxNear, value);
        return same.Count > 0 || value.Length < 3
            ? same
            : Near(lease.Connection, "instr(k.value, $value) > 0 AND $raw <> '' AND $subject <> '' AND $kind <> ''", key, MaxNear, value);
    }

    private static (long Id, CountKey Key) Find(SqliteConnection connection, string kind, string subject, string value)
    {
        var reduced = kind is "in" ? "eq" : kind;
        var colon = subject.IndexOf(':', StringComparison.Ordinal);
        var folded = colon < 0 ? subject : subject[..colon] + CountKeys.Fold(subject[colon..]);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM lookup_key WHERE value = $value AND subject = $subject AND kind = $kind";
        var parameters = (
            Value: command.Parameters.Add("$value", SqliteType.Text), Subject: command.Parameters.Add("$subject", SqliteType.Text), Kind: command.Parameters.Add("$kind", SqliteType.Text));
        foreach (var key in new[] { new CountKey(subject, reduced, value), new CountKey(folded, reduced, CountKeys.Fold(value)), CountKeys.OfText(folded, kind, value) }.Distinct())
        {
            (parameters.Value.Value, parameters.Subject.Value, parameters.Kind.Value) = (key.Value, key.Subject, key.Kind);
            if (command.ExecuteScalar() is long id)
            {
                return (id, key);
            }
        }

        return default;
    }

    private static List<Row> Rows(SqliteConnection connection, long id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT v.rule_id, p.row, p.role, r.family, p.field, p.kind, v.value
            FROM predicate_value AS v
            JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row
            JOIN rule AS r ON r.id = v.rule_id
            WHERE v.key_id = $id
            ORDER BY v.rule_id, p.row, v.ordinal
            """;
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        List<Row> rows = [];
        while (reader.Read())
        {
            rows.Add(new Row(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6)));
        }

        return rows;
    }

    private static string? ConceptOf(SqliteConnection connection, long id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT p.concept FROM predicate_value AS v JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row WHERE v.key_id = $id LIMIT 1";
        command.Parameters.AddWithValue("$id", id);
        return command.ExecuteScalar() as string;
    }

    private static List<KeyCount> Near(SqliteConnection connection, string where, CountKey key, int limit, string? raw = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT k.subject, k.kind, k.value,
                   count(DISTINCT CASE WHEN p.role = 0 THEN p.rule_id END), count(DISTINCT CASE WHEN p.role = 1 THEN p.rule_id END), min(v.value)
            FROM (SELECT * FROM lookup_key AS k WHERE {where} LIMIT 100) AS k
            JOIN predicate_value AS v ON v.key_id = k.id
            JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row
            GROUP BY k.id ORDER BY 4 DESC, 5 DESC, k.subject, k.kind, k.value LIMIT $limit
            """;
        command.Parameters.AddWithValue("$value", key.Value);
        command.Parameters.AddWithValue("$subject", key.Subject);
        command.Parameters.AddWithValue("$kind", key.Kind);
        command.Parameters.AddWithValue("$raw", raw ?? "");
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        List<KeyCount> keys = [];
        while (reader.Read())
        {
            var found = new CountKey(reader.GetString(0), reader.GetString(1), reader.GetString(2));
            keys.Add(new KeyCount(found.Subject, found.Kind, found.Value, Shown(found, [reader.GetString(5)]), reader.GetInt32(3), reader.GetInt32(4)));
        }

        return keys;
    }

    /// <summary>The key's value with the letters of a text it stands in.</summary>
    internal static string Shown(CountKey key, IEnumerable<string> written)
    {
        if (key.Kind == "regex")
        {
            return key.Value;
        }

        foreach (var text in written)
        {
            var at = text.IndexOf(key.Value, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && key.Value.Length > 0)
            {
                return text.Substring(at, key.Value.Length);
            }
        }

        return key.Value;
    }

    private static int Rules(IEnumerable<Row> rows) => rows.Select(row => row.Rule).Distinct().Count();

    private static int RoleOf(string role) => role switch
    {
        "exclusion" => 1,
        "exception" => 2,
        _ => 0,
    };

    internal sealed record Row(long Rule, int Number, int Role, string Family, string Field, string Kind, string Value);
}
