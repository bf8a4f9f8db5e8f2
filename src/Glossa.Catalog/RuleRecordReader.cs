using System.Text.Json;
using Glossa.Analysis;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>A rule in few words: for lists, and where a name means several.</summary>
public sealed record RuleSummary(string Id, string Title, string Family, string Slug, string File, string? Severity, string? Status, string Fidelity);

/// <summary>Which count of a value of a record a list stands behind.</summary>
public enum OthersKind
{
    /// <summary><see cref="IndicatorRecord.Others"/></summary>
    ByConcept,

    /// <summary><see cref="IndicatorRecord.OthersAsWritten"/></summary>
    AsWritten,

    /// <summary><see cref="IndicatorRecord.ExcludedBy"/></summary>
    Excluding,
}

/// <summary>Records out of a catalog, with the counts and relations that depend on its other rules. Safe for several threads.</summary>
public sealed class RuleRecordReader(CatalogDatabase database)
{
    private const string SummaryColumns = "r.rule_id, r.title, r.family, r.slug, f.path, r.severity, r.status, r.fidelity";

    /// <summary>
    /// The rules a word may mean, by the first of these that knows it: id, address (<c>family/slug</c>, <c>/rules/family/slug</c> or the slug alone),
    /// title, path of the file or the end of one. Empty when nothing does; several when it is ambiguous.
    /// </summary>
    public IReadOnlyList<RuleSummary> Resolve(string idOrSlugOrPath)
    {
        ArgumentNullException.ThrowIfNull(idOrSlugOrPath);
        var word = idOrSlugOrPath.Trim();
        var address = word.Trim('/');
        if (address.StartsWith("rules/", StringComparison.Ordinal) && address.Count(character => character == '/') == 2)
        {
            address = address["rules/".Length..];
        }

        var path = word.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal) || path.StartsWith("../", StringComparison.Ordinal))
        {
            path = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        }

        using var lease = database.Rent();
        foreach (var (where, value) in new[]
        {
            ("r.rule_id = $value", word),
            ("r.family || '/' || r.slug = $value", address),
            ("r.slug = $value", word),
            ("r.title = $value COLLATE NOCASE", word),
            ("f.path = $value", path),

            // A path given from elsewhere ends with what we know, or we know more of it than was given.
            ("length($value) > length(f.path) AND substr($value, -length(f.path) - 1) = '/' || f.path", path),
            ("length(f.path) > length($value) AND substr(f.path, -length($value) - 1) = '/' || $value", path),
        })
        {
            var found = Summaries(lease.Connection, where, value);
            if (found.Count > 0)
            {
                return found;
            }
        }

        return [];
    }

    /// <summary>
    /// The address of the rule that had the slug in an earlier build, or has it as its id; null where there is none, or where several rules carry the id.
    /// </summary>
    public string? SlugNow(string family, string formerSlugOrId)
    {
        using var lease = database.Rent();
        using var command = lease.Connection.CreateCommand();
        command.CommandText = """
            SELECT r.slug FROM former_slug AS x JOIN rule AS r ON r.rule_id = x.rule_id AND r.family = x.family AND r.document = x.document
            WHERE x.family = $family AND x.slug = $word
            UNION
            SELECT slug FROM rule WHERE rule_id = $word AND family = $family
            LIMIT 2
            """;
        command.Parameters.AddWithValue("$family", family);
        command.Parameters.AddWithValue("$word", formerSlugOrId);
        using var reader = command.ExecuteReader();
        return reader.Read() && reader.GetString(0) is var slug && !reader.Read() ? slug : null;
    }

    /// <summary>The record of a rule by its address, or null.</summary>
    public RuleRecord? Read(string family, string slug)
    {
        using var lease = database.Rent();
        using var command = lease.Connection.CreateCommand();
        command.CommandText = """
            SELECT r.id, rr.record, f.text
            FROM rule AS r JOIN rule_record AS rr ON rr.rule_id = r.id JOIN file AS f ON f.id = r.file_id
            WHERE r.family = $family AND r.slug = $slug
            """;
        command.Parameters.AddWithValue("$family", family);
        command.Parameters.AddWithValue("$slug", slug);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        StoredRecord? stored;
        try
        {
            stored = JsonSerializer.Deserialize(reader.GetString(1), StoredJson.Compact.StoredRecord);
        }
        catch (JsonException error)
        {
            throw new CatalogException($"{database.Path} is damaged: the record of {family}/{slug} cannot be read ({error.Message}).", error);
        }

        if (stored is null)
        {
            return null;
        }

        var id = reader.GetInt64(0);
        var text = reader.IsDBNull(2) ? "" : reader.GetString(2);
        var counts = ValueCounts.Of(lease.Connection, id);
        var rows = stored.Rows.SelectMany((row, number) => row.Values.Select((value, ordinal) => Entry(row, number, value, counts.For(number, ordinal)))).ToList();
        return stored.Head with
        {
            Slug = slug,
            Body = [.. stored.Head.Body.Select((body, index) => index == 0 ? body with { Text = text } : body)],
            Indicators = [.. rows.Where(row => row.Role == "indicator")],
            Exclusions = [.. rows.Where(row => row.Role != "indicator")],
            Relations = Relations(lease.Connection, id, stored.Head),
            Findings = Findings(lease.Connection, id),
        };
    }

    /// <summary>The other rules that a count of one value stands for: the list is as long as the record says.</summary>
    /// <param name="row">The predicate's row in the record.</param>
    /// <param name="ordinal">The value's place in it, from 0.</param>
    /// <param name="only">Only rules of this family; null for all.</param>
    /// <param name="page">From 1.</param>
    public RuleList Others(string family, string slug, int row, int ordinal, OthersKind kind = OthersKind.ByConcept, string? only = null, int page = 1)
    {
        // CROSS keeps the order of the joins: without statistics SQLite would begin with every rule of the family.
        using var lease = database.Rent();
        return RuleList.Read(
            lease.Connection,
            $"""
            SELECT other.rule_id
            FROM rule AS self
            CROSS JOIN predicate_value AS own ON own.rule_id = self.id AND own.row = $row AND own.ordinal = $ordinal
            {kind switch
            {
                OthersKind.AsWritten => """
                    CROSS JOIN predicate AS q ON q.rule_id = own.rule_id AND q.row = own.row
                    CROSS JOIN lookup_key AS k ON k.id = own.key_id
                    CROSS JOIN lookup_key AS same ON same.value = k.value AND same.kind = k.kind
                    CROSS JOIN predicate_value AS other ON other.key_id = same.id AND other.value = own.value AND other.rule_id <> own.rule_id
                    CROSS JOIN predicate AS p ON p.rule_id = other.rule_id AND p.row = other.row AND p.role = 0 AND p.field = q.field AND p.cased = q.cased
                    CROSS JOIN rule AS o ON o.id = other.rule_id AND o.family = self.family
                    """,
                _ => $"""
                    CROSS JOIN predicate_value AS other ON other.key_id = own.key_id AND other.rule_id <> own.rule_id
                    CROSS JOIN predicate AS p ON p.rule_id = other.rule_id AND p.row = other.row AND p.role = {(kind == OthersKind.Excluding ? 1 : 0)}
                    CROSS JOIN rule AS o ON o.id = other.rule_id
                    """,
            }}
            WHERE self.family = $family AND self.slug = $slug AND ($only IS NULL OR o.family = $only)
            """,
            [("$family", family), ("$slug", slug), ("$row", row), ("$ordinal", ordinal), ("$only", (object?)only ?? DBNull.Value)],
            page);
    }

    /// <summary>The lookup keys of one value: several where it stands for several.</summary>
    public IReadOnlyList<CountKey> KeysOf(string family, string slug, int row, int ordinal)
    {
        using var lease = database.Rent();
        using var command = lease.Connection.CreateCommand();
        command.CommandText = """
            SELECT k.subject, k.kind, k.value
            FROM rule AS self JOIN predicate_value AS own ON own.rule_id = self.id JOIN lookup_key AS k ON k.id = own.key_id
            WHERE self.family = $family AND self.slug = $slug AND own.row = $row AND own.ordinal = $ordinal
            ORDER BY own.part
            """;
        command.Parameters.AddWithValue("$family", family);
        command.Parameters.AddWithValue("$slug", slug);
        command.Parameters.AddWithValue("$row", row);
        command.Parameters.AddWithValue("$ordinal", ordinal);
        using var reader = command.ExecuteReader();
        List<CountKey> keys = [];
        while (reader.Read())
        {
            keys.Add(new CountKey(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return keys;
    }

    /// <summary>Every rule's address, by family and slug.</summary>
    public IReadOnlyList<RuleSummary> All()
    {
        using var lease = database.Rent();
        return Summaries(lease.Connection, "$value = ''", "");
    }

    private static IndicatorRecord Entry(StoredRow row, int number, StoredValue value, ValueCounts.Count count)
        => new(
            row.Field,
            row.Concept,
            row.Kind,
            value.Text,
            row.Stage,
            count.Others,
            number,
            row.All ? "all" : "any",
            row.Cased ? "exact" : "fold",
            row.Role switch
            {
                0 => "indicator",
                1 => "exclusion",
                _ => "exception",
            },
            row.Scope,
            row.Part,
            value.Derived ?? [],
            count.AsWritten,
            count.ExcludedBy,
            value.Place is [var body, var start, var length] ? new PlaceRecord(body, start, length) : null,
            count.Key);

    private static List<RelationRecord> Relations(SqliteConnection connection, long id, RuleRecord record)
    {
        var relations = new List<RelationRecord>();
        using var command = connection.CreateCommand();
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$hash", (object?)record.LogicHash ?? DBNull.Value);

        command.CommandText = """
            SELECT rule_id, title, family, slug FROM rule WHERE logic_hash = $hash AND id <> $id ORDER BY family, title, slug
            """;
        Read((type: "equal", reason: "the same logic in normal form"));

        // What this rule says of others; of an id that several rules carry, each.
        command.CommandText = """
            SELECT coalesce(o.rule_id, x.other), o.title, o.family, o.slug, x.type
            FROM relation AS x LEFT JOIN rule AS o ON (o.rule_id = x.other OR o.name = x.other) AND o.id <> x.rule_id
            WHERE x.rule_id = $id ORDER BY x.type, o.family, o.title, x.other, o.slug
            """;
        Read((type: "", reason: "this rule names it"));

        command.CommandText = """
            SELECT o.rule_id, o.title, o.family, o.slug, x.type
            FROM rule AS self
            JOIN relation AS x ON x.other IN (self.rule_id, self.name)
            JOIN rule AS o ON o.id = x.rule_id
            WHERE self.id = $id AND o.id <> $id ORDER BY x.type, o.family, o.title, o.slug
            """;
        Read((type: "", reason: "it names this rule"));

        // Two rules that name each other by the same word are one relation.
        return [.. relations.GroupBy(relation => (relation.Type, relation.Id, relation.Family, relation.Slug))
            .Select(group => group.Select(relation => relation.Reason).Distinct().Count() > 1 ? group.First() with { Reason = "they name each other" } : group.First())];

        void Read((string type, string reason) what)
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                relations.Add(new RelationRecord(
                    what.type.Length > 0 ? what.type : reader.GetString(4),
                    reader.GetString(0),
                    Text(reader, 1),
                    what.reason,
                    Text(reader, 2),
                    Text(reader, 3)));
            }
        }
    }

    private static List<FindingRecord> Findings(SqliteConnection connection, long id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT d.code, d.severity, d.message, d.line, d.column
            FROM rule AS r JOIN diagnostic AS d ON d.file_id = r.file_id WHERE r.id = $id ORDER BY d.id
            """;
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        var findings = new List<FindingRecord>();
        while (reader.Read())
        {
            findings.Add(new FindingRecord(
                reader.GetString(0),
                reader.GetInt32(1) switch
                {
                    0 => "info",
                    1 => "warning",
                    _ => "error",
                },
                reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4)));
        }

        return findings;
    }

    private static List<RuleSummary> Summaries(SqliteConnection connection, string where, string value)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {SummaryColumns} FROM rule AS r JOIN file AS f ON f.id = r.file_id WHERE {where} ORDER BY r.family, r.slug";
        command.Parameters.AddWithValue("$value", value);
        return Summaries(command);
    }

    private static List<RuleSummary> Summaries(SqliteCommand command)
    {
        var found = new List<RuleSummary>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            found.Add(new RuleSummary(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                SeverityWord(reader, 5),
                Text(reader, 6),
                reader.GetString(7)));
        }

        return found;
    }

    internal static string? SeverityWord(SqliteDataReader reader, int column)
        => reader.IsDBNull(column) ? null : Words.Severities[Math.Clamp(reader.GetInt32(column), 0, Words.Severities.Length - 1)];

    internal static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>How many other rules look for, or look away from, what one rule's values say. Computed when asked: nothing to keep up to date.</summary>
internal sealed class ValueCounts
{
    private static readonly Count None = new(OthersRecord.None, 0, 0, null);

    private readonly Dictionary<(int Row, int Ordinal), Count> _counts = [];

    public Count For(int row, int ordinal) => _counts.GetValueOrDefault((row, ordinal)) ?? None;

    public static ValueCounts Of(SqliteConnection connection, long ruleId)
    {
        var counts = new ValueCounts();
        using var command = connection.CreateCommand();
        command.Parameters.AddWithValue("$id", ruleId);

        // A value that stands for several shares a rule where it shares any of them; hence the distinct rules of all its keys.
        command.CommandText = """
            SELECT own.row, own.ordinal, r.family,
                   count(DISTINCT CASE WHEN p.role = 0 THEN other.rule_id END),
                   count(DISTINCT CASE WHEN p.role = 1 THEN other.rule_id END)
            FROM predicate_value AS own
            JOIN predicate_value AS other ON other.key_id = own.key_id AND other.rule_id <> own.rule_id
            JOIN predicate AS p ON p.rule_id = other.rule_id AND p.row = other.row
            JOIN rule AS r ON r.id = other.rule_id
            WHERE own.rule_id = $id
            GROUP BY own.row, own.ordinal, r.family
            """;
        using (var reader = command.ExecuteReader())
        {
            counts.AddByConcept(reader);
        }

        command.CommandText = """
            SELECT own.row, own.ordinal, k.subject, k.kind, k.value
            FROM predicate_value AS own JOIN lookup_key AS k ON k.id = own.key_id
            WHERE own.rule_id = $id
            GROUP BY own.row, own.ordinal HAVING count(*) = 1
            """;
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                counts.Change((reader.GetInt32(0), reader.GetInt32(1)), count => count with { Key = new KeyRecord(reader.GetString(2), reader.GetString(3), reader.GetString(4)) });
            }
        }

        // As written is another question, not a narrower one: one field name may stand for several concepts (Image of a process that starts, and of
        // one that writes a file), so the keys of any subject count, and the spelling decides.
        command.CommandText = """
            SELECT own.row, own.ordinal, count(DISTINCT other.rule_id)
            FROM predicate_value AS own
            JOIN predicate AS q ON q.rule_id = own.rule_id AND q.row = own.row
            JOIN rule AS self ON self.id = own.rule_id
            JOIN lookup_key AS k ON k.id = own.key_id
            JOIN lookup_key AS same ON same.value = k.value AND same.kind = k.kind
            JOIN predicate_value AS other ON other.key_id = same.id AND other.value = own.value AND other.rule_id <> own.rule_id
            JOIN predicate AS p ON p.rule_id = other.rule_id AND p.row = other.row AND p.role = 0 AND p.field = q.field AND p.cased = q.cased
            JOIN rule AS r ON r.id = other.rule_id AND r.family = self.family
            WHERE own.rule_id = $id
            GROUP BY own.row, own.ordinal
            """;
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                counts.Change((reader.GetInt32(0), reader.GetInt32(1)), count => count with { AsWritten = reader.GetInt32(2) });
            }
        }

        return counts;
    }

    private void Change((int Row, int Ordinal) value, Func<Count, Count> change)
        => _counts[value] = change(_counts.GetValueOrDefault(value) ?? None);

    private void AddByConcept(SqliteDataReader reader)
    {
        while (reader.Read())
        {
            var key = (reader.GetInt32(0), reader.GetInt32(1));
            var before = _counts.GetValueOrDefault(key) ?? None;
            var looking = reader.GetInt32(3);
            var byFamily = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var (family, number) in before.Others.ByFamily)
            {
                byFamily[family] = number;
            }

            if (looking > 0)
            {
                byFamily[reader.GetString(2)] = looking;
            }

            _counts[key] = before with { Others = new OthersRecord(before.Others.Total + looking, byFamily), ExcludedBy = before.ExcludedBy + reader.GetInt32(4) };
        }
    }

    /// <param name="Key">Null where the value has several.</param>
    public sealed record Count(OthersRecord Others, int AsWritten, int ExcludedBy, KeyRecord? Key);
}
