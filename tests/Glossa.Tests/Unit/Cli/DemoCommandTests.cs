using System.Diagnostics;
using Glossa.Catalog;
using Glossa.Cli;

namespace Glossa.Tests.Unit.Cli;

public sealed class DemoCommandTests
{
    [ExecutableFact]
    public async Task Demo_reads_and_runs_the_samples_and_names_a_catalog_that_opens()
    {
        using var process = Process.Start(new ProcessStartInfo(TestPaths.Executable!, "demo")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = TestPaths.Root,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        var lines = (await output).Split('\n');

        Assert.Equal("", await error);
        Assert.Equal(ExitCode.Done, process.ExitCode);
        Assert.Contains(lines, line => line.StartsWith("  sigma: 2026-03-10T", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("362 events of 11 logs", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  unclosed_quote.yml:", StringComparison.Ordinal));
        var serve = Assert.Single(lines, line => line.StartsWith("  ./glossa serve ", StringComparison.Ordinal));
        using var catalog = CatalogDatabase.Open(Path.Combine(TestPaths.Root, serve["  ./glossa serve ".Length..]));
        Assert.NotEmpty(new RuleRecordReader(catalog).All());
    }
}
