using System.Collections.Frozen;
using Glossa.Core.Taxonomy;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>
/// What lists sort, choose and count by, for every rule of a catalog: read once, because a pass over arrays answers in a fraction of the time that one
/// statement a facet takes. A rule is its place here.
/// </summary>
internal sealed class RuleColumns
{
    private readonly FrozenDictionary<long, int> _places;

    private RuleColumns(long[] ids, int[] standing, int[] byChange, int[] byTitle, string[] titles, string[][] techniques, FacetColumn[] facets)
    {
        Ids = ids;
        Standing = standing;
        ByChange = byChange;
        ByTitle = byTitle;
        Titles = titles;
        Techniques = techniques;
        Facets = facets;
        _places = ids.Select((id, place) => (id, place)).ToFrozenDictionary(pair => pair.id, pair => pair.place);
    }

    /// <summary>Ids of the rules, by place.</summary>
    public long[] Ids { get; }

    public string[] Titles { get; }

    /// <summary>Ids of the techniques each rule is tagged with, in order.</summary>
    public string[][] Techniques { get; }

    /// <summary>The rank of each rule by severity and title: the order of what is equal otherwise.</summary>
    public int[] Standing { get; }

    public int[] ByChange { get; }

    public int[] ByTitle { get; }

    public FacetColumn[] Facets { get; }

    /// <returns>-1 for a rule that is not here.</returns>
    public int Place(long id) => _places.TryGetValue(id, out var place) ? place : -1;

    /// <summary>Titles in which a word begins so, those of the most severe rules first.</summary>
    public IEnumerable<string> TitlesWith(string prefix, int limit)
    {
        var best = new PriorityQueue<string, int>();
        for (var place = 0; place < Titles.Length; place++)
        {
            var title = Titles[place];
            var at = title.IndexOf(prefix, StringComparison.OrdinalIgnoreCase);
            while (at > 0 && char.IsLetterOrDigit(title[at - 1]))
            {
                at = title.IndexOf(prefix, at + 1, StringComparison.OrdinalIgnoreCase);
            }

            if (at >= 0)
            {
                best.Enqueue(title, -Standing[place]);
                if (best.Count > limit)
                {
                    best.Dequeue();
                }
            }
        }

        return best.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element).ToList();
    }

    public static RuleColumns Read(SqliteConnection connection)
    {
        var ids = new List<long>();
        var titles = new List<string>();
        var severities = new List<int>();
        var changes = new List<string>();
        var family = new FacetBuilder("family", ["sigma", "splunk", "elastic", "panther", "microsoft", "chronicle"]);
        var severity = new FacetBuilder("severity", Words.Severities.Reverse());
        var tactic = new FacetBuilder("tactic", []);
        var product = new FacetBuilder("product", []);
        var fidelity = new FacetBuilder("fidelity", SearchQuery.ValuesOf("fidelity"));
        var tested = new FacetBuilder("tested", SearchQuery.ValuesOf("tested"));
        var status = new FacetBuilder("status", []);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT id, title, family, severity, coalesce(product, 'any'), fidelity, tests, fired, status, coalesce(modified, created, '') FROM rule ORDER BY id";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                ids.Add(reader.GetInt64(0));
                titles.Add(reader.GetString(1));
                family.Add(reader.GetString(2));
                var level = reader.IsDBNull(3) ? -1 : Math.Clamp(reader.GetInt32(3), 0, Words.Severities.Length - 1);
                severities.Add(level);
                severity.Add(Words.Severities.Take(level + 1));
                product.Add(reader.GetString(4));
                fidelity.Add(reader.GetString(5));
                var (tests, fired) = (reader.GetInt32(6) > 0, reader.GetInt32(7) == 1);
                tested.Add(tests || fired ? new[] { fired ? "fires" : null, tests ? "vendor" : null }.OfType<string>() : ["none"]);
                status.Add(reader.IsDBNull(8) ? [] : [reader.GetString(8)]);
                changes.Add(reader.GetString(9));
            }
        }

        var tactics = new HashSet<string>[ids.Count];
        var techniques = new SortedSet<string>[ids.Count];
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT rule_id, tactic, technique FROM attack ORDER BY rule_id";
            using var reader = command.ExecuteReader();
            var place = 0;
            while (reader.Read())
            {
                var id = reader.GetInt64(0);
                while (place < ids.Count && ids[place] < id)
                {
                    place++;
                }

                if (place == ids.Count || ids[place] != id)
                {
                    continue;
                }

                AddTo(tactics, place, reader.GetString(1), () => new HashSet<string>(StringComparer.Ordinal));
                AddTo(techniques, place, reader.GetString(2), () => new SortedSet<string>(StringComparer.Ordinal));
            }
        }

        foreach (var of in tactics)
        {
            tactic.Add(of ?? Enumerable.Empty<string>());
        }

        var byTitle = Ranks(ids.Count, (x, y) => Compare(titles[x], titles[y], x, y));
        var standing = Ranks(ids.Count, (x, y) => severities[y] != severities[x] ? severities[y] - severities[x] : byTitle[x] - byTitle[y]);
        var byChange = Ranks(ids.Count, (x, y) => string.CompareOrdinal(changes[y], changes[x]) is not 0 and var order ? order : byTitle[x] - byTitle[y]);
        return new RuleColumns(
            [.. ids],
            standing,
            byChange,
            byTitle,
            [.. titles],
            [.. techniques.Select(of => of?.ToArray() ?? [])],
            [family.Build(), severity.Build(), tactic.Build(), product.Build(), fidelity.Build(), tested.Build(), status.Build()]);
    }

    private static void AddTo<TSet>(TSet?[] sets, int place, string value, Func<TSet> make)
        where TSet : class, ISet<string>
    {
        if (value.Length > 0)
        {
            (sets[place] ??= make()).Add(value);
        }
    }

    private static int Compare(string x, string y, int first, int second)
        => string.Compare(x, y, StringComparison.OrdinalIgnoreCase) is not 0 and var order ? order : first - second;

    private static int[] Ranks(int count, Comparison<int> order)
    {
        var places = Enumerable.Range(0, count).ToArray();
        Array.Sort(places, order);
        var ranks = new int[count];
        for (var rank = 0; rank < count; rank++)
        {
            ranks[places[rank]] = rank;
        }

        return ranks;
    }

    /// <summary>Gathers a column; what most rules have in common is kept once.</summary>
    private sealed class FacetBuilder(string key, IEnumerable<string> fixedValues)
    {
        private readonly List<string> _values = [.. fixedValues];
        private readonly Dictionary<string, int> _numbers = fixedValues.Select((value, number) => (value, number)).ToDictionary(pair => pair.value, pair => pair.number, StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, int[]> _shared = new(StringComparer.Ordinal);
        private readonly List<int[]> _members = [];

        public void Add(params IEnumerable<string> values)
        {
            List<string> all = [.. values];
            var name = string.Join('\0', all);
            if (!_shared.TryGetValue(name, out var numbers))
            {
                _shared.Add(name, numbers = [.. all.Select(Number).Distinct()]);
            }

            _members.Add(numbers);
        }

        public FacetColumn Build() => new(key, [.. _values], [.. _members]);

        private int Number(string value)
        {
            if (!_numbers.TryGetValue(value, out var number))
            {
                _numbers.Add(value, number = _values.Count);
                _values.Add(value);
            }

            return number;
        }
    }
}

