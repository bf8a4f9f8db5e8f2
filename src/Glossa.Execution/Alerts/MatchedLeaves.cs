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

    private static void Add(Predicate.Leaf leaf, IEvent current, ValueResolver resolver, List<AlertMatch> matches)
    {
        var field = RuleWords.FieldOf(leaf);
        var kind = LeafKinds.Of(leaf);
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
