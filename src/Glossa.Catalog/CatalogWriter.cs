using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Glossa.Analysis;
using Glossa.Core.Diagnostics;
using Glossa.Core.Ir;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>Writes rows with statements prepared once. One thread, one transaction.</summary>
internal sealed class CatalogWriter : IDisposable
{
    private static readonly string[] TablesOfRules = ["rule_record", "reason", "tag", "attack", "relation", "predicate", "predicate_value"];
    private static readonly string[] TablesOfFiles = ["rule", "query", "diagnostic", "definition"];

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly List<SqliteCommand> _commands = [];
    private readonly Dictionary<CountKey, long> _keys = [];
    private readonly SqliteCommand _file;
    private readonly SqliteCommand _query;
    private readonly SqliteCommand _diagnostic;
    private readonly SqliteCommand _definition;
    private readonly SqliteCommand _rule;
    private readonly SqliteCommand _record;
    private readonly SqliteCommand _reason;
    private readonly SqliteCommand _tag;
    private readonly SqliteCommand _attack;
    private readonly SqliteCommand _relation;
    private readonly SqliteCommand _predicate;
    private readonly SqliteCommand _value;
    private readonly SqliteCommand _key;
    private readonly SqliteCommand _text;
    private long _lastFile;
    private long _lastRule;
    private long _lastKey;

