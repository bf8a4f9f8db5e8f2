using Glossa.Core.Ir;
using Glossa.Core.Rules;

namespace Glossa.Execution.Matching;

/// <summary>Events a rule wants: those of a source that fit a predicate. A single-event rule has one feed, a stateful rule one for each scan.</summary>
internal sealed class Feed
{
    public required RunnableRule Rule { get; init; }

    public required Route Route { get; init; }

    public required CompiledPredicate Predicate { get; init; }

    /// <summary>The plan this feed stands for: a scan, or filters over it.</summary>
    public required Plan Plan { get; init; }

    /// <summary>In its rule.</summary>
    public required int Index { get; init; }

    /// <summary>Events it was asked about.</summary>
    public long Offered { get; set; }
}

/// <summary>A rule of the set that is run.</summary>
internal sealed class RunnableRule
{
    public required DetectionRule Rule { get; init; }

    /// <summary>What is run: the normal form where there is one.</summary>
    public required DetectionLogic Logic { get; init; }

    /// <summary>In the set; rules are in the order of their ids.</summary>
    public required int Index { get; init; }

    public List<Feed> Feeds { get; } = [];

    public bool IsStateful { get; init; }

    public long Undecided { get; set; }

    public long Alerts { get; set; }

    public string? OpaqueReason { get; set; }
}
