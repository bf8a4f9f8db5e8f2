using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Taxonomy;
using Glossa.Core.Text;

namespace Glossa.Analysis;

/// <summary>Looks at one rule by itself: what it asks, in which steps, and what it is for. Knows no language and never throws at a rule.</summary>
public static class RuleAnalyzer
{
    public static RuleAnalysis Analyze(DetectionRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var attack = AttackCoverage.Of(rule.Metadata.Tags);
        var outputs = OutputFields(rule);
        if (rule.Logic is not { } logic)
        {
            return new RuleAnalysis(null, null, [], [], outputs, attack, [], rule.LogSource is ScanSource.LogSource source ? [Source(source, null)] : [], []);
        }

        var stages = new StageWalk(rule, logic);
        var tree = stages.Run();
        return new RuleAnalysis(
            stages.Condition,
            tree,
            stages.Stages,
            stages.Rows,
            outputs,
            attack,
            PlanFacts.Of(logic),
            DataSources(rule, logic),
            stages.NotModelled);
    }

    private static List<OutputField> OutputFields(DetectionRule rule)
    {
        var outputs = new List<OutputField>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in rule.Metadata.Fields)
        {
            if (known.Add(field))
            {
                outputs.Add(new OutputField(field, "event"));
            }
        }

        foreach (var (name, expression) in rule.Alert.Context)
        {
            if (known.Add(name))
            {
                outputs.Add(new OutputField(name, expression is ValueExpression.Field ? "event" : ValueText.Of(expression)));
            }
        }

        // What a plan computes last is what its rows show.
        for (var plan = rule.Logic?.Root; plan is not null; plan = plan.Inputs() is [var input] ? input : null)
        {
            var (keys, aggregates) = plan switch
            {
                Plan.Window window => (window.Partition, window.Calls),
                Plan.Summarize summarize => (summarize.Keys, summarize.Aggregates),
                Plan.Sequence { Steps: [var first, ..] } => (first.By, IrList<NamedAggregate>.Empty),
                _ => (IrList<GroupKey>.Empty, IrList<NamedAggregate>.Empty),
            };
            foreach (var key in keys)
            {
                if (known.Add(key.Name))
                {
                    outputs.Add(new OutputField(key.Name, "group by"));
                }
            }

            foreach (var aggregate in aggregates)
            {
                if (known.Add(aggregate.Name))
                {
                    outputs.Add(new OutputField(aggregate.Name, PlanFacts.Words(aggregate.Call)));
                }
            }

            if (plan is Plan.Window or Plan.Summarize or Plan.Sequence)
            {
                break;
            }
        }

        return outputs;
    }

    private static List<DataSource> DataSources(DetectionRule rule, DetectionLogic logic)
    {
        var sources = new List<DataSource>();
        foreach (var plan in logic.Bindings.Select(binding => binding.Plan).Append(logic.Root))
        {
            foreach (var scan in plan.InputsFirst().OfType<Plan.Scan>())
            {
                if (scan.Source is ScanSource.LogSource source)
                {
                    var data = Source(source, scan.Gate);
                    if (!sources.Contains(data))
                    {
                        sources.Add(data);
                    }
                }
            }
        }

        if (sources.Count == 0 && rule.LogSource is ScanSource.LogSource own)
        {
            sources.Add(Source(own, null));
        }

        return sources;
    }

    private static DataSource Source(ScanSource.LogSource source, Predicate? gate)
        => new(source.Product, source.Category, source.Service, source.Definition, gate is null ? null : GateWords.Of(gate));
}

/// <summary>Stages, tree and rows of a rule's logic.</summary>
internal sealed class StageWalk
{
    private readonly DetectionRule _rule;
    private readonly DetectionLogic _logic;
    private readonly LogicWalk _walk;
    private readonly List<(string Name, List<SourceSpan> Sources, List<string> Predicates)> _stages = [];

    public StageWalk(DetectionRule rule, DetectionLogic logic)
    {
        _rule = rule;
        _logic = logic;
        _walk = new LogicWalk(rule.Query, rule.Metadata.Family, Rows, NotModelled);
    }

    public List<PredicateRow> Rows { get; } = [];

    public List<NotModelled> NotModelled { get; } = [];

    public string? Condition { get; private set; }

    public IReadOnlyList<RuleStage> Stages
        => [.. _stages.Select((stage, index) =>
        {
            var rows = Rows.Where(row => row.Stage == index + 1).ToList();
            return new RuleStage(
                index + 1,
                stage.Name,
                stage.Sources,
                string.Join('\n', stage.Sources.Select(SourceText)),
                Becomes: null,
                [.. rows.Select(row => row.Number)],
                stage.Predicates);
        })];

