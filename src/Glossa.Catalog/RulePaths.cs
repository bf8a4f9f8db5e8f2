using Glossa.Core.Text;
using Glossa.Languages;

namespace Glossa.Catalog;

/// <summary>Where rule files are below their roots. Records show these: whoever reads a page learns nothing of the machine it was built on.</summary>
internal sealed class RulePaths
{
    private readonly Dictionary<string, string> _below = new(StringComparer.Ordinal);

    public RulePaths(IReadOnlyList<RuleFile> files)
    {
        foreach (var file in files)
        {
            _below.TryAdd(file.DisplayPath, file.Path);
        }
    }

    /// <summary>With <c>/</c>; the bare name of a file that no root holds.</summary>
    public string Of(SourceFile file) => _below.TryGetValue(file.Path, out var path) ? path : Path.GetFileName(file.Path);
}
