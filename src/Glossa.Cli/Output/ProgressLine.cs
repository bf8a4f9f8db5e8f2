using Glossa.Catalog;
using Spectre.Console;

namespace Glossa.Cli.Output;

/// <summary>How far a build is, on stderr: a bar on a terminal, a line now and then where it is written to a file.</summary>
internal static class ProgressLine
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    public static T Run<T>(Func<IProgress<BuildProgress>, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(new PlainLines());
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Bar(context.AddTask("Reading rules"))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value)
        {
            task.Description = Markup.Escape(value.Phase);
            if (value.Total > 0)
            {
                task.MaxValue = value.Total;
                task.Value = value.Done;
            }
        }
    }

    private sealed class PlainLines : IProgress<BuildProgress>
    {
        private DateTime _next = DateTime.UtcNow + Between;

        public void Report(BuildProgress value)
        {
            if (DateTime.UtcNow >= _next)
            {
                _next = DateTime.UtcNow + Between;
                Console.Error.WriteLine(value.Total > 0 ? $"{value.Phase}: {value.Done} of {value.Total}" : value.Phase);
            }
        }
    }
}
