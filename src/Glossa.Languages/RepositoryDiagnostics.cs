using Glossa.Core.Diagnostics;

namespace Glossa.Languages;

/// <summary>What can be said of files and folders before anything in them is read.</summary>
internal static class RepositoryDiagnostics
{
    public static readonly DiagnosticDescriptor PathMissing = new("FIL0001", "The path does not exist", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor Unreadable = new("FIL0002", "The file or folder cannot be read", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor TooLarge = new("FIL0003", "The file is too large", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor NotUtf8 = new("FIL0004", "The file is no UTF-8 text", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor LinkLoop = new("FIL0005", "The link leads back to a folder it stands in", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor DanglingLink = new("FIL0006", "The link leads nowhere", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor LinkOutside = new("FIL0007", "The link leads out of the given paths", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NoRuleInFile = new("FIL0008", "The file holds no rule", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor TooDeep = new("FIL0009", "The folders are nested too deep", DiagnosticSeverity.Warning);

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
        [PathMissing, Unreadable, TooLarge, NotUtf8, LinkLoop, DanglingLink, LinkOutside, NoRuleInFile, TooDeep];
}
