using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>The front page; <c>/index.json</c>.</summary>
/// <param name="Examples">Queries that find something in this catalog.</param>
/// <param name="Tactics">Of the enterprise matrix, in its order.</param>
/// <param name="Idea">Null where no rule looks for anything.</param>
/// <param name="Changes">The newest seven.</param>
public sealed record HomeRecord(StatsReport Stats, IReadOnlyList<string> Examples, IReadOnlyList<HomeTactic> Tactics, HomeIdea? Idea, ChangeList Changes);

/// <param name="Covered">How many of its <paramref name="Techniques"/> a rule names.</param>
public sealed record HomeTactic(string Id, string Name, int Covered, int Techniques, AttackCounts Counts);

/// <summary>
/// One thing that rules look for, and how they write it: where several families look for it, one writing of each; where only one does, its fields and
/// operators for the same value.
/// </summary>
/// <param name="Value">In the letters of the first writing.</param>
/// <param name="Key">As <c>lookup_key</c> has it.</param>
public sealed record HomeIdea(string Subject, string Kind, string Value, string Key, bool AcrossFamilies, IReadOnlyList<HomeWriting> Writings);

/// <summary>Words of a rule, as its file has them; <c>…</c> where some are left out between the field and the value.</summary>
/// <param name="Subject">With <paramref name="Kind"/> and <paramref name="Key"/> what is looked for here.</param>
/// <param name="Field">As written.</param>
/// <param name="Before">Ends where <paramref name="Value"/> begins.</param>
/// <param name="Rules">Of the family that look for it; where only one family does, those with this field.</param>
public sealed record HomeWriting(
    string Family, string Slug, string Title, string Subject, string Kind, string Key, string Field, string Before, string Value, string After, int Rules);

/// <summary>What the front page takes from the whole catalog. Read once, when it is first asked for. Safe for several threads.</summary>
public sealed class HomeReader(CatalogDatabase database, RuleRecordReader records, AttackReader attack)
{
    private const int MostWritings = 6;

    /// <summary>Rules that are looked at for one that writes field and value on one line; those with the shortest lists of values come first.</summary>
    private const int Candidates = 5;
    private const int LongestBefore = 60;
    private const int LongestAfter = 12;

    private readonly Lazy<(IReadOnlyList<string> Examples, IReadOnlyList<HomeTactic> Tactics, HomeIdea? Idea)> _whole =
        new(() => ReadWhole(database, records, attack), LazyThreadSafetyMode.PublicationOnly);

    public HomeRecord Read(StatsReport stats, ChangeList changes) => new(stats, _whole.Value.Examples, _whole.Value.Tactics, _whole.Value.Idea, changes);

    private static (IReadOnlyList<string> Examples, IReadOnlyList<HomeTactic> Tactics, HomeIdea? Idea) ReadWhole(CatalogDatabase database, RuleRecordReader records, AttackReader attack)
    {
        using var lease = database.Rent();
        var matrix = attack.Matrix([]);
        var idea = ReadIdea(lease.Connection, records);
        return (
            ReadExamples(lease.Connection, matrix, idea),
            [.. matrix.Tactics.Select(tactic => new HomeTactic(tactic.Id, tactic.Name, tactic.Covered, tactic.Techniques.Count, tactic.Counts))],
            idea);
    }

