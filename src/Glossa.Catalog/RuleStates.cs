using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>What is compared of each rule between two builds, and the changes that the older catalog knew of.</summary>
internal sealed class RuleStates
{
    /// <summary>Rows of <c>change</c> that are kept.</summary>
    private const int Kept = 2000;

    private const string Columns = "built_at, previous, kind, family, rule_id, document, slug, title, logic, severity_before, severity_after, fidelity_before, fidelity_after, same_file";

    private readonly string _builtAt;
    private readonly List<State> _rules;
    private readonly List<object?[]> _changes;

    private readonly List<FormerSlug> _formerSlugs;

    private RuleStates(string builtAt, List<State> rules, List<object?[]> changes, List<FormerSlug> formerSlugs)
    {
        _formerSlugs = formerSlugs;
        _builtAt = builtAt;
        _rules = rules;
        _changes = changes;
    }

    /// <summary>Null where there is no catalog, or none that can be read: then there is nothing to compare with.</summary>
    public static RuleStates? Load(string target)
    {
        if (!File.Exists(target))
        {
            return null;
        }

        try
        {
            using var database = CatalogDatabase.Open(target);
            using var lease = database.Rent();
            using var command = lease.Connection.CreateCommand();
            command.CommandText = "SELECT value FROM meta WHERE name = 'built_at'";
            if (command.ExecuteScalar() is not string builtAt)
            {
                return null;
            }

            var changes = new List<object?[]>();
            command.CommandText = $"SELECT {Columns} FROM change ORDER BY id DESC LIMIT {Kept}";
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    var row = new object?[reader.FieldCount];
                    reader.GetValues(row!);
                    changes.Add(row);
                }
            }

