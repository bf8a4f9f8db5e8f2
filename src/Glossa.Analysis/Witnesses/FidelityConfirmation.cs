using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Core.Semantics.Functions;

namespace Glossa.Analysis.Witnesses;

/// <param name="Fidelity">Lowering's, or less where the evaluator could not run the rule.</param>
/// <param name="Witness">The events it ran on; null where there was no need for it, or none was found.</param>
/// <param name="Why">Why a candidate was not confirmed; null when it was, or was none.</param>
/// <param name="Fires">The rule fires on the witness; of a pipeline it may only pass the filters it starts from.</param>
public sealed record ConfirmedFidelity(Fidelity Fidelity, Witness? Witness, string? Why, bool Fires = false);

/// <summary>
/// Turns a lowering's candidate <c>exact</c> into the promise: no opaque part decides a row, and the reference evaluator ran the rule,
/// a single-event rule on an event that fires it, a pipeline over events that pass each of the filters it starts from.
/// </summary>
public static class FidelityConfirmation
{
    public static ConfirmedFidelity Confirm(DetectionRule rule)
    {
        if (rule.Logic is not { } logic || rule.Fidelity.Level != FidelityLevel.Exact)
        {
            return new ConfirmedFidelity(rule.Fidelity, null, null);
        }

        if (OpaquePart(logic) is { } opaque)
        {
            return Lowered(rule.Fidelity, opaque.Level, opaque.Construct, opaque.Reason);
        }

        var result = WitnessGenerator.ForLogic(logic);
        if (result.Witness is not null)
        {
            return new ConfirmedFidelity(rule.Fidelity, result.Witness, null, Fires: true);
        }

        // A pipeline may need more events than we write; it still counts when its stages ran over events that pass the filters it starts from.
        if (!IsSingleEvent(logic) && WitnessGenerator.ForBaseFilters(logic).Witness is { } partial)
        {
            return new ConfirmedFidelity(rule.Fidelity, partial, null);
        }

        var why = result.Why ?? "no event was found on which it fires";
        if (IsSingleEvent(logic) && GateOf(logic.Root) is not null && WitnessGenerator.ForLogic(logic with { Root = WithoutGate(logic.Root) }).Witness is not null)
        {
            return Lowered(rule.Fidelity, FidelityLevel.Approximate, "contradicts its log source", $"no event of its log source fires it, only others do: {why}");
        }

        return Lowered(rule.Fidelity, FidelityLevel.Approximate, "no event fires it", why);
    }

    private static ConfirmedFidelity Lowered(Fidelity candidate, FidelityLevel level, string construct, string text)
        => new(candidate with { Level = level, Reasons = [.. candidate.Reasons, new FidelityReason(null, construct, text)] }, null, text);

    /// <summary>Filters over one scan, nothing else.</summary>
    private static bool IsSingleEvent(DetectionLogic logic)
    {
        var plan = logic.Root;
        while (plan is Plan.Filter filter)
        {
            plan = filter.Input;
        }

        return plan is Plan.Scan;
    }

    private static Predicate? GateOf(Plan plan) => plan switch
    {
        Plan.Filter filter => GateOf(filter.Input),
        Plan.Scan scan => scan.Gate,
        _ => null,
    };

    private static Plan WithoutGate(Plan plan) => plan switch
    {
        Plan.Filter filter => filter with { Input = WithoutGate(filter.Input) },
        Plan.Scan scan => scan with { Gate = null },
        _ => plan,
    };

    private static (FidelityLevel Level, string Construct, string Reason)? OpaquePart(DetectionLogic logic)
    {
        foreach (var plan in logic.Bindings.Select(binding => binding.Plan).Append(logic.Root))
        {
            foreach (var node in plan.InputsFirst())
            {
                switch (node)
                {
                    case Plan.Opaque stage:
                        return (FidelityLevel.Unsupported, stage.Construct, stage.Reason);
                    case Plan.Filter filter:
                        foreach (var part in filter.Predicate.DescendantsAndSelf())
                        {
                            if (part is Predicate.Opaque opaque)
                            {
                                // That it is the whole predicate leaves nothing that we understand.
                                return (ReferenceEquals(part, filter.Predicate) ? FidelityLevel.Unsupported : FidelityLevel.Approximate, "opaque condition", opaque.Reason);
                            }

                            if (part is Predicate.Leaf leaf && leaf.Operands.Append(leaf.Subject).FirstOrDefault(ValueResolver.IsOpaque) is { } value)
                            {
                                return OpaqueValue(value);
                            }
                        }

                        break;
                    case Plan.Extend extend when extend.Assignments.Select(assignment => assignment.Expression).FirstOrDefault(ValueResolver.IsOpaque) is { } assigned:
                        return OpaqueValue(assigned);
                    case Plan.Window window when Unknown(window.Calls) is { } call:
                        return call;
                    case Plan.Summarize summarize when Unknown(summarize.Aggregates) is { } call:
                        return call;
                }
            }
        }

        return null;
    }

    private static (FidelityLevel Level, string Construct, string Reason) OpaqueValue(ValueExpression expression)
        => expression is ValueExpression.Call call && !call.Arguments.Any(ValueResolver.IsOpaque)
            ? (FidelityLevel.Unsupported, call.Function, $"no function {call.Function} of {call.Arguments.Count} arguments is known")
            : (FidelityLevel.Unsupported, "opaque value", (expression as ValueExpression.Opaque)?.Reason ?? "a value it hangs on has no meaning here");

    private static (FidelityLevel Level, string Construct, string Reason)? Unknown(IrList<NamedAggregate> aggregates)
    {
        foreach (var (_, call) in aggregates)
        {
            if (AggregateCatalogue.Find(call.Function) is not { } known || !known.Takes(call.Arguments.Count))
            {
                return (FidelityLevel.Unsupported, call.Function, $"no aggregate {call.Function} of {call.Arguments.Count} arguments is known");
            }

            if (call.Arguments.FirstOrDefault(ValueResolver.IsOpaque) is { } argument)
            {
                return OpaqueValue(argument);
            }
        }

        return null;
    }
}
