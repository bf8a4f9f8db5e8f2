using System.Globalization;
using System.Runtime.CompilerServices;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics.Functions;

namespace Glossa.Core.Semantics;

/// <summary>One run of a logic over events. Every binding is computed once.</summary>
internal sealed class PlanEvaluation(ReferenceEvaluator evaluator, DetectionLogic logic, IReadOnlyList<IEvent> events, bool applyGates) : PlanVisitor<IReadOnlyList<ReferenceRow>>
{
    private readonly Dictionary<string, IReadOnlyList<ReferenceRow>?> _bindings = new(StringComparer.Ordinal);
    private readonly List<string> _reasons = [];
    private int _undecided;

    public ReferenceRows Run()
    {
        var rows = Rows(logic.Root);
        return new ReferenceRows(rows, _undecided, _reasons);
    }

    public override IReadOnlyList<ReferenceRow> VisitScan(Plan.Scan scan)
        => [.. events.Where(item => !applyGates || scan.Gate is null || Holds(scan.Gate, item)).Select(item => new ReferenceRow(item, [], item.Time, [item]))];

    public override IReadOnlyList<ReferenceRow> VisitFilter(Plan.Filter filter)
        => [.. Rows(filter.Input).Where(row => Holds(filter.Predicate, row))];

    public override IReadOnlyList<ReferenceRow> VisitExtend(Plan.Extend extend)
        => [.. Rows(extend.Input).Select(row => WithColumns(row, extend.Assignments.Select(assignment => KeyValuePair.Create(assignment.Name, Value(assignment.Expression, row)))))];

    public override IReadOnlyList<ReferenceRow> VisitUnion(Plan.Union union)
        => [.. union.Inputs.SelectMany(Rows).OrderBy(row => row.Time ?? DateTimeOffset.MinValue)];

    public override IReadOnlyList<ReferenceRow> VisitReference(Plan.Reference reference)
    {
        if (_bindings.TryGetValue(reference.Binding, out var known))
        {
            return known ?? Nothing($"binding {reference.Binding} refers to itself");
        }

        if (logic.Bindings.FirstOrDefault(binding => string.Equals(binding.Id, reference.Binding, StringComparison.Ordinal)) is not { } found)
        {
            return Nothing($"binding {reference.Binding} is not there");
        }

        _bindings[reference.Binding] = null;
        var rows = Rows(found.Plan);
        _bindings[reference.Binding] = rows;
        return rows;
    }

    public override IReadOnlyList<ReferenceRow> VisitWindow(Plan.Window window)
    {
        var rows = Rows(window.Input);
        var result = new ReferenceRow?[rows.Count];
        foreach (var (_, members) in Groups(rows, window.Partition))
        {
            var placed = members
                .Select(index => (Index: index, Order: OrderValue(rows[index], window.Order)))
                .ToList();

            // A row that has no place in the order is in no other row's frame, and its own frame holds only itself.
            foreach (var (index, _) in placed.Where(item => item.Order is null))
            {
                result[index] = WithAggregates(rows[index], [rows[index]], window.Calls);
            }

            var ordered = placed.Where(item => item.Order is not null).OrderBy(item => item.Order).ThenBy(item => item.Index).ToList();
            var first = 0;
            for (var last = 0; last < ordered.Count; last++)
            {
                while (ordered[last].Order - ordered[first].Order > window.Range)
                {
                    first++;
                }

                var frame = ordered.GetRange(first, last - first + 1).ConvertAll(item => rows[item.Index]);
                result[ordered[last].Index] = WithAggregates(rows[ordered[last].Index], frame, window.Calls);
            }
        }

        return [.. result.OfType<ReferenceRow>()];
    }

    public override IReadOnlyList<ReferenceRow> VisitSummarize(Plan.Summarize summarize)
    {
        var rows = Rows(summarize.Input);
        var result = new List<ReferenceRow>();
        foreach (var (_, members) in Groups(rows, summarize.Keys))
        {
            var group = members.ConvertAll(index => rows[index]);
            var keys = summarize.Keys.Select(key => KeyValuePair.Create(key.Name, Value(key.Expression, group[0])));
            var aggregates = summarize.Aggregates.Select(aggregate => KeyValuePair.Create(aggregate.Name, Aggregate(aggregate.Call, group)));
            result.Add(new ReferenceRow(null, [.. keys, .. aggregates], Latest(group), group.SelectMany(row => row.BuildingEvents)));
        }

        return result;
    }

