using Glossa.Core.Diagnostics;

namespace Glossa.Languages.Formats.Yaml;

/// <summary>What can be said of YAML as such, whatever it holds.</summary>
internal static class YamlDiagnostics
{
    public static readonly DiagnosticDescriptor Broken = new("YML0001", "The YAML cannot be read", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor DuplicateKey = new("YML0002", "A key stands twice in one map", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor TooDeep = new("YML0003", "The YAML is nested too deep", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor TooManyAliases = new("YML0004", "The aliases expand to too many nodes", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnknownAlias = new("YML0005", "The alias has no anchor", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor CyclicAlias = new("YML0006", "The alias stands inside what it names", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor KeyIsNoScalar = new("YML0007", "A key must be a single value", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor MergeOfNoMap = new("YML0008", "Only maps can be merged", DiagnosticSeverity.Error);

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
        [Broken, DuplicateKey, TooDeep, TooManyAliases, UnknownAlias, CyclicAlias, KeyIsNoScalar, MergeOfNoMap];
}
