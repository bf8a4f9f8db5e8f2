using Glossa.Analysis;
using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;

namespace Glossa.Catalog;

/// <summary>Enumerations in the words of records and columns.</summary>
internal static class Words
{
    public static readonly string[] Severities = ["info", "low", "medium", "high", "critical"];

    public static readonly string[] Roles = ["indicator", "exclusion", "exception"];

    public static string Of(FidelityLevel level) => level switch
    {
        FidelityLevel.NoLogic => "noLogic",
        FidelityLevel.Unsupported => "unsupported",
        FidelityLevel.Approximate => "approximate",
        FidelityLevel.Exact => "exact",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    public static string Of(Severity severity) => Severities[(int)severity];

    public static string Of(RowRole role) => Roles[(int)role];

    public static string Of(LogicKind kind) => kind switch
    {
        LogicKind.And => "and",
        LogicKind.Or => "or",
        LogicKind.Not => "not",
        LogicKind.AtLeast => "atLeast",
        LogicKind.Named => "named",
        LogicKind.Leaf => "leaf",
        LogicKind.Constant => "constant",
        LogicKind.Opaque => "opaque",
        LogicKind.Stage => "stage",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Of(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Info => "info",
        DiagnosticSeverity.Warning => "warning",
        DiagnosticSeverity.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
    };
}
