using System.CommandLine;
using Glossa.Cli.Output;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution;
using Glossa.Execution.Reading;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa explain RULE EVENT.json</c>: why a rule matches an event, or which predicate it died in.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var rule = new Argument<string>("RULE") { Description = "The rule's id, title or file." };
        var log = new Argument<string>("EVENT") { Description = "A JSON file with the event, or -." };
        var rules = new Option<string[]>("--rules") { Description = "Where to look for the rule; not needed where RULE is a file.", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };
        var lists = CatalogOptions.Placeholders();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("explain", "Says why a rule matches an event, or what keeps it from it.") { rule, log, rules, lists, json };
        command.SetAction(parsed => Run(parsed.GetValue(rule)!, parsed.GetValue(log)!, parsed.GetValue(rules) ?? [], parsed.GetValue(lists) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static int Run(string name, string log, string[] paths, string[] listFiles, bool asJson)
    {
        var loaded = LoadedRules.Read(paths.Length > 0 ? paths : [name], listFiles);
        var found = loaded.Rules.Where(rule => IsNamed(rule, name)).ToList();
        if (found.Count == 0 && paths.Length == 0)
        {
            found = [.. loaded.Rules];
        }

        foreach (var line in found.Count == 0 ? LoadedRules.Lines(loaded.Diagnostics).Take(20) : [])
        {
            Console.Error.WriteLine(TerminalText.Clean(line));
        }

        if (found.Count == 0)
        {
            return Fail($"There is no rule '{name}'; say with --rules where to look for it.");
        }

        if (found.Count > 1 && paths.Length > 0)
        {
            return Fail($"'{name}' is the name of {found.Count} rules; use an id: {string.Join(", ", found.Take(5).Select(rule => rule.Metadata.Id))}");
        }

        var problems = new List<LogProblem>();
        var inputs = LogInputs.Find([(log, null)], problems);
        var events = inputs.SelectMany(input => RuleExplainer.ReadEvents(input, problems)).ToList();
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(TerminalText.Clean(problem.ToString()));
        }

        if (events.Count == 0)
        {
            return Fail($"'{log}' holds no event.");
        }

        var values = new ExternalValues(loaded.Lists);
        try
        {
            using var stdout = Console.OpenStandardOutput();
            if (asJson)
            {
                ExplanationJson.Write(stdout, found, events, values);
            }
            else
            {
                using var writer = new StreamWriter(stdout);
                foreach (var rule in found)
                {
                    for (var i = 0; i < events.Count; i++)
                    {
                        ExplanationText.Write(writer, rule, events[i], events.Count > 1 ? i + 1 : 0, values);
                    }
                }
            }
        }
        catch (IOException)
        {
            // The pipe is closed. What could not be written nobody wanted.
        }

        return ExitCode.Done;
    }

    private static bool IsNamed(DetectionRule rule, string name)
        => string.Equals(rule.Metadata.Id, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(rule.Metadata.Title, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(rule.Metadata.Name, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(rule.Metadata.File, name, StringComparison.Ordinal)
            || string.Equals(Path.GetFileNameWithoutExtension(rule.Metadata.File), name, StringComparison.Ordinal);

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"glossa: {TerminalText.Clean(message)}");
        return ExitCode.Usage;
    }
}
