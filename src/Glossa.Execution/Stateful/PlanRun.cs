using System.Runtime.CompilerServices;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Core.Semantics.Functions;

namespace Glossa.Execution.Stateful;

/// <summary>
/// Runs a stateful logic over the events its feeds let through, in order of event time. The rows are those of the reference evaluator over all events;
/// nothing here is quadratic in the events of a window.
/// </summary>
internal sealed class PlanRun : PlanVisitor<IReadOnlyList<StreamRow>>
{
    private readonly DetectionLogic _logic;
    private readonly IReadOnlyDictionary<Plan, IReadOnlyList<CapturedEvent>> _feeds;
    private readonly ReferenceEvaluator _evaluator;
    private readonly ValueResolver _resolver;
    private readonly Dictionary<string, IReadOnlyList<StreamRow>?> _bindings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reasons = new(StringComparer.Ordinal);

    /// <param name="feeds">By the plan of each feed (by identity), its events in the order of the logs.</param>
    /// <param name="values">The logic's inputs by id.</param>
    public PlanRun(DetectionLogic logic, IReadOnlyDictionary<Plan, IReadOnlyList<CapturedEvent>> feeds, ExternalValues values)
    {
        _logic = logic;
        _feeds = feeds;
        _evaluator = new ReferenceEvaluator(values);
        _resolver = new ValueResolver(values, new Dictionary<string, Value>());
    }

    /// <summary>Rows that no filter could decide on; they are left out.</summary>
    public long Undecided { get; private set; }

    /// <summary>Why rows were left out, each reason once.</summary>
    public IReadOnlyCollection<string> Reasons => _reasons;

    public IReadOnlyList<StreamRow> Run() => Rows(_logic.Root);

    public override IReadOnlyList<StreamRow> VisitScan(Plan.Scan scan) => Nothing("a scan has no feed");

    public override IReadOnlyList<StreamRow> VisitFilter(Plan.Filter filter)
    {
        var rows = new List<StreamRow>();
        foreach (var row in Rows(filter.Input))
        {
            switch (_evaluator.Evaluate(filter.Predicate, row))
            {
                case Truth.True:
                    rows.Add(row);
                    break;
                case Truth.Undecided:
                    Undecided++;
                    _reasons.Add(filter.Predicate.DescendantsAndSelf().OfType<Predicate.Opaque>().FirstOrDefault()?.Reason ?? "a value has no meaning here");
                    break;
            }
        }

        return rows;
    }

    public override IReadOnlyList<StreamRow> VisitExtend(Plan.Extend extend)
        => [.. Rows(extend.Input).Select(row => row.With([.. extend.Assignments.Select(assignment => KeyValuePair.Create(assignment.Name, Value(assignment.Expression, row)))]))];

    public override IReadOnlyList<StreamRow> VisitUnion(Plan.Union union)
        => [.. union.Inputs.SelectMany(Rows).OrderBy(row => row.Time ?? DateTimeOffset.MinValue)];

    public override IReadOnlyList<StreamRow> VisitReference(Plan.Reference reference)
    {
        if (_bindings.TryGetValue(reference.Binding, out var known))
        {
            return known ?? Nothing($"binding {reference.Binding} refers to itself");
        }

        if (_logic.Bindings.FirstOrDefault(binding => string.Equals(binding.Id, reference.Binding, StringComparison.Ordinal)) is not { } found)
        {
            return Nothing($"binding {reference.Binding} is not there");
        }

        _bindings[reference.Binding] = null;
        var rows = Rows(found.Plan);
        _bindings[reference.Binding] = rows;
        return rows;
    }

