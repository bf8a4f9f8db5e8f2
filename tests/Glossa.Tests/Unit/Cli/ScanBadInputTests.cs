using System.Diagnostics;
using Glossa.Cli;
using Glossa.Tests.Unit.Catalog;

namespace Glossa.Tests.Unit.Cli;

public sealed class ScanBadInputTests
{
    [ExecutableFact]
    public async Task Event_line_that_cannot_be_read_is_named_and_the_others_are_scanned()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        var log = Path.Combine(Path.GetDirectoryName(folder.Catalog())!, "log.ndjson");
        const string Event = """{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\one.exe","User":"mara"}""";
        await File.WriteAllTextAsync(log, $"{Event}\n  {{\"Image\": no}}\n{Event}\n");

        using var process = Process.Start(new ProcessStartInfo(TestPaths.Executable!, ["scan", "--rules", folder.Rules, "--logs", log])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);

        Assert.Equal(ExitCode.Done, process.ExitCode);
        Assert.Equal(2, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"{log}:2:14: ", await error, StringComparison.Ordinal);
    }
}
