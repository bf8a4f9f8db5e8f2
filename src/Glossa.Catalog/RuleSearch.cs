using System.Globalization;
using Glossa.Analysis;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>A page of what was found; <c>search --json</c>.</summary>
/// <param name="Total">All that was found, on other pages too.</param>
public sealed record SearchResult(string Query, int Total, int Offset, IReadOnlyList<SearchHit> Hits, IReadOnlyList<SearchFacet> Facets);

/// <param name="Where">In which parts the words were found: <c>title value field tag author description</c>.</param>
/// <param name="Matched">Predicates that match the query, the first few.</param>
public sealed record SearchHit(
    string Id,
    string Title,
    string Family,
    string Slug,
    string File,
    string? Severity,
    string? Status,
    string Fidelity,
    string? Product,
    string? Service,
    string? Category,
    IReadOnlyList<string> Where,
    IReadOnlyList<SearchMatch> Matched);

/// <param name="Role"><c>indicator</c>, <c>exclusion</c>, <c>exception</c>.</param>
/// <param name="Row">The predicate's number in the rule's record.</param>
public sealed record SearchMatch(string Field, string Kind, string Value, string Role, int Row);

/// <summary>How what was found is spread over one property.</summary>
/// <param name="Key">As a query writes it: <c>family</c>.</param>
public sealed record SearchFacet(string Key, IReadOnlyList<SearchFacetValue> Values);

public sealed record SearchFacetValue(string Value, int Rules);

/// <summary>Finds rules by words and by structure. Safe for several threads.</summary>
public sealed class RuleSearch(CatalogDatabase database)
{
    private const int MaxMatches = 3;

    private static readonly string[] Columns = ["title", "value", "field", "tag", "author", "description"];

    /// <summary>Keys with one value a rule: said twice, either will do.</summary>
    private static readonly Dictionary<string, string> SingleValued = new(StringComparer.Ordinal)
    {
        ["family"] = "r.family",
        ["product"] = "r.product",
        ["service"] = "r.service",
        ["category"] = "r.category",
        ["language"] = "r.language",
        ["fidelity"] = "r.fidelity",
        ["status"] = "r.status",
        ["severity"] = "r.severity",
        ["id"] = "r.rule_id",
        ["source"] = "",
        ["tested"] = "",
    };

    /// <param name="limit">Hits a page.</param>
    /// <param name="withFacets">Count the values of family, severity and the like over all that was found.</param>
    /// <returns>The result, or what is wrong with the query; one of them is null.</returns>
    public (SearchResult? Result, SearchError? Error) Search(string text, int limit = 20, int offset = 0, bool withFacets = false)
    {
        var (query, error) = SearchQuery.Parse(text);
        if (query is null)
        {
            return (null, error);
        }

        using var lease = database.Rent();
        var connection = lease.Connection;
        var conditions = new Conditions();
        AddStructure(query, conditions);
        var words = query.Terms.Where(term => term.Key.Length == 0).ToList();
        var indexed = words.Where(word => !word.IsNegated && HasToken(word.Value)).ToList();
        foreach (var word in words.Except(indexed))
        {
            conditions.Add(word.IsNegated, WordCondition(word, conditions));
        }

        var found = Ids(connection, conditions, indexed);
        Rank(connection, found, words.Where(word => !word.IsNegated).ToList());
        var page = found.Skip(offset).Take(limit).ToList();
        var hits = page.Select(hit => Hit(connection, hit.Id, query)).ToList();
        foreach (var word in withFacets ? indexed : [])
        {
            conditions.Add(false, WordCondition(word, conditions));
        }

        return (new SearchResult(text, found.Count, offset, hits, withFacets ? Facets(connection, conditions) : []), null);
    }

