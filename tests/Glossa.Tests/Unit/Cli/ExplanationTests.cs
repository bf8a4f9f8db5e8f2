using System.Text.Json;
using Glossa.Cli.Output;
using Glossa.Core.Events;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Languages;
using Glossa.Tests.Unit.Catalog;

namespace Glossa.Tests.Unit.Cli;

/// <summary>What <c>explain</c> says, as text and as JSON.</summary>
public sealed class ExplanationTests
{
    private const string Rule = """
        title: Archiver Started by a Viewer
        id: 6b5b0a54-0c1d-4d0e-9d05-6c4a4f6f0001
        name: archiver
        logsource:
          product: windows
          category: process_creation
        detection:
          program:
            Image|endswith: '\packer.exe'
          flags:
            CommandLine|contains:
              - ' -hidden '
              - ' -locked '
          filter_backup:
            ParentImage|endswith: '\nightly.exe'
          condition: program and flags and not 1 of filter_*
        level: high
        """;

    private const string Correlation = """
        title: Many Archives
        id: 6b5b0a54-0c1d-4d0e-9d05-6c4a4f6f0002
        correlation:
          type: event_count
          rules: [archiver]
          group-by: [User]
          timespan: 5m
          condition: { gte: 3 }
        level: high
        """;

    [Fact]
    public void A_match_says_what_matched()
    {
        var text = Explain(Rule, Process(@"C:\bin\packer.exe", "packer -locked x", @"C:\view.exe"));

        Assert.Contains("  matches\n", text, StringComparison.Ordinal);
        Assert.Contains("✓ log source product=windows category=process_creation\n", text, StringComparison.Ordinal);
        Assert.Contains(@"✓ Image ends_with \packer.exe  (the event has C:\bin\packer.exe)", text, StringComparison.Ordinal);
        Assert.Contains("✓ not filter_backup\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("→", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_miss_names_the_predicate_with_what_the_event_has()
    {
        var text = Explain(Rule, Process(@"C:\bin\packer.exe", "packer x", @"C:\view.exe"));

        Assert.Contains("  does not match\n", text, StringComparison.Ordinal);
        Assert.Equal([@"→ failed: CommandLine contains ' -hidden ' | ' -locked '  (the event has packer x)"], Arrows(text));
    }

    [Fact]
    public void A_filter_that_is_hit_is_named()
        => Assert.Equal(
            [@"→ holds, but must not: ParentImage ends_with \nightly.exe  (the event has C:\nightly.exe)"],
            Arrows(Explain(Rule, Process(@"C:\bin\packer.exe", "packer -locked x", @"C:\nightly.exe"))));

    [Fact]
    public void A_missing_field_is_said_to_be_missing()
        => Assert.Equal(
            [@"→ failed: CommandLine contains ' -hidden ' | ' -locked '  (the event has no such field)"],
            Arrows(Explain(Rule, Process(@"C:\bin\packer.exe", null, null))));

    [Fact]
    public void A_null_is_not_a_missing_field()
        => Assert.Contains("(the event has null)", Explain(Rule, Event(1, ("Image", new Value.Text(@"C:\bin\packer.exe")), ("CommandLine", Value.Null.Instance))), StringComparison.Ordinal);

    [Fact]
    public void An_event_of_another_source_is_told_by_its_gate()
    {
        var text = Explain(Rule, Event(3, ("Image", new Value.Text(@"C:\bin\packer.exe")), ("CommandLine", new Value.Text("packer -locked x"))));

        Assert.Contains("does not match: the event is not of the rule's log source, though its condition holds", text, StringComparison.Ordinal);
        Assert.Contains(Arrows(text), line => line.StartsWith("→ failed: EventID eq 1  (the event has 3)", StringComparison.Ordinal));
        Assert.DoesNotContain(Arrows(text), line => line.Contains("CommandLine", StringComparison.Ordinal));
    }

    [Fact]
    public void What_has_no_meaning_is_named_where_it_decides()
    {
        var rule = Rule.Replace("    Image|endswith", "    Image|soundslike", StringComparison.Ordinal);
        var current = Process(@"C:\bin\packer.exe", "packer -locked x", @"C:\view.exe");
        var text = Explain(rule, current);

        Assert.Contains("not decided: it hangs on a part that has no meaning here", text, StringComparison.Ordinal);
        Assert.Contains("soundslike", Assert.Single(Arrows(text)), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, Json(rule, current).GetProperty("matches").ValueKind);
    }

    [Fact]
    public void A_correlation_says_for_which_member_and_group_the_event_counts()
    {
        var text = Explain(Correlation, Process(@"C:\bin\packer.exe", "packer -locked x", null, ("User", new Value.Text("ada"))), Rule);

        Assert.Contains("one event alone does not decide it", text, StringComparison.Ordinal);
        Assert.Contains("counts for 1 of its 1 members", text, StringComparison.Ordinal);
        Assert.Contains("group by User: ada", text, StringComparison.Ordinal);
        Assert.Contains("archiver: matches", text, StringComparison.Ordinal);
        Assert.Contains("counts for none of its members", Explain(Correlation, Process(@"C:\x.exe", "x", null), Rule), StringComparison.Ordinal);
    }

    [Fact]
    public void A_correlation_without_its_members_says_so()
        => Assert.Contains("of which none could be read", Explain(Correlation, Process(@"C:\x.exe", "x", null)), StringComparison.Ordinal);

    [Fact]
    public void No_line_is_wider_than_a_hundred_columns_and_none_moves_the_cursor()
    {
        var text = Explain(Rule, Process($@"C:\{new string('x', 400)}.exe", $"packer {string.Concat(Enumerable.Repeat("word ", 90))}\u001b[31m", "a b"));

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= ExplanationText.Width, line));
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Json_has_the_tree_and_what_decided()
    {
        var answer = Json(Rule, Process(@"C:\bin\packer.exe", "packer x", @"C:\view.exe"));

        Assert.False(answer.GetProperty("matches").GetBoolean());
        Assert.False(answer.GetProperty("correlation").GetBoolean());
        var part = Assert.Single(answer.GetProperty("parts").EnumerateArray());
        Assert.Equal("true", part.GetProperty("logSource").GetProperty("result").GetString());
        Assert.Equal("and", part.GetProperty("condition").GetProperty("what").GetString());
        var leaf = Assert.Single(part.GetProperty("decisive").EnumerateArray());
        Assert.Equal(("contains", "false", "CommandLine", "packer x"), (leaf.GetProperty("what").GetString(), leaf.GetProperty("result").GetString(), leaf.GetProperty("field").GetString(), leaf.GetProperty("seen").GetString()));
        Assert.Equal([" -hidden ", " -locked "], leaf.GetProperty("values").EnumerateArray().Select(value => value.GetString()));
    }

    private static List<string> Arrows(string text)
        => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('→'))];

    private static string Explain(string rule, IEvent current, params string[] others)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        ExplanationText.Write(writer, Read(rule, others), current, 0, ExternalValues.Empty);
        return writer.ToString();
    }

    private static JsonElement Json(string rule, IEvent current)
    {
        using var stream = new MemoryStream();
        ExplanationJson.Write(stream, [Read(rule, [])], [current], ExternalValues.Empty);
        return JsonDocument.Parse(stream.ToArray()).RootElement[0];
    }

    private static DetectionRule Read(string rule, string[] others)
    {
        using var folder = new RuleFolder();
        folder.Write("0.yml", rule);
        for (var i = 0; i < others.Length; i++)
        {
            folder.Write($"{i + 1}.yml", others[i]);
        }

        var repository = RuleRepository.Open([folder.Rules]);
        return Assert.Single(repository.Read(repository.Files.Single(file => file.Path.EndsWith("0.yml", StringComparison.Ordinal))).Rules);
    }

    private static MapEvent Process(string image, string? commandLine, string? parent, params (string, Value)[] more)
        => Event(1, [("Image", new Value.Text(image)), .. Optional("CommandLine", commandLine), .. Optional("ParentImage", parent), .. more]);

    private static IEnumerable<(string, Value)> Optional(string name, string? text) => text is null ? [] : [(name, new Value.Text(text))];

    private static MapEvent Event(int id, params (string Name, Value Value)[] fields)
        => new(EventShapes.Present(new Value.Map(
        [
            new("Channel", new Value.Text("Microsoft-Windows-Sysmon/Operational")),
            new("EventID", new Value.Integer(id)),
            .. fields.Select(field => new KeyValuePair<string, Value>(field.Name, field.Value)),
        ])));
}
