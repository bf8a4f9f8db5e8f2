using System.Globalization;
using Glossa.Analysis;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>A page of what was found; <c>search --json</c>.</summary>
/// <param name="Total">All that was found, on other pages too.</param>
public sealed record SearchResult(string Query, int Total, int Offset, IReadOnlyList<SearchHit> Hits, IReadOnlyList<SearchFacet> Facets);

/// <param name="Where">In which parts the words were found: <c>title value field tag author description</c>.</param>
/// <param name="Matched">Predicates that match the query, the first few.</param>
/// <param name="Techniques">Ids of ATT&amp;CK, in order.</param>
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
    IReadOnlyList<SearchMatch> Matched,
    IReadOnlyList<string> Techniques);

/// <param name="Role"><c>indicator</c>, <c>exclusion</c>, <c>exception</c>.</param>
/// <param name="Row">The predicate's number in the rule's record.</param>
/// <param name="Match"><c>any</c> or <c>all</c> of the predicate's values.</param>
/// <param name="Of">How many values the predicate has; 1 where nobody counted.</param>
public sealed record SearchMatch(string Field, string Kind, string Value, string Role, int Row, string Match = "any", int Of = 1);

/// <summary>How what was found is spread over one property.</summary>
/// <param name="Key">As a query writes it: <c>family</c>.</param>
public sealed record SearchFacet(string Key, IReadOnlyList<SearchFacetValue> Values);

public sealed record SearchFacetValue(string Value, int Rules);

/// <summary>Finds rules by words and by structure. Safe for several threads.</summary>
public sealed class RuleSearch
{
    private readonly CatalogDatabase _database;
    private readonly Lazy<RuleColumns> _columns;
    private readonly Lazy<Vocabulary> _vocabulary;

    public RuleSearch(CatalogDatabase database)
    {
        _database = database;
        _columns = new(() => ReadColumns(database), LazyThreadSafetyMode.PublicationOnly);
        _vocabulary = new(ReadVocabulary, LazyThreadSafetyMode.PublicationOnly);
    }

    private const int MaxMatches = 3;

    /// <summary>Parts of a query that found nothing which are tried without.</summary>
    private const int MaxHints = 12;

    /// <summary>A tool is often named without its ending, and a path without its folder.</summary>
    private static readonly string[] ToolShapes = ["{0}", "\\{0}", "{0}.EXE", "\\{0}.EXE"];

    private const int MaxSpellings = 3;
    private const int MaxAllowed = 40;
    private const int MaxShown = 60;

    private static readonly string[] TextColumns = ["title", "value", "field", "tag", "author", "description"];

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

        using var lease = _database.Rent();
        var connection = lease.Connection;
        var found = Find(connection, query);
        Rank(connection, found, query, SearchSort.Best);
        var hits = Hits(connection, [.. found.Skip(offset).Take(limit)], query);
        if (!withFacets)
        {
            return (new SearchResult(text, found.Count, offset, hits, []), null);
        }

        var conditions = new Conditions();
        AddStructure(query, conditions);
        foreach (var word in query.Terms.Where(term => term.Key.Length == 0))
        {
            conditions.Add(word.IsNegated, WordCondition(word, conditions));
        }

