namespace Glossa.Tests;

/// <summary>Where the tests find things that are not built: the sources, the executable, and the corpora beside the repository.</summary>
internal static class TestPaths
{
    /// <summary>The folder that holds Glossa.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The shared folder with its corpora; GLOSSA_SHARED, or <c>../shared</c> beside the repository.</summary>
    public static string Shared { get; } = Path.GetFullPath(Variable("GLOSSA_SHARED") ?? Path.Combine(Root, "..", "shared"));

    /// <summary>A folder of whole rule repositories, as GLOSSA_CHECKOUTS names it; null when it does not.</summary>
    public static string? Checkouts { get; } = Variable("GLOSSA_CHECKOUTS") is { } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The published executable, as ./test names it in GLOSSA_EXE; null when the tests run without ./test.</summary>
    public static string? Executable { get; } = Variable("GLOSSA_EXE");

    /// <summary>
    /// A corpus by its path below the shared folder or below the checkouts, for example <c>corpora/sigma</c>;
    /// null when neither has it.
    /// </summary>
    public static string? Corpus(string name)
        => new[] { Shared, Checkouts }
            .Where(folder => folder is not null)
            .Select(folder => Path.Combine(folder!, name))
            .FirstOrDefault(Directory.Exists);

    private static string? Variable(string name)
        => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Glossa.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"Glossa.slnx is in no folder above {AppContext.BaseDirectory}.");
    }
}
