using System.Diagnostics;
using Glossa.Core.Diagnostics;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Execution.Alerts;
using Glossa.Execution.Matching;
using Glossa.Execution.Reading;
using Glossa.Execution.Stateful;

namespace Glossa.Execution;

/// <summary>Runs rules over logs, from the first record to the last alert.</summary>
public static class Scanner
{
    public static readonly DiagnosticDescriptor HeldTooMany = new("LOG0006", "A stateful rule holds too many events", DiagnosticSeverity.Warning);

    /// <summary>
    /// Single-event rules alert as the records come. Stateful rules hold what their parts let through, and run in order of event time when all logs are
    /// read, so that logs out of order, and several logs of the same time, give the same alerts.
    /// </summary>
    public static ScanReport Run(RuleSet rules, IReadOnlyList<LogInput> logs, ScanOptions? options = null, IEnumerable<LogProblem>? problems = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(logs);
        return new ScanRun(rules, logs, options ?? new ScanOptions(), problems ?? [], new AlertStore()).Execute();
    }

    private sealed class ScanRun
    {
        private readonly RuleSet _rules;
        private readonly IReadOnlyList<LogInput> _logs;
        private readonly string[] _logNames;
        private readonly ScanOptions _options;
        private readonly List<LogProblem> _problems;
        private readonly JsonEvent _event;
        private readonly RoutingTable _routing;
        private readonly AlertStore _alerts;
        private readonly Dictionary<SourceFacts, long> _sources = new(ReferenceEqualityComparer.Instance);
        private readonly AlertBuilder?[] _builders;
        private readonly Dictionary<Feed, List<CapturedEvent>> _held = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<RunnableRule, long> _heldByRule = new(ReferenceEqualityComparer.Instance);
        private readonly long[] _alertsByRule;
        private CapturedEvent? _captured;

        public ScanRun(RuleSet rules, IReadOnlyList<LogInput> logs, ScanOptions options, IEnumerable<LogProblem> problems, AlertStore alerts)
        {
            _alerts = alerts;
            _rules = rules;
            _logs = logs;
            _logNames = [.. logs.Select(log => log.Name)];
            _options = options;
            _problems = [.. problems];
            _event = new JsonEvent(rules.Fields);
            _routing = new RoutingTable(rules.Routes, rules.Matcher, rules.Fields, options.Route);
            _builders = new AlertBuilder?[rules.Count];
            _alertsByRule = new long[rules.Count];
        }

        public ScanReport Execute()
        {
            var watch = Stopwatch.StartNew();
            ResetCounts();
            long events = 0, bad = 0, bytes = 0;
            for (var log = 0; log < _logs.Count; log++)
            {
                using var reader = LogReader.Open(_logs[log], _options.Reader, _event, _problems);
                if (reader is null)
                {
                    continue;
                }

                while (reader.TryRead())
                {
                    events++;
                    Take(reader, log);
                    if ((events & 0x3fff) == 0)
                    {
                        _options.Progress?.Invoke(events, bytes + reader.Bytes);
                    }
                }

                bad += reader.BadRecords;
                bytes += reader.Bytes;
            }

            foreach (var rule in _rules.Rules.Where(rule => rule.IsStateful))
            {
                RunStateful(rule);
            }

            FlushSuppressed();
            watch.Stop();
            return Report(events, bad, bytes, watch.Elapsed);
        }

        private void ResetCounts()
        {
            foreach (var rule in _rules.Rules)
            {
                rule.Undecided = 0;
                foreach (var feed in rule.Feeds)
                {
                    feed.Offered = 0;
                }
            }
        }

        private void Take(LogReader reader, int log)
        {
            _captured = null;
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_sources, _event.Source, out _)++;
            var destination = _routing.Find(_event);
            destination.Events++;
            foreach (var (route, askGate) in destination.Routes)
            {
                if (askGate && !_routing.Admits(route, _event))
                {
                    continue;
                }

                route.Events++;
                if (route.Index is { } index)
                {
                    for (var candidates = index.Find(_event); candidates.MoveNext();)
                    {
                        Ask(candidates.Current, reader, log);
                    }
                }
                else
                {
                    foreach (var feed in route.Feeds)
                    {
                        Ask(feed, reader, log);
                    }
                }
            }
        }

        private void Ask(Feed feed, LogReader reader, int log)
        {
            switch (_rules.Matcher.Test(feed.Predicate, _event))
            {
                case MatchResult.Yes:
                    Matched(feed, reader, log);
                    break;
                case MatchResult.Undecided:
                    feed.Rule.Undecided++;
                    break;
            }
        }

        private void Matched(Feed feed, LogReader reader, int log)
        {
            var captured = _captured ??= new CapturedEvent(
                _event.ToMapEvent(),
                reader.IsPartOfRecord ? RawRecord.OneLine(_event.Tape.ToValue(reader.Node)) : RawRecord.OneLine(reader.RecordBytes),
                log,
                reader.RecordNumber);
            var rule = feed.Rule;
            if (!rule.IsStateful)
            {
                Emit(rule, captured.Event, [captured]);
                return;
            }

            ref var held = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_heldByRule, rule, out _);
            if (++held > _options.MaximumHeldEvents)
            {
                return;
            }

            if (!_held.TryGetValue(feed, out var rows))
            {
                rows = [];
                _held.Add(feed, rows);
            }

