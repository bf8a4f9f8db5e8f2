using System.Runtime.CompilerServices;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;

namespace Glossa.Core.Semantics;

/// <summary>
/// The judge: slow and obvious, kept for ever. Index, matcher, stateful engine and every rewrite agree with it, event by event.
/// Holds no state of a run and is safe for several threads.
/// </summary>
/// <param name="values">The lists that the user supplies; a list that is not there reads as empty.</param>
/// <param name="parameters">Values of parameters by name.</param>
public sealed class ReferenceEvaluator(ExternalValues? values = null, IReadOnlyDictionary<string, Value>? parameters = null)
{
    private readonly ValueResolver _resolver = new(values ?? ExternalValues.Empty, parameters ?? new Dictionary<string, Value>());

    internal ValueResolver Resolver => _resolver;

    /// <summary>
    /// What the predicate is on this event. <see cref="Truth.Undecided"/> where it hangs on an opaque part, or where it is nested
    /// deeper than the stack allows.
    /// </summary>
    public Truth Evaluate(Predicate predicate, IEvent row)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Truth.Undecided;
        }

        switch (predicate)
        {
            case Predicate.And and:
                return AtLeast(and.Children, and.Children.Count, row);
            case Predicate.Or or:
                return AtLeast(or.Children, 1, row);
            case Predicate.AtLeast atLeast:
                return AtLeast(atLeast.Children, atLeast.Count, row);
            case Predicate.Not not:
                return Negate(Evaluate(not.Child, row));
            case Predicate.Named named:
                return Evaluate(named.Child, row);
            case Predicate.Constant constant:
                return constant.Value ? Truth.True : Truth.False;
            case Predicate.Leaf leaf:
                return EvaluateLeaf(leaf, row);
            default:
                return Truth.Undecided;
        }
    }

    /// <summary>The same with the answer of every part, so that one can see which of them decided.</summary>
    public Explanation Explain(Predicate predicate, IEvent row)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return new Explanation(predicate, Truth.Undecided, null, [], []);
        }

        if (predicate is Predicate.Leaf leaf)
        {
            return new Explanation(predicate, EvaluateLeaf(leaf, row), _resolver.Resolve(leaf.Subject, row), _resolver.ResolveOperands(leaf, row), []);
        }

        var parts = predicate.Children().Select(child => Explain(child, row)).ToArray();
        var result = predicate switch
        {
            Predicate.And => Combine(parts, parts.Length),
            Predicate.Or => Combine(parts, 1),
            Predicate.AtLeast atLeast => Combine(parts, atLeast.Count),
            Predicate.Not => Negate(parts[0].Result),
            Predicate.Named => parts[0].Result,
            _ => Evaluate(predicate, row),
        };
        return new Explanation(predicate, result, null, [], parts);
    }

    /// <summary>
    /// Runs a whole logic over events. Rows come in a fixed order: of the events for rows that are events, of the row that completed
    /// them for sequences, of first appearance for groups.
    /// </summary>
    /// <param name="events">In the order of the log; their times decide windows and sequences.</param>
    /// <param name="applyGates">Whether a scan lets only such events in as its log source stands for.</param>
    public ReferenceRows Run(DetectionLogic logic, IReadOnlyList<IEvent> events, bool applyGates)
        => new PlanEvaluation(WithInputsOf(logic), logic, events, applyGates).Run();

    /// <summary>Opaque is the interval from false to true; and, or and counting are monotone, so they work on both ends.</summary>
    private Truth AtLeast(IrList<Predicate> children, int count, IEvent row)
    {
        int certain = 0, possible = 0, left = children.Count;
        if (count <= 0)
        {
            return Truth.True;
        }

        foreach (var child in children)
        {
            left--;
            switch (Evaluate(child, row))
            {
                case Truth.True:
                    certain++;
                    possible++;
                    break;
                case Truth.Undecided:
                    possible++;
                    break;
            }

            if (certain >= count)
            {
                return Truth.True;
            }

            if (possible + left < count)
            {
                return Truth.False;
            }
        }

        return possible >= count ? Truth.Undecided : Truth.False;
    }

    private static Truth Combine(IReadOnlyList<Explanation> parts, int count)
    {
        var certain = parts.Count(part => part.Result == Truth.True);
        var possible = certain + parts.Count(part => part.Result == Truth.Undecided);
        return certain >= count ? Truth.True : possible >= count ? Truth.Undecided : Truth.False;
    }

    private static Truth Negate(Truth truth) => truth switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Undecided,
    };

    private Truth EvaluateLeaf(Predicate.Leaf leaf, IEvent row)
    {
        if (ValueResolver.IsOpaque(leaf.Subject) || leaf.Operands.Any(ValueResolver.IsOpaque))
        {
            return Truth.Undecided;
        }

        return LeafSemantics.Test(leaf, _resolver.Resolve(leaf.Subject, row), _resolver.ResolveOperands(leaf, row)) ? Truth.True : Truth.False;
    }

    private ReferenceEvaluator WithInputsOf(DetectionLogic logic)
    {
        // A logic names its inputs by id; the user supplies lists by the name the author gave them.
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var input in logic.Inputs)
        {
            if (values?.Find(input.Name) is { } list)
            {
                lists[input.Id] = list;
            }
        }

        return lists.Count == 0 ? this : new ReferenceEvaluator(new ExternalValues(lists), parameters);
    }
}

/// <summary>A predicate's answer and those of its parts.</summary>
/// <param name="Subject">Of a leaf: what its subject resolved to; null where it is missing.</param>
/// <param name="Operands">Of a leaf: what its operands resolved to.</param>
/// <param name="Parts">In the order they were written.</param>
public sealed record Explanation(Predicate Predicate, Truth Result, Value? Subject, IReadOnlyList<Value> Operands, IReadOnlyList<Explanation> Parts)
{
    /// <summary>
    /// The leaves that decided: those of the parts whose answer is the reason for the whole's. For a predicate that failed, the
    /// leaves it failed at; for one that holds, those that made it hold.
    /// </summary>
    public IEnumerable<Explanation> Decisive()
    {
        if (Parts.Count == 0)
        {
            return [this];
        }

        return Predicate switch
        {
            Predicate.Not or Predicate.Named => Parts[0].Decisive(),
            // Where all agree (an and that holds, an or that fails) each is a reason; else those that went the way of the whole.
            _ => Parts.Where(part => part.Result == Result).SelectMany(part => part.Decisive()),
        };
    }
}
