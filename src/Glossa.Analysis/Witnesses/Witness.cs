using Glossa.Core.Events;
using Glossa.Core.Semantics;

namespace Glossa.Analysis.Witnesses;

/// <summary>Events on which a rule fires, with what the user would have to supply for it.</summary>
/// <param name="Events">In order of time; one for a rule about single events. Fields are named as the rule writes them.</param>
/// <param name="Lists">A value for every list the rule reads from outside, by the name of the list and by its id in the logic.</param>
public sealed record Witness(IReadOnlyList<MapEvent> Events, IReadOnlyDictionary<string, IReadOnlyList<string>> Lists)
{
    /// <summary>The lists as the evaluator takes them.</summary>
    public ExternalValues Values => Lists.Count == 0 ? ExternalValues.Empty : new ExternalValues(Lists);
}

/// <param name="Witness">Judged by the reference evaluator; null when none was found, which is no proof that there is none.</param>
/// <param name="Why">What was in the way; null with a witness.</param>
public sealed record WitnessResult(Witness? Witness, string? Why);
