using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;

namespace Glossa.Analysis.Witnesses;

/// <summary>
/// Writes a run of events over which a plan yields a row: as many as it counts, with equal group keys, distinct where it counts
/// distinct values, in the order of its steps and close enough in time.
/// </summary>
internal sealed class PlanSolver(DetectionLogic logic, ReferenceEvaluator judge, IReadOnlyDictionary<string, string> lists, StepBudget steps)
{
    /// <summary>Longest run written; a rule that counts further is not witnessed.</summary>
    private const int MaxEvents = 2_000;

    private const int MaxDepth = 32;

    /// <summary>Other figures near the ones a condition names, and keys learnt from other members.</summary>
    private const int Attempts = 12;

    // A whole number of days, hours and minutes since the epoch: at the start of the usual buckets.
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Plan, Dictionary<string, MapEvent?>> _solved = new(ReferenceEqualityComparer.Instance);

    /// <summary>What was in the way, in words; null after a success.</summary>
    public string? Obstacle { get; private set; }

    public IReadOnlyList<MapEvent>? Solve()
    {
        if (Base(logic.Root, 0) is { } single)
        {
            // Judged once, as a whole; a second time, more carefully, only where the parts did not add up.
            return Single(single, [], judgeWhole: false) is { } quick && Fires([quick]) ? [quick]
                : Single(single, [], judgeWhole: true) is { } found && Fires([found]) ? [found]
                : null;
        }

        for (var attempt = 0; attempt < Attempts && !steps.Exhausted; attempt++)
        {
            var events = new List<MapEvent>();
            if (Emit(logic.Root, [], 1, attempt, events, 0) && events.Count > 0)
            {
                var run = Timed(events);
                if (Fires(run))
                {
                    Obstacle = null;
                    return run;
                }
            }
        }

        Obstacle ??= "no run of events made it yield a row";
        return null;
    }

    /// <summary>
    /// Runs the plan over one event for each set of events it starts from, but for those whose absence it asks for, whatever its
    /// stages make of them; null where one of the sets has no event.
    /// </summary>
    public IReadOnlyList<MapEvent>? RunOverEveryBase()
    {
        var events = new List<MapEvent>();
        var visited = new HashSet<Plan>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<Plan>();
        pending.Push(logic.Root);
        while (pending.TryPop(out var plan))
        {
            if (!visited.Add(plan))
            {
                continue;
            }

            if (Base(plan, 0) is { } start)
            {
                if (Single(start, []) is not { } found)
                {
                    return null;
                }

                events.Add(found);
                continue;
            }

            IEnumerable<Plan> inputs = plan switch
            {
                Plan.Reference reference => Bound(reference) is { } bound ? [bound] : [],
                Plan.Sequence sequence => sequence.Steps.Where(step => !step.Missing).Select(step => step.Plan),
                _ => plan.Inputs(),
            };
            foreach (var input in inputs)
            {
                pending.Push(input);
            }
        }

        if (events.Count == 0)
        {
            return null;
        }

        var run = Timed(events);
        var rows = judge.Run(logic, run, applyGates: true);
        return rows.Undecided == 0 && rows.Reasons.Count == 0 ? run : null;
    }

    private bool Fires(IReadOnlyList<MapEvent> events)
    {
        if (judge.Run(logic, events, applyGates: true).Count > 0)
        {
            return true;
        }

        Obstacle ??= "its stages yield no row over the events written for it";
        return false;
    }

    /// <param name="Value">Null: any value.</param>
    private readonly record struct Demand(ValueExpression Target, Value? Value);

    /// <summary>Filters over one scan: what an event must be for itself.</summary>
    private sealed record BaseEvents(Plan Plan, Plan.Scan Scan, IReadOnlyList<Predicate> Predicates);

