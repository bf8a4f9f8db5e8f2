using System.CommandLine;
using System.CommandLine.Help;
using Glossa.Cli.Commands;

namespace Glossa.Cli;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var parsed = CreateRootCommand().Parse(args);
        try
        {
            var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

            // System.CommandLine prints what was wrong and answers 1, which here means "found something".
            return parsed.Errors.Count > 0 ? ExitCode.Usage : exitCode;
        }
#pragma warning disable CA1031 // The last stop: what nobody expected becomes one line and our exit code.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync($"glossa: internal error: {fault}");
            return ExitCode.Fault;
        }
    }

    /// <summary>The whole command line; parsing it runs nothing, so tests can ask what a line means.</summary>
    internal static RootCommand CreateRootCommand()
    {
        var root = new RootCommand("Reads the detection rules of every SIEM, explains them, and runs them.");
        root.Add(BuildCommand.Create());
        root.Add(StatsCommand.Create());
        root.Add(ShowCommand.Create());
        root.Add(SearchCommand.Create());
        root.Add(ServeCommand.Create());
        root.Add(DemoCommand.Create());
        root.SetAction(parsed =>
        {
            new HelpAction().Invoke(parsed);
            return ExitCode.Usage;
        });
        root.Add(Commands.ScanCommand.Create());
        root.Add(Commands.ExplainCommand.Create());
        return root;
    }
}
