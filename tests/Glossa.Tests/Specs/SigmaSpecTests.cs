using System.Globalization;
using System.Text;
using System.Text.Json;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Core.Text;
using Glossa.Languages;
using Glossa.Languages.Formats;
using Glossa.Languages.Sigma;

namespace Glossa.Tests.Specs;

/// <summary>
/// Runs Specs/sigma.md. <c>UPDATE_SPECS=1</c> writes what is computed into the file; the difference is for a person to review.
/// A block <c>detection</c> holds the inside of that section, a block <c>sigma</c> a whole file, whose last rule is meant.
/// </summary>
public class SigmaSpecTests
{
    private const string Spec = "sigma.md";
    private const string Tail = "\ntitle: Case\nid: 3f0c2d5a-0c0a-4f51-8d5e-000000000001\nlogsource:\n  product: case\n";

    public static TheoryData<string> Titles => [.. SpecFile.Read(Spec).Select(spec => spec.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void Sigma_means_what_its_specification_says(string title)
    {
        var spec = SpecFile.Read(Spec).Single(spec => spec.Title == title);
        var computed = Compute(spec);
        if (SpecFile.IsUpdating)
        {
            SpecFile.Replace(Spec, title, computed);
            return;
        }

        foreach (var (kind, text) in computed)
        {
            Assert.Equal(spec.Blocks.GetValueOrDefault(kind, ""), text);
        }
    }

    [Fact]
    public void Titles_are_unique() => Assert.Empty(SpecFile.Read(Spec).GroupBy(spec => spec.Title).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Every_modifier_has_a_case()
    {
        var queries = Queries();
        Assert.All(SigmaModifiers.Names, name => Assert.Contains($"|{name}", queries, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_correlation_type_has_a_case()
    {
        var queries = Queries();
        Assert.All(SigmaLowering.CorrelationTypeNames, name => Assert.Contains($"type: {name}\n", queries, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_finding_has_a_case()
    {
        var said = string.Join('\n', SpecFile.Read(Spec).Select(spec => spec.Blocks.GetValueOrDefault("diagnostics", "")));
        // What is nested too deep fills no specification: SigmaRobustnessTests has it.
        Assert.All(SigmaDiagnostics.All.Where(descriptor => descriptor != SigmaDiagnostics.NestedTooDeep), descriptor => Assert.Contains(descriptor.Id, said, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_case_with_events_has_some_that_match_and_some_that_do_not()
    {
        // A case in which everything matches, or nothing, would hold for a reader that says the same of every event.
        Assert.Empty(SpecFile.Read(Spec)
            .Where(spec => spec.Blocks.ContainsKey("events"))
            .Where(spec => spec.Blocks.GetValueOrDefault("rows", "none") is "none" or "undecided"
                || spec.Blocks["rows"].Split('\n').Length >= spec.Blocks["events"].Split('\n').Length)
            .Select(spec => spec.Title));
    }

    private static string Queries() => string.Join('\n', SpecFile.Read(Spec).Select(spec => spec.Blocks.GetValueOrDefault("detection", "") + "\n" + spec.Blocks.GetValueOrDefault("sigma", "") + "\n"));

    private static Dictionary<string, string> Compute(SpecCase spec)
    {
        var isSection = spec.Blocks.TryGetValue("detection", out var section);
        var text = isSection
            ? "detection:\n" + string.Join('\n', section!.Split('\n').Select(line => line.Length == 0 ? line : "  " + line)) + Tail
            : spec.Blocks["sigma"] + "\n";
        var file = new RuleFile("/case.yml", "case.yml", "", text.Length, 0);
        var content = new SigmaYaml().Open(file, new SourceFile("case.yml", text));
        var definitions = new CaseDefinitions(content.Definitions, spec.Blocks.GetValueOrDefault("values", ""));
        var reading = content.Read(definitions);
        var computed = new Dictionary<string, string>(StringComparer.Ordinal) { ["ir"] = "", ["diagnostics"] = "", ["rows"] = "", ["facts"] = "" };

        // A section stands one line down and two columns in.
        var (lines, columns) = isSection ? (1, 2) : (0, 0);
        computed["diagnostics"] = string.Join('\n', content.Diagnostics.Concat(reading.Diagnostics).Select(diagnostic => string.Create(
            CultureInfo.InvariantCulture,
            $"{diagnostic.Id} {diagnostic.Severity.ToString().ToLowerInvariant()} {diagnostic.Position?.Line - lines}:{diagnostic.Position?.Column - columns} {diagnostic.Message}")));
        if (reading.Rules.Count == 0)
        {
            return computed;
        }

        var rule = reading.Rules[^1];
        var logic = rule.Logic!;
        computed["ir"] = isSection && logic.Root is Plan.Filter { Input: Plan.Scan, Predicate: var predicate }
            ? IrText.WriteIndented(predicate)
            : IrText.WriteIndented(logic);
        computed["facts"] = spec.Blocks.ContainsKey("facts") ? Facts(rule) : "";
        if (spec.Blocks.TryGetValue("events", out var events))
        {
            List<IEvent> log = [.. events.Split('\n').Where(line => line.Length > 0).Select(EventOf)];
            var places = new Dictionary<IEvent, int>(ReferenceEqualityComparer.Instance);
            for (var i = 0; i < log.Count; i++)
            {
                places.Add(log[i], i);
            }

            var rows = new ReferenceEvaluator().Run(logic, log, applyGates: !isSection);
            computed["rows"] = string.Join('\n', rows.Select(row => string.Join('+', row.BuildingEvents.Select(item => places[item].ToString(CultureInfo.InvariantCulture)))));
            if (computed["rows"].Length == 0)
            {
                computed["rows"] = rows.Undecided > 0 ? "undecided" : "none";
            }
        }

        return computed;
    }

    private static string Facts(DetectionRule rule)
    {
        var text = new StringBuilder();
        var metadata = rule.Metadata;
        text.Append(CultureInfo.InvariantCulture, $"fidelity {rule.Fidelity.Level}");
        foreach (var reason in rule.Fidelity.Reasons)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nreason {reason.Construct}");
        }

        foreach (var need in rule.Needs)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nneeds {need}");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nid {metadata.Id}\ntitle {metadata.Title}\nkind {metadata.Kind}\nstatus {metadata.Status}\nseverity {metadata.Severity}\nalert severity {rule.Alert.Severity}");
        text.Append(CultureInfo.InvariantCulture, $"\nauthor {metadata.Author}\nlicence {metadata.Licence}\ncreated {metadata.Created}\nmodified {metadata.Modified}\ntags {string.Join(' ', metadata.Tags)}");
        text.Append(CultureInfo.InvariantCulture, $"\nreferences {string.Join(' ', metadata.References)}\nfalse positives {string.Join(" | ", metadata.FalsePositives)}\nfields {string.Join(' ', metadata.Fields)}");
        text.Append(CultureInfo.InvariantCulture, $"\nrelated {string.Join(' ', metadata.Related.Select(related => $"{related.Type}:{related.Id}"))}\ntechniques {string.Join(' ', rule.Alert.Techniques)}");
        if (rule.Alert.Suppression is { } suppression)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nsuppression {suppression.Duration} by {string.Join(' ', suppression.Keys.Select(key => key.Name))}");
        }

        if (rule.Correlates is { } correlates)
        {
            text.Append(CultureInfo.InvariantCulture, $"\ncorrelates {string.Join(' ', correlates.RuleIds)}{(correlates.Generate ? ", which alert too" : "")}");
        }

        foreach (var fact in metadata.Facts)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nfact {fact.Name}: {fact.Value}");
        }

        return text.ToString();
    }

    /// <summary>One line of JSON. <c>#time</c> is its time, other names with <c>#</c> are facts of its source, <c>#raw</c> its text.</summary>
    private static MapEvent EventOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        var fields = new List<KeyValuePair<string, Value>>();
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        DateTimeOffset? time = null;
        var raw = "";
        foreach (var property in json.RootElement.EnumerateObject())
        {
            switch (property.Name)
            {
                case "#time":
                    time = DateTimeOffset.Parse($"2026-03-10T{property.Value.GetString()}Z", CultureInfo.InvariantCulture);
                    break;
                case "#raw":
                    raw = property.Value.GetString()!;
                    break;
                case ['#', .. var fact]:
                    facts.Add(fact, property.Value.GetString()!);
                    break;
                default:
                    fields.Add(KeyValuePair.Create(property.Name, ValueOf(property.Value)));
                    break;
            }
        }

        var source = new SourceFacts(facts.GetValueOrDefault("product"), facts.GetValueOrDefault("service"), facts.GetValueOrDefault("category"));
        return new MapEvent(new Value.Map(fields), source, time, raw);
    }

    private static Value ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new Value.Text(element.GetString()!),
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? new Value.Integer(integer) : new Value.Decimal(element.GetDecimal()),
        JsonValueKind.True or JsonValueKind.False => new Value.Boolean(element.GetBoolean()),
        JsonValueKind.Array => new Value.List([.. element.EnumerateArray().Select(ValueOf)]),
        JsonValueKind.Object => new Value.Map([.. element.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, ValueOf(property.Value)))]),
        _ => Value.Null.Instance,
    };

    /// <summary>The file's own definitions, and lists of values written <c>name: a, b</c>.</summary>
    private sealed class CaseDefinitions(IReadOnlyList<Definition> definitions, string values) : IDefinitions
    {
        private readonly List<Definition> _definitions =
        [
            .. definitions,
            .. values.Split('\n').Where(line => line.Length > 0).Select(line =>
            {
                var parts = line.Split(": ");
                return new Definition(new DefinitionKey(DefinitionKind.ValueList, parts[0]), "", QueryText.FromText(parts[1].Replace(", ", "\n", StringComparison.Ordinal)));
            }),
        ];

        public IReadOnlyList<Definition> Find(DefinitionKey key) => [.. _definitions.Where(definition => definition.Key == key)];
    }
}