    private BaseEvents? Base(Plan plan, int depth)
    {
        var predicates = new List<Predicate>();
        for (var node = plan; depth < MaxDepth; depth++)
        {
            switch (node)
            {
                case Plan.Filter filter:
                    predicates.Add(filter.Predicate);
                    node = filter.Input;
                    break;
                case Plan.Reference reference when Bound(reference) is { } bound:
                    node = bound;
                    break;
                case Plan.Scan scan:
                    predicates.Reverse();
                    return new BaseEvents(plan, scan, predicates);
                default:
                    return null;
            }
        }

        return null;
    }

    private Plan? Bound(Plan.Reference reference)
    {
        foreach (var binding in logic.Bindings)
        {
            if (string.Equals(binding.Id, reference.Binding, StringComparison.Ordinal))
            {
                return binding.Plan;
            }
        }

        return null;
    }

    private MapEvent? Single(BaseEvents events, IReadOnlyList<Demand> demands, bool judgeWhole = true)
    {
        // The plan by identity: comparing a rule's whole tree costs more than solving it.
        var key = string.Join('\n', demands.Select(demand => $"{demand.Target} = {demand.Value}"));
        if (!_solved.TryGetValue(events.Plan, out var solved))
        {
            _solved[events.Plan] = solved = [];
        }

        if (judgeWhole && solved.TryGetValue(key, out var known))
        {
            return known;
        }

        var parts = new List<Predicate>();
        if (events.Scan.Gate is not null)
        {
            parts.Add(events.Scan.Gate);
        }

        parts.AddRange(events.Predicates);
        parts.AddRange(demands.Select(demand => demand.Value is null
            ? new Predicate.Leaf(LeafOperator.HasValue, demand.Target, [])
            : new Predicate.Leaf(LeafOperator.Eq, demand.Target, [new ValueExpression.Literal(demand.Value)])));
        var solver = new PredicateSolver(judge, lists, steps, WitnessGenerator.FactsOf(events.Scan.Source), judgeWhole);
        var found = solver.Solve(parts.Count == 1 ? parts[0] : new Predicate.And(parts.ToIrList()));
        Obstacle ??= found is null ? solver.Obstacle : null;

        // A key that got a second value beside the demanded one puts the event into another group.
        if (found is not null && demands.Any(demand => NameOf(demand.Target) is { } name && found.Find(name, FieldLookup.Lenient) is Value.List))
        {
            Obstacle ??= "its keys have no one value in common";
            found = null;
        }

        if (judgeWhole)
        {
            solved[key] = found;
        }

        return found;
    }

    /// <summary>Adds the events of so many rows of a plan, whose columns have the demanded values.</summary>
    private bool Emit(Plan plan, IReadOnlyList<Demand> demands, int rows, int attempt, List<MapEvent> output, int depth)
    {
        if (depth > MaxDepth || output.Count + rows > MaxEvents)
        {
            Obstacle ??= $"it takes more than {MaxEvents} events";
            return false;
        }

        if (Base(plan, depth) is { } events)
        {
            if (Single(events, demands) is not { } found)
            {
                return false;
            }

            output.AddRange(Enumerable.Repeat(found, rows));
            return true;
        }

        switch (plan)
        {
            case Plan.Reference reference:
                return Bound(reference) is { } bound && Emit(bound, demands, rows, attempt, output, depth + 1);
            case Plan.Extend extend:
                return Below(extend, demands) is { } below && Emit(extend.Input, below, rows, attempt, output, depth + 1);
            case Plan.Union union:
                return EmitUnion(union, demands, rows, attempt, output, depth);
            case Plan.Filter { Input: var input } filter:
                return EmitFiltered(filter, input, demands, rows, attempt, output, depth);
            case Plan.Window window:
                return EmitGroup(window.Input, window.Partition, window.Calls, null, demands, rows, attempt, output, depth);
            case Plan.Summarize summarize:
                return EmitGroup(summarize.Input, summarize.Keys, summarize.Aggregates, null, demands, rows, attempt, output, depth);
            case Plan.Sequence sequence:
                return EmitSequence(sequence, demands, rows, attempt, output, depth);
            default:
                Obstacle ??= $"a stage has no meaning here: {(plan as Plan.Opaque)?.Construct ?? plan.GetType().Name}";
                return false;
        }
    }

