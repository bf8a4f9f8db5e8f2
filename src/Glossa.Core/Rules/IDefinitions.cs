namespace Glossa.Core.Rules;

public enum DefinitionKind
{
    /// <summary>A rule by its id or its name, for correlations.</summary>
    Rule,

    /// <summary>The filters that name a rule, by that rule's id or name.</summary>
    FiltersOfRule,

    /// <summary>A list of values by name.</summary>
    ValueList,
}

public readonly record struct DefinitionKey(DefinitionKind Kind, string Name);

/// <summary>
/// What other files define, looked up by key. An implementation remembers every key it was asked for, found or not;
/// that is how a catalog knows which rules to read again.
/// </summary>
public interface IDefinitions
{
    /// <summary>The definitions of a key in the order of their files; empty when there is none.</summary>
    IReadOnlyList<Definition> Find(DefinitionKey key);
}

/// <param name="Query">Where it stands, for its language to read.</param>
public sealed record Definition(DefinitionKey Key, string File, Text.QueryText Query);