    public override IReadOnlyList<ReferenceRow> VisitSequence(Plan.Sequence sequence)
    {
        var steps = sequence.Steps.Select(step => Rows(step.Plan)).ToArray();
        return SequenceEvaluation.Run(sequence, steps, KeyOf, Value);
    }

    public override IReadOnlyList<ReferenceRow> VisitOpaque(Plan.Opaque opaque)
        => Nothing($"{opaque.Construct}: {opaque.Reason}");

    private IReadOnlyList<ReferenceRow> Rows(Plan plan)
        => RuntimeHelpers.TryEnsureSufficientExecutionStack() ? plan.Accept(this) : Nothing("the plan is nested too deeply");

    private ReferenceRow[] Nothing(string reason)
    {
        AddReason(reason);
        return [];
    }

    private void AddReason(string reason)
    {
        if (!_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }

    private bool Holds(Predicate predicate, IEvent row)
    {
        switch (evaluator.Evaluate(predicate, row))
        {
            case Truth.True:
                return true;
            case Truth.Undecided:
                _undecided++;
                foreach (var reason in predicate.DescendantsAndSelf().OfType<Predicate.Opaque>().Select(opaque => opaque.Reason).DefaultIfEmpty("a value of the predicate has no meaning here"))
                {
                    AddReason(reason);
                }

                return false;
            default:
                return false;
        }
    }

    private Value? Value(ValueExpression expression, ReferenceRow row) => evaluator.Resolver.Resolve(expression, row);

    /// <summary>The rows' positions by key, groups in order of first appearance; rows that a key drops are in none.</summary>
    private List<(string Key, List<int> Members)> Groups(IReadOnlyList<ReferenceRow> rows, IrList<GroupKey> keys)
    {
        var groups = new List<(string Key, List<int> Members)>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (KeyOf(rows[i], keys) is not { } key)
            {
                continue;
            }

            if (!places.TryGetValue(key, out var place))
            {
                place = groups.Count;
                places.Add(key, place);
                groups.Add((key, []));
            }

            groups[place].Members.Add(i);
        }

        return groups;
    }

    private string? KeyOf(ReferenceRow row, IrList<GroupKey> keys) => GroupKeys.Of(keys, expression => Value(expression, row));

    private static DateTimeOffset? OrderValue(ReferenceRow row, string column)
        => column == FieldPath.TimeColumn ? row.Time
            : row.Find(column, FieldLookup.Lenient) is { } value && Instants.TryConvert(value, out var instant) ? instant
            : null;

    private ReferenceRow WithAggregates(ReferenceRow row, List<ReferenceRow> frame, IrList<NamedAggregate> calls)
    {
        var columns = calls.Select(call => KeyValuePair.Create(call.Name, Aggregate(call.Call, frame)));
        return new ReferenceRow(row.Event, [.. row.Columns.Where(column => calls.All(call => call.Name != column.Key)), .. columns], row.Time, TakeLatest(frame));
    }

    private static ReferenceRow WithColumns(ReferenceRow row, IEnumerable<KeyValuePair<string, Value?>> added)
    {
        var columns = added.ToArray();
        return new ReferenceRow(row.Event, [.. row.Columns.Where(column => columns.All(other => other.Key != column.Key)), .. columns], row.Time, row.BuildingEvents);
    }

    /// <summary>The building events of the frame's last rows: enough to fill a row's, however large the frame.</summary>
    private static IEnumerable<IEvent> TakeLatest(List<ReferenceRow> frame)
        => frame.Skip(Math.Max(0, frame.Count - ReferenceRow.MaxBuildingEvents)).SelectMany(row => row.BuildingEvents);

    private Value? Aggregate(AggregateCall call, List<ReferenceRow> rows)
    {
        if (AggregateCatalogue.Find(call.Function) is not { } aggregate || !aggregate.Takes(call.Arguments.Count))
        {
            AddReason(string.Create(CultureInfo.InvariantCulture, $"aggregate {call.Function} with {call.Arguments.Count} arguments is not known"));
            return null;
        }

        if (call.Function == "count_rows")
        {
            return new Value.Integer(rows.Count);
        }

        return aggregate.Evaluate(rows.ConvertAll(row => (IReadOnlyList<Value?>)[.. call.Arguments.Select(argument => Value(argument, row))]));
    }

    private static DateTimeOffset? Latest(List<ReferenceRow> rows) => rows.Max(row => row.Time);
}