    /// <param name="isNew">The tables are empty; else what they hold is taken up.</param>
    public CatalogWriter(SqliteConnection connection, bool isNew)
    {
        _connection = connection;
        _transaction = connection.BeginTransaction();
        _file = Prepare("INSERT INTO file (id, root, path, family, size, modified, content_hash, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", 8);
        _query = Prepare("INSERT INTO query (file_id, ordinal, language, parsed, fidelity, operators) VALUES (?, ?, ?, ?, ?, ?)", 6);
        _diagnostic = Prepare("INSERT INTO diagnostic (file_id, severity, code, message, path, line, column, label, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", 9);
        _definition = Prepare("INSERT OR IGNORE INTO definition (file_id, role, kind, name) VALUES (?, ?, ?, ?)", 4);
        _rule = Prepare(
            "INSERT INTO rule (id, file_id, document, family, slug, rule_id, name, title, kind, language, fidelity, severity, status, author, created, modified, product, service, category, logic_hash, tests) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            21);
        _record = Prepare("INSERT INTO rule_record (rule_id, record) VALUES (?, ?)", 2);
        _reason = Prepare("INSERT INTO reason (rule_id, ordinal, construct, text) VALUES (?, ?, ?, ?)", 4);
        _tag = Prepare("INSERT OR IGNORE INTO tag (rule_id, tag) VALUES (?, ?)", 2);
        _attack = Prepare("INSERT OR IGNORE INTO attack (rule_id, tactic, technique) VALUES (?, ?, ?)", 3);
        _relation = Prepare("INSERT OR IGNORE INTO relation (rule_id, type, other) VALUES (?, ?, ?)", 3);
        _predicate = Prepare("INSERT INTO predicate (rule_id, row, role, field, concept, kind, match_all, cased, scope, stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 10);
        _value = Prepare("INSERT INTO predicate_value (rule_id, row, ordinal, part, key_id, value) VALUES (?, ?, ?, ?, ?, ?)", 6);
        _key = Prepare("INSERT INTO lookup_key (id, subject, kind, value) VALUES (?, ?, ?, ?)", 4);
        _text = Prepare("INSERT INTO rule_text (rowid, title, value, field, tag, author, description) VALUES (?, ?, ?, ?, ?, ?, ?)", 7);
        if (!isNew)
        {
            _lastFile = CatalogSchema.Number(connection, "SELECT coalesce(max(id), 0) FROM file");
            _lastRule = CatalogSchema.Number(connection, "SELECT coalesce(max(id), 0) FROM rule");
            _lastKey = CatalogSchema.Number(connection, "SELECT coalesce(max(id), 0) FROM lookup_key");
            LoadKeys();
        }
    }

    public void Add(ReadFile file)
    {
        var source = file.Result.File;
        var fileId = ++_lastFile;
        Run(_file, fileId, source.Root, source.Path, file.Family, source.Size, source.ModifiedTicksUtc, file.Result.ContentHash, file.Text);
        foreach (var query in file.Result.Queries)
        {
            Run(
                _query,
                fileId,
                query.Index,
                query.Language,
                query.Parsed ? 1 : 0,
                file.FidelityOf(query.Index),
                JsonSerializer.Serialize(query.Operators, RecordJson.Compact.IReadOnlyListString));
        }

        foreach (var diagnostic in file.Result.Diagnostics)
        {
            Add(fileId, diagnostic);
        }

        foreach (var key in file.Result.Provides)
        {
            Run(_definition, fileId, "provides", key.Kind.ToString(), key.Name);
        }

        foreach (var key in file.Rules.SelectMany(rule => rule.Rule.Definitions))
        {
            Run(_definition, fileId, "asks", key.Kind.ToString(), key.Name);
        }

        foreach (var rule in file.Rules)
        {
            Add(fileId, rule);
        }
    }

    /// <summary>A finding about no single file.</summary>
    public void Add(Diagnostic diagnostic) => Add(null, diagnostic);

    public void SetMeta(string name, string value)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO meta (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    /// <summary>Forgets files with everything that came from them.</summary>
    public void Remove(IEnumerable<long> fileIds)
    {
        string[] statements =
        [
            "DELETE FROM rule_text WHERE rowid IN (SELECT id FROM rule WHERE file_id = ?)",
            .. TablesOfRules.Select(table => $"DELETE FROM {table} WHERE rule_id IN (SELECT id FROM rule WHERE file_id = ?)"),
            .. TablesOfFiles.Select(table => $"DELETE FROM {table} WHERE file_id = ?"),
            "DELETE FROM file WHERE id = ?",
        ];
        var commands = statements.Select(statement => Prepare(statement, 1)).ToList();
        foreach (var fileId in fileIds)
        {
            foreach (var command in commands)
            {
                Run(command, fileId);
            }
        }

        CatalogSchema.Execute(_connection, "DELETE FROM diagnostic WHERE file_id IS NULL");
    }

    /// <summary>Gives every rule its address, drops what nobody looks for any more, and commits.</summary>
    public void Finish(bool isNew)
    {
        AssignSlugs();
        if (isNew)
        {
            CatalogSchema.CreateIndexes(_connection);
        }
        else
        {
            CatalogSchema.Execute(_connection, "DELETE FROM lookup_key WHERE id NOT IN (SELECT key_id FROM predicate_value)");
        }

        _transaction.Commit();
    }

    private void Add(long? fileId, Diagnostic diagnostic)
    {
        var position = diagnostic.Position;
        var label = diagnostic.Labels.FirstOrDefault(label => label.IsPrimary)?.Text;
        Run(
            _diagnostic,
            fileId,
            (int)diagnostic.Severity,
            diagnostic.Id,
            diagnostic.Message,
            diagnostic.Path,
            position?.Line,
            position?.Column,
            string.IsNullOrEmpty(label) ? null : label,
            JsonSerializer.Serialize([.. diagnostic.Notes.Select(note => note.Text)], RecordJson.Compact.IReadOnlyListString));
    }

    private void Add(long fileId, ReadRule read)
    {
        var (rule, analysis) = (read.Rule, read.Analysis);
        var metadata = rule.Metadata;
        var id = ++_lastRule;
        var source = analysis.Data.Count > 0 ? analysis.Data[0] : null;
        Run(
            _rule,
            id,
            fileId,
            metadata.DocumentIndex,
            metadata.Family,
            string.Create(CultureInfo.InvariantCulture, $"?{id}"),
            metadata.Id,
            metadata.Name,
            metadata.Title,
            metadata.Kind,
            rule.Language,
            Words.Of(rule.Fidelity.Level),
            (int?)metadata.Severity,
            metadata.Status,
            metadata.Author,
            metadata.Created,
            metadata.Modified,
            source?.Product,
            source?.Service,
            source?.Category,
            read.LogicHash,
            0);
        Run(_record, id, Encoding.UTF8.GetString(read.Record));
        for (var i = 0; i < rule.Fidelity.Reasons.Count; i++)
        {
            Run(_reason, id, i, rule.Fidelity.Reasons[i].Construct, rule.Fidelity.Reasons[i].Text);
        }

        foreach (var tag in metadata.Tags)
        {
            Run(_tag, id, tag);
        }

        foreach (var row in analysis.Attack)
        {
            foreach (var technique in row.Techniques.Select(technique => technique.Id).DefaultIfEmpty(""))
            {
                Run(_attack, id, row.Tactic?.Id ?? "", technique);
            }
        }

        foreach (var related in metadata.Related)
        {
            Run(_relation, id, related.Type, related.Id);
        }

        foreach (var member in rule.Correlates?.RuleIds ?? [])
        {
            Run(_relation, id, "member", member);
        }

        var values = new StringBuilder();
        var fields = new StringBuilder();
        foreach (var row in analysis.Rows)
        {
            Run(
                _predicate,
                id,
                row.Number,
                (int)row.Role,
                row.Field,
                row.Concept,
                row.Kind,
                row.Match == MatchMode.All ? 1 : 0,
                row.Case == CaseRule.Exact ? 1 : 0,
                row.Scope,
                row.Stage);
            fields.Append(row.Field).Append('\n').Append(row.Concept).Append('\n');
            for (var ordinal = 0; ordinal < row.Values.Count; ordinal++)
            {
                var value = row.Values[ordinal];
                values.Append(value.Text).Append('\n');
                for (var part = 0; part < value.Keys.Count; part++)
                {
                    Run(_value, id, row.Number, ordinal, part, KeyId(value.Keys[part]), value.Text);
                }
            }
        }

        Run(_text, id, metadata.Title, values.ToString(), fields.ToString(), string.Join('\n', metadata.Tags), metadata.Author, metadata.Description);
    }

    private long KeyId(CountKey key)
    {
        if (!_keys.TryGetValue(key, out var id))
        {
            _keys.Add(key, id = ++_lastKey);
            Run(_key, id, key.Subject, key.Kind, key.Value);
        }

        return id;
    }

    private void LoadKeys()
    {
        using var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = "SELECT id, subject, kind, value FROM lookup_key";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _keys.Add(new CountKey(reader.GetString(1), reader.GetString(2), reader.GetString(3)), reader.GetInt64(0));
        }
    }

    /// <summary>
    /// An address depends on the set of rules alone, not on when which was read: the file's name without its ending, a number for each further rule of
    /// the file; where two files of a family share a name, the first by path keeps it and the others get a piece of their path's hash.
    /// </summary>
    private void AssignSlugs()
    {
        var rules = new List<(long Id, string Family, long File, string Path, string Old)>();
        using (var command = _connection.CreateCommand())
        {
            command.Transaction = _transaction;
            command.CommandText = "SELECT r.id, r.family, r.file_id, f.path, r.slug FROM rule AS r JOIN file AS f ON f.id = r.file_id ORDER BY r.family, f.path, f.root, r.document, r.id";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rules.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4)));
            }
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var (lastFile, number) = (0L, 0);
        var changed = new List<(long Id, string Slug)>();
        foreach (var rule in rules)
        {
            number = rule.File == lastFile ? number + 1 : 1;
            lastFile = rule.File;
            var slug = Slug.Of(rule.Path, number);
            if (!taken.Add($"{rule.Family}/{slug}"))
            {
                var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rule.Path}#{number}")));
                var length = 6;
                while (!taken.Add($"{rule.Family}/{slug}-{hash[..Math.Min(length, hash.Length)]}{(length > hash.Length ? $"-{length}" : "")}"))
                {
                    length++;
                }

                slug = $"{slug}-{hash[..Math.Min(length, hash.Length)]}{(length > hash.Length ? $"-{length}" : "")}";
            }

