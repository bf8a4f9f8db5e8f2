using System.Collections.Concurrent;
using Glossa.Analysis;
using Glossa.Core.Taxonomy;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>
/// What the rules of a catalog cover of ATT&amp;CK. Counts are those of the search <c>attack:ID</c>: a technique counts the rules that name it or one below
/// it, a tactic those it stands beside in the table <c>attack</c>. Safe for several threads.
/// </summary>
public sealed class AttackReader(CatalogDatabase database)
{
    public const string Version = "19";

    /// <summary>Rules a page of a place has.</summary>
    public const int PageSize = RuleList.PageSize;

    private const int MostPredicates = 20;

    /// <summary>What a query has room for beside the rest of it.</summary>
    private const int LongestName = 800;

    private static readonly AttackMatrix Known = AttackMatrix.Instance;

    private readonly Lazy<Coverage> _coverage = new(() => Coverage.Load(database), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>What takes long for places that many rules name. No more of them than ATT&amp;CK and the catalog have ids.</summary>
    private readonly ConcurrentDictionary<string, (List<AttackFamily> Families, List<AttackPredicate> Predicates, List<AttackSource> Sources)> _details = new(StringComparer.Ordinal);

    /// <summary>Families that have a rule, by id.</summary>
    public IReadOnlyList<string> Families => _coverage.Value.Families;

    /// <summary>How many rules name a technique or one below it; by its id.</summary>
    public int Rules(string technique) => _coverage.Value.OfTechnique(technique, []).Rules;

    /// <param name="families">Only rules of these; empty for all.</param>
    public AttackMatrixRecord Matrix(IReadOnlyCollection<string> families)
    {
        ArgumentNullException.ThrowIfNull(families);
        var coverage = _coverage.Value;
        var columns = Known.Tactics.Select(Column).ToList();
        return new AttackMatrixRecord(
            Version,
            [.. families],
            columns.Sum(column => column.Techniques.Count),
            columns.Sum(column => column.Covered),
            columns,
            Elsewhere());

        AttackColumn Column(AttackTactic tactic)
        {
            var cells = Sorted(Known.Techniques.Where(technique => technique.ParentId is null && IsIn(technique, tactic.Id)).Select(technique => new AttackCell(
                technique.Id,
                technique.Name,
                coverage.OfTechnique(technique.Id, families),
                Sorted(Known.Below(technique.Id).Where(sub => IsIn(sub, tactic.Id)).Select(sub => Cell(sub, families))))));
            return new AttackColumn(tactic.Id, tactic.Name, coverage.OfTactic(tactic.Id, families), cells.Count(cell => cell.Counts.Rules > 0), cells);
        }

        List<AttackStray> Elsewhere()
            => [.. coverage.Techniques
                .Where(id => Known.FindTechnique(id) is not { Status: AttackStatus.Active, Domain: "enterprise" })
                .Select(id => Stray(id, families))
                .Where(stray => stray.Rules > 0)];
    }

    /// <summary>A tactic or technique by its canonical id; null where neither ATT&amp;CK nor a rule knows it.</summary>
    /// <param name="page">Of its rules, from 1.</param>
    public AttackPlace? Place(string id, int page = 1)
    {
        ArgumentNullException.ThrowIfNull(id);
        var coverage = _coverage.Value;
        if (Known.FindTactic(id) is { IsOutdated: false } tactic && tactic.Id == id)
        {
            var techniques = Known.Techniques.Where(technique => technique.ParentId is null && technique.Status == AttackStatus.Active && technique.Tactics.Contains(id));
            return Read(
                new AttackPlace(
                    id, tactic.Name, "tactic", tactic.Domain, "active", UrlOf(id, tactic.Domain), null, [], [], [], coverage.OfTactic(id, []), [], Sorted(techniques.Select(technique => Cell(technique, []))), [], [], page, []),
                "tactic = $id");
        }

        var known = Known.FindTechnique(id);
        if (known is null ? !coverage.Techniques.Contains(id) : known.Id != id)
        {
            return null;
        }

        var former = Known.Techniques.Where(old => old.SuccessorIds.Contains(id)).Select(old => Stray(old.Id, []));
        return Read(
            new AttackPlace(
                id,
                known?.Name ?? id,
                known?.ParentId is null ? "technique" : "subTechnique",
                known?.Domain,
                Status(known),
                known is null ? null : UrlOf(id, known.Domain),
                known?.ParentId is { } parent && Known.FindTechnique(parent) is { } above ? Name(above) : null,
                [.. (known is null ? [] : Known.CurrentTactics(known)).Select(Known.FindTactic).OfType<AttackTactic>().Select(place => new AttackName(place.Id, place.Name))],
                Successors(known),
                [.. former],
                coverage.OfTechnique(id, []),
                [],
                Sorted(Known.Below(id).Where(sub => sub.Status == AttackStatus.Active).Select(sub => Cell(sub, []))),
                [],
                [],
                page,
                []),
            "technique = $id OR (technique > $id || '.' AND technique < $id || '/')");
    }

    private static bool IsIn(AttackTechnique technique, string tactic)
        => technique is { Status: AttackStatus.Active, Domain: "enterprise" } && technique.Tactics.Contains(tactic);

    private static AttackName Name(AttackTechnique technique) => new(technique.Id, technique.FullName);

    private static string Status(AttackTechnique? technique) => (technique?.Status ?? AttackStatus.Unknown) switch
    {
        AttackStatus.Active => "active",
        AttackStatus.Deprecated => "deprecated",
        AttackStatus.Revoked => "revoked",
        _ => "unknown",
    };

    private static List<AttackName> Successors(AttackTechnique? technique)
        => [.. (technique?.SuccessorIds ?? []).Select(Known.FindTechnique).OfType<AttackTechnique>().Select(Name)];

    private static List<AttackCell> Sorted(IEnumerable<AttackCell> cells)
        => [.. cells.OrderByDescending(cell => cell.Counts.Rules).ThenBy(cell => cell.Name, StringComparer.Ordinal)];

    private static string UrlOf(string id, string domain) => domain switch
    {
        "atlas" => $"https://atlas.mitre.org/{(id.Contains(".TA", StringComparison.Ordinal) ? "tactics" : "techniques")}/{id}",
        _ when id.StartsWith("TA", StringComparison.Ordinal) => $"https://attack.mitre.org/tactics/{id}/",
        _ => $"https://attack.mitre.org/techniques/{id.Replace('.', '/')}/",
    };

    private AttackCell Cell(AttackTechnique technique, IReadOnlyCollection<string> families)
        => new(technique.Id, technique.Name, _coverage.Value.OfTechnique(technique.Id, families), []);

    private AttackStray Stray(string id, IReadOnlyCollection<string> families)
    {
        var technique = Known.FindTechnique(id);
        return new AttackStray(id, technique?.FullName, Status(technique), technique?.Domain, Successors(technique), _coverage.Value.OfTechnique(id, families).Rules);
    }

    /// <param name="condition">On rows of <c>attack</c>.</param>
    private AttackPlace Read(AttackPlace place, string condition)
    {
        if (place.Counts.Rules == 0)
        {
            return place;
        }

        var rules = $"SELECT rule_id FROM attack WHERE {condition}";
        using var lease = database.Rent();
        var (families, predicates, sources) = _details.GetOrAdd(
            place.Id,
            static (id, from) => (ReadFamilies(from.Connection, id, from.rules), ReadPredicates(from.Connection, id, from.rules), ReadSources(from.Connection, id, from.rules)),
            (lease.Connection, rules));
        return place with { Families = families, LooksFor = predicates, Sources = sources, Rules = ReadRules(lease.Connection, place.Id, rules, place.Page) };
    }

    private static List<AttackFamily> ReadFamilies(SqliteConnection connection, string id, string rules)
        => List(
            connection,
            id,
            $"""
            SELECT family, count(*), sum(fidelity = 'exact' AND fired = 1), sum(fidelity = 'exact'), sum(fidelity = 'approximate'), sum(fidelity = 'unsupported'), sum(fidelity = 'noLogic')
            FROM rule WHERE id IN ({rules}) GROUP BY family ORDER BY family
            """,
            row => new AttackFamily(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6)));