    private bool EmitFiltered(Plan.Filter filter, Plan input, IReadOnlyList<Demand> demands, int rows, int attempt, List<MapEvent> output, int depth)
    {
        for (var hop = 0; input is Plan.Reference reference && Bound(reference) is { } bound && hop < MaxDepth; hop++)
        {
            input = bound;
        }

        return input switch
        {
            Plan.Window window => EmitGroup(window.Input, window.Partition, window.Calls, filter.Predicate, demands, rows, attempt, output, depth),
            Plan.Summarize summarize => EmitGroup(summarize.Input, summarize.Keys, summarize.Aggregates, filter.Predicate, demands, rows, attempt, output, depth),
            _ => Emit(input, demands, rows, attempt, output, depth + 1),
        };
    }

    // Every row from another input: a rule that counts the events of several sees them all.
    private bool EmitUnion(Plan.Union union, IReadOnlyList<Demand> demands, int rows, int attempt, List<MapEvent> output, int depth)
    {
        for (var row = 0; row < rows; row++)
        {
            var emitted = false;
            for (var i = 0; i < union.Inputs.Count && !emitted; i++)
            {
                emitted = Emit(union.Inputs[(row + i + attempt) % union.Inputs.Count], demands, 1, attempt, output, depth + 1);
            }

            if (!emitted)
            {
                return false;
            }
        }

        return true;
    }

    private bool EmitGroup(Plan input, IrList<GroupKey> keys, IrList<NamedAggregate> calls, Predicate? condition, IReadOnlyList<Demand> demands, int rows, int attempt, List<MapEvent> output, int depth)
    {
        var shared = new List<Demand>();
        foreach (var demand in demands.Where(demand => !calls.Any(call => NameOf(demand.Target) == call.Name)))
        {
            var key = keys.FirstOrDefault(key => key.Name == NameOf(demand.Target) && NameOf(key.Expression) is not null);
            shared.Add(key is null ? demand : demand with { Target = key.Expression });
        }

        foreach (var key in keys)
        {
            if (key.Expression is ValueExpression.Field && NameOf(key.Expression) is { } name && name != FieldPath.TimeColumn
                && !shared.Exists(demand => NameOf(demand.Target) == name && demand.Value is not null))
            {
                shared.Add(new Demand(key.Expression, Learn(input, key.Expression, attempt, depth)));
            }
        }

        var needed = 1;
        (ValueExpression Column, int Count)? distinct = null;
        foreach (var call in calls)
        {
            if (Figure(condition, call.Name, attempt) is not { } figure)
            {
                continue;
            }

            var column = call.Call.Arguments.FirstOrDefault(argument => NameOf(argument) is not null);
            switch (call.Call.Function)
            {
                case "count_rows" or "count_values":
                    needed = (int)Math.Clamp(Math.Max(needed, figure), 1, MaxEvents + 1);
                    break;
                case "count_distinct" when column is not null:
                    distinct = (column, (int)Math.Clamp(figure, 1, MaxEvents + 1));
                    break;
                default:
                    if (column is not null)
                    {
                        // Of one row, the sum, the mean and every percentile are its own value.
                        shared.Add(new Demand(column, figure == decimal.Truncate(figure) ? new Value.Integer((long)figure) : new Value.Decimal(figure)));
                    }

                    break;
            }
        }

        needed = Math.Max(needed, distinct?.Count ?? 0);
        if (needed > MaxEvents)
        {
            Obstacle ??= $"it takes more than {MaxEvents} events";
            return false;
        }

        for (var row = 0; row < rows; row++)
        {
            if (distinct is not { } varied)
            {
                if (!Emit(input, shared, needed, attempt, output, depth + 1))
                {
                    return false;
                }

                continue;
            }

            var made = 0;
            foreach (var value in Different(input, varied.Column, attempt, depth))
            {
                var mark = output.Count;
                if (Emit(input, [.. shared, new Demand(varied.Column, value)], 1, attempt, output, depth + 1))
                {
                    if (++made == needed)
                    {
                        break;
                    }
                }
                else
                {
                    output.RemoveRange(mark, output.Count - mark);
                }
            }

            if (made < needed)
            {
                Obstacle ??= $"no {needed} different values of {NameOf(varied.Column)} fit its filter";
                return false;
            }
        }

        return true;
    }