    public LogicNode? Run()
    {
        if (_logic.Bindings.Count == 0 && FiltersOverScan(_logic.Root) is { } filters)
        {
            return SingleEvent(filters);
        }

        var nodes = new List<LogicNode>();
        var absent = AbsentBindings();
        foreach (var binding in _logic.Bindings)
        {
            Relation(binding.Plan, binding.Name, absent.Contains(binding.Id), nodes);
        }

        Relation(_logic.Root, null, isAbsent: false, nodes);
        return nodes.Count == 0 ? null : LogicNode.Of(LogicKind.And, default, nodes);
    }

    /// <summary>The filters of a plan that is nothing but filters over one scan, the first applied first; else null.</summary>
    private static (Plan.Scan Scan, List<Plan.Filter> Filters)? FiltersOverScan(Plan plan)
    {
        var filters = new List<Plan.Filter>();
        while (plan is Plan.Filter filter)
        {
            filters.Insert(0, filter);
            plan = filter.Input;
        }

        return plan is Plan.Scan scan ? (scan, filters) : null;
    }

    /// <summary>One stage for each term of the condition.</summary>
    private LogicNode? SingleEvent((Plan.Scan Scan, List<Plan.Filter> Filters) plan)
    {
        _walk.EventClass = Category(plan.Scan);
        var trees = new List<LogicNode>();
        foreach (var filter in plan.Filters)
        {
            if (Condition is null && filter.Predicate.Origin.Kind == OriginKind.Authored)
            {
                Condition = OneLine(filter.Predicate.Origin.Span) ?? TermName(filter.Predicate);
            }

            var parts = new List<LogicNode>();
            foreach (var term in Terms(filter.Predicate))
            {
                Stage(OneLine(term.Origin.Span) ?? TermName(term), Definitions(term));
                if (_walk.Walk(term, _stages.Count) is { } tree)
                {
                    _stages[^1].Predicates.AddRange(StageLines.Of(tree, Rows));
                    parts.Add(tree);
                }
            }

            if (parts.Count > 0)
            {
                trees.Add(parts.Count == 1 ? parts[0] : LogicNode.Of(LogicKind.And, filter.Predicate.Origin.Span, parts));
            }
        }

        return trees.Count switch
        {
            0 => null,
            1 => trees[0],
            _ => LogicNode.Of(LogicKind.And, default, trees),
        };
    }

    /// <summary>
    /// A conjunction falls into what stands between its words, and what another document adds to it stays apart. A part used alone stays whole, and
    /// so does a phrase that stands for several parts (<c>all of selection_*</c>): those are written elsewhere.
    /// </summary>
    private static IEnumerable<Predicate> Terms(Predicate predicate)
    {
        var pending = new Stack<Predicate>([predicate]);
        while (pending.TryPop(out var term))
        {
            var isJoined = term is Predicate.And { Children.Count: > 1 } and
                && (and.Children.Any(child => child.Origin.Kind == OriginKind.Inherited && and.Origin.Kind != OriginKind.Inherited)
                    || and.Children.All(child => and.Origin.Span.Contains(child.Origin.Span) && child.Origin.Span.Length > 0));
            if (!isJoined)
            {
                yield return term;
                continue;
            }

            for (var i = term.Children().Count - 1; i >= 0; i--)
            {
                pending.Push(term.Children()[i]);
            }
        }
    }

    /// <summary>One stage for each member rule and each operator.</summary>
    private void Relation(Plan root, string? name, bool isAbsent, List<LogicNode> nodes)
    {
        if (name is not null && FiltersOverScan(root) is { } member)
        {
            _walk.EventClass = Category(member.Scan);
            Stage(name, [.. member.Filters.SelectMany(filter => Definitions(filter.Predicate))]);
            foreach (var filter in member.Filters)
            {
                Filter(filter, name, isAbsent, nodes);
            }

            return;
        }

        foreach (var plan in root.InputsFirst())
        {
            switch (plan)
            {
                case Plan.Scan scan:
                    _walk.EventClass = Category(scan);
                    break;
                case Plan.Reference:
                    break;
                case Plan.Union union:
                    Stage(name ?? "union", Place(plan), $"rows of {union.Inputs.Count} inputs");
                    break;
                case Plan.Filter filter:
                    _walk.Computed = ComputedBelow(filter.Input);
                    Stage(name ?? "filter", Place(filter.Predicate.Origin.Span.Length > 0 ? filter.Predicate.Origin.Span : filter.Origin.Span));
                    var before = Rows.Count;
                    Filter(filter, null, isAbsent, nodes);
                    if (Rows.Count == before)
                    {
                        _stages[^1].Predicates.AddRange(PlanFacts.Conditions(filter.Predicate, filter.Input));
                    }

                    break;
                case Plan.Extend extend:
                    Stage(name ?? "extend", Place(plan), [.. extend.Assignments.Select(column => $"{column.Name} = {ValueText.Of(column.Expression)}")]);
                    break;
                case Plan.Window window:
                    Stage(name ?? "window", Place(plan), PlanFacts.Words(window));
                    break;
                case Plan.Summarize summarize:
                    Stage(name ?? "summarize", Place(plan), PlanFacts.Words(summarize));
                    break;
                case Plan.Sequence sequence:
                    Stage(name ?? "sequence", Place(plan), PlanFacts.Words(sequence));
                    break;
                case Plan.Opaque opaque:
                    Stage(opaque.Construct, Place(plan));
                    NotModelled.Add(new NotModelled(opaque.Origin.Span, opaque.Reason));
                    nodes.Add(LogicNode.Of(LogicKind.Opaque, opaque.Origin.Span, [], opaque.Reason));
                    break;
            }
        }
    }

