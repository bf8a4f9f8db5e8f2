using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution.Matching;
using Glossa.Execution.Stateful;

namespace Glossa.Execution.Alerts;

/// <summary>From a rule and the rows it gave to alerts.</summary>
internal sealed class AlertBuilder
{
    private readonly DetectionRule _rule;
    private readonly ReferenceEvaluator _evaluator;
    private readonly ValueResolver _resolver;
    private readonly Predicate[] _authored;
    private readonly Dictionary<string, Pending> _open = new(StringComparer.Ordinal);

    public AlertBuilder(RunnableRule rule, ExternalValues values)
    {
        _rule = rule.Rule;
        var lists = InputsOf(_rule.Logic ?? rule.Logic, values);
        _evaluator = new ReferenceEvaluator(lists);
        _resolver = new ValueResolver(lists, new Dictionary<string, Value>());
        var logic = _rule.Logic ?? rule.Logic;
        _authored = [.. logic.Bindings.Select(binding => binding.Plan).Append(logic.Root).SelectMany(plan => plan.InputsFirst()).OfType<Plan.Filter>().Where(RuleSet.IsFeed).Select(filter => filter.Predicate)];
    }

    /// <summary>The user's lists by the ids a logic gives its inputs.</summary>
    public static ExternalValues InputsOf(DetectionLogic logic, ExternalValues values)
    {
        if (logic.Inputs.Count == 0)
        {
            return ExternalValues.Empty;
        }

        return new ExternalValues(logic.Inputs.DistinctBy(input => input.Id).ToDictionary(input => input.Id, input => values.Find(input.Name) ?? [], StringComparer.Ordinal));
    }

    /// <summary>
    /// An alert for a row; null where the row is folded into an earlier alert. An alert that can still grow is held back: it comes from
    /// <see cref="Flush"/>, or here when a later row of its key opens a new one.
    /// </summary>
    public (Alert Alert, int Log)? Add(IEvent row, IReadOnlyList<CapturedEvent> events, IReadOnlyList<string> logNames)
    {
        if (_rule.Alert.Suppression is not { } suppression || row.Time is not { } time || GroupKeys.Of(suppression.Keys, expression => _resolver.Resolve(expression, row)) is not { } key)
        {
            return (Build(row, events, logNames, 1), LogOf(events));
        }

        (Alert, int)? closed = null;
        if (_open.TryGetValue(key, out var open))
        {
            if (time - open.Since <= suppression.Duration)
            {
                open.Count++;
                return null;
            }

            closed = open.Close();
        }

        _open[key] = new Pending(Build(row, events, logNames, 1), LogOf(events), time);
        return closed;
    }

    public IEnumerable<(Alert Alert, int Log)> Flush()
    {
        foreach (var pending in _open.Values)
        {
            yield return pending.Close();
        }

        _open.Clear();
    }

    private static int LogOf(IReadOnlyList<CapturedEvent> events) => events.Count > 0 ? events[^1].Log : 0;

    private Alert Build(IEvent row, IReadOnlyList<CapturedEvent> events, IReadOnlyList<string> logNames, long count)
    {
        var template = _rule.Alert;
        var title = _resolver.Resolve(template.Title, row)?.ToCanonicalText() ?? _rule.Metadata.Title;
        var matches = new List<AlertMatch>();
        foreach (var captured in events)
        {
            foreach (var predicate in _authored)
            {
                MatchedLeaves.Collect(predicate, captured.Event, _evaluator, _resolver, matches);
            }
        }

        var last = events.Count > 0 ? events[^1] : null;
        return new Alert(
            row.Time,
            _rule.Metadata,
            template.Severity,
            title,
            template.Suppression is { } suppression ? DedupOf(suppression, row) : title,
            count,
            last is null ? default : new AlertSource(logNames[last.Log], last.Record),
            template.Techniques,
            [.. matches.Distinct()],
            ContextOf(template, row),
            [.. events.Select(captured => (ReadOnlyMemory<byte>)captured.Raw)]);
    }

    private List<KeyValuePair<string, Value?>> ContextOf(AlertTemplate template, IEvent row)
    {
        var context = new List<KeyValuePair<string, Value?>>();
        if (row is StreamRow { Columns: var columns })
        {
            context.AddRange(columns);
        }

        foreach (var entry in template.Context)
        {
            if (!context.Exists(known => known.Key == entry.Name))
            {
                context.Add(new(entry.Name, _resolver.Resolve(entry.Expression, row)));
            }
        }

        return context;
    }

    private string DedupOf(Suppression suppression, IEvent row)
        => suppression.Keys.Count == 0 ? _rule.Metadata.Title
            : string.Join(", ", suppression.Keys.Select(key => $"{key.Name}={TextOf(_resolver.Resolve(key.Expression, row))}"));

    private static string TextOf(Value? value) => value switch
    {
        null => "",
        Value.List list => string.Join(" ", list.Items.Select(item => item.ToCanonicalText())),
        _ => value.ToCanonicalText() ?? "",
    };

    private sealed class Pending(Alert alert, int log, DateTimeOffset since)
    {
        public DateTimeOffset Since => since;

        public long Count { get; set; } = 1;

        public (Alert Alert, int Log) Close() => (alert with { Count = Count }, log);
    }
}
