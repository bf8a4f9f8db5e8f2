using Glossa.Core.Events;
using Glossa.Core.Rules;
using Glossa.Execution.Alerts;
using Glossa.Execution.Reading;

namespace Glossa.Execution;

public sealed record ScanOptions
{
    /// <summary>False: every rule meets every event, whatever its log source says.</summary>
    public bool Route { get; init; } = true;

    public LogReaderOptions Reader { get; init; } = new();

    /// <summary>Events that one stateful rule may hold; they wait in memory until the run ends, some kilobytes each, shared between rules.</summary>
    public int MaximumHeldEvents { get; init; } = 1_000_000;

    /// <summary>Called now and then with the events and bytes read so far.</summary>
    public Action<long, long>? Progress { get; init; }
}

/// <summary>What a run did. <see cref="Alerts"/> is to be disposed with it.</summary>
public sealed record ScanReport(
    long Events,
    long BadRecords,
    long Bytes,
    TimeSpan Elapsed,
    int Logs,
    int Rules,
    int RulesRun,
    IReadOnlyList<PassedOver> PassedOver,
    IReadOnlyList<SourceCount> Sources,
    IReadOnlyList<RuleCount> AlertsByRule,
    IReadOnlyDictionary<Severity, long> AlertsBySeverity,
    IReadOnlyList<UndecidedRule> Undecided,
    IReadOnlyList<LogProblem> Problems,
    AlertStore Alerts) : IDisposable
{
    public double EventsPerSecond => Elapsed > TimeSpan.Zero ? Events / Elapsed.TotalSeconds : 0;

    public void Dispose() => Alerts.Dispose();
}

/// <summary>Rules that met no event, by reason.</summary>
public sealed record PassedOver(string Reason, IReadOnlyList<RuleMetadata> Rules);

/// <summary>Events of one source, and which shape told so.</summary>
public sealed record SourceCount(SourceFacts Facts, long Events);

public sealed record RuleCount(RuleMetadata Rule, Severity Severity, long Alerts);

/// <summary>Events on which a rule hangs on something that has no meaning here: no alert.</summary>
public sealed record UndecidedRule(RuleMetadata Rule, string Reason, long Events);