            rows.Add(captured);
        }

        private void RunStateful(RunnableRule rule)
        {
            if (_heldByRule.GetValueOrDefault(rule) is var held && held > _options.MaximumHeldEvents)
            {
                _problems.Add(new LogProblem(HeldTooMany, rule.Rule.Metadata.File, $"'{rule.Rule.Metadata.Title}' concerns {held:N0} events; the first {_options.MaximumHeldEvents:N0} are looked at, which is the limit."));
            }

            var feeds = new Dictionary<Plan, IReadOnlyList<CapturedEvent>>(ReferenceEqualityComparer.Instance);
            foreach (var feed in rule.Feeds)
            {
                feeds.TryAdd(feed.Plan, _held.TryGetValue(feed, out var rows) ? rows : []);
            }

            var run = new PlanRun(rule.Logic, feeds, AlertBuilder.InputsOf(rule.Logic, _rules.Values));
            foreach (var row in run.Run())
            {
                Emit(rule, row, row.BuildingEvents);
            }

            rule.Undecided += run.Undecided;
            rule.OpaqueReason ??= run.Reasons.FirstOrDefault();
        }

        private void Emit(RunnableRule rule, IEvent row, IReadOnlyList<CapturedEvent> events)
        {
            var builder = _builders[rule.Index] ??= new AlertBuilder(rule, _rules.Values);
            if (builder.Add(row, events, _logNames) is { } closed)
            {
                Store(rule, closed.Alert, closed.Log);
            }
        }

        private void FlushSuppressed()
        {
            foreach (var rule in _rules.Rules)
            {
                foreach (var (alert, log) in _builders[rule.Index]?.Flush() ?? [])
                {
                    Store(rule, alert, log);
                }
            }
        }

        private void Store(RunnableRule rule, Alert alert, int log)
        {
            _alertsByRule[rule.Index]++;
            _alerts.Add(alert, log, rule.Index);
        }

        private ScanReport Report(long events, long bad, long bytes, TimeSpan elapsed)
        {
            var passedOver = new Dictionary<string, List<RuleMetadata>>(StringComparer.Ordinal);
            foreach (var skipped in _rules.Skipped)
            {
                Put(skipped.Reason, skipped.Rule.Metadata);
            }

            var run = 0;
            foreach (var rule in _rules.Rules)
            {
                if (rule.Feeds.Count == 0)
                {
                    Put("reads no log", rule.Rule.Metadata);
                }
                else if (rule.Feeds.Any(feed => feed.Route.Events > 0))
                {
                    run++;
                }
                else
                {
                    Put(PassReason(rule.Feeds[0].Route, events), rule.Rule.Metadata);
                }
            }

            var byRule = _rules.Rules.Where(rule => _alertsByRule[rule.Index] > 0)
                .Select(rule => new RuleCount(rule.Rule.Metadata, rule.Rule.Alert.Severity, _alertsByRule[rule.Index]))
                .OrderByDescending(count => count.Alerts).ThenBy(count => count.Rule.Id, StringComparer.Ordinal).ToList();
            return new ScanReport(
                events,
                bad,
                bytes,
                elapsed,
                _logs.Count,
                _rules.Count + _rules.Skipped.Count,
                run,
                [.. passedOver.Select(pair => new PassedOver(pair.Key, pair.Value)).OrderByDescending(reason => reason.Rules.Count).ThenBy(reason => reason.Reason, StringComparer.Ordinal)],
                [.. _sources.Select(pair => new SourceCount(pair.Key, pair.Value)).OrderByDescending(count => count.Events)],
                byRule,
                byRule.GroupBy(count => count.Severity).ToDictionary(group => group.Key, group => group.Sum(count => count.Alerts)),
                [.. _rules.Rules.Where(rule => rule.Undecided > 0).Select(rule => new UndecidedRule(rule.Rule.Metadata, rule.OpaqueReason ?? "a part has no meaning here", rule.Undecided))],
                _problems,
                _alerts);

            void Put(string reason, RuleMetadata rule)
            {
                if (!passedOver.TryGetValue(reason, out var rules))
                {
                    rules = [];
                    passedOver.Add(reason, rules);
                }

                rules.Add(rule);
            }
        }

        /// <summary>Why no event went to a source.</summary>
        private string PassReason(Route route, long events)
        {
            if (events == 0)
            {
                return "no event was read";
            }

            if (route.Source is ScanSource.LogSource { Product: { } product } && !_sources.Keys.Any(facts => string.Equals(facts.Product, product, StringComparison.OrdinalIgnoreCase)))
            {
                return _sources.Keys.All(facts => facts.Product is null)
                    ? $"product not known: no event says that it is of {product}"
                    : $"no event of product {product}";
            }

            return route.Gate is { } gate && Channels(gate) is { Length: > 0 } channels
                ? $"no event of {route}: {channels}"
                : $"no event of {route}";
        }

        private static string Channels(Predicate gate)
        {
            var words = gate.DescendantsAndSelf().OfType<Predicate.Leaf>()
                .Where(leaf => leaf.Subject is ValueExpression.Field { Path.SimpleName: "Channel" or "EventID" })
                .Select(leaf => $"{((ValueExpression.Field)leaf.Subject).Path.SimpleName} {string.Join(" or ", leaf.Operands.OfType<ValueExpression.Literal>().Select(literal => literal.Value.ToCanonicalText()))}");
            return string.Join(", ", words);
        }
    }
}
