using Glossa.Core.Diagnostics;
using Glossa.Core.Events;

namespace Glossa.Execution.Reading;

/// <summary>A log to read.</summary>
/// <param name="FullPath">Of a file; <c>-</c> for standard input.</param>
/// <param name="Name">As it is named in alerts and messages.</param>
/// <param name="As">What the user says of its source.</param>
public sealed record LogInput(string FullPath, string Name, SourceFacts? As)
{
    public bool IsStandardInput => FullPath == "-";
}

/// <summary>What is wrong with a log, or with one record of it. Logs are too large to be held as text, so the place is said in numbers.</summary>
/// <param name="Log">As <see cref="LogInput.Name"/>, or a path that names none.</param>
/// <param name="Line">From 1; null where it is about the log as a whole.</param>
/// <param name="Column">In bytes, from 1.</param>
public sealed record LogProblem(DiagnosticDescriptor Descriptor, string Log, string Message, long? Line = null, long? Column = null)
{
    public override string ToString()
        => $"{Log}{(Line is { } line ? $":{line}:{Column}" : "")}: {(Descriptor.Severity == DiagnosticSeverity.Error ? "error" : "warning")} {Descriptor.Id}: {Message}";
}

/// <summary>From paths to the logs below them.</summary>
public static class LogInputs
{
    public static readonly DiagnosticDescriptor Unreadable = new("LOG0001", "A log cannot be read", DiagnosticSeverity.Error);

    /// <summary>
    /// A file stands for itself, <c>-</c> for standard input, a folder for all files below it in the order of their names. Links inside a folder are
    /// not followed. A path that cannot be read costs itself.
    /// </summary>
    public static IReadOnlyList<LogInput> Find(IReadOnlyList<(string Path, SourceFacts? As)> paths, ICollection<LogProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(problems);
        var inputs = new List<LogInput>();
        foreach (var (path, facts) in paths)
        {
            try
            {
                if (path == "-")
                {
                    inputs.Add(new LogInput("-", "-", facts));
                }
                else if (Directory.Exists(path))
                {
                    AddFolder(path, facts, inputs);
                }
                else if (File.Exists(path))
                {
                    inputs.Add(new LogInput(Path.GetFullPath(path), path, facts));
                }
                else
                {
                    problems.Add(new LogProblem(Unreadable, path, "There is no such file or folder."));
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
            {
                problems.Add(new LogProblem(Unreadable, path, problem.Message));
            }
        }

        return inputs;
    }

    private static void AddFolder(string path, SourceFacts? facts, List<LogInput> inputs)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
        var files = Directory.GetFiles(path, "*", options);
        Array.Sort(files, StringComparer.Ordinal);
        inputs.AddRange(files.Select(file => new LogInput(Path.GetFullPath(file), Path.GetRelativePath(path, file).Replace('\\', '/'), facts)));
    }
}
