using System.Globalization;
using Glossa.Catalog;
using Glossa.Core.Diagnostics;

namespace Glossa.Cli.Output;

/// <summary>Findings as compilers print them, and how many there are.</summary>
internal static class DiagnosticLines
{
    private const int Most = 200;

    /// <summary>Fewer than these are shown with the lines they are about, even to a file.</summary>
    private const int Few = 20;

    public static void Write(TextWriter writer, IReadOnlyList<Diagnostic> diagnostics)
        => Write(writer, [.. diagnostics.Select(StoredDiagnostic.Of)], diagnostics);

    /// <param name="withText">Those of <paramref name="diagnostics"/> whose source is at hand; a catalog keeps no excerpts of the others.</param>
    public static void Write(TextWriter writer, IReadOnlyList<StoredDiagnostic> diagnostics, IReadOnlyList<Diagnostic> withText)
    {
        var grave = diagnostics.Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Info).ToList();
        var withExcerpts = !Console.IsErrorRedirected || grave.Count < Few;
        var atHand = withText.GroupBy(KeyOf).ToDictionary(same => same.Key, same => same.First());
        foreach (var diagnostic in grave.Take(Most))
        {
            if (atHand.TryGetValue(KeyOf(diagnostic), out var full))
            {
                writer.Write(DiagnosticFormatter.ToText(full, withExcerpts));
                continue;
            }

            writer.WriteLine(Line(diagnostic));
            foreach (var note in diagnostic.Notes)
            {
                writer.WriteLine($"  = {DiagnosticFormatter.Visible(note)}");
            }
        }

        if (grave.Count > Most)
        {
            writer.WriteLine($"… and {grave.Count - Most} more");
        }

        if (grave.Count > 0)
        {
            var errors = grave.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            writer.WriteLine($"{Count(errors, "error")}, {Count(grave.Count - errors, "warning")}");
        }
    }

    public static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static (string Code, string Path, int? Line, int? Column, string Message) KeyOf(StoredDiagnostic diagnostic)
        => (diagnostic.Code, diagnostic.Path, diagnostic.Line, diagnostic.Column, diagnostic.Message);

    private static (string Code, string Path, int? Line, int? Column, string Message) KeyOf(Diagnostic diagnostic)
        => (diagnostic.Id, diagnostic.Path, diagnostic.Position?.Line, diagnostic.Position?.Column, diagnostic.Message);

    /// <summary>As <see cref="DiagnosticFormatter.ToLine"/> writes it.</summary>
    private static string Line(StoredDiagnostic diagnostic)
    {
        var place = diagnostic.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{diagnostic.Path}:{line}:{diagnostic.Column}") : diagnostic.Path;
        var severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        return DiagnosticFormatter.Visible($"{place}: {severity} {diagnostic.Code}: {diagnostic.Message}");
    }
}
