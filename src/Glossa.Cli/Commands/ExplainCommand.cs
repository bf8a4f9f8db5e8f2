using System.CommandLine;
using System.Text.Json;
using Glossa.Cli.Output;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution;
using Glossa.Execution.Alerts;
using Glossa.Execution.Reading;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa explain RULE EVENT.json</c>: why a rule matches an event, or which predicate it died in.</summary>
internal static class ExplainCommand
{
    // Lists of hundreds of values are told by their beginning and their number.
    private const int MostOperands = 8;
    private const int MostCharacters = 200;

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
                WriteJson(stdout, found, events, values);
            }
            else
            {
                using var writer = new StreamWriter(stdout);
                foreach (var rule in found)
                {
                    for (var i = 0; i < events.Count; i++)
                    {
                        Write(writer, rule, events[i], events.Count > 1 ? i + 1 : 0, values);
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

    private static void Write(StreamWriter writer, DetectionRule rule, IEvent current, int number, ExternalValues values)
    {
        Line(0, $"{rule.Metadata.Title}{(number > 0 ? $", event {number}" : "")}");
        if (rule.Logic is null)
        {
            Line(1, "The rule carries no query that could be read.");
            return;
        }

        foreach (var need in rule.Needs)
        {
            Line(1, $"needs {need}: a scan does not run it");
        }

        var explanations = RuleExplainer.Explain(rule, current, values);
        foreach (var explanation in explanations)
        {
            Line(1, $"{(explanation.Part is { } part ? $"{part}: " : "")}{(explanation.Matches ? "matches" : "does not match")}");
            if (explanation.Gate is { } gate)
            {
                Line(2, $"{Sign(gate.Result)} log source");
                if (gate.Result != Truth.True)
                {
                    Tree(gate, 3);
                }
            }

            Tree(explanation.Condition, 2);
            if (!explanation.Matches)
            {
                foreach (var leaf in explanation.Decisive.Take(MostOperands))
                {
                    Line(2, $"→ {(leaf.Result == Truth.True ? "holds, but must not" : leaf.Result == Truth.False ? "failed" : "not decided")}: {Describe(leaf.Predicate)}{Seen(leaf)}");
                }
            }
        }

        if (explanations.Count > 1 || !RuleIsSingle(rule))
        {
            Line(1, "The rule looks at several events together: one event alone does not decide it.");
        }

        void Tree(Explanation node, int depth)
        {
            if (depth > 60)
            {
                Line(depth, "…");
                return;
            }

            Line(depth, $"{Sign(node.Result)} {Describe(node.Predicate)}{(node.Predicate is Predicate.Leaf ? Seen(node) : "")}");
            foreach (var child in node.Parts)
            {
                Tree(child, depth + 1);
            }
        }

        void Line(int depth, string text)
        {
            writer.Write(new string(' ', depth * 2));
            writer.WriteLine(TerminalText.Clean(text));
        }
    }

    private static bool RuleIsSingle(DetectionRule rule) => rule.Correlates is null;

    private static string Sign(Truth truth) => truth switch
    {
        Truth.True => "✓",
        Truth.False => "✗",
        _ => "?",
    };

    private static string Describe(Predicate predicate) => predicate switch
    {
        Predicate.And => "and",
        Predicate.Or => "or",
        Predicate.Not => "not",
        Predicate.AtLeast atLeast => $"at least {atLeast.Count} of",
        Predicate.Constant constant => constant.Value ? "always" : "never",
        Predicate.Named named => named.Name,
        Predicate.Opaque opaque => $"not understood: {opaque.Reason}",
        Predicate.Leaf leaf => $"{RuleWords.FieldOf(leaf)} {LeafKinds.Of(leaf)}{(leaf.Match == MatchMode.All ? " all of" : "")}{Operands(leaf)}",
        _ => "?",
    };

    private static string Operands(Predicate.Leaf leaf)
    {
        var words = leaf.Operands.Take(MostOperands).Select(operand => operand switch
        {
            ValueExpression.Literal literal => Cut(literal.Value.ToCanonicalText() ?? "null"),
            ValueExpression.Field { Path.SimpleName: { } name } => $"the field {name}",
            ValueExpression.ExternalValue external => $"the list {external.Input}",
            _ => "a computed value",
        }).ToList();
        if (words.Count == 0)
        {
            return "";
        }

        var more = leaf.Operands.Count > MostOperands ? $" | … {leaf.Operands.Count - MostOperands} more" : "";
        return $" {string.Join(" | ", words)}{more}";
    }

    private static string Seen(Explanation leaf) => leaf.Subject switch
    {
        null => "   (the event has no such field)",
        Value.Null => "   (the event has null)",
        Value.List list when leaf.Predicate is Predicate.Leaf { Subject: ValueExpression.Field { Path.Root: PathRoot.Anywhere } } => $"   (looked through {list.Items.Count} values)",
        Value.List list => $"   (the event has {Cut(string.Join(" | ", list.Items.Take(MostOperands).Select(item => item.ToCanonicalText() ?? "null")))})",
        Value.Map => "   (the event has an object)",
        var value => $"   (the event has {Cut(value.ToCanonicalText() ?? "")})",
    };

    private static string Cut(string text) => text.Length > MostCharacters ? $"{text[..MostCharacters]}…" : text;

    private static void WriteJson(Stream stream, List<DetectionRule> rules, List<MapEvent> events, ExternalValues values)
    {
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var rule in rules)
            {
                for (var i = 0; i < events.Count; i++)
                {
                    writer.WriteStartObject();
                    writer.WriteString("rule", rule.Metadata.Id);
                    writer.WriteString("title", rule.Metadata.Title);
                    writer.WriteNumber("event", i + 1);
                    var explanations = RuleExplainer.Explain(rule, events[i], values);
                    writer.WriteBoolean("matches", explanations is [{ Matches: true }] && RuleIsSingle(rule));
                    writer.WriteStartArray("parts");
                    foreach (var explanation in explanations)
                    {
                        writer.WriteStartObject();
                        writer.WriteString("name", explanation.Part);
                        writer.WriteBoolean("matches", explanation.Matches);
                        if (explanation.Gate is { } gate)
                        {
                            writer.WritePropertyName("logSource");
                            WriteNode(gate, 0);
                        }

                        writer.WritePropertyName("condition");
                        WriteNode(explanation.Condition, 0);
                        writer.WriteStartArray("decisive");
                        foreach (var leaf in explanation.Decisive)
                        {
                            WriteNode(leaf, 0);
                        }

                        writer.WriteEndArray();
                        writer.WriteEndObject();
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();

                    void WriteNode(Explanation node, int depth)
                    {
                        writer.WriteStartObject();
                        writer.WriteString("what", node.Predicate is Predicate.Leaf named ? LeafKinds.Of(named) : Describe(node.Predicate));
                        writer.WriteString("result", node.Result switch { Truth.True => "true", Truth.False => "false", _ => "undecided" });
                        if (node.Predicate is Predicate.Leaf leaf)
                        {
                            writer.WriteString("field", RuleWords.FieldOf(leaf));
                            writer.WriteStartArray("values");
                            foreach (var operand in node.Operands)
                            {
                                AlertWriter.WriteValue(writer, operand);
                            }

                            writer.WriteEndArray();
                            writer.WritePropertyName("seen");
                            AlertWriter.WriteValue(writer, leaf.Subject is ValueExpression.Field { Path.Root: PathRoot.Anywhere } ? null : node.Subject);
                            writer.WriteBoolean("present", node.Subject is not null);
                        }

                        if (node.Parts.Count > 0 && depth < 400)
                        {
                            writer.WriteStartArray("parts");
                            foreach (var part in node.Parts)
                            {
                                WriteNode(part, depth + 1);
                            }

                            writer.WriteEndArray();
                        }

                        writer.WriteEndObject();
                    }
                }
            }

            writer.WriteEndArray();
        }

        stream.WriteByte((byte)'\n');
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"glossa: {TerminalText.Clean(message)}");
        return ExitCode.Usage;
    }
}
