using Glossa.Core.Ir;

namespace Glossa.Core.Rules;

/// <summary>The meaning of one query, as authored. <c>Rewrites.Normalizer</c> derives the normal form.</summary>
/// <param name="Bindings">Plans with a name, each referring only to earlier ones.</param>
/// <param name="Alert">What the query's own text says of the alert, laid over the envelope's template; null where it says nothing.</param>
/// <param name="Fidelity">As far as lowering can tell: its <c>exact</c> is a candidate until the evaluator ran.</param>
public sealed record DetectionLogic(
    IrList<PlanBinding> Bindings,
    Plan Root,
    IrList<string> Parameters,
    IrList<ExternalInput> Inputs,
    AlertTemplate? Alert,
    Fidelity Fidelity);

/// <param name="Id">Unique in its logic; <see cref="Plan.Reference"/> names it.</param>
/// <param name="Name">As the author calls it.</param>
public sealed record PlanBinding(string Id, string Name, Plan Plan);

public enum ExternalInputKind
{
    /// <summary>A named list of values that the user supplies: Sigma's placeholders.</summary>
    ValueList,
}

/// <summary>Something the rule reads that is not the log.</summary>
/// <param name="RequiredAsRows">Without it the rule is not run; else it reads as an empty list.</param>
public sealed record ExternalInput(string Id, ExternalInputKind Kind, string Name, bool RequiredAsRows);