/// <summary>
/// One facet over all rules. A rule may be a member of several values: of a severity's it is a member of all up to its own, which makes a choice mean
/// "at least".
/// </summary>
/// <param name="Values">Letter case aside no two are the same.</param>
/// <param name="Members">By a rule's place: numbers of its values.</param>
internal sealed record FacetColumn(string Key, string[] Values, int[][] Members)
{
    /// <summary>Values that mean something although this catalog has no rule of them.</summary>
    private static readonly string[] Statuses = ["stable", "test", "experimental", "deprecated", "unsupported"];

    /// <summary>The value a reader means, as it is written here; null where there is none.</summary>
    public string? Find(string value)
    {
        if (Array.Find(Values, known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        return Key switch
        {
            "tactic" => AttackMatrix.Instance.FindTactic(value)?.Id,
            "status" => Array.Find(Statuses, known => known.Equals(value, StringComparison.OrdinalIgnoreCase)),
            _ => null,
        };
    }

    /// <summary>What <see cref="Find"/> knows, for a reader who asked for something else.</summary>
    public IEnumerable<string> Known() => Key switch
    {
        "tactic" => Values.Union(AttackMatrix.Instance.Tactics.Select(tactic => tactic.Id), StringComparer.Ordinal).Order(StringComparer.Ordinal),
        "status" => Values.Union(Statuses, StringComparer.OrdinalIgnoreCase),
        _ => Values,
    };

    public string Name(string value) => Key == "tactic" ? AttackMatrix.Instance.FindTactic(value)?.Name ?? value : value;
}
