using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;

namespace Glossa.Languages;

/// <summary>A file that may hold rules, as the walk found it.</summary>
/// <param name="Path">Below its root, with <c>/</c>.</param>
/// <param name="Root">The path that was given, or the folder of a file that was given.</param>
public sealed record RuleFile(string FullPath, string Path, string Root, long Size, long ModifiedTicksUtc)
{
    /// <summary>The path by which the user can open it, as messages show it.</summary>
    public string DisplayPath => System.IO.Path.Join(Root, Path);
}

public sealed record RepositoryOptions
{
    public static RepositoryOptions Default { get; } = new();

    /// <summary>Values of placeholders (Sigma's <c>expand</c>), by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ValueLists { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>A larger file is refused with a diagnostic.</summary>
    public long MaxFileBytes { get; init; } = 16 * 1024 * 1024;
}

/// <param name="Provides">What other rules may ask for; a change here means that they are read again.</param>
/// <param name="ContentHash">SHA-256 of the bytes in hexadecimal; empty when the file could not be read.</param>
/// <param name="Queries">One for each rule, in the order of the file.</param>
public sealed record RuleFileResult(
    RuleFile File,
    IReadOnlyList<DetectionRule> Rules,
    IReadOnlyList<Diagnostic> Diagnostics,
    IReadOnlyList<DefinitionKey> Provides,
    string ContentHash,
    IReadOnlyList<QueryOutcome> Queries)
{
    /// <summary>False for YAML of another kind; it is counted and passed over without a word.</summary>
    public bool IsRuleFile { get; init; } = true;
}

/// <summary>How a query fared, for <c>stats --files</c>.</summary>
/// <param name="Index">Of the query in its file.</param>
/// <param name="Parsed">The whole text was read without an error.</param>
/// <param name="Operators">Modifiers, operators and condition forms in it, each once, in the order met.</param>
public sealed record QueryOutcome(int Index, string Language, bool Parsed, IReadOnlyList<string> Operators);
