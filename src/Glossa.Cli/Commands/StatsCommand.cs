using System.CommandLine;
using System.Text.Json;
using Glossa.Catalog;
using Glossa.Cli.Output;
using Glossa.Core.Diagnostics;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa stats [DB|PATH…]</c>: what was read and how well it was understood.</summary>
internal static class StatsCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("DB|PATH") { Description = $"A catalog, or rule files and folders ({CatalogOptions.DefaultDatabase} where nothing is given).", Arity = ArgumentArity.ZeroOrMore };
        var json = CatalogOptions.Json();
        var files = new Option<bool>("--files") { Description = "Each query of each file, too." };
        var placeholders = CatalogOptions.Placeholders();
        var strict = new Option<bool>("--strict") { Description = "Answer 1 when a file is bad." };
        var command = new Command("stats", "Says what was read and how well it was understood.") { paths, json, files, placeholders, strict };
        command.SetAction(parsed => Run(parsed.GetValue(paths) ?? [], parsed.GetValue(placeholders) ?? [], parsed.GetValue(json), parsed.GetValue(files), parsed.GetValue(strict)));
        return command;
    }

    private static int Run(string[] paths, string[] placeholders, bool json, bool files, bool strict)
    {
        if (paths.Length <= 1 && CatalogOptions.IsDatabase(paths.FirstOrDefault(CatalogOptions.DefaultDatabase)))
        {
            return CatalogOptions.WithCatalog(
                paths.FirstOrDefault(),
                [],
                placeholders,
                catalog =>
                {
                    var isBad = catalog.ReadDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
                    return Print(CatalogStats.Read(catalog, files), json, strict && isBad);
                });
        }

        return CatalogOptions.Guarded(() =>
        {
            var found = new DiagnosticBag();
            var options = CatalogOptions.Reading(placeholders, found);
            var (stats, ofRules) = ProgressLine.Run(progress => RuleImporter.Measure(paths, options, files, progress));
            IReadOnlyList<Diagnostic> diagnostics = [.. found, .. ofRules];
            DiagnosticLines.Write(Console.Error, diagnostics);
            return stats is null
                ? CatalogOptions.Fail("None of the given paths could be read.", ExitCode.Usage)
                : Print(stats, json, strict && CatalogOptions.HasErrors(diagnostics));
        });
    }

    private static int Print(StatsReport stats, bool json, bool isBad)
        => ResultWriter.Write(
            writer =>
            {
                if (json)
                {
                    writer.WriteLine(JsonSerializer.Serialize(stats, RecordJson.Indented.StatsReport));
                }
                else
                {
                    StatsTable.Write(writer, stats);
                }
            },
            isBad ? ExitCode.Findings : ExitCode.Done);
}
