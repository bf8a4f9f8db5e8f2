using System.IO.Compression;
using System.Text;
using Glossa.Core.Events;
using Glossa.Execution.Reading;

namespace Glossa.Tests.Unit.Execution;

public sealed class LogReaderTests
{
    private readonly List<LogProblem> _problems = [];

    [Theory]
    [InlineData("""{"a":1}""", "1")]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", "1 2")]
    [InlineData("{\"a\":1}\r\n\r\n{\"a\":2}", "1 2")]
    [InlineData("""{"a":1}{"a":2} {"a":3}""", "1 2 3")]
    [InlineData("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", "1 2")]
    [InlineData("""[{"a":1},{"a":2}]""", "1 2")]
    [InlineData("[\n {\"a\":1},\n {\"a\":2}\n]\n", "1 2")]
    [InlineData("""{"Records":[{"a":1},{"a":2}]}""", "1 2")]
    [InlineData("""{ "Records" : [ {"a":1} ], "next": {"a": "}]"} }{"a":9}""", "1 9")]
    [InlineData("""{"x":0,"Records":[{"a":1},{"a":2}]}""", "1 2")]
    [InlineData("\u001e{\"a\":1}\n\u001e{\"a\":2}\n", "1 2")]
    [InlineData("", "")]
    [InlineData("[]", "")]
    public void Every_way_to_write_objects_is_read(string log, string values)
    {
        Assert.Equal(values, Read(Encoding.UTF8.GetBytes(log)));
        Assert.Empty(_problems);
        Assert.Equal(values, Read(Gzip(Encoding.UTF8.GetBytes(log))));
        Assert.Equal(values, Read([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(log)]));
        Assert.Equal(values, Read([0xff, 0xfe, .. Encoding.Unicode.GetBytes(log)]));
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":\n{\"a\":3}\n", "1 3", 4, 1)]
    [InlineData("{\"a\":1}\ngarbage\n{\"a\":3}\n", "1 3", 2, 1)]
    [InlineData("{\"a\":1}\n{\"a\":\"x\n{\"a\":3}\n", "1 3", 2, 8)]
    [InlineData("{\"a\":1}\n{\"a\":2]\n{\"a\":3}\n", "1 3", 2, 7)]
    [InlineData("{\"a\":1}\n{\"a\":2", "1", 2, 7)]
    [InlineData("[\n  {\n    \"a\": tru,\n    \"b\": \n      {}\n  },\n  {\n    \"a\": 2\n  }\n]", "2", 3, 13)]
    [InlineData("]\n{\"a\":1}", "1", 1, 1)]
    [InlineData("7\n{\"a\":1}", "1", 1, 1)]
    public void A_bad_record_costs_itself(string log, string values, long line, long column)
    {
        Assert.Equal(values, Read(Encoding.UTF8.GetBytes(log)));
        var problem = Assert.Single(_problems);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Equal("LOG0002", problem.Descriptor.Id);
        Assert.DoesNotContain("LineNumber", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_numbered_with_those_that_could_not_be_read()
    {
        var current = new JsonEvent(new FieldTable());
        using var reader = Open(Encoding.UTF8.GetBytes("{\"a\":1}\nbad\n{\"a\":3}\n"), current, new LogReaderOptions());
        Assert.True(reader!.TryRead());
        Assert.Equal(1, reader.RecordNumber);
        Assert.True(reader.TryRead());
        Assert.Equal(3, reader.RecordNumber);
        Assert.False(reader.TryRead());
        Assert.Equal(1, reader.BadRecords);
    }

    [Fact]
    public void A_record_over_the_limit_is_refused_with_the_limit_and_the_rest_is_read()
    {
        var log = $"{{\"a\":1}}\n{{\"a\":\"{new string('x', 300_000)}\"}}\n{{\"a\":3}}\n";
        Assert.Equal("1 3", Read(Encoding.UTF8.GetBytes(log), new LogReaderOptions { MaximumRecordBytes = 262_144 }));
        var problem = Assert.Single(_problems);
        Assert.Contains("262,144", problem.Message, StringComparison.Ordinal);
        Assert.Equal(2, problem.Line);
    }

    [Fact]
    public void Records_larger_than_the_buffer_are_read()
    {
        var value = new string('x', 3_000_000);
        var log = $"{{\"b\":\"{value}\",\"a\":1}}\n{{\"a\":2}}\n";
        Assert.Equal("1 2", Read(Encoding.UTF8.GetBytes(log)));
        Assert.Empty(_problems);
    }

    [Fact]
    public void Depth_is_bounded()
    {
        var log = string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "\n{\"a\":1}\n";
        Assert.Equal("1", Read(Encoding.UTF8.GetBytes(log)));
        Assert.Contains("64", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_one_log_are_bounded_and_counted()
    {
        var current = new JsonEvent(new FieldTable());
        using var reader = Open(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("bad\n", 1000)) + "{\"a\":1}"), current, new LogReaderOptions { MaximumMessages = 3 });
        Assert.True(reader!.TryRead());
        Assert.Equal(1000, reader.BadRecords);
        Assert.Equal(3, _problems.Count);
    }

    [Fact]
    public void Inflated_size_and_ratio_are_bounded()
    {
        var line = Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', 60_000)}\"}}\n");
        var much = new byte[80 << 20];
        for (var i = 0; i < much.Length; i++)
        {
            much[i] = line[i % line.Length];
        }

        var current = new JsonEvent(new FieldTable());
        using (var reader = Open(Gzip(much), current, new LogReaderOptions { MaximumInflationRatio = 100 }))
        {
            while (reader!.TryRead())
            {
            }

            Assert.Contains("100 times", Assert.Single(_problems).Message, StringComparison.Ordinal);
            Assert.True(reader.RecordNumber > 1000);
        }

        _problems.Clear();
        using var other = Open(Gzip(much), current, new LogReaderOptions { MaximumInflatedBytes = 1 << 20 });
        while (other!.TryRead())
        {
        }

        Assert.Contains("1 MiB", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_gzip_gives_what_it_holds_and_a_message()
    {
        var random = new Random(1);
        var log = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(_ => $"{{\"a\":{random.Next()}}}\n")));
        var packed = Gzip(log);
        var current = new JsonEvent(new FieldTable());
        using var reader = Open(packed[..(packed.Length / 2)], current, new LogReaderOptions());
        var count = 0;
        while (reader!.TryRead())
        {
            count++;
        }

        Assert.InRange(count, 1000, 19_000);
        Assert.NotEmpty(_problems);
    }

    [Theory]
    [InlineData("ElfFile\0rest", "evtx")]
    [InlineData("PK\u0003\u0004", "zip")]
    [InlineData("<Event xmlns='x'>", "xml")]
    public void What_is_not_read_is_named(string head, string format)
    {
        var current = new JsonEvent(new FieldTable());
        Assert.Null(Open(Encoding.Latin1.GetBytes(head), current, new LogReaderOptions()));
        Assert.Contains($"unsupported log format {format}", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_never_throws_and_ends()
    {
        var seed = Encoding.UTF8.GetBytes("[{\"a\":1,\"b\":[1,2,{\"c\":\"x\\u0041\\\"\"}]},\n {\"Records\":[{\"a\":2}]}]\n{\"a\":3}\n{\n \"a\": 4\n}\n");
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var damaged = (byte[])seed.Clone();
            for (var j = random.Next(1, 6); j > 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Read(damaged[..random.Next(damaged.Length + 1)]);
        }
    }

    private string Read(byte[] log, LogReaderOptions? options = null)
    {
        var current = new JsonEvent(new FieldTable());
        using var reader = Open(log, current, options ?? new LogReaderOptions());
        var values = new List<string>();
        while (reader is not null && reader.TryRead())
        {
            values.Add(current.Find("a", FieldLookup.Lenient)?.ToCanonicalText() ?? "-");
        }

        return string.Join(' ', values);
    }

    private LogReader? Open(byte[] log, JsonEvent current, LogReaderOptions options)
        => LogReader.Open(new MemoryStream(log), new LogInput("-", "log", null), options, current, _problems);

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
