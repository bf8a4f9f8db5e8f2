using System.Collections.Frozen;
using Glossa.Analysis;
using Glossa.Core.Taxonomy;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>Something a query may name, and how many rules it finds by itself; null where that is not counted.</summary>
/// <param name="Label">What is shown beside it: a technique's name; or empty.</param>
internal sealed record KnownWord(string Text, int? Rules, string Label = "");

/// <summary>The words a catalog knows: what is suggested while a query is typed, and what is compared with a word that finds nothing.</summary>
internal sealed class Vocabulary
{
    /// <summary>Longer values are not typed.</summary>
    private const int MaxValue = 120;

    private readonly FrozenDictionary<string, WordIndex> _byKey;

    private Vocabulary(FrozenDictionary<string, WordIndex> byKey, WordIndex tools, WordIndex titleWords)
    {
        _byKey = byKey;
        Tools = tools;
        TitleWords = titleWords;
    }

    /// <summary>File names of programs that rules look for, as a value writes them: <c>\rundll32.exe</c>.</summary>
    public WordIndex Tools { get; }

    public WordIndex TitleWords { get; }

    /// <summary>Values of a key; nothing for a key whose values nobody types.</summary>
    public WordIndex Of(string key) => _byKey.GetValueOrDefault(key) ?? WordIndex.Empty;

    public static Vocabulary Read(SqliteConnection connection, RuleColumns columns)
    {
        var byKey = new Dictionary<string, WordIndex>(StringComparer.Ordinal)
        {
            ["field"] = Counted(connection, "SELECT max(field), count(DISTINCT rule_id) FROM predicate WHERE field <> '' GROUP BY field COLLATE NOCASE"),
            ["concept"] = Counted(connection, "SELECT max(concept), count(DISTINCT rule_id) FROM predicate WHERE concept IS NOT NULL GROUP BY concept COLLATE NOCASE"),
            ["op"] = Operators(connection),
            ["role"] = new WordIndex(Read(connection, "SELECT role, count(DISTINCT rule_id) FROM predicate WHERE role BETWEEN 0 AND 2 GROUP BY 1", reader => new KnownWord(Words.Roles[reader.GetInt32(0)], reader.GetInt32(1)))),
            ["service"] = Counted(connection, "SELECT max(service), count(*) FROM rule WHERE service IS NOT NULL GROUP BY service COLLATE NOCASE"),
            ["category"] = Counted(connection, "SELECT max(category), count(*) FROM rule WHERE category IS NOT NULL GROUP BY category COLLATE NOCASE"),
            ["product"] = Counted(connection, "SELECT max(product), count(*) FROM rule WHERE product IS NOT NULL GROUP BY product COLLATE NOCASE"),
            ["language"] = Counted(connection, "SELECT max(language), count(*) FROM rule GROUP BY language COLLATE NOCASE"),
            ["construct"] = Counted(connection, "SELECT construct, count(DISTINCT rule_id) FROM reason GROUP BY 1"),
            ["uses"] = Counted(connection, "SELECT max(name), count(DISTINCT rule_id) FROM rule_use GROUP BY name COLLATE NOCASE"),
            ["source"] = Counted(
                connection,
                "SELECT max(source), count(DISTINCT id) FROM (SELECT id, coalesce(product, 'any') || '/' || service AS source FROM rule WHERE service IS NOT NULL UNION ALL SELECT id, coalesce(product, 'any') || '/' || category FROM rule WHERE category IS NOT NULL) GROUP BY source COLLATE NOCASE"),
            ["severity"] = new WordIndex(Words.Severities.Select(word => new KnownWord(word, null))),
            ["attack"] = Attack(columns),
        };
        foreach (var key in new[] { "family", "fidelity", "tested", "status" })
        {
            byKey[key] = Facet(columns, key);
        }

        var (values, tools) = Values(connection);
        byKey["value"] = values;
        byKey["excludes"] = Counted(
            connection,
            $"SELECT max(v.value), NULL FROM predicate AS p JOIN predicate_value AS v ON v.rule_id = p.rule_id AND v.row = p.row WHERE p.role = 1 AND v.part = 0 AND length(v.value) BETWEEN 1 AND {MaxValue} GROUP BY v.value COLLATE NOCASE");
        return new Vocabulary(byKey.ToFrozenDictionary(StringComparer.Ordinal), tools, TitleIndex(columns));
    }

