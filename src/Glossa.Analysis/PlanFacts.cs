using Glossa.Core.Ir;
using Glossa.Core.Rules;

namespace Glossa.Analysis;

/// <summary>What a plan does to rows, in words, and the lines of the header that follow.</summary>
internal static class PlanFacts
{
    public static List<AnalysisFact> Of(DetectionLogic logic)
    {
        var groups = new List<string>();
        var spans = new List<TimeSpan>();
        var thresholds = new List<string>();
        foreach (var plan in logic.Bindings.Select(binding => binding.Plan).Append(logic.Root).SelectMany(plan => plan.InputsFirst()))
        {
            switch (plan)
            {
                case Plan.Window window:
                    Add(groups, Keys(window.Partition));
                    spans.Add(window.Range);
                    break;
                case Plan.Summarize summarize:
                    Add(groups, Keys(summarize.Keys));
                    break;
                case Plan.Sequence sequence:
                    Add(groups, sequence.Steps.Count > 0 ? Keys(sequence.Steps[0].By) : "");
                    if (sequence.MaxSpan is { } span)
                    {
                        spans.Add(span);
                    }

                    break;
                case Plan.Filter filter:
                    foreach (var condition in Conditions(filter.Predicate, filter.Input))
                    {
                        Add(thresholds, condition);
                    }

                    break;
            }
        }

        var facts = new List<AnalysisFact>();
        if (groups.Count > 0)
        {
            facts.Add(new AnalysisFact("Group by", string.Join("; ", groups)));
        }

        if (spans.Count > 0)
        {
            facts.Add(new AnalysisFact("Time window", string.Join(", ", spans.Distinct().Select(ValueText.Duration))));
        }

        if (thresholds.Count > 0)
        {
            facts.Add(new AnalysisFact("Threshold", string.Join("; ", thresholds)));
        }

        return facts;
    }

    /// <summary>Comparisons of what the plan below computed: <c>number of events >= 10</c>.</summary>
    public static IEnumerable<string> Conditions(Predicate predicate, Plan input)
    {
        var aggregates = new Dictionary<string, AggregateCall>(StringComparer.Ordinal);
        foreach (var node in input.InputsFirst())
        {
            foreach (var (name, call) in node switch
            {
                Plan.Window window => window.Calls,
                Plan.Summarize summarize => summarize.Aggregates,
                _ => [],
            })
            {
                aggregates[name] = call;
            }
        }

        foreach (var leaf in predicate.DescendantsAndSelf().OfType<Predicate.Leaf>())
        {
            if (leaf.Subject is ValueExpression.Field { Path.SimpleName: { } name } && aggregates.TryGetValue(name, out var call))
            {
                yield return $"{Words(call)} {OperatorWords.Words(IrText.Word(leaf.Operator), leaf.Match)} {string.Join(", ", leaf.Operands.Take(8).Select(ValueText.Of))}";
            }
        }
    }

    public static string Words(Plan.Window window)
        => $"{string.Join(", ", window.Calls.Select(call => Words(call.Call)))}{Per(window.Partition)} within {ValueText.Duration(window.Range)}";

    public static string Words(Plan.Summarize summarize)
        => $"{string.Join(", ", summarize.Aggregates.Select(call => Words(call.Call)))}{Per(summarize.Keys)}";

    public static string Words(Plan.Sequence sequence)
    {
        var steps = sequence.Steps.Select(step => step.Missing ? $"no {step.Name}" : step.Name);
        var order = sequence.Order == SequenceOrder.Ordered ? ", then " : " and ";
        var by = sequence.Steps.Count > 0 ? Per(sequence.Steps[0].By) : "";
        return $"{string.Join(order, steps)}{by}{(sequence.MaxSpan is { } span ? $" within {ValueText.Duration(span)}" : "")}";
    }

    public static string Words(AggregateCall call)
    {
        var arguments = string.Join(", ", call.Arguments.Select(ValueText.Of));
        return call.Function switch
        {
            "count_rows" => "number of events",
            "count_distinct" => $"number of different {arguments}",
            "sum" => $"sum of {arguments}",
            "avg" => $"average of {arguments}",
            "min" => $"least {arguments}",
            "max" => $"greatest {arguments}",
            "median" => $"median of {arguments}",
            _ => $"{call.Function}({arguments})",
        };
    }

    private static string Per(IrList<GroupKey> keys) => keys.Count == 0 ? "" : $" per {Keys(keys)}";

    private static string Keys(IrList<GroupKey> keys) => string.Join(", ", keys.Select(key => key.Name));

    private static void Add(List<string> texts, string text)
    {
        if (text.Length > 0 && !texts.Contains(text))
        {
            texts.Add(text);
        }
    }
}