            changes.Reverse();
            var formerSlugs = new List<FormerSlug>();
            command.CommandText = "SELECT family, slug, rule_id, document FROM former_slug";
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    formerSlugs.Add(new FormerSlug(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3)));
                }
            }

            return new RuleStates(builtAt, Read(lease.Connection), changes, formerSlugs);
        }
        catch (Exception error) when (error is CatalogException or SqliteException)
        {
            return null;
        }
    }

    /// <summary>Compares with the rules that the connection has now.</summary>
    /// <param name="isNew">The table is empty, and older changes are to be taken over.</param>
    public void WriteChanges(SqliteConnection connection, bool isNew, string builtAt)
    {
        using var insert = new Statement(connection, $"INSERT INTO change ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        foreach (var row in isNew ? _changes : [])
        {
            foreach (var value in row)
            {
                _ = value switch
                {
                    long number => insert.Bind(number),
                    string text => insert.Bind(text),
                    _ => insert.Bind((string?)null),
                };
            }

            insert.Run();
        }

        using (var meta = new Statement(connection, "INSERT INTO meta (name, value) VALUES ('compared_with', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"))
        {
            meta.Bind(_builtAt).Run();
        }

        var (changes, renamed) = Compare(_rules, Read(connection));
        foreach (var change in changes)
        {
            change.Write(insert, builtAt, _builtAt);
        }

        using var former = new Statement(connection, "INSERT OR REPLACE INTO former_slug (family, slug, rule_id, document) VALUES (?, ?, ?, ?)");
        foreach (var slug in (isNew ? _formerSlugs : []).Concat(renamed))
        {
            former.Bind(slug.Family).Bind(slug.Slug).Bind(slug.RuleId).Bind(slug.Document).Run();
        }

        if (changes.Count > 0)
        {
            // The first of a build are the weightiest, so those are kept where one alone has more.
            CatalogSchema.Execute(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"DELETE FROM change WHERE id NOT IN (SELECT id FROM change ORDER BY built_at DESC, id LIMIT {Kept})"));
        }
    }

    /// <summary>Changes by weight, then family and title; and the addresses that rules no longer have.</summary>
    private static (List<Change> Changes, List<FormerSlug> Renamed) Compare(List<State> before, List<State> after)
    {
        var renamed = new List<FormerSlug>();
        var old = before.GroupBy(rule => (rule.Family, rule.RuleId, rule.Document)).ToDictionary(group => group.Key, group => group.ToList());
        var changes = new List<Change>();
        var added = new List<State>();
        var left = new List<State>();

        // An id that several rules carry: first those at the same path, then the rest in order.
        foreach (var rule in after)
        {
            if (!Take(rule, candidates => candidates.FindIndex(candidate => candidate.Path == rule.Path)))
            {
                left.Add(rule);
            }
        }

        foreach (var rule in left)
        {
            if (!Take(rule, candidates => candidates.Count - 1))
            {
                added.Add(rule);
            }
        }

        // Where the author gave no id it is derived from the path: the same text elsewhere is the same rule.
        var gone = old.Values.SelectMany(rules => rules).ToList();
        var byContent = gone.Where(rule => rule.ContentHash.Length > 0).ToLookup(rule => (rule.Family, rule.Document, rule.ContentHash));
        var moved = new HashSet<State>(ReferenceEqualityComparer.Instance);
        foreach (var rule in added)
        {
            if (byContent[(rule.Family, rule.Document, rule.ContentHash)].FirstOrDefault(candidate => !moved.Contains(candidate)) is { } match)
            {
                moved.Add(match);
                Note(match, rule);
            }
            else
            {
                changes.Add(new Change("new", rule, null));
            }
        }

        changes.AddRange(gone.Where(rule => !moved.Contains(rule)).Select(rule => new Change("removed", rule, null)));
        changes.Sort((x, y) =>
        {
            var order = x.Weight.CompareTo(y.Weight);
            order = order != 0 ? order : string.CompareOrdinal(x.Rule.Family, y.Rule.Family);
            order = order != 0 ? order : string.CompareOrdinal(x.Rule.Title, y.Rule.Title);
            return order != 0 ? order : string.CompareOrdinal(x.Rule.Slug, y.Rule.Slug);
        });
        return (changes, renamed);

        bool Take(State rule, Func<List<State>, int> choose)
        {
            if (!old.TryGetValue((rule.Family, rule.RuleId, rule.Document), out var candidates) || choose(candidates) is not (>= 0 and var index))
            {
                return false;
            }

            Note(candidates[index], rule);
            candidates.RemoveAt(index);
            return true;
        }

        void Note(State was, State now)
        {
            if (was.Slug != now.Slug)
            {
                renamed.Add(new FormerSlug(was.Family, was.Slug, now.RuleId, now.Document));
            }

            if (was.LogicHash != now.LogicHash || was.Severity != now.Severity || was.Fidelity != now.Fidelity || was.ContentHash != now.ContentHash)
            {
                changes.Add(new Change("changed", now, was));
            }
        }
    }

    private static List<State> Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT r.family, r.rule_id, r.document, f.path, r.slug, r.title, r.logic_hash, r.severity, r.fidelity, f.content_hash
            FROM rule AS r JOIN file AS f ON f.id = r.file_id ORDER BY r.family, f.path, f.root, r.document, r.id
            """;
        using var reader = command.ExecuteReader();
        var rules = new List<State>();
        while (reader.Read())
        {
            rules.Add(new State(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt32(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetString(5),
                RuleRecordReader.Text(reader, 6),
                RuleRecordReader.SeverityWord(reader, 7) ?? "",
                reader.GetString(8),
                reader.GetString(9)));
        }

        return rules;
    }

    private sealed record FormerSlug(string Family, string Slug, string RuleId, int Document);

    private sealed record State(
        string Family, string RuleId, int Document, string Path, string Slug, string Title, string? LogicHash, string Severity, string Fidelity, string ContentHash);

    private sealed record Change(string Kind, State Rule, State? Before)
    {
        public bool IsOfLogic => Before is not null && Before.LogicHash != Rule.LogicHash;

        public int Weight => Kind switch
        {
            "changed" when IsOfLogic => 0,
            "changed" when Before!.Severity != Rule.Severity || Before.Fidelity != Rule.Fidelity => 1,
            "new" => 2,
            "removed" => 3,
            _ => 4,
        };

        public void Write(Statement insert, string builtAt, string previous)
        {
            var severity = Before is not null && Before.Severity != Rule.Severity;
            var fidelity = Before is not null && Before.Fidelity != Rule.Fidelity;
            insert
                .Bind(builtAt)
                .Bind(previous)
                .Bind(Kind)
                .Bind(Rule.Family)
                .Bind(Rule.RuleId)
                .Bind(Rule.Document)
                .Bind(Rule.Slug)
                .Bind(Rule.Title)
                .Bind(IsOfLogic ? 1 : 0)
                .Bind(severity ? Before!.Severity : null)
                .Bind(severity ? Rule.Severity : null)
                .Bind(fidelity ? Before!.Fidelity : null)
                .Bind(fidelity ? Rule.Fidelity : null)
                .Bind(Before is not null && Before.ContentHash == Rule.ContentHash && Rule.ContentHash.Length > 0 ? 1 : 0)
                .Run();
        }
    }
}
