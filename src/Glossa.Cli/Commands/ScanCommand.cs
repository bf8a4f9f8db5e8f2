using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Glossa.Cli.Output;
using Glossa.Core.Events;
using Glossa.Execution;
using Glossa.Execution.Alerts;
using Glossa.Execution.Reading;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa scan</c>: rules over logs; alerts to stdout or a file, a summary to stderr.</summary>
internal static class ScanCommand
{
    private const int MostLines = 20;

    public static Command Create()
    {
        var rules = new Option<string[]>("--rules") { Description = "Rule files, folders or repositories.", HelpName = "PATH", Required = true, AllowMultipleArgumentsPerToken = true };
        var logs = new Option<string[]>("--logs") { Description = "Logs: files, folders, or - for standard input.", HelpName = "PATH", Required = true, AllowMultipleArgumentsPerToken = true };
        var facts = new Option<string[]>("--as") { Description = "What the logs after it are: product=windows service=sysmon category=process_creation.", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string?>("--output", "-o") { Description = "Write the alerts to a file instead of stdout.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON; without -o the alerts stand in it." };
        var route = new Option<string>("--route") { Description = "off: every rule meets every event, whatever its log source says.", DefaultValueFactory = _ => "on" };
        route.AcceptOnlyFromAmong("on", "off");
        var lists = CatalogOptions.Placeholders();
        var strict = new Option<bool>("--strict") { Description = "Answer 1 when a rule file, a log or a record is bad." };
        var command = new Command("scan", "Runs rules over logs.") { rules, logs, facts, output, json, route, lists, strict };
        command.SetAction(parsed =>
        {
            var (inputs, error) = LogsWithFacts(parsed.Tokens);
            return error is not null
                ? Fail(error)
                : Run(
                    parsed.GetValue(rules)!,
                    inputs,
                    parsed.GetValue(lists) ?? [],
                    parsed.GetValue(output),
                    parsed.GetValue(json),
                    parsed.GetValue(route) != "off",
                    parsed.GetValue(strict));
        });
        return command;
    }

    /// <summary>Each log with what the <c>--as</c> before it says: the order of the command line, which option values alone do not keep.</summary>
    private static (List<(string Path, SourceFacts? As)> Logs, string? Error) LogsWithFacts(IReadOnlyList<Token> tokens)
    {
        var logs = new List<(string, SourceFacts?)>();
        SourceFacts? current = null;
        string? option = null;
        var startsFacts = false;
        foreach (var token in tokens)
        {
            if (token.Type == TokenType.Option)
            {
                startsFacts = token.Value == "--as" && option != "--as";
                option = token.Value;
                continue;
            }

            if (token.Type != TokenType.Argument)
            {
                continue;
            }

            switch (option)
            {
                case "--logs":
                    logs.Add((token.Value, current));
                    break;
                case "--as":
                    if (startsFacts)
                    {
                        current = null;
                        startsFacts = false;
                    }

                    foreach (var pair in token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
                    {
                        var equals = pair.IndexOf('=', StringComparison.Ordinal);
                        if (equals <= 0)
                        {
                            return (logs, $"--as: expected KEY=VALUE, found '{pair}'.");
                        }

                        current = With(current ?? SourceFacts.Unknown, pair[..equals].Trim(), pair[(equals + 1)..].Trim());
                    }

                    break;
            }
        }

        return (logs, null);
    }

    private static SourceFacts With(SourceFacts facts, string key, string value) => key switch
    {
        "product" => facts with { Product = value },
        "service" => facts with { Service = value },
        "category" => facts with { Category = value },
        _ => facts with { Others = new Dictionary<string, string>(facts.Others ?? new Dictionary<string, string>()) { [key] = value } },
    };

    private static int Run(string[] rulePaths, List<(string Path, SourceFacts? As)> logPaths, string[] listFiles, string? output, bool asJson, bool route, bool strict)
    {
        var loaded = LoadedRules.Read(rulePaths, listFiles);
        var errors = LoadedRules.Lines(loaded.Diagnostics).ToList();
        Print(errors);
        if (loaded.NoPathReadable)
        {
            return Fail("None of the paths given with --rules could be read.");
        }

        var problems = new List<LogProblem>();
        var logs = LogInputs.Find(logPaths, problems);
        if (logs.Count == 0)
        {
            Print(problems.Select(problem => problem.ToString()));
            return Fail("None of the paths given with --logs could be read.");
        }

        // Before the run: an hour's alerts must not fall to a folder that is not there.
        var reason = "";
        using var file = output is null ? null : AlertFile.Open(output, out reason);
        if (output is not null && file is null)
        {
            return Fail($"The alerts cannot be written to '{output}': {reason}");
        }

        using var report = Scanner.Run(loaded.Compile(), logs, new ScanOptions { Route = route, Progress = Console.IsErrorRedirected ? null : Progress }, problems);
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write("\r\x1b[K");
        }

        try
        {
            file?.Write(report.Alerts);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Fail($"The alerts cannot be written to '{output}': {problem.Message}", ExitCode.Fault);
        }

        try
        {
            using var stdout = Console.OpenStandardOutput();
            if (asJson)
            {
                WriteReport(stdout, report, withAlerts: output is null);
            }
            else if (output is null)
            {
                report.Alerts.WriteTo(stdout);
            }
        }
        catch (IOException)
        {
            // The pipe is closed. What could not be written nobody wanted.
        }

        if (!asJson)
        {
            WriteSummary(Console.Error, report, output);
        }

        return strict && (errors.Count > 0 || report.Problems.Count > 0 || report.BadRecords > 0) ? ExitCode.Findings : ExitCode.Done;
    }

    private static void Progress(long events, long bytes)
        => Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{events:N0} events, {bytes / 1048576.0:N0} MiB"));

    private static void WriteSummary(TextWriter writer, ScanReport report, string? output)
    {
        Print(report.Problems.Select(problem => problem.ToString()));
        var culture = CultureInfo.InvariantCulture;
        Line($"{Count(report.Events, "event")} in {Count(report.Logs, "log")}, {report.Elapsed.TotalSeconds:0.00} s, {report.EventsPerSecond:N0} events/s");
        if (report.BadRecords > 0)
        {
            Line($"{Count(report.BadRecords, "record")} could not be read");
        }

        foreach (var source in report.Sources.Take(MostLines))
        {
            Line($"  {source.Events,9:N0}  {Describe(source.Facts)}");
        }

        Line($"{report.RulesRun:N0} of {Count(report.Rules, "rule")} met events; passed over:");
        foreach (var reason in report.PassedOver.Take(MostLines))
        {
            Line($"  {reason.Rules.Count,9:N0}  {reason.Reason}");
        }

        if (report.PassedOver.Count > MostLines)
        {
            Line($"  {report.PassedOver.Skip(MostLines).Sum(reason => reason.Rules.Count),9:N0}  for {report.PassedOver.Count - MostLines} other reasons (--json lists them)");
        }

        foreach (var undecided in report.Undecided.Take(MostLines))
        {
            Line($"undecided on {Count(undecided.Events, "event")}: {undecided.Rule.Title} ({undecided.Reason})");
        }

        var severities = report.AlertsBySeverity.OrderByDescending(pair => pair.Key).Select(pair => string.Create(culture, $"{pair.Value:N0} {AlertWriter.Name(pair.Key)}"));
        Line($"{Count(report.Alerts.Count, "alert")}{(report.Alerts.Count > 0 ? $": {string.Join(", ", severities)}" : "")}{(output is not null ? $", in {output}" : "")}");
        foreach (var rule in report.AlertsByRule.Take(10))
        {
            Line($"  {rule.Alerts,9:N0}  {AlertWriter.Name(rule.Severity),-8}  {rule.Rule.Title}");
        }

        void Line(FormattableString text) => writer.WriteLine(TerminalText.Clean(text.ToString(culture)));
    }

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");

    private static string Describe(SourceFacts facts)
    {
        var said = string.Join(" ", new[] { ("product", facts.Product), ("service", facts.Service), ("category", facts.Category) }.Where(fact => fact.Item2 is not null).Select(fact => $"{fact.Item1}={fact.Item2}"));
        return $"{(said.Length > 0 ? said : "source not known")} ({(facts.DetectedBy is { } shape ? $"by shape: {shape}" : said.Length > 0 ? "as said" : "no shape recognised")})";
    }

    private static void WriteReport(Stream stream, ScanReport report, bool withAlerts)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteNumber("events", report.Events);
        writer.WriteNumber("badRecords", report.BadRecords);
        writer.WriteNumber("bytes", report.Bytes);
        writer.WriteNumber("logs", report.Logs);
        writer.WriteNumber("elapsedMs", (long)report.Elapsed.TotalMilliseconds);
        writer.WriteNumber("eventsPerSecond", Math.Round(report.EventsPerSecond));
        writer.WriteNumber("rules", report.Rules);
        writer.WriteNumber("rulesRun", report.RulesRun);
        writer.WriteStartArray("passedOver");
        foreach (var reason in report.PassedOver)
        {
            writer.WriteStartObject();
            writer.WriteString("reason", reason.Reason);
            writer.WriteNumber("count", reason.Rules.Count);
            writer.WriteStartArray("rules");
            foreach (var rule in reason.Rules)
            {
                writer.WriteStringValue(rule.Id);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("sources");
        foreach (var source in report.Sources)
        {
            writer.WriteStartObject();
            writer.WriteString("product", source.Facts.Product);
            writer.WriteString("service", source.Facts.Service);
            writer.WriteString("category", source.Facts.Category);
            writer.WriteString("detectedBy", source.Facts.DetectedBy);
            writer.WriteNumber("events", source.Events);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("alertCount", report.Alerts.Count);
        writer.WriteStartObject("alertsBySeverity");
        foreach (var (severity, count) in report.AlertsBySeverity.OrderByDescending(pair => pair.Key))
        {
            writer.WriteNumber(AlertWriter.Name(severity), count);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("alertsByRule");
        foreach (var rule in report.AlertsByRule)
        {
            writer.WriteStartObject();
            writer.WriteString("id", rule.Rule.Id);
            writer.WriteString("title", rule.Rule.Title);
            writer.WriteString("severity", AlertWriter.Name(rule.Severity));
            writer.WriteNumber("alerts", rule.Alerts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("undecided");
        foreach (var undecided in report.Undecided)
        {
            writer.WriteStartObject();
            writer.WriteString("id", undecided.Rule.Id);
            writer.WriteString("reason", undecided.Reason);
            writer.WriteNumber("events", undecided.Events);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("problems");
        foreach (var problem in report.Problems)
        {
            writer.WriteStartObject();
            writer.WriteString("id", problem.Descriptor.Id);
            writer.WriteString("log", problem.Log);
            if (problem.Line is { } line)
            {
                writer.WriteNumber("line", line);
                writer.WriteNumber("column", problem.Column ?? 1);
            }

            writer.WriteString("message", problem.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (withAlerts)
        {
            writer.WriteStartArray("alerts");
            foreach (var line in report.Alerts.Lines())
            {
                writer.WriteRawValue(line.Span, skipInputValidation: true);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }

    private static void Print(IEnumerable<string> lines)
    {
        var count = 0;
        foreach (var line in lines)
        {
            if (++count <= MostLines)
            {
                Console.Error.WriteLine(TerminalText.Clean(line));
            }
        }

        if (count > MostLines)
        {
            Console.Error.WriteLine($"… and {count - MostLines} more");
        }
    }

    private static int Fail(string message, int exitCode = ExitCode.Usage)
    {
        Console.Error.WriteLine($"glossa: {TerminalText.Clean(message)}");
        return exitCode;
    }
}
