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
    private static readonly string[] TablesOfRules = ["rule_record", "reason", "rule_use", "tag", "attack", "relation", "predicate", "predicate_value"];
    private static readonly string[] TablesOfFiles = ["rule", "query", "diagnostic", "definition"];

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly Dictionary<CountKey, long> _keys = [];
    private readonly Statement _file;
    private readonly Statement _query;
    private readonly Statement _diagnostic;
    private readonly Statement _definition;
    private readonly Statement _rule;
    private readonly Statement _record;
    private readonly Statement _reason;
    private readonly Statement _use;
    private readonly Statement _tag;
    private readonly Statement _attack;
    private readonly Statement _relation;
    private readonly Statement _predicate;
    private readonly Statement _value;
    private readonly Statement _key;
    private readonly Statement _text;
    private long _lastFile;
    private long _lastRule;
    private long _lastKey;

    /// <param name="isNew">The tables are empty; else what they hold is taken up.</param>
    public CatalogWriter(SqliteConnection connection, bool isNew)
    {
        _connection = connection;

        // Not the ADO layer's transaction: that one wants to roll back when it is disposed of, and hides the error that made SQLite do so by itself.
        CatalogSchema.Execute(connection, "BEGIN");
        _file = Prepare("INSERT INTO file (id, root, path, family, size, modified, content_hash, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        _query = Prepare("INSERT INTO query (file_id, ordinal, language, parsed, fidelity, operators) VALUES (?, ?, ?, ?, ?, ?)");
        _diagnostic = Prepare("INSERT INTO diagnostic (file_id, severity, code, message, path, line, column, label, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _definition = Prepare("INSERT OR IGNORE INTO definition (file_id, role, kind, name) VALUES (?, ?, ?, ?)");
        _rule = Prepare(
            "INSERT INTO rule (id, file_id, document, family, slug, rule_id, name, title, kind, language, fidelity, severity, status, author, created, modified, product, service, category, logic_hash, tests, fired) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _record = Prepare("INSERT INTO rule_record (rule_id, record) VALUES (?, ?)");
        _reason = Prepare("INSERT INTO reason (rule_id, ordinal, construct, text) VALUES (?, ?, ?, ?)");
        _use = Prepare("INSERT OR IGNORE INTO rule_use (rule_id, name) VALUES (?, ?)");
        _tag = Prepare("INSERT OR IGNORE INTO tag (rule_id, tag) VALUES (?, ?)");
        _attack = Prepare("INSERT OR IGNORE INTO attack (rule_id, tactic, technique) VALUES (?, ?, ?)");
        _relation = Prepare("INSERT OR IGNORE INTO relation (rule_id, type, other) VALUES (?, ?, ?)");
        _predicate = Prepare("INSERT INTO predicate (rule_id, row, role, field, concept, kind, match_all, cased, scope, stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _value = Prepare("INSERT INTO predicate_value (rule_id, row, ordinal, part, key_id, value) VALUES (?, ?, ?, ?, ?, ?)");
        _key = Prepare("INSERT INTO lookup_key (id, subject, kind, value) VALUES (?, ?, ?, ?)");
        _text = Prepare("INSERT INTO rule_text (rowid, title, value, field, tag, author, description) VALUES (?, ?, ?, ?, ?, ?, ?)");
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
        _file
            .Bind(fileId)
            .Bind(source.Root)
            .Bind(source.Path)
            .Bind(file.Family)
            .Bind(source.Size)
            .Bind(source.ModifiedTicksUtc)
            .Bind(file.Result.ContentHash)
            .Bind(file.Text)
            .Run();
        foreach (var query in file.Result.Queries)
        {
            _query
                .Bind(fileId)
                .Bind(query.Index)
                .Bind(query.Language)
                .Bind(query.Parsed ? 1 : 0)
                .Bind(file.FidelityOf(query.Index))
                .Bind(JsonSerializer.Serialize(query.Operators, RecordJson.Compact.IReadOnlyListString))
                .Run();
        }

        foreach (var diagnostic in file.Result.Diagnostics)
        {
            Add(fileId, diagnostic);
        }

        foreach (var key in file.Result.Provides)
        {
            _definition.Bind(fileId).Bind("provides").Bind(key.Kind.ToString()).Bind(key.Name).Run();
        }

        foreach (var key in file.Rules.SelectMany(rule => rule.Rule.Definitions))
        {
            _definition.Bind(fileId).Bind("asks").Bind(key.Kind.ToString()).Bind(key.Name).Run();
        }

        for (var i = 0; i < file.Rules.Count; i++)
        {
            Add(fileId, file.Rules[i]);

            // A file's queries are numbered as its rules are; see ReadFile.FidelityOf.
            foreach (var name in file.Result.Queries.Where(query => query.Index == i).SelectMany(query => query.Operators))
            {
                _use.Bind(_lastRule).Bind(name).Run();
            }
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
        var commands = statements.Select(Prepare).ToList();
        foreach (var fileId in fileIds)
        {
            foreach (var command in commands)
            {
                command.Bind(fileId).Run();
            }
        }

        CatalogSchema.Execute(_connection, "DELETE FROM diagnostic WHERE file_id IS NULL");
    }

    /// <summary>Gives every rule its address, notes what changed, drops what nobody looks for any more, and commits.</summary>
    /// <param name="before">The rules of the catalog whose place this one takes; null where there is none.</param>
    public void Finish(bool isNew, RuleStates? before, string builtAt)
    {
        AssignSlugs();
        before?.WriteChanges(_connection, isNew, builtAt);
        if (isNew)
        {
            CatalogSchema.CreateIndexes(_connection);
        }
        else
        {
            CatalogSchema.Execute(_connection, "DELETE FROM lookup_key WHERE id NOT IN (SELECT key_id FROM predicate_value)");
        }

        CatalogSchema.Execute(_connection, "COMMIT");
    }

    private void Add(long? fileId, Diagnostic diagnostic)
    {
        var position = diagnostic.Position;
        var label = diagnostic.Labels.FirstOrDefault(label => label.IsPrimary)?.Text;
        _diagnostic
            .Bind(fileId)
            .Bind((int)diagnostic.Severity)
            .Bind(diagnostic.Id)
            .Bind(diagnostic.Message)
            .Bind(diagnostic.Path)
            .Bind(position?.Line)
            .Bind(position?.Column)
            .Bind(string.IsNullOrEmpty(label) ? null : label)
            .Bind(JsonSerializer.Serialize([.. diagnostic.Notes.Select(DiagnosticFormatter.NoteText)], RecordJson.Compact.IReadOnlyListString))
            .Run();
    }

    private void Add(long fileId, ReadRule read)
    {
        var (rule, analysis) = (read.Rule, read.Analysis);
        var metadata = rule.Metadata;
        var id = ++_lastRule;
        var source = analysis.Data.Count > 0 ? analysis.Data[0] : null;
        _rule
            .Bind(id)
            .Bind(fileId)
            .Bind(metadata.DocumentIndex)
            .Bind(metadata.Family)
            .Bind(string.Create(CultureInfo.InvariantCulture, $"?{id}"))
            .Bind(metadata.Id)
            .Bind(metadata.Name)
            .Bind(metadata.Title)
            .Bind(metadata.Kind)
            .Bind(rule.Language)
            .Bind(Words.Of(rule.Fidelity.Level))
            .Bind((int?)metadata.Severity)
            .Bind(metadata.Status)
            .Bind(metadata.Author)
            .Bind(metadata.Created)
            .Bind(metadata.Modified)
            .Bind(source?.Product)
            .Bind(source?.Service)
            .Bind(source?.Category)
            .Bind(read.LogicHash)
            .Bind(0)
            .Bind(read.Fired ? 1 : 0)
            .Run();
        _record.Bind(id).BindUtf8(read.Record).Run();
        for (var i = 0; i < rule.Fidelity.Reasons.Count; i++)
        {
            _reason.Bind(id).Bind(i).Bind(rule.Fidelity.Reasons[i].Construct).Bind(rule.Fidelity.Reasons[i].Text).Run();
        }

        foreach (var tag in metadata.Tags)
        {
            _tag.Bind(id).Bind(tag).Run();
        }

        foreach (var row in analysis.Attack)
        {
            foreach (var technique in row.Techniques.Select(technique => technique.Id).DefaultIfEmpty(""))
            {
                _attack.Bind(id).Bind(row.Tactic?.Id ?? "").Bind(technique).Run();
            }
        }

        foreach (var related in metadata.Related)
        {
            _relation.Bind(id).Bind(related.Type).Bind(related.Id).Run();
        }

        foreach (var member in rule.Correlates?.RuleIds ?? [])
        {
            _relation.Bind(id).Bind("member").Bind(member).Run();
        }

        var values = new StringBuilder();
        var fields = new StringBuilder();
        foreach (var row in analysis.Rows)
        {
            _predicate
                .Bind(id)
                .Bind(row.Number)
                .Bind((int)row.Role)
                .Bind(row.Field)
                .Bind(row.Concept)
                .Bind(row.Kind)
                .Bind(row.Match == MatchMode.All ? 1 : 0)
                .Bind(row.Case == CaseRule.Exact ? 1 : 0)
                .Bind(row.Scope)
                .Bind(row.Stage)
                .Run();
            fields.Append(row.Field).Append('\n').Append(row.Concept).Append('\n');
            for (var ordinal = 0; ordinal < row.Values.Count; ordinal++)
            {
                var value = row.Values[ordinal];
                values.Append(value.Text).Append('\n');
                for (var part = 0; part < value.Keys.Count; part++)
                {
                    _value.Bind(id).Bind(row.Number).Bind(ordinal).Bind(part).Bind(KeyId(value.Keys[part])).Bind(value.Text).Run();
                }
            }
        }

        _text
            .Bind(id)
            .Bind(metadata.Title)
            .Bind(values.ToString())
            .Bind(fields.ToString())
            .Bind(string.Join('\n', metadata.Tags))
            .Bind(metadata.Author)
            .Bind(metadata.Description)
            .Run();
    }

    private long KeyId(CountKey key)
    {
        if (!_keys.TryGetValue(key, out var id))
        {
            _keys.Add(key, id = ++_lastKey);
            _key.Bind(id).Bind(key.Subject).Bind(key.Kind).Bind(key.Value).Run();
        }

        return id;
    }

    private void LoadKeys()
    {
        using var command = _connection.CreateCommand();
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
        var update = Prepare("UPDATE rule SET slug = ? WHERE id = ?");
        foreach (var (id, _) in changed)
        {
            update.Bind(string.Create(CultureInfo.InvariantCulture, $"?{id}")).Bind(id).Run();
        }

        foreach (var (id, slug) in changed)
        {
            update.Bind(slug).Bind(id).Run();
        }
    }

    private Statement Prepare(string sql)
    {
        var statement = new Statement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }
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
