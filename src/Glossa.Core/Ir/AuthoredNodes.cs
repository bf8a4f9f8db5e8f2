namespace Glossa.Core.Ir;

/// <summary>Numbers the predicates of an authored tree in pre-order; the numbers are how a normal form points back.</summary>
public sealed class AuthoredNodes
{
    private readonly Dictionary<Predicate, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<Predicate> _nodes = [];

    /// <summary>Plans in the order given, each walked inputs first.</summary>
    public AuthoredNodes(IEnumerable<Plan> plans)
    {
        foreach (var plan in plans)
        {
            foreach (var predicate in plan.Predicates())
            {
                foreach (var node in predicate.DescendantsAndSelf())
                {
                    if (_numbers.TryAdd(node, _nodes.Count))
                    {
                        _nodes.Add(node);
                    }
                }
            }
        }
    }

    public int Count => _nodes.Count;

    public Predicate this[int number] => _nodes[number];

    /// <summary>The number of a node of this tree (by identity), or -1.</summary>
    public int NumberOf(Predicate node) => _numbers.TryGetValue(node, out var number) ? number : -1;
}

/// <summary>Walks for those who only ask; whoever translates writes a visitor.</summary>
public static class IrWalk
{
    /// <summary>The node, then its descendants, in the order they were written.</summary>
    public static IEnumerable<Predicate> DescendantsAndSelf(this Predicate predicate)
    {
        var pending = new Stack<Predicate>();
        pending.Push(predicate);
        while (pending.TryPop(out var node))
        {
            yield return node;
            var children = node.Children();
            for (var i = children.Count - 1; i >= 0; i--)
            {
                pending.Push(children[i]);
            }
        }
    }

    public static IReadOnlyList<Predicate> Children(this Predicate predicate) => predicate switch
    {
        Predicate.And and => and.Children,
        Predicate.Or or => or.Children,
        Predicate.AtLeast atLeast => atLeast.Children,
        Predicate.Not not => [not.Child],
        Predicate.Named named => [named.Child],
        _ => [],
    };

    /// <summary>The plan's inputs, leftmost first.</summary>
    public static IReadOnlyList<Plan> Inputs(this Plan plan) => plan switch
    {
        Plan.Filter filter => [filter.Input],
        Plan.Extend extend => [extend.Input],
        Plan.Union union => union.Inputs,
        Plan.Window window => [window.Input],
        Plan.Summarize summarize => [summarize.Input],
        Plan.Sequence sequence => [.. sequence.Steps.Select(step => step.Plan)],
        Plan.Opaque opaque => opaque.Inputs,
        _ => [],
    };

    /// <summary>The plan's nodes, inputs before what reads them.</summary>
    public static IEnumerable<Plan> InputsFirst(this Plan plan)
    {
        foreach (var input in plan.Inputs())
        {
            foreach (var node in input.InputsFirst())
            {
                yield return node;
            }
        }

        yield return plan;
    }

    /// <summary>The root predicates of the plan's filters, inputs first; gates are not among them.</summary>
    public static IEnumerable<Predicate> Predicates(this Plan plan)
        => plan.InputsFirst().OfType<Plan.Filter>().Select(filter => filter.Predicate);

    /// <summary>Every field path a predicate reads, in order, repeated where it is read again.</summary>
    public static IEnumerable<FieldPath> FieldPaths(this Predicate predicate)
    {
        foreach (var node in predicate.DescendantsAndSelf())
        {
            switch (node)
            {
                case Predicate.Leaf leaf:
                    foreach (var path in leaf.Subject.FieldPaths())
                    {
                        yield return path;
                    }

                    foreach (var operand in leaf.Operands)
                    {
                        foreach (var path in operand.FieldPaths())
                        {
                            yield return path;
                        }
                    }

                    break;
                case Predicate.Opaque opaque:
                    foreach (var path in opaque.Reads)
                    {
                        yield return path;
                    }

                    break;
            }
        }
    }

    public static IEnumerable<FieldPath> FieldPaths(this ValueExpression expression) => expression switch
    {
        ValueExpression.Field field => [field.Path],
        ValueExpression.Call call => call.Arguments.SelectMany(FieldPaths),
        ValueExpression.ExternalValue external => external.Arguments.SelectMany(FieldPaths),
        ValueExpression.Opaque opaque => opaque.Reads,
        _ => [],
    };
}