    private static List<string> ReadExamples(SqliteConnection connection, AttackMatrixRecord matrix, HomeIdea? idea)
    {
        var examples = new List<string>();
        if (idea?.Writings is [{ Field.Length: > 0 } writing, ..])
        {
            Add(Term("field", writing.Field), Term("value", idea.Value));
        }

        if (First("SELECT concept FROM predicate WHERE kind = 'regex' AND concept IS NOT NULL GROUP BY concept ORDER BY count(*) DESC, concept LIMIT 1") is { } concept)
        {
            Add(Term("concept", concept), "op:regex");
        }

        if (matrix.Tactics.SelectMany(tactic => tactic.Techniques).Where(cell => cell.Counts.Exact > 0).MaxBy(cell => cell.Counts.Rules) is { } technique)
        {
            Add(Term("attack", technique.Id), "fidelity:exact");
        }

        if (First("SELECT p.field FROM predicate AS p WHERE p.role = 1 AND p.field <> '' AND EXISTS (SELECT 1 FROM predicate_value AS v WHERE v.rule_id = p.rule_id AND v.row = p.row) GROUP BY p.field ORDER BY count(*) DESC, p.field LIMIT 1") is { } field)
        {
            Add(Term("excludes", field));
        }

        return examples;

        string? First(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar() as string;
        }

        void Add(params string[] terms)
        {
            if (terms.All(term => term.Length <= 60))
            {
                examples.Add(string.Join(' ', terms));
            }
        }

        // As the search reads it: in quotes a blank and a star are themselves.
        static string Term(string key, string value)
            => key + ":" + (value.Any(character => char.IsWhiteSpace(character) || character is '"' or '*') ? "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : value);
    }

    private static HomeIdea? ReadIdea(SqliteConnection connection, RuleRecordReader records)
    {
        var commonest = List(
            connection,
            // Of those that stand in most places, which an index alone tells.
            """
            SELECT k.id, k.subject, k.kind, k.value, count(DISTINCT r.family) AS families, count(DISTINCT r.id) AS rules
            FROM (SELECT key_id FROM predicate_value GROUP BY key_id ORDER BY count(*) DESC, key_id LIMIT 500) AS most
            JOIN lookup_key AS k ON k.id = most.key_id
            JOIN predicate_value AS v ON v.key_id = k.id
            JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row AND p.role = 0 AND p.concept IS NOT NULL
            JOIN rule AS r ON r.id = v.rule_id
            WHERE k.kind IN ('eq', 'ends_with', 'contains', 'starts_with') AND length(k.value) BETWEEN 4 AND 40
            GROUP BY k.id ORDER BY families DESC, rules DESC, k.value, k.subject LIMIT 1
            """,
            [],
            row => (Id: row.GetInt64(0), Subject: row.GetString(1), Kind: row.GetString(2), Value: row.GetString(3), Families: row.GetInt32(4)));
        if (commonest is not [var key])
        {
            return null;
        }

        var core = key.Value.TrimStart('\\', '/');
        var found = key.Families > 1
            ? List(
                connection,
                """
                SELECT r.family, k.subject, k.kind, k.value, NULL, k.id, count(DISTINCT r.id) AS rules
                FROM predicate_value AS v JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row AND p.role = 0 JOIN rule AS r ON r.id = v.rule_id JOIN lookup_key AS k ON k.id = v.key_id
                WHERE v.key_id = $key GROUP BY r.family ORDER BY rules DESC, r.family LIMIT $most
                """,
                [("$key", key.Id), ("$most", MostWritings)],
                Writing)
            : List(
                connection,
                """
                SELECT r.family, k.subject, k.kind, k.value, p.field, k.id, count(DISTINCT r.id) AS rules
                FROM lookup_key AS k JOIN predicate_value AS v ON v.key_id = k.id JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row AND p.role = 0 JOIN rule AS r ON r.id = v.rule_id
                WHERE k.value IN ($core, '\' || $core, '/' || $core) AND k.kind <> 'keyword' AND p.field <> '' AND length(p.field) < 80
                GROUP BY r.family, k.id, p.field ORDER BY rules DESC, r.family, p.field LIMIT $most
                """,
                [("$core", core), ("$most", 4 * MostWritings)],
                Writing);

        // One field may stand for several concepts; as words on the page it is one writing.
        var writings = found.DistinctBy(writing => (writing.Family, writing.Field, writing.Kind)).Take(MostWritings).Select(writing => Excerpt(connection, records, writing)).OfType<HomeWriting>().ToList();
        return writings.Count == 0 ? null : new HomeIdea(key.Subject, key.Kind, writings[0].Value, key.Value, key.Families > 1, writings);

        static Found Writing(SqliteDataReader row)
            => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), RuleRecordReader.Text(row, 4), row.GetInt64(5), row.GetInt32(6));
    }

    /// <summary>Out of the first rule that writes field and value on one line; else out of the first that has them at all.</summary>
    private static HomeWriting? Excerpt(SqliteConnection connection, RuleRecordReader records, Found found)
    {
        HomeWriting? second = null;
        foreach (var (slug, number, ordinal) in List(
            connection,
            """
            SELECT r.slug, p.row, v.ordinal
            FROM predicate_value AS v JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row AND p.role = 0 JOIN rule AS r ON r.id = v.rule_id
            WHERE v.key_id = $key AND r.family = $family AND ($field IS NULL OR p.field = $field) AND length(v.value) <= 60
            ORDER BY (SELECT count(*) FROM predicate_value AS w WHERE w.rule_id = v.rule_id AND w.row = v.row), r.slug LIMIT $most
            """,
            [("$key", found.Key), ("$family", found.Family), ("$field", found.Field), ("$most", Candidates)],
            row => (row.GetString(0), row.GetInt32(1), row.GetInt32(2))))
        {
            if (records.Read(found.Family, slug) is not { } rule
                || rule.Indicators.Where(value => value.Row == number).ElementAtOrDefault(ordinal) is not { Place: { } place } value
                || Cut(rule.Body.ElementAtOrDefault(place.Body)?.Text ?? "", place.Start, place.Length, value.Field) is not { } cut)
            {
                continue;
            }

            var writing = new HomeWriting(found.Family, slug, rule.Title, found.Subject, found.Kind, found.Value, value.Field, cut.Before, cut.Value, cut.After, found.Rules);
            if (cut.IsWhole)
            {
                return writing;
            }

            second ??= writing;
        }

        return second;
    }

    /// <summary>From the field's name to the value and what closes it. Null where the place is not in the text.</summary>
    /// <param name="text">The body.</param>
    internal static (string Before, string Value, string After, bool IsWhole)? Cut(string text, int start, int length, string field)
    {
        if (start < 0 || length <= 0 || start > text.Length - length)
        {
            return null;
        }

        var lineStart = start == 0 ? 0 : text.LastIndexOf('\n', start - 1) + 1;
        var lineEnd = text.IndexOf('\n', start + length);
        lineEnd = lineEnd < 0 ? text.Length : lineEnd;
        var after = text[(start + length)..lineEnd].TrimEnd();
        after = after.Length <= LongestAfter ? after : after[..LongestAfter] + "…";
        var value = text.Substring(start, length);
        var own = text[lineStart..start].TrimStart();
        var from = Math.Max(0, start - 4000);
        var name = field.Length == 0 ? -1 : text.AsSpan(from, start - from).LastIndexOf(field, StringComparison.OrdinalIgnoreCase);
        name = name < 0 ? -1 : from + name;
        if (name >= lineStart)
        {
            var before = text[name..start];
            return before.Length <= LongestBefore
                ? (before, value, after, true)
                : (before[..(field.Length + 1)] + " … " + before[^12..], value, after, false);
        }

        if (name < 0 || own.Length > LongestBefore)
        {
            return ("… " + own[^Math.Min(own.Length, 12)..], value, after, false);
        }

        // A list: the field's line, and the value's own.
        var end = text.IndexOf('\n', name);
        var head = text[name..end].TrimEnd();
        head = head.Length <= LongestBefore ? head : head[..LongestBefore] + "…";
        return (head + (end + 1 == lineStart ? " " : " … ") + own, value, after, false);
    }

    private static List<T> List<T>(SqliteConnection connection, string sql, (string Name, object? Value)[] parameters, Func<SqliteDataReader, T> row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        using var reader = command.ExecuteReader();
        var list = new List<T>();
        while (reader.Read())
        {
            list.Add(row(reader));
        }

        return list;
    }

    /// <param name="Field">Null for any.</param>
    /// <param name="Key">Of <c>lookup_key</c>.</param>
    private sealed record Found(string Family, string Subject, string Kind, string Value, string? Field, long Key, int Rules);
}
