using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution.Alerts;
using Glossa.Execution.Matching;
using Glossa.Execution.Reading;

namespace Glossa.Execution;

/// <summary>Why a rule matched an event, or where the event died. By the authored tree and the reference evaluator: slow, and in the author's words.</summary>
/// <param name="Gate">Of the log source; null where it has none.</param>
/// <param name="Part">Null for a rule of one part; else the name of the part.</param>
public sealed record RuleExplanation(string? Part, ScanSource Source, Explanation? Gate, Explanation Condition)
{
    /// <summary>The leaves that decided, in the order they were written: of the gate where it kept the event out.</summary>
    public IReadOnlyList<Explanation> Decisive => [.. (Gate is { Result: not Truth.True } gate ? gate : Condition).Decisive()];

    /// <summary>False where its log source or its condition hangs on something without a meaning here.</summary>
    public bool IsDecided => Gate?.Result == Truth.False || Condition.Result == Truth.False || (Condition.Result == Truth.True && Gate?.Result != Truth.Undecided);

    public bool Matches => Condition.Result == Truth.True && Gate is null or { Result: Truth.True };
}

public static class RuleExplainer
{
    /// <summary>One explanation for each scan of the rule with the filters on it: a single-event rule has one, a correlation one for each member.</summary>
    public static IReadOnlyList<RuleExplanation> Explain(DetectionRule rule, IEvent current, ExternalValues values)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Logic is not { } logic)
        {
            return [];
        }

        var evaluator = new ReferenceEvaluator(AlertBuilder.InputsOf(logic, values));
        var explanations = new List<RuleExplanation>();
        foreach (var (name, plan) in logic.Bindings.Select(binding => ((string?)binding.Name, binding.Plan)).Append((null, logic.Root)))
        {
            foreach (var (scan, predicate) in Feeds(plan))
            {
                explanations.Add(new RuleExplanation(name, scan.Source, scan.Gate is null ? null : evaluator.Explain(scan.Gate, current), evaluator.Explain(predicate, current)));
            }
        }

        return explanations;
    }

    /// <summary>The fields a correlation groups its events by, as written, each once.</summary>
    public static IReadOnlyList<string> GroupKeys(DetectionRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Logic is not { } logic ? []
            : [.. logic.Bindings.Select(binding => binding.Plan).Append(logic.Root).SelectMany(Keys).Select(key => key.Expression).OfType<ValueExpression.Field>().Select(field => field.Path.SimpleName).OfType<string>().Distinct(StringComparer.Ordinal)];

        static IEnumerable<GroupKey> Keys(Plan plan) => (plan switch
        {
            Plan.Window window => window.Partition,
            Plan.Summarize summarize => summarize.Keys,
            Plan.Sequence sequence => sequence.Steps.SelectMany(step => step.By),
            _ => (IEnumerable<GroupKey>)[],
        }).Concat(plan.Inputs().SelectMany(Keys));
    }

    /// <summary>The events of a text of JSON, as rules see them; empty with a message where it holds none.</summary>
    public static IReadOnlyList<MapEvent> ReadEvents(LogInput input, ICollection<LogProblem> problems, int most = 1000)
    {
        var events = new List<MapEvent>();
        using var reader = LogReader.Open(input, new LogReaderOptions(), new JsonEvent(new FieldTable()), problems);
        while (reader is not null && events.Count < most && reader.TryRead())
        {
            events.Add(reader.Current.ToMapEvent());
        }

        return events;
    }

    private static IEnumerable<(Plan.Scan Scan, Predicate Predicate)> Feeds(Plan plan)
    {
        if (!RuleSet.IsFeed(plan))
        {
            foreach (var input in plan.Inputs())
            {
                foreach (var feed in Feeds(input))
                {
                    yield return feed;
                }
            }

            yield break;
        }

        var predicates = new List<Predicate>();
        while (plan is Plan.Filter filter)
        {
            predicates.Add(filter.Predicate);
            plan = filter.Input;
        }

        predicates.Reverse();
        yield return ((Plan.Scan)plan, predicates is [var only] ? only : new Predicate.And(predicates.ToIrList()));
    }
}