            if (slug != rule.Old)
            {
                changed.Add((rule.Id, slug));
            }
        }

        // Two rules may swap addresses: first all old ones go, then the new ones come.
        var update = Prepare("UPDATE rule SET slug = ? WHERE id = ?", 2);
        foreach (var (id, _) in changed)
        {
            Run(update, string.Create(CultureInfo.InvariantCulture, $"?{id}"), id);
        }

        foreach (var (id, slug) in changed)
        {
            Run(update, slug, id);
        }
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;

        // Named by number, so that one loop can bind any statement.
        var name = 0;
        var text = new StringBuilder(sql.Length + parameters);
        foreach (var character in sql)
        {
            text.Append(character);
            if (character == '?')
            {
                text.Append(++name);
            }
        }

        command.CommandText = text.ToString();
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"?{i}") });
        }

        command.Prepare();
        _commands.Add(command);
        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in _commands)
        {
            command.Dispose();
        }

        _transaction.Dispose();
    }
}

/// <summary>The last part of a rule's address.</summary>
internal static class Slug
{
    private const int MaxLength = 120;

    /// <param name="number">Which rule of the file, from 1.</param>
    public static string Of(string path, int number)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        var stem = dot > 0 ? name[..dot] : name;
        var slug = new StringBuilder(stem.Length);
        foreach (var character in stem)
        {
            slug.Append(char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '-');
        }

        // "." and ".." are ways, not names.
        var text = slug.ToString().Trim('.');
        text = text.Length == 0 ? "rule" : text[..Math.Min(text.Length, MaxLength)];
        return number == 1 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}-{number}");
    }
}
