using System.Text.Json;
using Glossa.Core.Events;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution;
using Glossa.Execution.Matching;
using Glossa.Execution.Reading;
using Glossa.Languages;
using Xunit.Abstractions;

namespace Glossa.Tests.Differential;

/// <summary>A scan gives the alerts that the reference evaluator gives, rule by rule, event by event, without an index and without a table of routes.</summary>
public sealed class ScanDifferentialTests(ITestOutputHelper output)
{
    [CorpusFact("corpora/sigma")]
    public void Every_regression_case_fires_its_own_rule_and_others_fire_as_the_judge_says()
    {
        var corpus = TestPaths.Corpus("corpora/sigma")!;
        var rules = ReadRules([.. Directory.GetDirectories(corpus, "rules*")]);
        var cases = Cases(corpus, rules).ToList();
        Assert.Equal(202, cases.Count);
        using var report = Scanner.Run(RuleSet.Compile(rules), [.. cases.Select(item => new LogInput(item.Log, item.Log, null))]);
        Assert.Empty(report.Problems);
        var found = AlertsOf(report);

        var silent = cases.Where(item => !found.Any(alert => alert.Log == item.Log && alert.Rule == item.Rule)).Select(item => item.Rule).ToList();
        output.WriteLine($"{cases.Count - silent.Count} of {cases.Count} cases fire their own rule; {found.Count} alerts in all");
        Assert.True(silent.Count == 0, "silent: " + string.Join(", ", silent));
        AssertSame(Judge(rules, cases.Select(item => item.Log)), found);
    }

    [Fact]
    public void Samples_give_what_the_judge_gives()
    {
        var rules = ReadRules([Path.Combine(TestPaths.Root, "samples", "rules")]);
        var logs = Directory.GetFiles(Path.Combine(TestPaths.Root, "samples", "logs")).Order(StringComparer.Ordinal).ToList();
        using var report = Scanner.Run(RuleSet.Compile(rules), [.. logs.Select(log => new LogInput(log, log, null))]);
        var single = rules.Where(rule => rule.Correlates is null).Select(rule => rule.Metadata.Id).ToHashSet();
        var judged = Judge(rules.Where(rule => rule.Correlates is null && IsRun(rule, rules)), logs);
        AssertSame(judged, [.. AlertsOf(report).Where(alert => single.Contains(alert.Rule))]);
        Assert.True(judged.Count > 30, $"only {judged.Count} alerts");
    }

    /// <summary>Without routing every rule meets every event: the judge without gates.</summary>
    [Fact]
    public void Samples_without_routing_give_what_the_judge_gives_without_gates()
    {
        var rules = ReadRules([Path.Combine(TestPaths.Root, "samples", "rules")]).Where(rule => rule.Correlates is null).ToList();
        var logs = Directory.GetFiles(Path.Combine(TestPaths.Root, "samples", "logs")).Order(StringComparer.Ordinal).ToList();
        using var report = Scanner.Run(RuleSet.Compile(rules), [.. logs.Select(log => new LogInput(log, log, null))], new ScanOptions { Route = false });
        AssertSame(Judge(rules.Where(rule => rule.Logic is not null && rule.Needs.Count == 0), logs, applyGates: false), AlertsOf(report));
    }

    /// <summary>Correlations: the same rows, by time and building events, as the judge makes of all events.</summary>
    [Fact]
    public void Sample_correlations_give_the_rows_the_judge_gives()
    {
        var rules = ReadRules([Path.Combine(TestPaths.Root, "samples", "rules")]);
        var logs = Directory.GetFiles(Path.Combine(TestPaths.Root, "samples", "logs")).Order(StringComparer.Ordinal).ToList();
        using var report = Scanner.Run(RuleSet.Compile(rules), [.. logs.Select(log => new LogInput(log, log, null))]);
        var events = logs.SelectMany(Events).ToList();
        var counted = 0;
        foreach (var rule in rules.Where(rule => rule.Correlates is not null && IsRun(rule, rules)))
        {
            var rows = new ReferenceEvaluator().Run(rule.Logic!, events, applyGates: true);
            var results = report.Alerts.Lines().Select(line => JsonDocument.Parse(line.ToArray()).RootElement).Where(alert => alert.GetProperty("rule").GetProperty("id").GetString() == rule.Metadata.Id).ToList();
            Assert.Equal(rows.Count, results.Sum(alert => alert.GetProperty("count").GetInt64()));
            if (results.Count > 0)
            {
                counted++;
                Assert.Equal(rows.Min(row => row.Time), results.Min(alert => (DateTimeOffset?)alert.GetProperty("time").GetDateTimeOffset()));
                Assert.Equal(rows[0].BuildingEventCount, results[0].GetProperty("events").GetArrayLength());
            }
        }

        Assert.True(counted >= 6, $"only {counted} correlations fire");
    }

