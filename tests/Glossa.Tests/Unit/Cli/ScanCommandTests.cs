using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Glossa.Cli;
using Glossa.Tests.Unit.Catalog;

namespace Glossa.Tests.Unit.Cli;

/// <summary>scan as a shell sees it.</summary>
public sealed class ScanCommandTests : IDisposable
{
    private const string Packer = """
        title: Packer Started
        id: 6b5b0a54-0c1d-4d0e-9d05-6c4a4f6f0003
        logsource:
          product: windows
          category: process_creation
        detection:
          program:
            Image|endswith: '\packer.exe'
          condition: program
        level: high
        """;

    private const string Audit = """
        title: Setuid Bit Added
        id: 6b5b0a54-0c1d-4d0e-9d05-6c4a4f6f0004
        logsource:
          product: linux
          service: auditd
        detection:
          mode:
            a1|contains|expand: '%modes%'
          condition: mode
        level: low
        """;

    private const string Hit = """{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\packer.exe"}""";
    private const string Miss = """{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\other.exe"}""";

    private readonly RuleFolder _folder = new();
    private readonly string _logs = Directory.CreateTempSubdirectory("glossa-scan").FullName;

    public ScanCommandTests()
    {
        _folder.Write("packer.yml", Packer);
        _folder.Write("audit.yml", Audit);
    }

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_logs, recursive: true);
    }

    [ExecutableTheory]
    [InlineData($"{Hit}\n{Miss}\n{Hit}\n")]
    [InlineData($"[{Hit},{Miss},{Hit}]")]
    [InlineData($"[\n  {Hit},\n  {Miss},\n  {Hit}\n]\n")]
    [InlineData("{\n  \"Channel\": \"Security\",\n  \"EventID\": 4688,\n  \"NewProcessName\": \"C:\\\\packer.exe\"\n}\n{\n  \"Channel\": \"Security\",\n  \"EventID\": 4688,\n  \"NewProcessName\": \"C:\\\\packer.exe\"\n}\n")]
    public async Task Every_way_in_gives_the_same_alerts(string log)
    {
        var bytes = Encoding.UTF8.GetBytes(log);
        Assert.Equal(2, Lines(await RunAsync(bytes, "--logs", "-")));
        Assert.Equal(2, Lines(await RunAsync(Gzip(bytes), "--logs", "-")));
        Assert.Equal(2, Lines(await RunAsync([], "--logs", Log("plain.json", bytes))));
        Directory.CreateDirectory(Path.Combine(_logs, "below"));
        Log("below/packed.json.gz", Gzip(bytes));
        Assert.Equal(4, Lines(await RunAsync([], "--logs", _logs)));
    }

    [ExecutableFact]
    public async Task What_as_says_holds_for_the_logs_after_it()
    {
        var log = Log("audit.json", """{"a0":"chmod","a1":"u+s"}"""u8.ToArray());
        var lists = Log("lists.yml", "modes: ['u+s']"u8.ToArray());

        var (_, output, error) = await RunAsync([], "--placeholders", lists, "--as", "product=linux", "service=auditd", "--logs", log);
        Assert.Contains("Setuid Bit Added", output, StringComparison.Ordinal);
        Assert.Contains("product=linux service=auditd (as said)", error, StringComparison.Ordinal);

        (_, output, error) = await RunAsync([], "--placeholders", lists, "--logs", log);
        Assert.Empty(output);
        Assert.Contains("source not known (no shape recognised)", error, StringComparison.Ordinal);
        Assert.Contains("product not known: no event says that it is of linux", error, StringComparison.Ordinal);

        (_, output, _) = await RunAsync([], "--placeholders", lists, "--route", "off", "--logs", log);
        Assert.Contains("Setuid Bit Added", output, StringComparison.Ordinal);

        (_, output, error) = await RunAsync([], "--as", "product=linux", "service=auditd", "--logs", log);
        Assert.Empty(output);
        Assert.Contains("needs placeholder modes", error, StringComparison.Ordinal);
    }

    [ExecutableFact]
    public async Task As_without_a_value_is_wrong_usage()
    {
        var (exitCode, _, error) = await RunAsync([], "--as", "linux", "--logs", "-");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("KEY=VALUE", error, StringComparison.Ordinal);
    }

    [ExecutableFact]
    public async Task Bad_record_is_named_by_line_and_column_and_is_an_answer_only_under_strict()
    {
        var log = Log("bad.json", Encoding.UTF8.GetBytes($"{Hit}\n{{\"a\": nope}}\n{Hit}\n"));

        var (exitCode, output, error) = await RunAsync([], "--logs", log);
        Assert.Equal((ExitCode.Done, 2), (exitCode, Lines((exitCode, output, error))));
        Assert.Contains($"{log}:2:", error, StringComparison.Ordinal);
        Assert.Contains("1 record could not be read", error, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Findings, (await RunAsync([], "--strict", "--logs", log)).ExitCode);
    }

    [ExecutableFact]
    public async Task Report_in_json_has_the_alerts_where_no_file_has_them()
    {
        var (_, output, _) = await RunAsync(Encoding.UTF8.GetBytes(Hit), "--json", "--logs", "-");
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((1, 1), (report.GetProperty("events").GetInt32(), report.GetProperty("alerts").GetArrayLength()));

        var file = Path.Combine(_logs, "alerts.ndjson");
        (_, output, _) = await RunAsync(Encoding.UTF8.GetBytes(Hit), "--json", "-o", file, "--logs", "-");
        Assert.False(JsonDocument.Parse(output).RootElement.TryGetProperty("alerts", out _));
        Assert.Contains("Packer Started", Assert.Single(await File.ReadAllLinesAsync(file)), StringComparison.Ordinal);
        Assert.Equal(["alerts.ndjson"], Directory.GetFiles(_logs).Select(Path.GetFileName));
    }

    [ExecutableTheory]
    [InlineData("no/such/alerts.ndjson")]
    [InlineData(".")]
    public async Task Place_that_cannot_be_written_is_said_before_the_run(string place)
    {
        var (exitCode, output, error) = await RunAsync(Encoding.UTF8.GetBytes(Hit), "-o", Path.Combine(_logs, place), "--logs", "-");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Empty(output);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
        Assert.DoesNotContain("1 event", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_logs));
    }

    [ExecutableFact]
    public async Task Device_is_written_to_and_stays_a_device()
    {
        Assert.Equal(ExitCode.Done, (await RunAsync(Encoding.UTF8.GetBytes(Hit), "-o", "/dev/null", "--logs", "-")).ExitCode);
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Empty(await File.ReadAllBytesAsync("/dev/null"));
    }

    [ExecutableFact]
    public async Task Paths_that_are_not_there_cost_themselves_and_are_wrong_usage_where_none_is()
    {
        var (exitCode, _, error) = await RunAsync([], "--logs", Path.Combine(_logs, "none"));
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("There is no such file or folder", error, StringComparison.Ordinal);

        (exitCode, var output, error) = await RunAsync([], "--logs", Path.Combine(_logs, "none"), Log("a.json", Encoding.UTF8.GetBytes(Hit)));
        Assert.Equal((ExitCode.Done, 1), (exitCode, Lines((exitCode, output, error))));
        Assert.Contains("There is no such file or folder", error, StringComparison.Ordinal);
    }

    [ExecutableFact]
    public async Task Reader_that_leaves_is_no_failure()
    {
        var log = Log("many.json", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Hit + "\n", 5000))));
        var start = new ProcessStartInfo("bash", ["-c", "\"$0\" scan --rules \"$1\" --logs \"$2\" | head -1; exit ${PIPESTATUS[0]}", TestPaths.Executable!, _folder.Rules, log]);
        var (exitCode, output, error) = await RunAsync(start, []);
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Single(output.TrimEnd().Split('\n'));
        Assert.Contains("5,000 alerts", error, StringComparison.Ordinal);
    }

    private string Log(string name, byte[] content)
    {
        var path = Path.Combine(_logs, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static int Lines((int ExitCode, string Output, string Error) run)
        => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(byte[] input, params string[] arguments)
        => RunAsync(new ProcessStartInfo(TestPaths.Executable!, ["scan", "--rules", _folder.Rules, .. arguments]), input);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start, byte[] input)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading, as it should where its command line is wrong.
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