    private static WordIndex Operators(SqliteConnection connection)
    {
        var counts = Read(connection, "SELECT kind, count(DISTINCT rule_id) FROM predicate GROUP BY 1", reader => (Kind: reader.GetString(0), Rules: reader.GetInt32(1)))
            .ToDictionary(pair => pair.Kind, pair => pair.Rules, StringComparer.Ordinal);

        // An eq of several values is written as in, and both are found by both words: together they are not the sum.
        return new WordIndex(SearchQuery.ValuesOf("op").Select(word => new KnownWord(word, word is "eq" or "in" ? null : counts.GetValueOrDefault(word))));
    }

    private static WordIndex Facet(RuleColumns columns, string key)
    {
        var facet = Array.Find(columns.Facets, facet => facet.Key == key)!;
        var counts = new int[facet.Values.Length];
        foreach (var member in facet.Members.SelectMany(members => members))
        {
            counts[member]++;
        }

        return new WordIndex(facet.Values.Select((value, number) => new KnownWord(value, counts[number])).Where(word => word.Rules > 0 || key is "fidelity" or "tested"));
    }

    /// <summary>Techniques, each with its sub-techniques, and tactics.</summary>
    private static WordIndex Attack(RuleColumns columns)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var techniques in columns.Techniques)
        {
            foreach (var id in techniques.Concat(techniques.Select(id => id.Split('.')[0])).Distinct(StringComparer.Ordinal))
            {
                counts[id] = counts.GetValueOrDefault(id) + 1;
            }
        }

        var words = counts.Select(pair => new KnownWord(pair.Key, pair.Value, AttackMatrix.Instance.FindTechnique(pair.Key)?.FullName ?? ""));
        return new WordIndex(words.Concat(AttackMatrix.Instance.Tactics.Select(tactic => new KnownWord(tactic.Id, null, tactic.Name))));
    }

    private static (WordIndex Values, WordIndex Tools) Values(SqliteConnection connection)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var rules = new Dictionary<string, HashSet<long>>(StringComparer.Ordinal);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"""
                SELECT k.value, v.value, v.rule_id
                FROM lookup_key AS k JOIN predicate_value AS v ON v.key_id = k.id JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row
                WHERE p.role < 2 AND length(k.value) BETWEEN 1 AND {MaxValue}
                """;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var key = reader.GetString(0);
                if (!rules.TryGetValue(key, out var of))
                {
                    rules.Add(key, of = []);
                    var written = reader.GetString(1);
                    texts.Add(key, CountKeys.Fold(written) == key ? written : key);
                }

                of.Add(reader.GetInt64(2));
            }
        }

        var words = new List<KnownWord>(rules.Count);
        var tools = new Dictionary<string, KnownWord>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, of) in rules)
        {
            // As a search finds it: folded, and as it stands, which differ for regular expressions.
            var folded = CountKeys.Fold(texts[key]);
            var found = folded != texts[key] && rules.TryGetValue(folded == key ? texts[key] : folded, out var others) && others != of ? of.Union(others).Count() : of.Count;
            var word = new KnownWord(texts[key], found);
            words.Add(word);
            var name = texts[key].TrimStart('\\', '/');
            if (IsTool(texts[key], name) && (!tools.TryGetValue(name, out var known) || known.Rules < found))
            {
                tools[name] = word;
            }
        }

        return (new WordIndex(words), new WordIndex(tools.Values));
    }

    private static bool IsTool(string value, string name)
        => name.Length is >= 2 and <= 40
            && value.Length - name.Length <= 1
            && (name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) || value[0] == '/')
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static WordIndex TitleIndex(RuleColumns columns)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var title in columns.Titles)
        {
            foreach (var word in title.Split([' ', '-', '/', ',', '.', '(', ')', ':', '"', '\''], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (word.Length is >= 4 and <= 40 && word.All(char.IsLetterOrDigit))
                {
                    counts[word] = counts.GetValueOrDefault(word) + 1;
                }
            }
        }

        return new WordIndex(counts.Select(pair => new KnownWord(pair.Key, pair.Value)));
    }

    private static WordIndex Counted(SqliteConnection connection, string sql)
        => new(Read(connection, sql, reader => new KnownWord(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt32(1))));

    private static List<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var all = new List<T>();
        while (reader.Read())
        {
            all.Add(read(reader));
        }

        return all;
    }
}

/// <summary>Words by how they begin, letter case aside; also by how they begin after signs at their start, so that <c>rund</c> finds <c>\rundll32.exe</c>.</summary>
internal sealed class WordIndex
{
    public static readonly WordIndex Empty = new([]);