    internal static List<DetectionRule> ReadRules(IReadOnlyList<string> paths)
    {
        var repository = RuleRepository.Open(paths);
        return [.. repository.Files.SelectMany(file => repository.Read(file).Rules)];
    }

    private static bool IsRun(DetectionRule rule, IReadOnlyList<DetectionRule> rules)
        => rule.Logic is not null && rule.Needs.Count == 0 && RuleSet.Compile(rules).Skipped.All(skipped => skipped.Rule.Metadata.Id != rule.Metadata.Id);

    private static HashSet<(string Rule, string Log, long Record)> AlertsOf(ScanReport report)
    {
        var alerts = new HashSet<(string, string, long)>();
        foreach (var line in report.Alerts.Lines())
        {
            using var json = JsonDocument.Parse(line);
            var source = json.RootElement.GetProperty("source");
            alerts.Add((json.RootElement.GetProperty("rule").GetProperty("id").GetString()!, source.GetProperty("file").GetString()!, source.GetProperty("record").GetInt64()));
        }

        return alerts;
    }

    private static HashSet<(string Rule, string Log, long Record)> Judge(IEnumerable<DetectionRule> rules, IEnumerable<string> logs, bool applyGates = true)
    {
        var events = logs.SelectMany(log => Events(log).Select((current, index) => (Log: log, Record: index + 1L, Event: current))).ToList();
        var all = events.ConvertAll(item => item.Event);
        var places = events.ToDictionary(item => item.Event, item => (item.Log, item.Record), (IEqualityComparer<IEvent>)ReferenceEqualityComparer.Instance);
        var alerts = new System.Collections.Concurrent.ConcurrentBag<(string, string, long)>();
        Parallel.ForEach(rules.Where(rule => rule.Logic is not null && rule.Needs.Count == 0), rule =>
        {
            foreach (var row in new ReferenceEvaluator().Run(rule.Logic!, all, applyGates))
            {
                var (log, record) = places[row.BuildingEvents[^1]];
                alerts.Add((rule.Metadata.Id, log, record));
            }
        });
        return [.. alerts];
    }

    private static IReadOnlyList<IEvent> Events(string log)
    {
        var problems = new List<LogProblem>();
        var events = RuleExplainer.ReadEvents(new LogInput(log, log, null), problems, int.MaxValue);
        Assert.Empty(problems);
        return events;
    }

    private static IEnumerable<(string Rule, string Log)> Cases(string corpus, IReadOnlyList<DetectionRule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule.Query.Text.Split('\n').FirstOrDefault(line => line.StartsWith("regression_tests_path:", StringComparison.Ordinal)) is { } line)
            {
                var folder = Path.Combine(corpus, Path.GetDirectoryName(line["regression_tests_path:".Length..].Trim())!);
                foreach (var log in Directory.GetFiles(folder, rule.Metadata.Id + ".json"))
                {
                    yield return (rule.Metadata.Id, log);
                }
            }
        }
    }

    private static void AssertSame(HashSet<(string Rule, string Log, long Record)> expected, HashSet<(string Rule, string Log, long Record)> actual)
    {
        var missing = expected.Except(actual).Select(alert => $"missing {alert}");
        var extra = actual.Except(expected).Select(alert => $"extra {alert}");
        var lines = string.Join('\n', missing.Concat(extra).Take(20));
        Assert.True(lines.Length == 0, lines);
    }
}
