namespace Glossa.Core.Semantics;

/// <summary>The lists a user supplies, by the name of the <see cref="Rules.ExternalInput"/>.</summary>
public sealed class ExternalValues(IReadOnlyDictionary<string, IReadOnlyList<string>> lists)
{
    private readonly Dictionary<string, IReadOnlyList<string>> _lists = new(lists, StringComparer.Ordinal);

    public static ExternalValues Empty { get; } = new(new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>The list of a name, or null where none was supplied. A leaf reads a missing list as an empty one.</summary>
    public IReadOnlyList<string>? Find(string inputName) => _lists.GetValueOrDefault(inputName);
}
