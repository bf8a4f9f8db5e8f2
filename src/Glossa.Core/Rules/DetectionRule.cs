using Glossa.Core.Ir;
using Glossa.Core.Text;

namespace Glossa.Core.Rules;

/// <summary>One thing that can alert or be scheduled, read whole: what its envelope says, and what its query means.</summary>
/// <param name="Query">The text that spans in <paramref name="Logic"/> point into.</param>
/// <param name="Logic">Null where the rule carries no query, or none that could be read at all.</param>
/// <param name="Normal">The normal form of <paramref name="Logic"/>; what is hashed, compared and matched.</param>
/// <param name="Needs">What the user must supply before it can run, by name: <c>placeholder admins</c>.</param>
/// <param name="Definitions">Every definition reading it asked for, found or not: it is read again when one of them changes.</param>
public sealed record DetectionRule(
    RuleMetadata Metadata,
    ScanSource? LogSource,
    QueryText Query,
    string Language,
    DetectionLogic? Logic,
    DetectionLogic? Normal,
    AlertTemplate Alert,
    Correlation? Correlates,
    Fidelity Fidelity,
    IReadOnlyList<string> Needs,
    IReadOnlyList<DefinitionKey> Definitions);

/// <summary>The rules this one is built on.</summary>
/// <param name="RuleIds">Ids or names, as written.</param>
/// <param name="Generate">Whether those rules also alert by themselves.</param>
public sealed record Correlation(IReadOnlyList<string> RuleIds, bool Generate);

/// <summary>What a rule says about itself. Texts are as written; null and empty where it does not say.</summary>
public sealed record RuleMetadata
{
    /// <summary>The author's id, or one derived from file and position where there is none.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Family { get; init; }

    /// <summary>Path below the root it was found in, with <c>/</c>.</summary>
    public required string File { get; init; }

    /// <summary>Which document of the file, from 0.</summary>
    public int DocumentIndex { get; init; }

    /// <summary>What kind of thing it is: <c>rule</c>, <c>correlation</c>.</summary>
    public string Kind { get; init; } = "rule";

    /// <summary>A short name other rules refer to it by.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Status { get; init; }

    public Severity? Severity { get; init; }

    public string? Author { get; init; }

    public string? Licence { get; init; }

    public string? Created { get; init; }

    public string? Modified { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> References { get; init; } = [];

    public IReadOnlyList<string> FalsePositives { get; init; } = [];

    /// <summary>Names of the fields the author wants to see.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    public IReadOnlyList<RelatedRule> Related { get; init; } = [];

    /// <summary>Header facts in the order of the page, for what has no property of its own.</summary>
    public IReadOnlyList<RuleFact> Facts { get; init; } = [];
}

public sealed record RelatedRule(string Id, string Type);

/// <summary>A line of the header that only some rules have.</summary>
public sealed record RuleFact(string Name, string Value);
