using Glossa.Catalog;
using Glossa.Web.Components;

namespace Glossa.Web.Text;

/// <summary>A rule as its pages need it: predicates by number, where their words stand, and what of the files is shown.</summary>
public sealed class RuleView
{
    /// <summary>Leaves of the tree; the next are on the page of all values.</summary>
    private const int MostLeaves = 100;

    private readonly List<SourceLines.Span>[] _spans;

    /// <param name="from">The line that the file <paramref name="body"/> is shown from; null for what the rule's own page shows.</param>
    public RuleView(RuleRecord rule, int body = 0, int? from = null)
    {
        Rule = rule;
        Indicators = PredicateRow.Of(rule.Indicators);
        Exclusions = PredicateRow.Of(rule.Exclusions);
        Rows = Indicators.Concat(Exclusions).ToDictionary(row => row.Number);
        Shape = rule.Logic is { } logic ? LogicShape.Of(logic, Rows.Keys.ToHashSet()) : null;
        Tree = Shape?.First(MostLeaves);
        InTree = Tree is null ? new HashSet<int>() : Leaves(Tree).ToHashSet();
        _spans = [.. rule.Body.Select(_ => new List<SourceLines.Span>())];
        AddSpans();
        var most = from is null ? PageRoom.Source(InTree.Count, rule.Relations.Count) : SourceLines.MostCharacters;
        Windows = [.. rule.Body.Select((file, index) => SourceLines.WindowOf(file.Text, _spans[index], from is not null && index == body ? from : null, most))];
        var anchored = new HashSet<int>();
        for (var i = 0; i < _spans.Length; i++)
        {
            if (from is null || i == body)
            {
                anchored.UnionWith(SourceLines.Anchored(rule.Body[i].Text, _spans[i], Windows[i]));
            }
        }

        Anchored = anchored;
    }

    public RuleRecord Rule { get; }

    public IReadOnlyList<PredicateRow> Indicators { get; }

    public IReadOnlyList<PredicateRow> Exclusions { get; }

    /// <summary>By <see cref="PredicateRow.Number"/>.</summary>
    public IReadOnlyDictionary<int, PredicateRow> Rows { get; }

    /// <summary>Null without logic.</summary>
    public LogicShape? Shape { get; }

    /// <summary>What of it the page shows as a tree: all, but for rules that no person wrote.</summary>
    public LogicShape? Tree { get; }

    /// <summary>Predicates that the tree shows.</summary>
    public IReadOnlySet<int> InTree { get; }

    /// <summary>Predicates whose words are shown.</summary>
    public IReadOnlySet<int> Anchored { get; }

    /// <summary>What is shown of each file.</summary>
    public IReadOnlyList<SourceLines.Window> Windows { get; }

    public IReadOnlyList<SourceLines.Span> Spans(int body) => _spans[body];

    private static IEnumerable<int> Leaves(LogicShape shape)
        => shape.Kind == ShapeKind.Leaf ? [shape.Number] : shape.Children.SelectMany(Leaves);

    /// <summary>The words of every predicate and its values in the rule's files, and what was not understood.</summary>
    private void AddSpans()
    {
        Stack<LogicRecord> pending = new();
        if (Rule.Logic is not null)
        {
            pending.Push(Rule.Logic);
        }

        while (pending.TryPop(out var node))
        {
            if (node is { Type: "leaf", Row: { } row } && Rows.TryGetValue(row + 1, out var predicate))
            {
                Add(node.Place, predicate.Number, predicate.IsExclusion);
            }

            foreach (var child in node.Children ?? [])
            {
                pending.Push(child);
            }
        }

        foreach (var row in Rows.Values)
        {
            foreach (var value in row.Values)
            {
                Add(value.Place, row.Number, row.IsExclusion);
            }
        }

        foreach (var part in Rule.NotModelled)
        {
            if (part.Span is [var start, var length])
            {
                Add(new PlaceRecord(0, start, length), 0, false);
            }
        }

        void Add(PlaceRecord? place, int number, bool isExclusion)
        {
            if (place is not null && place.Body >= 0 && place.Body < _spans.Length)
            {
                _spans[place.Body].Add(new SourceLines.Span(place.Start, place.Length, number, isExclusion));
            }
        }
    }
}