    public override IReadOnlyList<StreamRow> VisitWindow(Plan.Window window)
    {
        var rows = Rows(window.Input);
        var result = new StreamRow?[rows.Count];
        foreach (var members in Groups(rows, window.Partition))
        {
            var placed = members.ConvertAll(index => (Index: index, Order: OrderValue(rows[index], window.Order)));

            // A row without a place in the order is in no other row's frame, and its own frame holds only itself.
            foreach (var (index, _) in placed.Where(item => item.Order is null))
            {
                Slide(window, rows, [(index, default)], result);
            }

            Slide(window, rows, [.. placed.Where(item => item.Order is not null).Select(item => (item.Index, item.Order!.Value)).OrderBy(item => item.Value).ThenBy(item => item.Index)], result);
        }

        return [.. result.OfType<StreamRow>()];
    }

    public override IReadOnlyList<StreamRow> VisitSummarize(Plan.Summarize summarize)
    {
        var rows = Rows(summarize.Input);
        var result = new List<StreamRow>();
        foreach (var members in Groups(rows, summarize.Keys))
        {
            var group = members.ConvertAll(index => rows[index]);
            KeyValuePair<string, Value?>[] columns =
            [
                .. summarize.Keys.Select(key => KeyValuePair.Create(key.Name, Value(key.Expression, group[0]))),
                .. summarize.Aggregates.Select(aggregate => KeyValuePair.Create(aggregate.Name, Aggregate(aggregate.Call, group))),
            ];
            result.Add(new StreamRow(null, columns, group.Max(row => row.Time), () => group.SelectMany(row => row.BuildingEvents)));
        }

        return result;
    }

    public override IReadOnlyList<StreamRow> VisitSequence(Plan.Sequence sequence)
    {
        var steps = sequence.Steps.Select(step => Rows(step.Plan)).ToArray();
        var found = new List<(PlacedRow Last, StreamRow Row)>();
        foreach (var group in SequenceGroups(sequence, steps))
        {
            var search = new SequenceSearch(sequence, group);
            foreach (var (last, chain) in search.Run())
            {
                found.Add((last, RowOf(sequence, chain)));
            }

            if (search.HasGivenUp)
            {
                Undecided++;
                _reasons.Add("too many rows to try for a sequence with a step that must be missing");
            }
        }

        return [.. found.OrderBy(item => item.Last.Time).ThenBy(item => item.Last.Position).Select(item => item.Row)];
    }

    public override IReadOnlyList<StreamRow> VisitOpaque(Plan.Opaque opaque) => Nothing($"{opaque.Construct}: {opaque.Reason}");

    private IReadOnlyList<StreamRow> Rows(Plan plan)
    {
        if (_feeds.TryGetValue(plan, out var events))
        {
            return [.. events.Select(captured => new StreamRow(captured, [], captured.Event.Time, () => [captured]))];
        }

        return RuntimeHelpers.TryEnsureSufficientExecutionStack() ? plan.Accept(this) : Nothing("the plan is nested too deeply");
    }

    private StreamRow[] Nothing(string reason)
    {
        _reasons.Add(reason);
        return [];
    }

    private Value? Value(ValueExpression expression, StreamRow row) => _resolver.Resolve(expression, row);

    private void Slide(Plan.Window window, IReadOnlyList<StreamRow> rows, (int Index, DateTimeOffset Order)[] ordered, StreamRow?[] result)
    {
        var aggregates = window.Calls.Select(call => SlidingAggregate.Create(call.Call)).ToArray();
        foreach (var call in window.Calls.Where((_, index) => aggregates[index] is null))
        {
            _reasons.Add($"aggregate {call.Call.Function} is not known");
        }

        var arguments = new Value?[ordered.Length][][];
        var first = 0;
        for (var last = 0; last < ordered.Length; last++)
        {
            var row = rows[ordered[last].Index];
            arguments[last] = [.. window.Calls.Select(call => call.Call.Arguments.Select(argument => Value(argument, row)).ToArray())];
            for (; ordered[last].Order - ordered[first].Order > window.Range; first++)
            {
                for (var call = 0; call < aggregates.Length; call++)
                {
                    aggregates[call]?.Remove(arguments[first][call]);
                }

                arguments[first] = [];
            }

            for (var call = 0; call < aggregates.Length; call++)
            {
                aggregates[call]?.Add(arguments[last][call]);
            }

            var (from, to) = (Math.Max(first, last + 1 - StreamRow.MaximumBuildingEvents), last);
            result[ordered[last].Index] = row.With(
                [.. window.Calls.Select((call, index) => KeyValuePair.Create(call.Name, aggregates[index]?.Current()))],
                () => Enumerable.Range(from, to - from + 1).SelectMany(index => rows[ordered[index].Index].BuildingEvents));
        }
    }