    /// <summary>
    /// Counted as the search counts <c>concept: op: value: role:indicator</c>, or <c>family: field:</c> in the place of the concept: by the operator as
    /// written, and by the field's name also where the rule's log source gives that name a concept.
    /// </summary>
    private static List<AttackPredicate> ReadPredicates(SqliteConnection connection, string id, string rules)
    {
        // More than are shown, because the search cannot ask for all of them: it folds a value, which would change a pattern's meaning, and is short.
        return [.. List(
            connection,
            id,
            $"""
            WITH said AS MATERIALIZED (
                SELECT p.rule_id, p.concept, p.field, iif(p.kind = 'in', 'eq', p.kind) AS kind, v.key_id, v.value
                FROM predicate AS p JOIN predicate_value AS v ON v.rule_id = p.rule_id AND v.row = p.row
                WHERE p.rule_id IN ({rules}) AND p.role = 0)
            SELECT s.concept, min(s.field), NULL, s.kind, min(s.value), k.value, k.subject, k.kind, count(DISTINCT s.rule_id) AS rules
            FROM said AS s JOIN lookup_key AS k ON k.id = s.key_id
            WHERE s.concept IS NOT NULL GROUP BY s.concept, s.kind, k.value
            UNION ALL
            SELECT NULL, min(s.field), r.family, s.kind, min(s.value), k.value, k.subject, k.kind, count(DISTINCT s.rule_id) AS rules
            FROM said AS s JOIN lookup_key AS k ON k.id = s.key_id JOIN rule AS r ON r.id = s.rule_id
            GROUP BY r.family, s.field COLLATE NOCASE, s.kind, k.value HAVING min(s.concept IS NOT NULL) = 0
            ORDER BY rules DESC, 7, 4, 6 LIMIT {MostPredicates * 10}
            """,
            row => new AttackPredicate(
                RuleRecordReader.Text(row, 0), row.GetString(1), RuleRecordReader.Text(row, 2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetInt32(8)))
            .Where(said => said.Field.Length <= LongestName && said.Key.Length <= LongestName && CountKeys.Fold(said.Key) == said.Key)
            .Take(MostPredicates)];
    }

    /// <summary>Counted as the search counts <c>source:</c>.</summary>
    private static List<AttackSource> ReadSources(SqliteConnection connection, string id, string rules)
        => List(
            connection,
            id,
            $"""
            WITH ours AS MATERIALIZED (SELECT id, coalesce(product, 'any') AS product, service, category FROM rule WHERE id IN ({rules}))
            SELECT min(product), min(name), count(DISTINCT id) AS rules
            FROM (SELECT id, product, service AS name FROM ours WHERE service IS NOT NULL UNION ALL SELECT id, product, category FROM ours WHERE category IS NOT NULL)
            WHERE instr(product, '/') = 0 AND length(product) BETWEEN 1 AND {LongestName} AND length(name) BETWEEN 1 AND {LongestName} AND name NOT LIKE '%/'
            GROUP BY product COLLATE NOCASE, name COLLATE NOCASE
            UNION ALL
            SELECT min(product), NULL, count(*) FROM ours WHERE instr(product, '/') = 0 GROUP BY product COLLATE NOCASE HAVING max(service IS NULL AND category IS NULL)
            ORDER BY rules DESC, 1, 2
            """,
            row => new AttackSource(row.GetString(0), RuleRecordReader.Text(row, 1), row.GetInt32(2)));

    private static List<AttackRule> ReadRules(SqliteConnection connection, string id, string rules, int page)
        => List(
            connection,
            id,
            $"""
            SELECT r.rule_id, r.title, r.family, r.slug, f.path, r.severity, r.status, r.fidelity, r.fidelity = 'exact' AND r.fired = 1 AS tested, r.product, r.service, r.category
            FROM rule AS r JOIN file AS f ON f.id = r.file_id WHERE r.id IN ({rules})
            ORDER BY tested DESC, r.fidelity = 'exact' DESC, r.severity DESC, r.title, r.family, r.slug LIMIT {PageSize} OFFSET {(page - 1L) * PageSize}
            """,
            row => new AttackRule(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                RuleRecordReader.SeverityWord(row, 5),
                RuleRecordReader.Text(row, 6),
                row.GetString(7),
                row.GetBoolean(8),
                RuleRecordReader.Text(row, 9),
                RuleRecordReader.Text(row, 10),
                RuleRecordReader.Text(row, 11)));

    private static List<T> List<T>(SqliteConnection connection, string id, string sql, Func<SqliteDataReader, T> row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        var list = new List<T>();
        while (reader.Read())
        {
            list.Add(row(reader));
        }

        return list;
    }

    /// <summary>The table <c>attack</c>, once a catalog: some thousand rows, and every page of the matrix asks for all of them.</summary>
    private sealed class Coverage
    {
        private readonly Dictionary<string, HashSet<Rule>> _tactics = new(StringComparer.Ordinal);
        private readonly Dictionary<string, HashSet<Rule>> _techniques = new(StringComparer.Ordinal);

        public IReadOnlyList<string> Families { get; private set; } = [];

        /// <summary>Every id that a rule names.</summary>
        public SortedSet<string> Techniques { get; } = new(StringComparer.Ordinal);

        public static Coverage Load(CatalogDatabase database)
        {
            var coverage = new Coverage();
            using var lease = database.Rent();
            var rules = List(
                lease.Connection, "", "SELECT id, family, fidelity = 'exact', fired = 1 FROM rule WHERE $id = ''", row => new Rule(row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3)))
                .ToDictionary(rule => rule.Id);
            coverage.Families = [.. rules.Values.Select(rule => rule.Family).Distinct().Order(StringComparer.Ordinal)];
            foreach (var (id, tactic, technique) in List(
                lease.Connection, "", "SELECT rule_id, tactic, technique FROM attack WHERE $id = ''", row => (row.GetInt64(0), row.GetString(1), row.GetString(2))))
            {
                if (!rules.TryGetValue(id, out var rule))
                {
                    continue;
                }

                Add(coverage._tactics, tactic, rule);
                if (technique.Length == 0)
                {
                    continue;
                }

                coverage.Techniques.Add(technique);
                Add(coverage._techniques, technique, rule);
                for (var dot = technique.LastIndexOf('.'); dot > 0; dot = technique.LastIndexOf('.', dot - 1))
                {
                    Add(coverage._techniques, technique[..dot], rule);
                }
            }

            return coverage;
        }

        public AttackCounts OfTactic(string id, IReadOnlyCollection<string> families) => Count(_tactics.GetValueOrDefault(id), families);

        public AttackCounts OfTechnique(string id, IReadOnlyCollection<string> families) => Count(_techniques.GetValueOrDefault(id), families);

        private static AttackCounts Count(HashSet<Rule>? rules, IReadOnlyCollection<string> families)
        {
            var (all, exact, tested) = (0, 0, 0);
            var byFamily = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var rule in rules ?? [])
            {
                if (families.Count > 0 && !families.Contains(rule.Family))
                {
                    continue;
                }

                all++;
                exact += rule.IsExact ? 1 : 0;
                tested += rule is { IsExact: true, Fired: true } ? 1 : 0;
                byFamily[rule.Family] = byFamily.GetValueOrDefault(rule.Family) + 1;
            }

            return new AttackCounts(tested > 0 ? "tested" : exact > 0 ? "exact" : all > 0 ? "tagged" : "none", all, exact, tested, byFamily);
        }

        private static void Add(Dictionary<string, HashSet<Rule>> sets, string id, Rule rule)
        {
            if (!sets.TryGetValue(id, out var set))
            {
                sets.Add(id, set = []);
            }

            set.Add(rule);
        }

        /// <summary>One object a rule, so sets compare them by reference.</summary>
        private sealed class Rule(long id, string family, bool isExact, bool fired)
        {
            public long Id => id;

            public string Family => family;

            public bool IsExact => isExact;

            public bool Fired => fired;
        }
    }
}
