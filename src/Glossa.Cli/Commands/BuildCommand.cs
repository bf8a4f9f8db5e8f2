using System.CommandLine;
using System.Globalization;
using Glossa.Catalog;
using Glossa.Cli.Output;
using Glossa.Core.Diagnostics;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa build PATH… -o glossa.db</c>: rule files into a catalog.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Rule files, folders, repositories.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "The catalog to write.", HelpName = "DB", DefaultValueFactory = _ => CatalogOptions.DefaultDatabase };
        var placeholders = CatalogOptions.Placeholders();
        var strict = new Option<bool>("--strict") { Description = "Answer 1 when a file is bad." };
        var full = new Option<bool>("--full") { Description = "Read every file again, changed or not." };
        var maxPages = new Option<long>("--max-pages") { Description = "For tests: fail when the catalog would have more pages.", Hidden = true };
        var command = new Command("build", "Reads rules and writes a catalog.") { paths, output, placeholders, strict, full, maxPages };
        command.SetAction(parsed => Run(
            parsed.GetValue(paths)!,
            parsed.GetValue(output)!,
            parsed.GetValue(placeholders) ?? [],
            new ImportOptions { ReadAll = parsed.GetValue(full), MaxPages = parsed.GetValue(maxPages) },
            parsed.GetValue(strict)));
        return command;
    }

    private static int Run(string[] paths, string output, string[] placeholders, ImportOptions options, bool strict)
        => CatalogOptions.Guarded(() =>
        {
            var found = new DiagnosticBag();
            options = options with { Repository = CatalogOptions.Reading(placeholders, found) };
            var report = ProgressLine.Run(progress => RuleImporter.Build(paths, output, options, progress));
            DiagnosticLines.Write(Console.Error, [.. found.Select(StoredDiagnostic.Of), .. report.Diagnostics], [.. found, .. report.Fresh]);
            if (report.NoPathReadable)
            {
                return CatalogOptions.Fail("None of the given paths could be read.", ExitCode.Usage);
            }

            var isBad = CatalogOptions.HasErrors(found) || report.Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            return ResultWriter.Write(writer => Write(writer, report), strict && isBad ? ExitCode.Findings : ExitCode.Done);
        });

    private static void Write(TextWriter writer, BuildReport report)
    {
        StatsTable.Write(writer, report.Stats);
        writer.WriteLine();
        var what = report.IsUnchanged
            ? $"{report.Target} is up to date: {DiagnosticLines.Count(report.Files, "file")}, none changed"
            : $"{report.Target}: {DiagnosticLines.Count(report.Read, "file")} of {report.Files} read{(report.Removed > 0 ? $", {report.Removed} gone" : "")}";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{TerminalText.Clean(what)}; {report.Bytes / 1048576.0:0.0} MiB, {report.Elapsed.TotalSeconds:0.00} s"));
    }
}
