using Glossa.Catalog;
using Glossa.Core.Diagnostics;

namespace Glossa.Cli.Output;

/// <summary>Findings, one a line as compilers print them, and how many there are.</summary>
internal static class DiagnosticLines
{
    private const int Most = 200;

    public static void Write(TextWriter writer, IEnumerable<StoredDiagnostic> diagnostics)
    {
        var all = diagnostics.ToList();
        var shown = all.Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Info).Take(Most).ToList();
        foreach (var diagnostic in shown)
        {
            writer.WriteLine(Line(diagnostic));
            foreach (var note in diagnostic.Notes)
            {
                writer.WriteLine($"  {TerminalText.Clean(note)}");
            }
        }

        var errors = all.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var warnings = all.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
        if (errors + warnings > shown.Count)
        {
            writer.WriteLine($"… and {errors + warnings - shown.Count} more");
        }

        if (errors + warnings > 0)
        {
            writer.WriteLine($"{Count(errors, "error")}, {Count(warnings, "warning")}");
        }
    }

    public static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    /// <summary><c>path:line:column: error SIG0001: what is wrong</c></summary>
    private static string Line(StoredDiagnostic diagnostic)
    {
        var place = diagnostic.Line is { } line ? $"{diagnostic.Path}:{line}:{diagnostic.Column}" : diagnostic.Path;
        var severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        return TerminalText.Clean($"{place}: {severity} {diagnostic.Code}: {diagnostic.Message}");
    }
}