    private void Filter(Plan.Filter filter, string? name, bool isAbsent, List<LogicNode> nodes)
    {
        var before = Rows.Count;
        if (_walk.Walk(filter.Predicate, _stages.Count, isAbsent ? "absence" : "rule", isAbsent ? 1 : 0) is not { } tree)
        {
            return;
        }

        if (isAbsent)
        {
            tree = LogicNode.Of(LogicKind.Not, tree.Span, [tree]);
        }

        if (name is not null || Rows.Count > before)
        {
            _stages[^1].Predicates.AddRange(StageLines.Of(tree, Rows));
        }

        nodes.Add(name is null ? tree : LogicNode.Of(LogicKind.Stage, tree.Span, [tree], name));
    }

    /// <summary>Bindings that only steps of absence read.</summary>
    private HashSet<string> AbsentBindings()
    {
        var steps = _logic.Bindings.Select(binding => binding.Plan).Append(_logic.Root)
            .SelectMany(plan => plan.InputsFirst())
            .OfType<Plan.Sequence>()
            .SelectMany(sequence => sequence.Steps)
            .ToList();
        var present = References(steps.Where(step => !step.Missing));
        return [.. References(steps.Where(step => step.Missing)).Where(id => !present.Contains(id))];

        static HashSet<string> References(IEnumerable<SequenceStep> steps)
            => [.. steps.SelectMany(step => step.Plan.InputsFirst()).OfType<Plan.Reference>().Select(reference => reference.Binding)];
    }

    private static HashSet<string> ComputedBelow(Plan plan)
    {
        var computed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in plan.InputsFirst())
        {
            switch (node)
            {
                case Plan.Window window:
                    computed.UnionWith(window.Calls.Select(call => call.Name));
                    break;
                case Plan.Summarize summarize:
                    computed.UnionWith(summarize.Aggregates.Select(call => call.Name));
                    break;
                case Plan.Extend extend:
                    computed.UnionWith(extend.Assignments.Where(column => column.Expression is not ValueExpression.Field).Select(column => column.Name));
                    break;
            }
        }

        return computed;
    }

    private void Stage(string name, List<SourceSpan> sources, params string[] predicates) => _stages.Add((name, sources, [.. predicates]));

    private static List<SourceSpan> Place(Plan plan) => Place(plan.Origin.Span);

    private static List<SourceSpan> Place(SourceSpan span) => span.Length > 0 ? [span] : [];

    private static string? Category(Plan.Scan scan) => (scan.Source as ScanSource.LogSource)?.Category;

    /// <summary>Where the parts that a term names are written, each once, in the order of the text.</summary>
    private static List<SourceSpan> Definitions(Predicate term)
    {
        var spans = new SortedSet<SourceSpan>(Comparer<SourceSpan>.Create((x, y) => (x.Start, x.Length).CompareTo((y.Start, y.Length))));
        foreach (var named in term.DescendantsAndSelf().OfType<Predicate.Named>())
        {
            var span = named.Child.Origin.Span.Length > 0 ? named.Child.Origin.Span : named.Origin.Span;
            if (span.Length > 0)
            {
                spans.Add(span);
            }
        }

        return spans.Count > 0 ? [.. spans] : Place(term.Origin.Span);
    }

    private string? OneLine(SourceSpan span)
    {
        var text = SourceText(span).Trim();
        return text.Length is > 0 and <= 2000 && !text.Contains('\n', StringComparison.Ordinal) ? text : null;
    }

    private string SourceText(SourceSpan span)
        => span.Length > 0 && span.Start >= 0 && span.End <= _rule.Query.Length ? _rule.Query.Slice(span).ToString() : "";

    /// <summary>A term in the words of conditions, where its text is not at hand.</summary>
    private static string TermName(Predicate term)
    {
        var names = term.DescendantsAndSelf().OfType<Predicate.Named>().Select(named => named.Name).Distinct(StringComparer.Ordinal).ToList();
        var negated = term is Predicate.Not ? "not " : "";
        return names.Count switch
        {
            0 => negated.Length > 0 ? "not" : "condition",
            1 => negated + names[0],
            _ => $"{negated}({string.Join(term is Predicate.And ? " and " : " or ", names)})",
        };
    }
}
