using System.Globalization;
using System.Text;
using Glossa.Catalog;

namespace Glossa.Cli.Output;

/// <summary>A rule's page for a terminal of 100 columns. All text of the rule goes through <see cref="TerminalText"/>.</summary>
internal sealed class RulePrinter(TextWriter writer)
{
    private const int Width = 100;
    private const int MostValues = 30;

    public void Write(RuleRecord rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Paragraph($"{rule.Family} / {rule.Title}", "");
        writer.WriteLine(new string('=', Math.Min(Width, rule.Family.Length + 3 + TerminalText.Clean(rule.Title).Length)));
        writer.WriteLine($"{rule.Family}/{rule.Slug}  ({rule.Id})".Replace('\n', ' '));
        Fidelity(rule);
        writer.WriteLine();
        var label = rule.Facts.Count == 0 ? 0 : Math.Min(20, rule.Facts.Max(fact => fact.Name.Length));
        foreach (var fact in rule.Facts.Where(fact => fact.Name != "References"))
        {
            Paragraph($"{TerminalText.Clean(fact.Name).PadRight(label)}  {fact.Value}", new string(' ', label + 2));
        }

        if (!string.IsNullOrWhiteSpace(rule.Description))
        {
            Heading("Description");
            foreach (var line in rule.Description.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
            {
                Paragraph(line, "");
            }
        }

        Attack(rule);
        if (rule.Condition is { } condition)
        {
            Heading("Condition");
            Paragraph(condition, "  ");
        }

        if (rule.Logic is { } logic)
        {
            Heading("Logic");
            var rows = Rows(rule);
            Tree(logic, rows, 1, negated: false);
        }

        Stages(rule);
        Values("Indicators", rule.Indicators);
        Values("Exclusions", rule.Exclusions);
        List("Output fields", rule.Outputs.Select(output => $"{output.Field}  ({output.Source})"));
        List("Data", rule.Data.Select(data => $"{string.Join(" / ", new[] { data.Product, data.Category, data.Service }.OfType<string>())}{(data.Gate is null ? "" : $": {data.Gate}")}{(data.Definition is null ? "" : $" ({data.Definition})")}"));
        foreach (var section in rule.Sections)
        {
            List(
                section.Name switch
                {
                    "falsePositives" => "Known false positives",
                    "howToImplement" => "How to implement",
                    "references" => "References",
                    "runbook" => "Runbook",
                    _ => section.Name,
                },
                section.Markdown.Split('\n').Select(line => line.StartsWith("- ", StringComparison.Ordinal) ? line[2..] : line));
        }

        List("Relations", rule.Relations.Select(relation => $"{relation.Type}: {relation.Title ?? relation.Id}{(relation.Slug is null ? " (not in this catalog)" : $"  {relation.Family}/{relation.Slug}")}; {relation.Reason}"));
        List("Findings", rule.Findings.Select(finding => $"{(finding.Line is { } line ? $"{line}:{finding.Column}: " : "")}{finding.Severity} {finding.Id}: {finding.Message}"));
        List("Not modelled", rule.NotModelled.Select(part => part.Reason));
        foreach (var body in rule.Body)
        {
            Heading($"{TerminalText.Clean(body.File)} ({body.Language})");
            writer.WriteLine(TerminalText.CleanLines(body.Text).TrimEnd());
        }
    }

    private void Fidelity(RuleRecord rule)
    {
        var words = rule.Fidelity switch
        {
            "exact" => "exact: understood whole, and run",
            "approximate" => "approximate",
            "unsupported" => "unsupported",
            _ => "no logic: it carries no query",
        };
        Paragraph(words, "");
        foreach (var reason in rule.Reasons)
        {
            Paragraph($"  {reason.Construct}: {reason.Text}", "    ");
        }

        foreach (var need in rule.Needs)
        {
            Paragraph($"  needs {need}", "    ");
        }
    }

    private void Attack(RuleRecord rule)
    {
        if (rule.Attack.Count == 0)
        {
            return;
        }

        Heading("ATT&CK coverage");
        foreach (var row in rule.Attack)
        {
            var tactic = row.Tactic is null ? "no tactic" : row.Tactic.Name + (row.Tactic.Note is null ? "" : $" ({row.Tactic.Note})");
            var techniques = row.Techniques.Count == 0
                ? "no specific technique"
                : string.Join("; ", row.Techniques.Select(technique => $"{technique.Id} {technique.Name}{(technique.Status == "active" ? "" : $" ({technique.Status}{(technique.Successor is null ? "" : $", now {technique.Successor}")})")}".TrimEnd()));
            Paragraph($"  {tactic}: {techniques}", "    ");
        }
    }

    private void Tree(LogicRecord node, Dictionary<int, string> rows, int depth, bool negated)
    {
        var indent = new string(' ', Math.Min(depth, 20) * 2);
        switch (node.Type)
        {
            case "not" when node.Children is [var child]:
                writer.WriteLine($"{indent}NOT");
                Tree(child, rows, depth + 1, negated: true);
                return;
            case "leaf":
                Paragraph($"{indent}{(node.Row is { } row && rows.TryGetValue(row, out var line) ? line : node.Text ?? "?")}", indent + "    ");
                return;
            case "named" or "stage":
                writer.WriteLine($"{indent}{TerminalText.Clean(node.Text ?? "")}:");
                break;
            case "and":
                writer.WriteLine($"{indent}AND, all {node.Children?.Count ?? 0}");
                break;
            case "or":
                writer.WriteLine($"{indent}OR, any of {node.Children?.Count ?? 0}");
                break;
            case "atLeast":
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{indent}AT LEAST {node.Count} of {node.Children?.Count ?? 0}"));
                break;
            default:
                Paragraph($"{indent}{node.Type}: {node.Text}", indent + "    ");
                break;
        }

        foreach (var child in node.Children ?? [])
        {
            Tree(child, rows, depth + 1, negated);
        }
    }

    private static Dictionary<int, string> Rows(RuleRecord rule)
        => rule.Indicators.Concat(rule.Exclusions)
            .GroupBy(value => value.Row)
            .ToDictionary(row => row.Key, row =>
            {
                var first = row.First();
                var values = row.Select(value => value.Value.Length == 0 && first.Kind is "present" or "missing" or "is_empty" or "has_value" ? "" : Quoted(value.Value)).ToList();
                var shown = string.Join(first.Match == "all" ? " & " : " | ", values.Take(8)) + (values.Count > 8 ? $" and {values.Count - 8} more" : "");
                return $"{(first.Field.Length == 0 ? "any field" : first.Field)} {first.Kind} {shown}".TrimEnd();
            });

    private void Stages(RuleRecord rule)
    {
        if (rule.Stages.Count == 0)
        {
            return;
        }

        Heading(rule.Condition is null ? "Stages" : "Parts");
        foreach (var stage in rule.Stages)
        {
            Paragraph(string.Create(CultureInfo.InvariantCulture, $"  {stage.Number}. {stage.Name}"), "     ");
            foreach (var predicate in stage.Predicates.Take(MostValues))
            {
                Paragraph($"     {predicate}", "         ");
            }

            if (stage.Predicates.Count > MostValues)
            {
                writer.WriteLine($"     … and {stage.Predicates.Count - MostValues} more");
            }
        }
    }

    private void Values(string heading, IReadOnlyList<IndicatorRecord> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        Heading(heading);
        foreach (var row in entries.GroupBy(entry => entry.Row))
        {
            var first = row.First();
            var marks = new List<string>();
            if (row.Skip(1).Any())
            {
                marks.Add(first.Match == "all" ? "all of" : "any of");
            }

            if (first.Case == "exact" && first.Kind is not ("present" or "missing" or "is_empty" or "has_value" or "lt" or "le" or "gt" or "ge" or "cidr"))
            {
                marks.Add("case counts");
            }

            if (first.Role == "exception")
            {
                marks.Add("exception");
            }

            if (first.Scope != "rule")
            {
                marks.Add(first.Scope);
            }

            var concept = first.Concept is null ? "" : $" = {first.Concept}";
            Paragraph($"  {(first.Field.Length == 0 ? "any field" : first.Field)}{concept}  {first.Kind}{(marks.Count > 0 ? $"  ({string.Join(", ", marks)})" : "")}", "      ");
            foreach (var entry in row.Take(MostValues))
            {
                var count = entry.Role == "indicator"
                    ? entry.Others.Total == 0 ? "only this rule" : $"corpus {entry.Others.Total} ({string.Join(", ", entry.Others.ByFamily.Select(family => $"{family.Key} {family.Value}"))})"
                    : $"looked for by {entry.Others.Total}, excluded by {entry.ExcludedBy}";
                Paragraph($"      {Quoted(entry.Value)}  {count}", "          ");
            }

            if (row.Count() > MostValues)
            {
                writer.WriteLine($"      … and {row.Count() - MostValues} more; --json has them all");
            }
        }
    }

    /// <summary>Blanks at an end would not be seen.</summary>
    private static string Quoted(string value)
        => value.Length == 0 || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]) ? $"\"{value}\"" : value;

    private void List(string heading, IEnumerable<string> items)
    {
        var lines = items.ToList();
        if (lines.Count == 0)
        {
            return;
        }

        Heading(heading);
        foreach (var line in lines)
        {
            Paragraph($"  {line}", "    ");
        }
    }

    private void Heading(string text)
    {
        writer.WriteLine();
        writer.WriteLine(text);
        writer.WriteLine(new string('-', Math.Min(Width, text.Length)));
    }

    /// <summary>Breaks at blanks where it can; a word wider than the line is broken where it must be.</summary>
    private void Paragraph(string text, string indent)
    {
        var rest = TerminalText.Clean(text);
        var lead = "";
        while (lead.Length + rest.Length > Width)
        {
            var room = Width - lead.Length;
            var start = rest.Length - rest.AsSpan().TrimStart(' ').Length;
            var cut = rest.LastIndexOf(' ', room - 1);
            if (cut <= start)
            {
                cut = char.IsHighSurrogate(rest[room - 1]) ? room - 1 : room;
            }

            writer.WriteLine(new StringBuilder(lead).Append(rest.AsSpan(0, cut).TrimEnd(' ')).ToString());
            rest = rest[cut..].TrimStart(' ');
            lead = indent;
        }

        if (lead.Length == 0 || rest.Length > 0)
        {
            writer.WriteLine(lead + rest);
        }
    }
}
