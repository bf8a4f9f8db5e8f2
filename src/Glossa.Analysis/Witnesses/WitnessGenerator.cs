using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;

namespace Glossa.Analysis.Witnesses;

/// <summary>
/// Writes events that rules fire on. Everything returned was judged by the <see cref="ReferenceEvaluator"/>; the same input gives the
/// same events on every machine.
/// </summary>
public static class WitnessGenerator
{
    /// <summary>Candidates judged before giving up on a predicate.</summary>
    public const int DefaultSteps = 20_000;

    // Compiled patterns are cached by the evaluator's own pieces, so one without lists serves all.
    private static readonly ReferenceEvaluator Judge = new();

    /// <summary>An event on which a predicate is true, and on which its source's gate is open.</summary>
    /// <param name="predicate">Authored or normal.</param>
    /// <param name="gate">Of the scan; null when the source stands for nothing known.</param>
    /// <param name="source">Whose product, service and category the event claims.</param>
    public static WitnessResult ForPredicate(Predicate predicate, Predicate? gate = null, ScanSource? source = null, int maxSteps = DefaultSteps)
    {
        var lists = new ExternalLists();
        lists.Collect(predicate);
        if (gate is not null)
        {
            lists.Collect(gate);
        }

        var solver = new PredicateSolver(lists.Count == 0 ? Judge : new ReferenceEvaluator(lists.Values), lists.Chosen, new StepBudget(maxSteps), FactsOf(source));
        return solver.Solve(gate is null ? predicate : new Predicate.And([gate, predicate])) is { } found
            ? new WitnessResult(new Witness([found], lists.Supplied), null)
            : new WitnessResult(null, solver.Obstacle);
    }

    /// <summary>An event that fails exactly one of a predicate's conjuncts: what a test, or a reader, learns the rule's edge from.</summary>
    /// <param name="conjunct">Index into <see cref="Conjuncts"/>.</param>
    public static WitnessResult ForNearMiss(Predicate predicate, int conjunct, Predicate? gate = null, ScanSource? source = null, int maxSteps = DefaultSteps)
    {
        var conjuncts = Conjuncts(predicate);
        return ForPredicate(
            new Predicate.And(conjuncts.Select((part, index) => index == conjunct ? new Predicate.Not(part) : part).ToIrList()),
            gate,
            source,
            maxSteps);
    }

    /// <summary>What must all hold: the parts of the outermost and, through names and nested ands, as written.</summary>
    public static IReadOnlyList<Predicate> Conjuncts(Predicate predicate)
    {
        var conjuncts = new List<Predicate>();
        var pending = new Stack<Predicate>();
        pending.Push(predicate);
        while (pending.TryPop(out var node))
        {
            switch (node)
            {
                case Predicate.Named named:
                    pending.Push(named.Child);
                    break;
                case Predicate.And and:
                    for (var i = and.Children.Count - 1; i >= 0; i--)
                    {
                        pending.Push(and.Children[i]);
                    }

                    break;
                default:
                    conjuncts.Add(node);
                    break;
            }
        }

        return conjuncts;
    }

    /// <summary>Events over which a rule's whole logic yields a row.</summary>
    public static WitnessResult ForLogic(DetectionLogic logic, int maxSteps = DefaultSteps)
    {
        var (solver, lists) = SolverFor(logic, maxSteps);
        return solver.Solve() is { } events
            ? new WitnessResult(new Witness(events, lists.Supplied), null)
            : new WitnessResult(null, solver.Obstacle);
    }

    /// <summary>
    /// An event for each filter that a pipeline starts from, over which its stages then ran, whether or not they yield a row. A
    /// filter whose events must be missing needs none.
    /// </summary>
    public static WitnessResult ForBaseFilters(DetectionLogic logic, int maxSteps = DefaultSteps)
    {
        var (solver, lists) = SolverFor(logic, maxSteps);
        return solver.RunOverEveryBase() is { } events
            ? new WitnessResult(new Witness(events, lists.Supplied), null)
            : new WitnessResult(null, solver.Obstacle);
    }

    private static (PlanSolver Solver, ExternalLists Lists) SolverFor(DetectionLogic logic, int maxSteps)
    {
        var lists = new ExternalLists();
        foreach (var plan in logic.Bindings.Select(binding => binding.Plan).Append(logic.Root))
        {
            foreach (var node in plan.InputsFirst())
            {
                if (node is Plan.Filter filter)
                {
                    lists.Collect(filter.Predicate);
                }
                else if (node is Plan.Scan { Gate: { } gate })
                {
                    lists.Collect(gate);
                }
            }
        }

        lists.Name(logic.Inputs);
        var judge = lists.Count == 0 ? Judge : new ReferenceEvaluator(lists.Values);
        return (new PlanSolver(logic, judge, lists.Chosen, new StepBudget(maxSteps)), lists);
    }

    internal static SourceFacts? FactsOf(ScanSource? source)
        => source is ScanSource.LogSource log ? new SourceFacts(log.Product, log.Service, log.Category) : null;

    /// <summary>The lists from outside that leaves read, each given one value that suits the operators it is used with.</summary>
    private sealed class ExternalLists
    {
        private readonly Dictionary<string, string> _chosen = new(StringComparer.Ordinal);
        private readonly Dictionary<string, IReadOnlyList<string>> _supplied = new(StringComparer.Ordinal);

        public int Count => _chosen.Count;

        public IReadOnlyDictionary<string, string> Chosen => _chosen;

        public IReadOnlyDictionary<string, IReadOnlyList<string>> Supplied => _supplied;

        public ExternalValues Values => new(_supplied);

        public void Collect(Predicate predicate)
        {
            foreach (var leaf in predicate.DescendantsAndSelf().OfType<Predicate.Leaf>())
            {
                foreach (var external in leaf.Operands.SelectMany(Externals))
                {
                    var value = leaf.Operator switch
                    {
                        LeafOperator.Cidr => "192.0.2.0/24",
                        LeafOperator.Lt or LeafOperator.Le or LeafOperator.Gt or LeafOperator.Ge => "10",
                        _ => $"{external.Input}-1",
                    };
                    if (_chosen.TryAdd(external.Input, value))
                    {
                        _supplied[external.Input] = [value];
                    }
                }
            }
        }

        public void Name(IrList<ExternalInput> inputs)
        {
            foreach (var input in inputs)
            {
                if (_supplied.TryGetValue(input.Id, out var values))
                {
                    _supplied.TryAdd(input.Name, values);
                }
            }
        }

        private static IEnumerable<ValueExpression.ExternalValue> Externals(ValueExpression expression) => expression switch
        {
            ValueExpression.ExternalValue external => [external],
            ValueExpression.Call call => call.Arguments.OfType<ValueExpression.ExternalValue>(),
            _ => [],
        };
    }
}
