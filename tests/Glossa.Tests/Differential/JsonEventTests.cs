using System.Text;
using Glossa.Core.Events;
using Glossa.Execution.Reading;

namespace Glossa.Tests.Differential;

/// <summary>The fast event and the slow one give the same answers for the same record.</summary>
public sealed class JsonEventTests
{
    private static readonly FieldLookup[] Lookups =
    [
        FieldLookup.Lenient,
        default,
        new(IgnoreCaseNext: false, DottedNested: true, FlattenLists: false),
        new(IgnoreCaseNext: true, DottedNested: false, FlattenLists: true),
        new(IgnoreCaseNext: false, DottedNested: true, FlattenLists: true),
    ];

    // Names that collide in case, in dots, and with the words shapes are told by.
    private static readonly string[] Keys =
        ["a", "A", "b", "a.b", "A.b", "b.c", "a.b.c", "c", "User", "user", "Image", "CommandLine", "process", "command_line", "executable", "name", "Channel", "EventID", "Event", "System", "EventData", "UserData",
         "Data", "#text", "#attributes", "Name", "Threat Name", "winlog", "channel", "event_id", "event_data", "@timestamp", "ecs", "event", "code", "category", "host", "os", "type", "properties", "protoPayload", "methodName", "eventSource", "eventName", "awsRegion", ""];

    private static readonly string[] Texts =
        ["", "x", "Security", "Microsoft-Windows-Sysmon/Operational", "1", "4688", "2026-03-10T01:02:03.1234567890Z", "2026-03-10 01:02:03", "process", "windows", "ünï\u0131", "\ud800", "a\\b\"c\n", "{}", "true"];

    private static readonly string[] Numbers = ["0", "-0", "1", "4688", "10", "1.0", "1.50", "-2.5e3", "1e400", "123456789012345678", "1234567890123456789", "12345678901234567890", "123456789012345678901234567890123", "1773130500000"];

    [Fact]
    public void Random_records_read_the_same()
    {
        var random = new Random(20261124);
        var table = new FieldTable();
        var current = new JsonEvent(table);
        for (var i = 0; i < 5_000; i++)
        {
            var json = Map(random, 0);
            AssertSame(json, current, Names(random));
        }
    }

    [Fact]
    public void Sample_records_read_the_same()
    {
        var table = new FieldTable();
        var current = new JsonEvent(table);
        var count = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(TestPaths.Root, "samples", "logs")))
        {
            count += ReadAll(file, current);
        }

        Assert.True(count > 300, $"only {count} records");
    }

    [CorpusFact("corpora/sigma")]
    public void Corpus_records_read_the_same()
    {
        var table = new FieldTable();
        var current = new JsonEvent(table);
        var count = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(TestPaths.Corpus("corpora/sigma")!, "regression_data"), "*.json", SearchOption.AllDirectories))
        {
            count += ReadAll(file, current);
        }

        Assert.True(count >= 238, $"only {count} records");
    }

    private static int ReadAll(string file, JsonEvent current)
    {
        var problems = new List<LogProblem>();
        using var reader = LogReader.Open(new LogInput(file, file, null), new LogReaderOptions(), current, problems);
        var count = 0;
        while (reader!.TryRead())
        {
            count++;
            var record = (Value.Map)current.Tape.ToValue(reader.Node);
            var names = EventShapes.Present(record).Fields.Entries.Select(entry => entry.Key)
                .SelectMany(name => new[] { name, name.ToUpperInvariant(), name + ".x" })
                .Concat(["CommandLine", "Image", "User", "ParentImage", "Computer", "TargetFilename", "userIdentity.type", "target.alternateId", "process.executable", "EventData.Image", "#product", "#service", "#category", "#time"]);
            AssertSame(record, current, names);
        }

        Assert.Empty(problems);
        return count;
    }

    private static void AssertSame(string json, JsonEvent current, IEnumerable<string> names)
    {
        var problems = new List<LogProblem>();
        using var reader = LogReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), new LogInput("-", "random", null), new LogReaderOptions(), current, problems)!;
        while (reader.TryRead())
        {
            AssertSame((Value.Map)current.Tape.ToValue(reader.Node), current, names);
        }

        Assert.Empty(problems);
    }

    private static void AssertSame(Value.Map record, JsonEvent current, IEnumerable<string> names)
    {
        var slow = new MapEvent(EventShapes.Present(record));
        Assert.Equal(slow.Source, current.Source);
        Assert.Equal(slow.Time, current.Time);
        Assert.Equal(slow.Scalars(), current.Scalars());
        Assert.Equal(slow.Fields, current.ToMapEvent().Fields);
        foreach (var name in names)
        {
            foreach (var lookup in Lookups)
            {
                var expected = slow.Find(name, lookup);
                var actual = current.Find(name, lookup);
                Assert.True(Equals(expected, actual), $"'{name}' {lookup}: {expected} and {actual} in {record}");
                if (expected is { IsScalar: true } && !name.StartsWith('#'))
                {
                    Assert.Equal(expected.ToCanonicalText(), current.Tape.CanonicalText(current.Slot(current.Fields.IdOf(name, lookup)).Node).ToString());
                }
            }
        }
    }

    private static IEnumerable<string> Names(Random random)
        => Enumerable.Range(0, 12).Select(_ => string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Keys[random.Next(Keys.Length)])))
            .Concat(["#product", "#time", "CommandLine", "User"]);

    private static string Map(Random random, int depth)
        => "{" + string.Join(",", Enumerable.Range(0, random.Next(0, 7)).Select(_ => $"{Text(Keys[random.Next(Keys.Length)])}:{Any(random, depth + 1)}")) + "}";

    private static string Any(Random random, int depth) => random.Next(depth > 4 ? 5 : 9) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => Numbers[random.Next(Numbers.Length)],
        3 or 4 => Text(Texts[random.Next(Texts.Length)]),
        5 or 6 => Map(random, depth),
        _ => "[" + string.Join(",", Enumerable.Range(0, random.Next(0, 4)).Select(_ => Any(random, depth + 1))) + "]",
    };

    private static string Text(string text)
    {
        var written = new StringBuilder("\"");
        foreach (var character in text)
        {
            written.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                _ when char.IsSurrogate(character) => $"\\u{(int)character:x4}",
                _ => character.ToString(),
            });
        }

        return written.Append('"').ToString();
    }
}