        return (new SearchResult(text, found.Count, offset, hits, Facets(connection, conditions)), null);
    }

    /// <summary>What a page of rules shows: the hits, how the query was read, and the facets.</summary>
    /// <returns>The list, or what is wrong with the query; one of them is null.</returns>
    /// <exception cref="ArgumentException">A choice that <see cref="Resolve"/> did not give.</exception>
    public (RuleListing? Listing, SearchError? Error) List(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (query, error) = SearchQuery.Parse(request.Text);
        if (query is null)
        {
            return (null, error);
        }

        using var lease = _database.Rent();
        var connection = lease.Connection;
        var columns = _columns.Value;
        var count = new FacetCount(columns, request.Choices);
        var all = Find(connection, query);
        var found = all.FindAll(hit => count.Take(hit.Place));
        Rank(connection, found, query, request.Sort);
        var page = found.Skip(request.Offset).Take(request.Limit).ToList();
        return (
            new RuleListing(
                request.Text,
                found.Count,
                columns.Ids.Length,
                request.Offset,
                request.Sort,
                Tokens(query, request.Text),
                count.Facets(request.Choices),
                Hits(connection, page, query),
                found.Count > 0 ? null : Hints(connection, query, request, all.Count)),
            null);
    }

    /// <summary>A choice as this catalog writes it, or what would have been understood.</summary>
    public (FacetChoice? Choice, string? Problem) Resolve(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Array.Find(_columns.Value.Facets, facet => facet.Key == key) is not { } facet)
        {
            return (null, $"There is no facet '{key}'. Expected one of {string.Join(", ", FacetKeys)}.");
        }

        if (facet.Find(value) is { } known)
        {
            return (new FacetChoice(key, known), null);
        }

        var allowed = facet.Known().ToList();
        var more = allowed.Count > MaxAllowed ? $" and {allowed.Count - MaxAllowed} more" : "";
        var shown = value.Length <= MaxShown ? value : value[..MaxShown] + "…";
        return (null, $"'{shown}' is no {key} of this catalog. Expected one of {string.Join(", ", allowed.Take(MaxAllowed))}{more}.");
    }

    /// <summary>Facets of a list, in the order they are shown.</summary>
    public static IReadOnlyList<string> FacetKeys { get; } = ["family", "severity", "tactic", "product", "fidelity", "tested", "status"];

    internal RuleColumns Columns => _columns.Value;

    internal Vocabulary Vocabulary => _vocabulary.Value;

    /// <summary>Reads what suggestions are made of, so that the first of them need not wait for it.</summary>
    public void Warm() => _ = _vocabulary.Value;

    private Vocabulary ReadVocabulary()
    {
        using var lease = _database.Rent();
        return Vocabulary.Read(lease.Connection, Columns);
    }

    private static RuleColumns ReadColumns(CatalogDatabase database)
    {
        using var lease = database.Rent();
        return RuleColumns.Read(lease.Connection);
    }

    private static List<SearchToken> Tokens(SearchQuery query, string text)
        => [.. query.Terms.Select(term => new SearchToken(term.Key, term.Comparison, term.Value, term.IsNegated, term.IsQuoted, term.Start, term.Length, Without(text, term)))];

    private static string Without(string text, SearchTerm term) => Replace(text, term, "");

    private static string Replace(string text, SearchTerm term, string other)
        => string.Join(' ', new[] { text[..term.Start].Trim(), other, text[(term.Start + term.Length)..].Trim() }.Where(part => part.Length > 0));

    private SearchHints Hints(SqliteConnection connection, SearchQuery query, SearchRequest request, int withoutChoices)
    {
        var without = new List<SearchWithout>();
        foreach (var term in query.Terms.Take(MaxHints))
        {
            var rest = new SearchQuery([.. query.Terms.Where(other => other != term)]);
            if (Count(connection, rest, request.Choices) is > 0 and var rules)
            {
                without.Add(new SearchWithout(request.Text.Substring(term.Start, term.Length), Without(request.Text, term), rules));
            }
        }

        return new SearchHints(without, request.Choices.Count > 0 ? withoutChoices : null, [.. Spellings(connection, query, request)]);
    }

    /// <summary>For the first parts of which something known differs by a letter or two, and which find rules when spelled so.</summary>
    private IEnumerable<SearchSpelling> Spellings(SqliteConnection connection, SearchQuery query, SearchRequest request)
    {
        var tried = 0;
        foreach (var term in query.Terms.Where(term => !term.IsNegated).Take(MaxHints))
        {
            foreach (var (key, value) in Nearest(term).Where(near => !near.Value.Equals(term.Value, StringComparison.OrdinalIgnoreCase)).Distinct().Take(MaxSpellings))
            {
                if (tried++ == MaxHints)
                {
                    yield break;
                }

                var written = key.Length == 0 ? value : SearchQuery.Term(key, value);
                var other = Replace(request.Text, term, written);
                if (SearchQuery.Parse(other).Query is { } respelled && Count(connection, respelled, request.Choices) is > 0 and var rules)
                {
                    yield return new SearchSpelling(request.Text.Substring(term.Start, term.Length), written, other, rules);
                }
            }
        }
    }

    private IEnumerable<(string Key, string Value)> Nearest(SearchTerm term)
    {
        var words = Vocabulary;
        return term.Key switch
        {
            "attack" => [],
            "" => words.TitleWords.Near(term.Value, MaxSpellings).Select(word => ("", word.Text))
                .Concat(words.Tools.Near(term.Value.Contains('.', StringComparison.Ordinal) ? term.Value : term.Value + ".exe", MaxSpellings).Select(word => ("value", word.Text)))
                .Concat(words.Of("field").Near(term.Value, MaxSpellings).Select(word => ("field", word.Text))),
            _ => words.Of(term.Key).Near(term.Value, MaxSpellings).Select(word => (term.Key, word.Text)),
        };
    }

    private int Count(SqliteConnection connection, SearchQuery query, IReadOnlyList<FacetChoice> choices)
    {
        var count = new FacetCount(_columns.Value, choices);
        return Find(connection, query).Count(hit => count.Take(hit.Place));
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

        foreach (var term in query.Terms.Where(term => term.Key == "uses"))
        {
            conditions.Add(term.IsNegated, $"r.id IN (SELECT rule_id FROM rule_use WHERE name = {conditions.Bind(term.Value)} COLLATE NOCASE)");
        }

        // CROSS fixes the order: exclusions are few, and SQLite would begin with all values.
        foreach (var term in query.Terms.Where(term => term.Key == "excludes"))
        {
            conditions.Add(
                term.IsNegated,
                $"r.id IN (SELECT p.rule_id FROM predicate AS p CROSS JOIN predicate_value AS v ON v.rule_id = p.rule_id AND v.row = p.row CROSS JOIN lookup_key AS k ON k.id = v.key_id WHERE p.role = 1 AND ({Matches("p.field", term, conditions, isFolded: false)} OR {Matches("k.value", term, conditions, isFolded: true)}))");
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
        if (!terms.Any(term => term.Key == "value"))
        {
            return $"r.id IN (SELECT p.rule_id FROM predicate AS p WHERE {tests})";
        }

        // CROSS fixes the order: a pattern is looked for in the keys, each once, where SQLite would begin with the places they stand at.
        var join = terms.Any(term => term.Key is "field" or "concept" && !IsPattern(term)) || !terms.Any(term => term.Key == "value" && IsPattern(term)) ? "JOIN" : "CROSS JOIN";
        return $"r.id IN (SELECT p.rule_id FROM lookup_key AS k {join} predicate_value AS v ON v.key_id = k.id {join} predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row WHERE {tests})";
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
        if (!IsPattern(term))
        {
            // Patterns of regular expressions are not folded: letter case has a meaning there.
            return isFolded ? $"{column} IN ({conditions.Bind(value)}, {conditions.Bind(term.Value)})" : $"{column} = {conditions.Bind(value)} COLLATE NOCASE";
        }

        // The commonest pattern by a test that takes half the time. What is not folded are regular expressions, which LIKE below folds.
        if (isFolded && value is ['*', _, .., '*'] && value.AsSpan(1, value.Length - 2).IndexOf('*') < 0)
        {
            return $"(instr({column}, {conditions.Bind(value[1..^1])}) > 0 OR (k.kind = 'regex' AND {Like(column, value, conditions)}))";
        }

        return Like(column, value, conditions);
    }

    private static bool IsPattern(SearchTerm term) => !term.IsQuoted && term.Value.Contains('*', StringComparison.Ordinal);

    private static string Like(string column, string value, Conditions conditions)
    {
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

    /// <summary>Every rule that answers, in no order.</summary>
    private List<Found> Find(SqliteConnection connection, SearchQuery query)
    {
        var columns = _columns.Value;
        var conditions = new Conditions();
        AddStructure(query, conditions);
        var words = query.Terms.Where(term => term.Key.Length == 0).ToList();
        var indexed = words.Where(word => !word.IsNegated && HasToken(word.Value)).ToList();
        foreach (var word in words.Except(indexed))
        {
            conditions.Add(word.IsNegated, WordCondition(word, conditions));
        }

        if (indexed.Count == 0 && conditions.IsEmpty)
        {
            return [.. Enumerable.Range(0, columns.Ids.Length).Select(place => new Found(place, 0))];
        }

        using var command = connection.CreateCommand();
        conditions.BindTo(command);
        if (indexed.Count > 0)
        {
            command.CommandText = conditions.IsEmpty
                ? "SELECT rowid, bm25(rule_text, 10.0, 4.0, 3.0, 2.0, 1.5, 1.0) FROM rule_text WHERE rule_text MATCH $words"
                : $"""
                SELECT r.id, bm25(rule_text, 10.0, 4.0, 3.0, 2.0, 1.5, 1.0)
                FROM rule_text JOIN rule AS r ON r.id = rule_text.rowid
                WHERE rule_text MATCH $words{conditions.And}
                """;
            command.Parameters.AddWithValue("$words", string.Join(" AND ", indexed.Select(Phrase)));
        }
        else
        {
            command.CommandText = $"SELECT r.id, 0.0 FROM rule AS r{conditions.Where}";
        }

        var found = new List<Found>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // A rule without a place would be one that another program wrote into the file since it was opened.
            if (columns.Place(reader.GetInt64(0)) is >= 0 and var place)
            {
                found.Add(new Found(place, reader.GetDouble(1)));
            }
        }

        return found;
    }

    /// <summary>
    /// A rule that is called what was typed comes first. Then each word counts by where it stands: in the title, as a whole value that the rule looks for
    /// (also with a folder before it or <c>.exe</c> after it), in a value, as a field; a word of the description alone counts nothing. Within these the
    /// index's own score, then severity and title.
    /// </summary>
    private void Rank(SqliteConnection connection, List<Found> found, SearchQuery query, SearchSort sort)
    {
        var columns = _columns.Value;
        var words = query.Terms.Where(term => term.Key.Length == 0 && !term.IsNegated).ToList();
        if (sort != SearchSort.Best || words.Count == 0)
        {
            var ranks = sort switch
            {
                SearchSort.Changed => columns.ByChange,
                SearchSort.Title => columns.ByTitle,
                _ => columns.Standing,
            };
            found.Sort((x, y) => ranks[x.Place].CompareTo(ranks[y.Place]));
            return;
        }

        const byte Title = 8;
        var points = new int[columns.Ids.Length];
        var place = new byte[columns.Ids.Length];
        foreach (var word in words)
        {
            Array.Clear(place);
            Mark(1, "SELECT p.rule_id FROM predicate AS p WHERE p.field = $0 COLLATE NOCASE", [word.Value]);
            if (HasToken(word.Value))
            {
                Mark(2, "SELECT rowid FROM rule_text WHERE rule_text MATCH $0", [$"value : {Phrase(word)}"]);
            }

            var value = CountKeys.Fold(word.Value.TrimEnd('*'));
            Mark(
                4,
                "SELECT v.rule_id FROM lookup_key AS k JOIN predicate_value AS v ON v.key_id = k.id JOIN predicate AS p ON p.rule_id = v.rule_id AND p.row = v.row WHERE k.value IN ($0, $1, $2, $3) AND p.role = 0",
                [.. ToolShapes.Select(shape => shape.Replace("{0}", value, StringComparison.Ordinal))]);
            if (HasToken(word.Value))
            {
                Mark(Title, "SELECT rowid FROM rule_text WHERE rule_text MATCH $0", [$"title : {Phrase(word)}"]);
            }

            for (var i = 0; i < points.Length; i++)
            {
                points[i] += (place[i] & Title) != 0 ? 6 + ((place[i] & ~Title) / 2) : place[i];
            }
        }

        var typed = string.Join(' ', words.Select(word => word.Value));
        foreach (var hit in found)
        {
            if (columns.Titles[hit.Place].Equals(typed, StringComparison.OrdinalIgnoreCase))
            {
                points[hit.Place] += int.MaxValue / 2;
            }
        }

        found.Sort((x, y) =>
        {
            var order = points[y.Place].CompareTo(points[x.Place]);
            order = order != 0 ? order : x.Score.CompareTo(y.Score);
            return order != 0 ? order : columns.Standing[x.Place].CompareTo(columns.Standing[y.Place]);
        });

        void Mark(byte mark, string sql, string[] values)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), values[i]);
            }

            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (columns.Place(reader.GetInt64(0)) is >= 0 and var at)
                {
                    // Of field and values the best counts, the title beside them.
                    place[at] = mark == Title ? (byte)(place[at] | Title) : Math.Max(place[at], mark);
                }
            }
        }
    }

    private List<SearchHit> Hits(SqliteConnection connection, List<Found> page, SearchQuery query)
    {
        if (page.Count == 0)
        {
            return [];
        }

        var columns = _columns.Value;
        var where = Where(connection, [.. page.Select(hit => columns.Ids[hit.Place])], query);
        using var matches = MatchCommand(connection, query);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT r.rule_id, r.title, r.family, r.slug, f.path, r.severity, r.status, r.fidelity, r.product, r.service, r.category
            FROM rule AS r JOIN file AS f ON f.id = r.file_id WHERE r.id = $id
            """;
        var parameter = command.Parameters.Add("$id", SqliteType.Integer);
        command.Prepare();
        var hits = new List<SearchHit>(page.Count);
        foreach (var hit in page)
        {
            var id = columns.Ids[hit.Place];
            parameter.Value = id;
            using var reader = command.ExecuteReader();
            if (reader.Read())
            {
                hits.Add(new SearchHit(
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
                    where.GetValueOrDefault(id) ?? [],
                    matches is null ? [] : Matched(matches, id),
                    columns.Techniques[hit.Place]));
            }
        }

        return hits;
    }

    /// <summary>The parts of each rule in which words of the query stand.</summary>
    private static Dictionary<long, List<string>> Where(SqliteConnection connection, HashSet<long> ids, SearchQuery query)
    {
        var where = new Dictionary<long, List<string>>();
        var words = query.Terms.Where(term => term.Key.Length == 0 && !term.IsNegated && HasToken(term.Value)).Select(Phrase).ToList();
        if (words.Count == 0)
        {
            return where;
        }

        // Once a column over all rules: the index answers that faster than one question for each rule of the page.
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT rowid FROM rule_text WHERE rule_text MATCH $query AND rowid BETWEEN $first AND $last";
        var parameter = command.Parameters.Add("$query", SqliteType.Text);
        command.Parameters.AddWithValue("$first", ids.Min());
        command.Parameters.AddWithValue("$last", ids.Max());
        foreach (var column in TextColumns)
        {
            parameter.Value = $"{column} : ({string.Join(" OR ", words)})";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (ids.Contains(reader.GetInt64(0)))
                {
                    (where.TryGetValue(reader.GetInt64(0), out var parts) ? parts : where[reader.GetInt64(0)] = []).Add(column);
                }
            }
        }

        return where;
    }

    /// <summary>Asks one rule for predicates that answer; null where the query asks nothing of them.</summary>
    private static SqliteCommand? MatchCommand(SqliteConnection connection, SearchQuery query)
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
            return null;
        }

        var command = connection.CreateCommand();
        conditions.BindTo(command);
        command.Parameters.Add("$id", SqliteType.Integer);
        command.CommandText = $"""
            SELECT DISTINCT p.field, p.kind, v.value, p.role, p.row, p.match_all,
                (SELECT max(o.ordinal) + 1 FROM predicate_value AS o WHERE o.rule_id = p.rule_id AND o.row = p.row)
            FROM predicate AS p
            JOIN predicate_value AS v ON v.rule_id = p.rule_id AND v.row = p.row
            JOIN lookup_key AS k ON k.id = v.key_id
            WHERE p.rule_id = $id AND ({string.Join(" OR ", tests)})
            ORDER BY p.row, v.ordinal LIMIT {MaxMatches}
            """;
        command.Prepare();
        return command;
    }

    private static List<SearchMatch> Matched(SqliteCommand command, long id)
    {
        command.Parameters["$id"].Value = id;
        var matched = new List<SearchMatch>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            matched.Add(new SearchMatch(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                Words.Roles[Math.Clamp(reader.GetInt32(3), 0, Words.Roles.Length - 1)],
                reader.GetInt32(4),
                reader.GetInt32(5) == 1 ? "all" : "any",
                reader.GetInt32(6)));
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

    /// <param name="Place">In the columns.</param>
    /// <param name="Score">Of the word index; the lower the better.</param>
    private readonly record struct Found(int Place, double Score);

    /// <summary>Tests that are joined by AND, and the values they are bound to: a value never becomes text of the statement.</summary>
    private sealed class Conditions
    {
        private readonly List<string> _tests = [];
        private readonly List<object> _values = [];

        public bool IsEmpty => _tests.Count == 0;

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
