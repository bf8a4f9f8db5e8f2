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
        => Collect(predicate, current, evaluator, resolver, matches, isKnown: false);

    /// <param name="isKnown">That the predicate holds: what stands in an <c>and</c> that holds need not be asked again.</param>
    private static void Collect(Predicate predicate, IEvent current, ReferenceEvaluator evaluator, ValueResolver resolver, List<AlertMatch> matches, bool isKnown)
    {
        if (matches.Count >= MaximumMatches)
        {
            return;
        }

        switch (predicate)
        {
            case Predicate.Leaf leaf:
                if (isKnown || evaluator.Evaluate(leaf, current) == Truth.True)
                {
                    Add(leaf, current, resolver, matches);
                }

                break;
            case Predicate.Not or Predicate.Constant or Predicate.Opaque:
                // What an exclusion looks for is absent: nothing of it fired.
                break;
            default:
                if (isKnown || evaluator.Evaluate(predicate, current) == Truth.True)
                {
                    var allHold = predicate is Predicate.And or Predicate.Named;
                    foreach (var child in predicate.Children())
                    {
                        Collect(child, current, evaluator, resolver, matches, allHold);
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

        // One operand at a time, through one leaf and one list: some leaves have hundreds.
        var single = leaf.Match == MatchMode.Any ? leaf : leaf with { Match = MatchMode.Any };
        var one = new Value[1];
        foreach (var operand in resolver.ResolveOperands(leaf, current))
        {
            one[0] = operand;
            if (matches.Count < MaximumMatches && LeafSemantics.Test(single, subject, one))
            {
                matches.Add(new AlertMatch(field, kind, operand.ToCanonicalText()));
            }
        }
    }
}