    private bool EmitSequence(Plan.Sequence sequence, IReadOnlyList<Demand> demands, int rows, int attempt, List<MapEvent> output, int depth)
    {
        var present = sequence.Steps.Where(step => !step.Missing).ToArray();
        if (present.Length == 0)
        {
            Obstacle ??= "a sequence of nothing but missing steps";
            return false;
        }

        // The keys' values are learnt from one step, each attempt from another: one of them may ask for a certain value.
        var teacher = present[attempt % present.Length];
        var values = teacher.By.Select(key =>
        {
            var demanded = demands.FirstOrDefault(demand => NameOf(demand.Target) == key.Name).Value;
            return demanded ?? Learn(teacher.Plan, key.Expression, attempt, depth);
        }).ToArray();
        for (var row = 0; row < rows; row++)
        {
            foreach (var step in present)
            {
                var own = step.By.Take(values.Length).Select((key, index) => new Demand(key.Expression, values[index]))
                    .Where(demand => NameOf(demand.Target) is not null)
                    .ToArray();
                if (!Emit(step.Plan, own, 1, attempt, output, depth + 1))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>What the demands on a stage's columns ask of its input; null where a column has a value of its own that is not the demanded one.</summary>
    private static List<Demand>? Below(Plan.Extend extend, IReadOnlyList<Demand> demands)
    {
        var below = new List<Demand>();
        foreach (var demand in demands)
        {
            var assigned = extend.Assignments.FirstOrDefault(assignment => assignment.Name == NameOf(demand.Target));
            if (assigned is null)
            {
                below.Add(demand);
            }
            else if (NameOf(assigned.Expression) is not null)
            {
                below.Add(demand with { Target = assigned.Expression });
            }
            else if (assigned.Expression is ValueExpression.Literal constant && demand.Value is not null && !constant.Value.Equals(demand.Value))
            {
                return null;
            }
        }

        return below;
    }

    // A value the column can have in the plan's events; of those that have one anyway, theirs.
    private Value Learn(Plan input, ValueExpression column, int attempt, int depth)
    {
        var events = new List<MapEvent>();
        if (NameOf(column) is { } name && Emit(input, [new Demand(column, null)], 1, attempt, events, depth + 1))
        {
            var source = Source(input, name, 0);
            foreach (var e in events)
            {
                if (LeafSemantics.Bag(e.Find(source, FieldLookup.Lenient)) is [var value, ..])
                {
                    return value;
                }
            }

            return new Value.Text(SubjectSolver.FieldExample(new(SubjectKind.Field, source)));
        }

        return new Value.Text("sample");
    }

    // The event's field behind a column that an alias gave another name.
    private string Source(Plan plan, string column, int depth)
    {
        for (; depth < MaxDepth; depth++)
        {
            switch (plan)
            {
                case Plan.Extend extend:
                    column = extend.Assignments.FirstOrDefault(assignment => assignment.Name == column) is { } assigned && NameOf(assigned.Expression) is { } name ? name : column;
                    plan = extend.Input;
                    break;
                case Plan.Union { Inputs: [var first, ..] }:
                    plan = first;
                    break;
                case Plan.Reference reference when Bound(reference) is { } bound:
                    plan = bound;
                    break;
                case Plan.Filter filter:
                    plan = filter.Input;
                    break;
                default:
                    return column;
            }
        }

        return column;
    }

    // The values a filter names for the column come first: where it names them, others do not pass.
    private IEnumerable<Value> Different(Plan input, ValueExpression column, int attempt, int depth)
    {
        var name = NameOf(column)!;
        foreach (var node in input.InputsFirst().SelectMany(node => node is Plan.Reference reference && Bound(reference) is { } bound ? bound.InputsFirst() : [node]))
        {
            if (node is Plan.Extend extend)
            {
                foreach (var assigned in extend.Assignments.Where(assignment => assignment.Name == name))
                {
                    if (assigned.Expression is ValueExpression.Literal constant)
                    {
                        yield return constant.Value;
                    }
                }
            }

            if (node is not Plan.Filter filter)
            {
                continue;
            }

            foreach (var leaf in filter.Predicate.DescendantsAndSelf().OfType<Predicate.Leaf>())
            {
                if (leaf.Operator == LeafOperator.Eq && NameOf(leaf.Subject) == name)
                {
                    foreach (var literal in leaf.Operands.OfType<ValueExpression.Literal>())
                    {
                        yield return literal.Value;
                    }
                }
            }
        }

        var example = Learn(input, column, attempt, depth).ToCanonicalText() ?? "sample";
        for (var i = 1; i <= 2 * MaxEvents; i++)
        {
            yield return new Value.Text($"{example}-{i}");
        }
    }

    /// <summary>A figure that a condition wants of a column; other attempts, other figures it may mean. Null where it does not speak of it.</summary>
    private static decimal? Figure(Predicate? condition, string column, int attempt)
    {
        var figures = new List<decimal>();
        foreach (var leaf in condition?.DescendantsAndSelf().OfType<Predicate.Leaf>() ?? [])
        {
            if (NameOf(leaf.Subject) != column)
            {
                continue;
            }

            foreach (var operand in leaf.Operands.OfType<ValueExpression.Literal>())
            {
                if (!Numbers.TryConvert(operand.Value, out var number) || Math.Abs(number.ToDouble()) > 1e15)
                {
                    continue;
                }

                var limit = number.ToDecimal();
                figures.AddRange(leaf.Operator switch
                {
                    LeafOperator.Gt => [Math.Floor(limit) + 1, limit + 1],
                    LeafOperator.Lt => [Math.Ceiling(limit) - 1, limit - 1],
                    LeafOperator.Ge or LeafOperator.Le or LeafOperator.Eq => new[] { limit, limit + 1, limit - 1 },
                    _ => [],
                });
            }
        }

        return figures.Count == 0 ? null : figures[attempt % figures.Count];
    }

    private static string? NameOf(ValueExpression expression) => (expression as ValueExpression.Field)?.Path.SimpleName;

    private List<MapEvent> Timed(List<MapEvent> events)
    {
        // Half of the shortest span holds the whole run.
        var shortest = TimeSpan.FromSeconds(2 * events.Count);
        foreach (var plan in logic.Bindings.Select(binding => binding.Plan).Append(logic.Root))
        {
            foreach (var node in plan.InputsFirst())
            {
                var span = node switch
                {
                    Plan.Window window => window.Range,
                    Plan.Sequence { MaxSpan: { } max } => max,
                    Plan.Summarize summarize => summarize.Keys
                        .SelectMany(key => key.Expression is ValueExpression.Call call ? call.Arguments : [])
                        .Select(argument => argument is ValueExpression.Literal { Value: Value.Duration { Content: var size } } ? size : TimeSpan.MaxValue)
                        .DefaultIfEmpty(TimeSpan.MaxValue)
                        .Min(),
                    _ => TimeSpan.MaxValue,
                };
                shortest = span < shortest ? span : shortest;
            }
        }

        var step = new TimeSpan(Math.Max(shortest.Ticks, 0) / (2 * events.Count));
        return [.. events.Select((e, index) => new MapEvent(e.Fields, e.Source, Start + (step * index), e.RawText))];
    }
}
