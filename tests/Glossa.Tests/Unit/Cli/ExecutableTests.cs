using System.Diagnostics;
using System.Reflection;
using Glossa.Cli;

namespace Glossa.Tests.Unit.Cli;

public sealed class ExecutableTests
{
    [ExecutableFact]
    public async Task Version_is_printed_to_stdout()
    {
        var (exitCode, output, error) = await RunAsync("--version");

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Equal(
            typeof(ExitCode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            output.TrimEnd());
        Assert.Empty(error);
    }

    [ExecutableFact]
    public async Task Unknown_word_is_wrong_usage()
    {
        var (exitCode, _, error) = await RunAsync("no-such-verb");

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("no-such-verb", error, StringComparison.Ordinal);
    }

    [ExecutableFact]
    public async Task No_words_at_all_is_wrong_usage_and_shows_the_help()
    {
        var (exitCode, output, _) = await RunAsync();

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("--version", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(TestPaths.Executable!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