    /// <summary>
    /// What is asked of predicates is asked of one of them: <c>field:Image op:ends_with</c> finds rules with a predicate that is both. A key said
    /// twice asks for two predicates.
    /// </summary>
    private static void AddStructure(SearchQuery query, Conditions conditions)
    {
        foreach (var group in query.Terms.Where(term => SingleValued.ContainsKey(term.Key)).GroupBy(term => (term.Key, term.IsNegated)))
        {
            var column = SingleValued[group.Key.Key];
            var bounds = group.Where(term => term.Comparison is not "=").Select(term => Compare(column, term, conditions)).ToList();
            var values = group.Where(term => term.Comparison is "=").Select(term => Compare(column, term, conditions)).ToList();
            if (values.Count > 0)
            {
                bounds.Add($"({string.Join(" OR ", values)})");
            }

            conditions.Add(group.Key.IsNegated, string.Join(group.Key.IsNegated ? " OR " : " AND ", bounds));
        }

        foreach (var term in query.Terms.Where(term => term.Key == "attack"))
        {
            conditions.Add(term.IsNegated, Attack(term, conditions));
        }

        foreach (var term in query.Terms.Where(term => term.Key == "construct"))
        {
            conditions.Add(term.IsNegated, $"r.id IN (SELECT rule_id FROM reason WHERE construct = {conditions.Bind(term.Value)})");
        }

        foreach (var term in query.Terms.Where(term => term.Key == "excludes"))
        {
            conditions.Add(
                term.IsNegated,
                $"EXISTS (SELECT 1 FROM predicate_value AS v JOIN lookup_key AS k ON k.id = v.key_id JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row WHERE v.rule_id = r.id AND p.role = 1 AND ({Matches("k.value", term, conditions, isFolded: true)} OR {Matches("p.field", term, conditions, isFolded: false)}))");
        }

        // The first of each key goes together, then the second of each, and so on.
        var rounds = query.Terms.Where(term => SearchQuery.IsOfPredicate(term.Key) && !term.IsNegated)
            .GroupBy(term => term.Key)
            .SelectMany(terms => terms.Select((term, round) => (term, round)))
            .GroupBy(pair => pair.round, pair => pair.term);
        foreach (var round in rounds)
        {
            conditions.Add(false, PredicateIn([.. round], conditions));
        }

        foreach (var term in query.Terms.Where(term => SearchQuery.IsOfPredicate(term.Key) && term.IsNegated))
        {
            conditions.Add(true, PredicateIn([term], conditions));
        }
    }

    private static string PredicateIn(IReadOnlyList<SearchTerm> terms, Conditions conditions)
    {
        var tests = PredicateTests(terms, conditions);
        var needsValue = terms.Any(term => term.Key == "value");
        return needsValue
            ? $"r.id IN (SELECT p.rule_id FROM lookup_key AS k JOIN predicate_value AS v ON v.key_id = k.id JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row WHERE {tests})"
            : $"r.id IN (SELECT p.rule_id FROM predicate AS p WHERE {tests})";
    }

    /// <summary>A value is not looked for in exceptions, which take an exclusion back, unless the query names the role.</summary>
    private static string PredicateTests(IReadOnlyCollection<SearchTerm> terms, Conditions conditions)
    {
        var tests = terms.Select(term => PredicateTest(term, conditions));
        var isOpen = terms.Any(term => term.Key == "value") && !terms.Any(term => term.Key == "role");
        return string.Join(" AND ", isOpen ? tests.Append("p.role < 2") : tests);
    }

    private static string PredicateTest(SearchTerm term, Conditions conditions) => term.Key switch
    {
        "field" => Matches("p.field", term, conditions, isFolded: false),
        "concept" => Matches("p.concept", term, conditions, isFolded: false),

        // An eq of several values is written as one, and found by both words.
        "op" when term.Value.Equals("eq", StringComparison.OrdinalIgnoreCase) => "p.kind IN ('eq', 'in')",
        "op" => $"p.kind = {conditions.Bind(term.Value.ToLowerInvariant())}",
        "role" => $"p.role = {conditions.Bind(Array.FindIndex(Words.Roles, word => word.Equals(term.Value, StringComparison.OrdinalIgnoreCase)))}",
        _ => Matches("k.value", term, conditions, isFolded: true),
    };

