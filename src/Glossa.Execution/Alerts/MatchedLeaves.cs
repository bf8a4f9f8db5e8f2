using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Execution.Alerts;

/// <summary>Which comparisons, as the author wrote them, make a predicate hold on an event. Asked only for alerts.</summary>
internal static class MatchedLeaves
{
    private const int MaximumMatches = 50;

    /// <param name="predicate">Of the authored tree.</param>
    public static void Collect(Predicate predicate, IEvent current, ReferenceEvaluator evaluator, ValueResolver resolver, List<AlertMatch> matches)
    {
        if (matches.Count >= MaximumMatches)
        {
            return;
        }

        switch (predicate)
        {
            case Predicate.Leaf leaf:
                if (evaluator.Evaluate(leaf, current) == Truth.True)
                {
                    Add(leaf, current, resolver, matches);
                }

                break;
            case Predicate.Not or Predicate.Constant or Predicate.Opaque:
                // What an exclusion looks for is absent: nothing of it fired.
                break;
            default:
                if (evaluator.Evaluate(predicate, current) == Truth.True)
                {
                    foreach (var child in predicate.Children())
                    {
                        Collect(child, current, evaluator, resolver, matches);
                    }
                }

                break;
        }
    }

    public static string FieldOf(ValueExpression subject) => subject switch
    {
        ValueExpression.Field { Path: { Root: PathRoot.Anywhere } } => "keyword",
        ValueExpression.Field { Path: var path } => string.Join('.', path.Steps.OfType<PathStep.Key>().Select(step => step.Name)),
        ValueExpression.Call call when call.Arguments.Count > 0 => FieldOf(call.Arguments[0]),
        _ => "",
    };

    public static string KindOf(Predicate.Leaf leaf)
    {
        if (leaf.Subject is ValueExpression.Field { Path.Root: PathRoot.Anywhere })
        {
            return "keyword";
        }

        if (leaf.Operands.Any(operand => operand is ValueExpression.Field))
        {
            return "field_compare";
        }

        if (leaf.Subject is not ValueExpression.Field)
        {
            return "computed";
        }

        return leaf.Operator switch
        {
            LeafOperator.Eq when leaf.Operands.Any(operand => operand is ValueExpression.ExternalValue) => "in_list",
            LeafOperator.Eq when leaf.Operands.Count > 1 => "in",
            LeafOperator.Eq => "eq",
            LeafOperator.Contains => "contains",
            LeafOperator.StartsWith => "starts_with",
            LeafOperator.EndsWith => "ends_with",
            LeafOperator.Wildcard => "wildcard",
            LeafOperator.Regex => "regex",
            LeafOperator.Cidr => "cidr",
            LeafOperator.Lt => "lt",
            LeafOperator.Le => "le",
            LeafOperator.Gt => "gt",
            LeafOperator.Ge => "ge",
            LeafOperator.Present => "present",
            LeafOperator.Missing => "missing",
            LeafOperator.HasValue => "has_value",
            _ => "is_empty",
        };
    }

    private static void Add(Predicate.Leaf leaf, IEvent current, ValueResolver resolver, List<AlertMatch> matches)
    {
        var field = FieldOf(leaf.Subject);
        var kind = KindOf(leaf);
        if (LeafSemantics.AsksForPresence(leaf.Operator))
        {
            matches.Add(new AlertMatch(field, kind, null));
            return;
        }

        var subject = resolver.Resolve(leaf.Subject, current);
        foreach (var operand in resolver.ResolveOperands(leaf, current))
        {
            if (matches.Count < MaximumMatches && LeafSemantics.Test(leaf with { Match = MatchMode.Any }, subject, [operand]))
            {
                matches.Add(new AlertMatch(field, kind, operand.ToCanonicalText()));
            }
        }
    }
}
