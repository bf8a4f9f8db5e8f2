using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution.Reading;

namespace Glossa.Execution.Matching;

/// <summary>A rule that is not run, and why.</summary>
public sealed record SkippedRule(DetectionRule Rule, string Reason);

/// <summary>
/// Rules compiled together for a run. One set serves one <see cref="Scanner"/> at a time.
/// </summary>
public sealed class RuleSet
{
    private readonly List<RunnableRule> _rules = [];
    private readonly List<SkippedRule> _skipped = [];
    private readonly Dictionary<(ScanSource, Predicate?), Route> _routes = [];

    private RuleSet(ExternalValues values)
    {
        Resolver = new ValueResolver(ExternalValues.Empty, new Dictionary<string, Core.Events.Value>());
        Fields = new FieldTable();
        Matcher = new Matcher(Fields, Resolver);
        Values = values;
    }

    /// <summary>Rules that are run.</summary>
    public int Count => _rules.Count;

    /// <summary>Rules that cannot be run, whatever the logs: without a query, in need of a list that is not there, members that do not alert.</summary>
    public IReadOnlyList<SkippedRule> Skipped => _skipped;

    internal IReadOnlyList<RunnableRule> Rules => _rules;

    internal IReadOnlyList<Route> Routes => [.. _routes.Values];

    internal FieldTable Fields { get; }

    internal Matcher Matcher { get; }

    internal ValueResolver Resolver { get; }

    internal ExternalValues Values { get; }

    /// <param name="values">Lists the user supplies, by the name rules call them.</param>
    public static RuleSet Compile(IEnumerable<DetectionRule> rules, ExternalValues? values = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var set = new RuleSet(values ?? ExternalValues.Empty);
        var all = rules.OrderBy(rule => rule.Metadata.Id, StringComparer.Ordinal).ThenBy(rule => rule.Metadata.File, StringComparer.Ordinal).ThenBy(rule => rule.Metadata.DocumentIndex).ToList();
        var members = SilentMembers(all);
        foreach (var rule in all)
        {
            if (set.ReasonToSkip(rule, members) is { } reason)
            {
                set._skipped.Add(new SkippedRule(rule, reason));
            }
            else
            {
                set.Add(rule, rule.Normal ?? rule.Logic!);
            }
        }

        foreach (var route in set._routes.Values.Where(route => route.Feeds.Count >= CandidateIndex.FewFeeds))
        {
            route.Index = new CandidateIndex(route.Feeds, route.Predicates, set.Fields);
        }

        return set;
    }

    /// <summary>Members of correlations that none of them lets alert: by id or name, to the correlation that says so.</summary>
    private static Dictionary<string, string> SilentMembers(List<DetectionRule> rules)
    {
        var silent = new Dictionary<string, string>(StringComparer.Ordinal);
        var generating = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            foreach (var member in rule.Correlates?.RuleIds ?? [])
            {
                if (rule.Correlates!.Generate)
                {
                    generating.Add(member);
                }
                else
                {
                    silent.TryAdd(member, rule.Metadata.Title);
                }
            }
        }

        // One correlation may name the rule by id and another by name.
        foreach (var rule in rules)
        {
            var names = new[] { rule.Metadata.Id, rule.Metadata.Name };
            if (names.Any(name => name is not null && generating.Contains(name)))
            {
                foreach (var name in names.OfType<string>())
                {
                    silent.Remove(name);
                }
            }
        }

        return silent;
    }

    private string? ReasonToSkip(DetectionRule rule, Dictionary<string, string> members)
    {
        if (rule.Logic is null)
        {
            return rule.Fidelity.Level == FidelityLevel.NoLogic ? "carries no query" : "its query could not be read";
        }

        if (rule.Needs.Count > 0)
        {
            return $"needs {string.Join(", ", rule.Needs)}";
        }

        foreach (var input in rule.Logic.Inputs)
        {
            if (input.RequiredAsRows && Values.Find(input.Name) is null)
            {
                return $"needs {input.Name}";
            }
        }

        return members.ContainsKey(rule.Metadata.Id) || (rule.Metadata.Name is { } name && members.ContainsKey(name))
            ? "member of a correlation, alerts only through it"
            : null;
    }

    private void Add(DetectionRule rule, DetectionLogic logic)
    {
        var runnable = new RunnableRule { Rule = rule, Logic = logic, Index = _rules.Count, IsStateful = !IsFeed(logic.Root) };
        _rules.Add(runnable);
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var input in logic.Inputs)
        {
            lists[input.Id] = Values.Find(input.Name) ?? [];
        }

        var binding = new ExternalBinding(lists);
        foreach (var plan in FeedsOf(logic))
        {
            AddFeed(runnable, plan, binding);
        }
    }

    private void AddFeed(RunnableRule rule, Plan plan, ExternalBinding binding)
    {
        var predicates = new List<Predicate>();
        var input = plan;
        while (input is Plan.Filter filter)
        {
            predicates.Add(binding.Bind(filter.Predicate));
            input = filter.Input;
        }

        var scan = (Plan.Scan)input;
        predicates.Reverse();
        var predicate = predicates is [var only] ? only : new Predicate.And(predicates.ToIrList());
        var compiled = Matcher.Compile(predicate);
        if (!_routes.TryGetValue((scan.Source, scan.Gate), out var route))
        {
            route = new Route(scan.Source, scan.Gate, scan.Gate is null ? null : Matcher.Compile(scan.Gate));
            _routes.Add((scan.Source, scan.Gate), route);
        }

        var feed = new Feed { Rule = rule, Route = route, Predicate = compiled, Plan = plan, Index = rule.Feeds.Count };
        rule.OpaqueReason ??= compiled.OpaqueReason;
        rule.Feeds.Add(feed);
        route.Feeds.Add(feed);
        route.Predicates.Add(predicate);
    }

    /// <summary>A scan, or filters over one: what the matcher decides event by event.</summary>
    internal static bool IsFeed(Plan plan)
    {
        while (plan is Plan.Filter filter)
        {
            plan = filter.Input;
        }

        return plan is Plan.Scan;
    }

    /// <summary>The largest feeds of a logic: each scan with all filters that stand directly on it.</summary>
    private static List<Plan> FeedsOf(DetectionLogic logic)
    {
        var feeds = new List<Plan>();
        var pending = new Stack<Plan>();
        pending.Push(logic.Root);
        foreach (var binding in logic.Bindings)
        {
            pending.Push(binding.Plan);
        }

        while (pending.TryPop(out var plan))
        {
            if (IsFeed(plan))
            {
                feeds.Add(plan);
                continue;
            }

            foreach (var input in plan.Inputs())
            {
                pending.Push(input);
            }
        }

        return feeds;
    }
}