    /// <param name="isFolded">The column holds folded text, so the value is folded too; else letters are compared without case.</param>
    private static string Matches(string column, SearchTerm term, Conditions conditions, bool isFolded)
    {
        var value = isFolded ? CountKeys.Fold(term.Value) : term.Value;
        if (term.IsQuoted || !value.Contains('*', StringComparison.Ordinal))
        {
            return isFolded ? $"{column} = {conditions.Bind(value)}" : $"{column} = {conditions.Bind(value)} COLLATE NOCASE";
        }

        // LIKE folds ASCII by itself; its own signs are taken literally.
        var pattern = value.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal).Replace('*', '%');
        return $"{column} LIKE {conditions.Bind(pattern)} ESCAPE '!'";
    }

    private static string Compare(string column, SearchTerm term, Conditions conditions) => term.Key switch
    {
        "severity" => $"{column} {term.Comparison} {conditions.Bind(Array.FindIndex(Words.Severities, word => word.Equals(term.Value, StringComparison.OrdinalIgnoreCase)))}",
        "source" => Source(term, conditions),
        "tested" => term.Value.ToUpperInvariant() switch
        {
            "FIRES" => "r.fired = 1",
            "VENDOR" => "r.tests > 0",
            _ => "(r.fired = 0 AND r.tests = 0)",
        },
        _ => $"{column} = {conditions.Bind(term.Value)} COLLATE NOCASE",
    };

    /// <summary>A product, or one and a service or category of it; <c>any</c> stands for rules that name no product.</summary>
    private static string Source(SearchTerm term, Conditions conditions)
    {
        var slash = term.Value.IndexOf('/', StringComparison.Ordinal);
        var product = slash < 0 ? term.Value : term.Value[..slash];
        var test = $"r.product = {conditions.Bind(product)} COLLATE NOCASE";
        if (product.Equals("any", StringComparison.OrdinalIgnoreCase))
        {
            test = $"(r.product IS NULL OR {test})";
        }

        if (slash < 0)
        {
            return test;
        }

        var name = conditions.Bind(term.Value[(slash + 1)..]);
        return $"({test} AND (r.service = {name} COLLATE NOCASE OR r.category = {name} COLLATE NOCASE))";
    }

    /// <summary>A technique finds its sub-techniques; a tactic is named by id, name or tag.</summary>
    private static string Attack(SearchTerm term, Conditions conditions)
    {
        var word = term.Value.StartsWith("attack.", StringComparison.OrdinalIgnoreCase) ? term.Value["attack.".Length..] : term.Value;
        if (Core.Taxonomy.AttackMatrix.Instance.FindTactic(word) is { } tactic)
        {
            return $"r.id IN (SELECT rule_id FROM attack WHERE tactic IN ({string.Join(", ", tactic.StandsFor.Append(tactic.Id).Distinct().Select(id => conditions.Bind(id)))}))";
        }

        var technique = word.ToUpperInvariant();
        return $"r.id IN (SELECT rule_id FROM attack WHERE technique = {conditions.Bind(technique)} OR (technique > {conditions.Bind(technique + ".")} AND technique < {conditions.Bind(technique + "/")}))";
    }

    private static bool HasToken(string word) => word.Any(char.IsLetterOrDigit);

    /// <summary>Signs alone are no words to the index; they are looked for in values.</summary>
    private static string WordCondition(SearchTerm word, Conditions conditions)
        => HasToken(word.Value)
            ? $"r.id IN (SELECT rowid FROM rule_text WHERE rule_text MATCH {conditions.Bind(Phrase(word))})"
            : $"r.id IN (SELECT v.rule_id FROM lookup_key AS k JOIN predicate_value AS v ON v.key_id = k.id WHERE instr(k.value, {conditions.Bind(CountKeys.Fold(word.Value))}) > 0)";

    /// <summary>Always quoted for FTS5, so that nothing in it is an operator there; the last token of an unquoted word may go on.</summary>
    private static string Phrase(SearchTerm word)
    {
        var text = word.Value.TrimEnd('*');
        var quoted = $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return !word.IsQuoted && text.Length >= 3 && char.IsLetterOrDigit(text[^1]) ? $"{quoted} *" : quoted;
    }

    private static List<Found> Ids(SqliteConnection connection, Conditions conditions, List<SearchTerm> words)
    {
        var found = new List<Found>();
        using var command = connection.CreateCommand();
        conditions.BindTo(command);
        if (words.Count > 0)
        {
            command.CommandText = $"""
                SELECT r.id, r.severity, r.title, bm25(rule_text, 10.0, 4.0, 3.0, 2.0, 1.5, 1.0)
                FROM rule_text JOIN rule AS r ON r.id = rule_text.rowid
                WHERE rule_text MATCH $words{conditions.And}
                """;
            command.Parameters.AddWithValue("$words", string.Join(" AND ", words.Select(Phrase)));
        }
        else
        {
            command.CommandText = $"SELECT r.id, r.severity, r.title, 0.0 FROM rule AS r{conditions.Where}";
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            found.Add(new Found(reader.GetInt64(0), reader.IsDBNull(1) ? -1 : reader.GetInt32(1), reader.GetString(2)) { Score = reader.GetDouble(3) });
        }

        return found;
    }

    /// <summary>Title before an exact value before a field before other text; within these the index's own score, then severity and title.</summary>
    private static void Rank(SqliteConnection connection, List<Found> found, List<SearchTerm> words)
    {
        if (words.Count > 0)
        {
            var byId = found.ToDictionary(hit => hit.Id);
            Tier(1, "SELECT p.rule_id FROM predicate AS p WHERE p.field = $word COLLATE NOCASE", word => word.Value);
            Tier(
                2,
                "SELECT v.rule_id FROM lookup_key AS k JOIN predicate_value AS v ON v.key_id = k.id WHERE k.value IN ($word, '\\' || $word)",
                word => CountKeys.Fold(word.Value));
            Tier(3, "SELECT rowid FROM rule_text WHERE rule_text MATCH $word", word => HasToken(word.Value) ? $"title : {Phrase(word)}" : "");

            void Tier(int tier, string sql, Func<SearchTerm, string> value)
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                var parameter = command.Parameters.Add("$word", SqliteType.Text);
                foreach (var word in words)
                {
                    parameter.Value = value(word);
                    if (((string)parameter.Value).Length == 0)
                    {
                        continue;
                    }

                    // Each word counts once for a rule, by the best place it stands at.
                    var seen = new HashSet<long>();
                    using var reader = command.ExecuteReader();
                    while (reader.Read())
                    {
                        if (seen.Add(reader.GetInt64(0)) && byId.TryGetValue(reader.GetInt64(0), out var hit))
                        {
                            hit.Best[word] = tier;
                        }
                    }
                }
            }
        }

        foreach (var hit in found)
        {
            hit.Tier = hit.Best.Values.Sum();
        }

        found.Sort((x, y) =>
        {
            var order = y.Tier.CompareTo(x.Tier);
            order = order != 0 ? order : x.Score.CompareTo(y.Score);
            order = order != 0 ? order : y.Severity.CompareTo(x.Severity);
            order = order != 0 ? order : string.CompareOrdinal(x.Title, y.Title);
            return order != 0 ? order : x.Id.CompareTo(y.Id);
        });
    }

    private static SearchHit Hit(SqliteConnection connection, long id, SearchQuery query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT r.rule_id, r.title, r.family, r.slug, f.path, r.severity, r.status, r.fidelity, r.product, r.service, r.category
            FROM rule AS r JOIN file AS f ON f.id = r.file_id WHERE r.id = $id
            """;
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new SearchHit(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetString(4),
            RuleRecordReader.SeverityWord(reader, 5),
            RuleRecordReader.Text(reader, 6),
            reader.GetString(7),
            RuleRecordReader.Text(reader, 8),
            RuleRecordReader.Text(reader, 9),
            RuleRecordReader.Text(reader, 10),
            Where(connection, id, query),
            Matched(connection, id, query));
    }

    private static List<string> Where(SqliteConnection connection, long id, SearchQuery query)
    {
        var where = new List<string>();
        var words = query.Terms.Where(term => term.Key.Length == 0 && !term.IsNegated && HasToken(term.Value)).Select(Phrase).ToList();
        if (words.Count == 0)
        {
            return where;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM rule_text WHERE rule_text MATCH $query AND rowid = $id";
        var parameter = command.Parameters.Add("$query", SqliteType.Text);
        command.Parameters.AddWithValue("$id", id);
        foreach (var column in Columns)
        {
            parameter.Value = $"{column} : ({string.Join(" OR ", words)})";
            if (command.ExecuteScalar() is not null)
            {
                where.Add(column);
            }
        }

        return where;
    }

    private static List<SearchMatch> Matched(SqliteConnection connection, long id, SearchQuery query)
    {
        var conditions = new Conditions();
        var tests = new List<string>();
        var structure = query.Terms.Where(term => SearchQuery.IsOfPredicate(term.Key) && !term.IsNegated).ToList();
        foreach (var round in structure.GroupBy(term => term.Key).SelectMany(terms => terms.Select((term, round) => (term, round))).GroupBy(pair => pair.round, pair => pair.term))
        {
            tests.Add($"({PredicateTests([.. round], conditions)})");
        }

        foreach (var term in query.Terms.Where(term => term.Key == "excludes" && !term.IsNegated))
        {
            tests.Add($"(p.role = 1 AND ({Matches("k.value", term, conditions, isFolded: true)} OR {Matches("p.field", term, conditions, isFolded: false)}))");
        }

        foreach (var word in query.Terms.Where(term => term.Key.Length == 0 && !term.IsNegated))
        {
            tests.Add($"(instr(k.value, {conditions.Bind(CountKeys.Fold(word.Value.TrimEnd('*')))}) > 0 OR p.field = {conditions.Bind(word.Value)} COLLATE NOCASE)");
        }

        if (tests.Count == 0)
        {
            return [];
        }

        using var command = connection.CreateCommand();
        conditions.BindTo(command);
        command.CommandText = $"""
            SELECT DISTINCT p.field, p.kind, v.value, p.role, p.row
            FROM predicate AS p
            JOIN predicate_value AS v ON v.rule_id = p.rule_id AND v.row = p.row
            JOIN lookup_key AS k ON k.id = v.key_id
            WHERE p.rule_id = $id AND ({string.Join(" OR ", tests)})
            ORDER BY p.row, v.ordinal LIMIT {MaxMatches}
            """;
        command.Parameters.AddWithValue("$id", id);
        var matched = new List<SearchMatch>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            matched.Add(new SearchMatch(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                Words.Roles[reader.GetInt32(3)],
                reader.GetInt32(4)));
        }

        return matched;
    }

    private static List<SearchFacet> Facets(SqliteConnection connection, Conditions conditions)
    {
        var facets = new List<SearchFacet>();
        foreach (var key in new[] { "family", "severity", "status", "fidelity", "product", "service", "category" })
        {
            using var command = connection.CreateCommand();
            conditions.BindTo(command);
            command.CommandText = $"SELECT r.{key}, count(*) FROM rule AS r{conditions.Where} GROUP BY 1 HAVING r.{key} IS NOT NULL ORDER BY {(key == "severity" ? "1 DESC" : "2 DESC, 1")} LIMIT 100";
            using var reader = command.ExecuteReader();
            var values = new List<SearchFacetValue>();
            while (reader.Read())
            {
                values.Add(new SearchFacetValue(key == "severity" ? RuleRecordReader.SeverityWord(reader, 0)! : reader.GetString(0), reader.GetInt32(1)));
            }

            facets.Add(new SearchFacet(key, values));
        }

        return facets;
    }

    private sealed record Found(long Id, int Severity, string Title)
    {
        public double Score { get; init; }

        public int Tier { get; set; }

        public Dictionary<SearchTerm, int> Best { get; } = [];
    }

    /// <summary>Tests that are joined by AND, and the values they are bound to: a value never becomes text of the statement.</summary>
    private sealed class Conditions
    {
        private readonly List<string> _tests = [];
        private readonly List<object> _values = [];

        public string Where => _tests.Count == 0 ? "" : $" WHERE {string.Join(" AND ", _tests)}";

        public string And => string.Concat(_tests.Select(test => $" AND {test}"));

        public void Add(bool isNegated, string test)
        {
            if (test.Length > 0)
            {
                _tests.Add(isNegated ? $"NOT coalesce(({test}), 0)" : $"({test})");
            }
        }

        public string Bind(object value)
        {
            _values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"$v{_values.Count - 1}");
        }

        public void BindTo(SqliteCommand command)
        {
            for (var i = 0; i < _values.Count; i++)
            {
                command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"$v{i}"), _values[i]);
            }
        }
    }
}
