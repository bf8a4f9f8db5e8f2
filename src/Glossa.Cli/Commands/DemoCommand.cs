using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Glossa.Catalog;
using Glossa.Cli.Output;
using Glossa.Core.Diagnostics;
using Glossa.Execution;
using Glossa.Execution.Reading;
using Glossa.Languages;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa demo</c>: the samples read, catalogued and run; ends by itself.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var placeholders = CatalogOptions.Placeholders();
        var command = new Command("demo", "Builds the catalog of the samples, runs their rules over their logs, and says where to look next.") { placeholders };
        command.SetAction((parsed, cancellation) => Task.FromResult(CatalogOptions.Guarded(() => Run(parsed.GetValue(placeholders) ?? [], cancellation))));
        return command;
    }

    private static int Run(string[] placeholderFiles, CancellationToken cancellation)
    {
        if (FindHome() is not { } home)
        {
            return CatalogOptions.Fail("The samples are in no folder above the executable; GLOSSA_HOME names the folder that holds samples/.", ExitCode.Usage);
        }

        var rules = Path.Combine(home, "samples", "rules");
        var logs = Path.Combine(home, "samples", "logs");

        // Given values come after the samples' own, and so before them.
        var own = Path.Combine(home, "samples", "placeholders.yml");
        var loaded = LoadedRules.Read([rules], [.. File.Exists(own) ? [own] : Array.Empty<string>(), .. placeholderFiles]);
        var catalog = Build(home, rules, new ImportOptions { ReadAll = true, Repository = new RepositoryOptions { ValueLists = loaded.Lists } }, cancellation);

        List<LogProblem> problems = [];
        var inputs = LogInputs.Find([(logs, null)], problems);
        using var scan = Scanner.Run(loaded.Compile(), inputs, null, problems);
        return ResultWriter.Write(writer => Tell(writer, catalog, loaded.Diagnostics, scan, cancellation));
    }

    private static void Tell(TextWriter writer, (string Path, BuildReport Report) catalog, IReadOnlyList<Diagnostic> diagnostics, ScanReport scan, CancellationToken cancellation)
    {
        writer.WriteLine("The rules, and how well they are understood");
        StatsTable.Write(writer, catalog.Report.Stats);
        var bad = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).GroupBy(diagnostic => diagnostic.Path).ToList();
        if (bad.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine($"{bad.Count} files are wrong on purpose; each costs itself and no other:");
            foreach (var file in bad)
            {
                var first = file.First();
                writer.WriteLine($"  {TerminalText.Clean(Path.GetFileName(file.Key))}{first.Position switch { { } position => string.Create(CultureInfo.InvariantCulture, $":{position.Line}:{position.Column}"), _ => "" }}  {TerminalText.Clean(first.Message)}");
            }
        }

        writer.WriteLine();
        writer.WriteLine("The rules run over the logs");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {scan.Events:N0} events of {scan.Logs} logs, {scan.RulesRun} of {scan.Rules} rules met one, {scan.Alerts.Count:N0} alerts in {scan.Elapsed.TotalSeconds:0.00} s"));
        foreach (var passed in scan.PassedOver)
        {
            writer.WriteLine($"  {passed.Rules.Count} passed over: {TerminalText.Clean(passed.Reason)}");
        }

        writer.WriteLine();
        writer.WriteLine("One alert of each family");
        foreach (var alert in OneOfEach(scan))
        {
            writer.WriteLine(alert);
        }

        writer.WriteLine();
        writer.WriteLine("Tests: Sigma rules carry none.");
        writer.WriteLine();
        writer.WriteLine("See each rule taken apart in the browser:");
        writer.WriteLine($"  ./glossa serve {Shown(catalog.Path)}");
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The gravest alert of each family, the earliest of these.</summary>
    private static IEnumerable<string> OneOfEach(ScanReport scan)
    {
        string[] order = ["critical", "high", "medium", "low", "info"];
        Dictionary<string, (int Rank, string Text)> best = new(StringComparer.Ordinal);
        foreach (var line in scan.Alerts.Lines())
        {
            using var alert = JsonDocument.Parse(line);
            var root = alert.RootElement;
            var family = Text(root.GetProperty("rule"), "family");
            var rank = Array.IndexOf(order, Text(root, "severity"));
            if (!best.TryGetValue(family, out var other) || rank < other.Rank)
            {
                best[family] = (rank, Describe(root, family));
            }
        }

        return best.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Text);
    }

    private static string Describe(JsonElement alert, string family)
    {
        var source = alert.GetProperty("source");
        var matched = alert.GetProperty("matched").EnumerateArray().Take(3)
            .Select(match => $"{Text(match, "field")} {Text(match, "kind").Replace('_', ' ')} {Text(match, "value")}".TrimEnd());
        return TerminalText.Clean($"  {family}: {Text(alert, "time")}  {Text(alert, "severity")}  {Text(alert, "title")}")
            + "\n" + TerminalText.Clean($"    {Path.GetFileName(Text(source, "file"))}, record {source.GetProperty("record").GetRawText()}: {string.Join("; ", matched)}");
    }

    private static string Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Below artifacts/ where the samples are, which is ours to write; else in the temporary folder.</summary>
    private static (string Path, BuildReport Report) Build(string home, string rules, ImportOptions options, CancellationToken cancellation)
    {
        string folder;
        try
        {
            folder = Directory.CreateDirectory(Path.Combine(home, "artifacts", "demo")).FullName;
            using var probe = new FileStream(Path.Combine(folder, ".writable"), FileMode.Create, FileAccess.Write, FileShare.Read, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            folder = Directory.CreateTempSubdirectory("glossa-demo-").FullName;
        }

        var path = Path.Combine(folder, CatalogOptions.DefaultDatabase);
        return (path, RuleImporter.Build([rules], path, options, cancellation: cancellation));
    }

    /// <summary>The folder that holds samples/rules: GLOSSA_HOME, or one above the executable.</summary>
    private static string? FindHome()
    {
        if (Environment.GetEnvironmentVariable("GLOSSA_HOME") is { Length: > 0 } told)
        {
            return HasSamples(told) ? told : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (HasSamples(folder.FullName))
            {
                return folder.FullName;
            }
        }

        return null;

        static bool HasSamples(string folder) => Directory.Exists(Path.Combine(folder, "samples", "rules")) && Directory.Exists(Path.Combine(folder, "samples", "logs"));
    }

    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