    /// <summary>The rows' positions by key, groups in order of first appearance; rows that a key drops are in none.</summary>
    private List<List<int>> Groups(IReadOnlyList<StreamRow> rows, IrList<GroupKey> keys)
    {
        var groups = new List<List<int>>();
        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (KeyOf(rows[i], keys) is not { } key)
            {
                continue;
            }

            if (!places.TryGetValue(key, out var members))
            {
                members = [];
                places.Add(key, members);
                groups.Add(members);
            }

            members.Add(i);
        }

        return groups;
    }

    private string? KeyOf(StreamRow row, IrList<GroupKey> keys) => GroupKeys.Of(keys, expression => Value(expression, row));

    private static DateTimeOffset? OrderValue(StreamRow row, string column)
        => column == FieldPath.TimeColumn ? row.Time
            : row.Find(column, FieldLookup.Lenient) is { } value && Instants.TryConvert(value, out var instant) ? instant
            : null;

    private Value? Aggregate(AggregateCall call, List<StreamRow> rows)
    {
        if (AggregateCatalogue.Find(call.Function) is not { } aggregate || !aggregate.Takes(call.Arguments.Count))
        {
            _reasons.Add($"aggregate {call.Function} is not known");
            return null;
        }

        return call.Function == "count_rows"
            ? new Value.Integer(rows.Count)
            : aggregate.Evaluate(rows.ConvertAll(row => (IReadOnlyList<Value?>)[.. call.Arguments.Select(argument => Value(argument, row))]));
    }

    private StreamRow RowOf(Plan.Sequence sequence, List<PlacedRow> chain)
    {
        var keyed = chain.FirstOrDefault(placed => sequence.Steps[placed.Step].By.Count > 0);
        KeyValuePair<string, Value?>[] columns = keyed is null ? [] : [.. sequence.Steps[keyed.Step].By.Select(key => KeyValuePair.Create(key.Name, Value(key.Expression, keyed.Row)))];
        return new StreamRow(null, columns, chain.Max(placed => placed.Time), () => chain.SelectMany(placed => placed.Row.BuildingEvents));
    }

    private List<List<PlacedRow>[]> SequenceGroups(Plan.Sequence sequence, IReadOnlyList<StreamRow>[] steps)
    {
        var isKeyed = sequence.Steps.Any(step => step.By.Count > 0);
        var everywhere = sequence.Steps.Select(step => isKeyed && step.By.Count == 0 ? new List<PlacedRow>() : null).ToArray();
        var groups = new Dictionary<string, List<PlacedRow>[]>(StringComparer.Ordinal);
        var order = new List<List<PlacedRow>[]>();
        var position = 0;
        foreach (var (row, step) in steps.SelectMany((rows, step) => rows.Select(row => (row, step))).Where(item => item.row.Time is not null).OrderBy(item => item.row.Time))
        {
            var placed = new PlacedRow(step, row, row.Time!.Value, position++);
            if (everywhere[step] is { } shared)
            {
                shared.Add(placed);
                continue;
            }

            if (KeyOf(row, sequence.Steps[step].By) is not { } key)
            {
                continue;
            }

            if (!groups.TryGetValue(key, out var lists))
            {
                lists = [.. everywhere.Select(rows => rows ?? [])];
                groups.Add(key, lists);
                order.Add(lists);
            }

            lists[step].Add(placed);
        }

        return order;
    }
}
