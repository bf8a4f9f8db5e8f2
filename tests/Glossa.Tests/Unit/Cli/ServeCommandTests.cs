using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Glossa.Catalog;
using Glossa.Cli;

namespace Glossa.Tests.Unit.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("glossa-test-");

    [ExecutableFact]
    public async Task Serves_a_catalog_and_ends_well_when_told_to()
    {
        var catalog = Path.Combine(_folder.FullName, "c.db");
        RuleImporter.Build([WriteRule()], catalog);
        await ServesAndEnds(catalog);
    }

    [ExecutableFact]
    public async Task Serves_rule_files_that_have_no_catalog_and_leaves_nothing_behind()
    {
        var temporary = _folder.CreateSubdirectory("tmp");
        await ServesAndEnds(WriteRule(), temporary.FullName);
        Assert.Empty(temporary.EnumerateFileSystemInfos());
    }

    [ExecutableFact]
    public async Task A_taken_port_that_was_asked_for_is_wrong_usage()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (exitCode, _, error) = await RunAsync("serve", WriteRule(), "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}"));

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("is taken", error, StringComparison.Ordinal);
    }

    [ExecutableTheory]
    [InlineData("no/such/path")]
    [InlineData("text.db")]
    [InlineData("x", "--urls", "https://127.0.0.1:1")]
    [InlineData("x", "--urls", "nonsense")]
    [InlineData("x", "--urls", "http://127.0.0.1:1/path")]
    public async Task What_cannot_be_served_is_said(params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "text.db"), "SQLite format 3\0 and then nothing of it");
        var (exitCode, output, error) = await RunAsync(["serve", .. arguments]);

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("glossa: ", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string WriteRule()
    {
        var path = Path.Combine(_folder.FullName, "rule.yml");
        File.WriteAllText(path, "title: Served Rule\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n    selection:\n        Image: 'a'\n    condition: selection\nlevel: low\n");
        return path;
    }

    private async Task ServesAndEnds(string path, string? temporary = null)
    {
        using var process = Start(temporary, "serve", path, "--urls", "http://127.0.0.1:0");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        var address = line!.Split(' ').Single(word => word.StartsWith("http://", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        Assert.Contains("Served Rule", await client.GetStringAsync(new Uri("/rules", UriKind.Relative), limit.Token), StringComparison.Ordinal);

        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(ExitCode.Done, process.ExitCode);
    }

    private Process Start(string? temporary, params string[] arguments)
    {
        var start = new ProcessStartInfo(TestPaths.Executable!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        if (temporary is not null)
        {
            start.Environment["TMPDIR"] = temporary;
        }

        return Process.Start(start)!;
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(null, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
