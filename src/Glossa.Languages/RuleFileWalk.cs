using Glossa.Core.Diagnostics;

namespace Glossa.Languages;

/// <summary>
/// Finds the files below the given paths, each once, in the order of their names. A link is never a second way to what is read
/// anyway, and none leads out of the given paths.
/// </summary>
internal sealed class RuleFileWalk
{
    // Deeper than any path name a file system takes; only a mounted loop gets there.
    private const int MaxDepth = 256;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false };

    private readonly List<string> _roots = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public List<RuleFile> Files { get; } = [];

    /// <summary>Full paths of files that were given themselves.</summary>
    public HashSet<string> Given { get; } = new(StringComparer.Ordinal);

    public DiagnosticBag Diagnostics { get; } = [];

    public bool NoPathReadable { get; private set; } = true;

    public static RuleFileWalk Over(IReadOnlyList<string> paths)
    {
        var walk = new RuleFileWalk();
        foreach (var path in paths)
        {
            if (FullPathOf(path) is { } full)
            {
                walk._roots.Add(full);
            }
        }

        foreach (var path in paths)
        {
            walk.Add(path);
        }

        return walk;
    }

    private static string? FullPathOf(string path)
    {
        try
        {
            return string.IsNullOrEmpty(path) ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or PathTooLongException)
        {
            return null;
        }
    }

    private void Add(string path)
    {
        var full = FullPathOf(path);
        try
        {
            if (full is not null && Directory.Exists(full))
            {
                AddFolder(path, full);
            }
            else if (full is not null && File.Exists(full))
            {
                Given.Add(full);
                var folder = Path.GetDirectoryName(path) ?? "";
                AddFile(new FileInfo(full), folder, Path.GetFileName(full));
                NoPathReadable = false;
                if (!LanguageRegistry.Formats.Any(format => format.Recognises(full)))
                {
                    Report(RepositoryDiagnostics.NoRuleInFile, "No rule format has files of this ending.", path);
                }
            }
            else
            {
                Report(RepositoryDiagnostics.PathMissing, $"There is no file or folder '{path}'.", path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(RepositoryDiagnostics.Unreadable, $"'{path}' cannot be read: {exception.Message}", path);
        }
    }

    private void AddFolder(string root, string fullRoot)
    {
        var pending = new Stack<(DirectoryInfo Folder, string Path, int Depth)>();
        pending.Push((new DirectoryInfo(fullRoot), "", 0));
        while (pending.TryPop(out var next))
        {
            List<FileSystemInfo> entries;
            try
            {
                entries = [.. next.Folder.EnumerateFileSystemInfos("*", Everything)];
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.SecurityException)
            {
                Report(RepositoryDiagnostics.Unreadable, $"The folder cannot be read: {exception.Message}", Path.Join(root, next.Path));
                continue;
            }

            if (next.Depth == 0)
            {
                NoPathReadable = false;
            }

            entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            var folders = new List<DirectoryInfo>();
            foreach (var entry in entries)
            {
                var path = next.Path.Length == 0 ? entry.Name : $"{next.Path}/{entry.Name}";
                if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                {
                    AddLink(entry, root, path);
                }
                else if (entry is DirectoryInfo folder)
                {
                    folders.Add(folder);
                }
                else if (entry is FileInfo file && LanguageRegistry.Formats.Any(format => format.Recognises(file.Name)))
                {
                    AddFile(file, root, path);
                }
            }

            for (var i = folders.Count - 1; i >= 0; i--)
            {
                // What git keeps for itself is nobody's rule.
                if (folders[i].Name == ".git")
                {
                    continue;
                }

                if (next.Depth == MaxDepth)
                {
                    Report(RepositoryDiagnostics.TooDeep, $"Folders are nested more than {MaxDepth} deep; this one is not read.", Path.Join(root, next.Path));
                    break;
                }

                pending.Push((folders[i], next.Path.Length == 0 ? folders[i].Name : $"{next.Path}/{folders[i].Name}", next.Depth + 1));
            }
        }
    }

    private void AddLink(FileSystemInfo link, string root, string path)
    {
        var shown = Path.Join(root, path);
        FileSystemInfo? target;
        try
        {
            target = link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(RepositoryDiagnostics.LinkLoop, $"The link cannot be followed, it probably leads to itself: {exception.Message}", shown);
            return;
        }

        if (target is null || !target.Exists)
        {
            Report(RepositoryDiagnostics.DanglingLink, $"The link leads nowhere: there is no '{target?.FullName ?? "target"}'.", shown);
            return;
        }

        var full = Path.TrimEndingDirectorySeparator(target.FullName);
        if (!_roots.Exists(given => IsWithin(full, given) || IsWithin(given, full)))
        {
            Report(RepositoryDiagnostics.LinkOutside, "The link leads out of the given paths and is not followed.", shown);
        }
        else if (target is DirectoryInfo)
        {
            if (IsWithin(Path.GetDirectoryName(link.FullName) ?? "", full))
            {
                Report(RepositoryDiagnostics.LinkLoop, "The link leads back to a folder it stands in and is not followed.", shown);
            }
            else if (!_roots.Exists(given => IsWithin(full, given)))
            {
                Report(RepositoryDiagnostics.LinkOutside, "The link leads out of the given paths and is not followed.", shown);
            }

            // Else the folder is read where it stands.
        }
        else if (target is FileInfo file && LanguageRegistry.Formats.Any(format => format.Recognises(link.Name) && !format.Recognises(file.Name)))
        {
            AddFile(file, root, path);
        }
    }

    private void AddFile(FileInfo file, string root, string path)
    {
        try
        {
            if (_seen.Add(file.FullName))
            {
                Files.Add(new RuleFile(file.FullName, path, root, file.Length, file.LastWriteTimeUtc.Ticks));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(RepositoryDiagnostics.Unreadable, $"The file cannot be read: {exception.Message}", Path.Join(root, path));
        }
    }

    private void Report(DiagnosticDescriptor descriptor, string message, string path)
        => Diagnostics.Add(Diagnostic.OfFile(descriptor, message, path));

    private static bool IsWithin(string path, string folder)
        => path.Length == folder.Length ? path == folder : path.Length > folder.Length && path.StartsWith(folder, StringComparison.Ordinal) && (folder.EndsWith('/') || path[folder.Length] == Path.DirectorySeparatorChar);
}