    private readonly KnownWord[] _words;
    private readonly (string Start, KnownWord Word)[] _starts;

    public WordIndex(IEnumerable<KnownWord> words)
    {
        _words = [.. words];
        var starts = new List<(string Start, KnownWord Word)>(_words.Length);
        foreach (var word in _words)
        {
            starts.Add((word.Text, word));
            if (word.Text.AsSpan().TrimStart("\\/*.-:'\"%$@ ").Length is > 0 and var rest && rest < word.Text.Length)
            {
                starts.Add((word.Text[^rest..], word));
            }
        }

        _starts = [.. starts];
        Array.Sort(_starts, static (x, y) => string.Compare(x.Start, y.Start, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The words that begin so, those with the most rules first.</summary>
    public List<KnownWord> Beginning(string prefix, int limit)
    {
        var best = new List<KnownWord>(limit + 1);
        for (var i = First(prefix); i < _starts.Length && _starts[i].Start.StartsWith(prefix, StringComparison.OrdinalIgnoreCase); i++)
        {
            Keep(best, _starts[i].Word, limit);
        }

        return best;
    }

    /// <summary>The words of which a part begins so: <c>cred</c> finds <c>OS Credential Dumping</c>, <c>name</c> finds <c>process.name</c>.</summary>
    public List<KnownWord> WithPart(string prefix, int limit)
    {
        var best = new List<KnownWord>(limit + 1);
        foreach (var word in prefix.Length == 0 ? [] : _words)
        {
            if (HasPart(word.Text, prefix) || HasPart(word.Label, prefix))
            {
                Keep(best, word, limit);
            }
        }

        return best;
    }

    /// <summary>Words that differ by few letters, the nearest first.</summary>
    public IEnumerable<KnownWord> Near(string text, int limit)
    {
        var most = text.Length switch
        {
            < 3 => 0,
            < 6 => 1,
            _ => 2,
        };
        return _starts
            .Select(pair => (pair.Word, Distance: most == 0 ? int.MaxValue : Distance(text, pair.Start, most)))
            .Where(pair => pair.Distance <= most)
            .OrderBy(pair => pair.Distance)
            .ThenByDescending(pair => pair.Word.Rules)
            .Select(pair => pair.Word)
            .Distinct()
            .Take(limit);
    }

    /// <summary>Letters to add, drop, change or swap with the next, letter case aside; more than <paramref name="most"/> is not told apart.</summary>
    internal static int Distance(string x, string y, int most)
    {
        if (Math.Abs(x.Length - y.Length) > most)
        {
            return most + 1;
        }

        Span<int> before = stackalloc int[y.Length + 1];
        Span<int> last = stackalloc int[y.Length + 1];
        Span<int> now = stackalloc int[y.Length + 1];
        for (var j = 0; j <= y.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= x.Length; i++)
        {
            now[0] = i;
            var least = i;
            for (var j = 1; j <= y.Length; j++)
            {
                var isSame = char.ToUpperInvariant(x[i - 1]) == char.ToUpperInvariant(y[j - 1]);
                now[j] = Math.Min(Math.Min(last[j], now[j - 1]) + 1, last[j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && char.ToUpperInvariant(x[i - 1]) == char.ToUpperInvariant(y[j - 2]) && char.ToUpperInvariant(x[i - 2]) == char.ToUpperInvariant(y[j - 1]))
                {
                    now[j] = Math.Min(now[j], before[j - 2] + 1);
                }

                least = Math.Min(least, now[j]);
            }

            if (least > most)
            {
                return most + 1;
            }

            last.CopyTo(before);
            now.CopyTo(last);
        }

        return last[y.Length];
    }

    private static bool HasPart(string text, string prefix)
    {
        for (var at = text.IndexOf(prefix, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(prefix, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static void Keep(List<KnownWord> best, KnownWord word, int limit)
    {
        var rules = word.Rules ?? 0;
        if ((best.Count == limit && (best[^1].Rules ?? 0) >= rules) || best.Contains(word))
        {
            return;
        }

        var at = best.Count;
        while (at > 0 && (best[at - 1].Rules ?? 0) < rules)
        {
            at--;
        }

        best.Insert(at, word);
        if (best.Count > limit)
        {
            best.RemoveAt(limit);
        }
    }

    private int First(string prefix)
    {
        var (low, high) = (0, _starts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.Compare(_starts[middle].Start, prefix, StringComparison.OrdinalIgnoreCase) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
