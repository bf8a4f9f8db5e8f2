using Glossa.Core.Text;

namespace Glossa.Core.Rules;

/// <summary>How well a rule was understood.</summary>
public enum FidelityLevel
{
    /// <summary>It carries no query.</summary>
    NoLogic,

    /// <summary>A construct that decides a row's fate has no meaning here.</summary>
    Unsupported,

    /// <summary>Understood up to the reasons given.</summary>
    Approximate,

    /// <summary>No approximation was used, and the reference evaluator ran it on an event that fires it.</summary>
    Exact,
}

/// <param name="Construct">Its name in the rule's language, as <c>stats</c> counts it.</param>
public sealed record FidelityReason(SourceSpan? Span, string Construct, string Text);

/// <param name="Assumptions">What exactness leans on; they never lower it.</param>
public sealed record Fidelity(FidelityLevel Level, IReadOnlyList<FidelityReason> Reasons, IReadOnlyList<string> Assumptions)
{
    public static Fidelity Exact { get; } = new(FidelityLevel.Exact, [], []);

    public static Fidelity NoLogic { get; } = new(FidelityLevel.NoLogic, [], []);
}
