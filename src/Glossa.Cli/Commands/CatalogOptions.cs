using System.CommandLine;
using Glossa.Catalog;
using Glossa.Cli.Output;
using Glossa.Core.Diagnostics;
using Glossa.Languages;
using Glossa.Languages.Formats;

namespace Glossa.Cli.Commands;

/// <summary>Where commands take rules from, said once.</summary>
internal static class CatalogOptions
{
    /// <summary>What <c>build</c> writes and the others read when they are not told.</summary>
    public const string DefaultDatabase = "glossa.db";

    /// <summary>Said where <c>--placeholders</c> meets a catalog.</summary>
    public const string PlaceholdersNeedRules = "--placeholders goes with rule files. A catalog keeps the values it was built with: glossa build --placeholders FILE.";

    public static Option<string?> Database() => new("--db") { Description = $"The catalog to read ({DefaultDatabase} where it is not given).", HelpName = "DB" };

    public static Option<string[]> Rules()
        => new("--rules") { Description = "Rule files, folders or repositories to read instead of a catalog.", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    public static Option<string[]> Placeholders()
        => new("--placeholders") { Description = "A YAML file with values for the rules' placeholders.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };

    /// <summary>How to read rules with the values of these files. A name that several have is the last one's.</summary>
    /// <param name="found">Takes what is wrong with the files.</param>
    public static RepositoryOptions Reading(IReadOnlyList<string> placeholderFiles, DiagnosticBag found)
    {
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var file in placeholderFiles)
        {
            foreach (var (name, values) in ValueListFile.Read(file, found))
            {
                lists[name] = values;
            }
        }

        return new RepositoryOptions { ValueLists = lists };
    }

    /// <summary>Whether a path is a catalog rather than rules: a file that starts as databases do.</summary>
    public static bool IsDatabase(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return path.EndsWith(".db", StringComparison.OrdinalIgnoreCase);
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> head = stackalloc byte[16];
            return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual("SQLite format 3\0"u8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Runs with a catalog: the one named, or one made of rules for this command alone.</summary>
    /// <param name="rules">Empty: read <paramref name="database"/>.</param>
    /// <param name="placeholders">Files with values for the placeholders of <paramref name="rules"/>.</param>
    public static int WithCatalog(string? database, IReadOnlyList<string> rules, IReadOnlyList<string> placeholders, Func<CatalogDatabase, int> use)
    {
        if (rules.Count == 0)
        {
            if (placeholders.Count > 0)
            {
                return Fail(PlaceholdersNeedRules, ExitCode.Usage);
            }

            CatalogDatabase catalog;
            try
            {
                catalog = CatalogDatabase.Open(database ?? DefaultDatabase);
            }
            catch (CatalogException error)
            {
                return Fail(error.Message, ExitCode.Usage);
            }

            using (catalog)
            {
                return Guarded(() => use(catalog));
            }
        }

        var folder = Directory.CreateTempSubdirectory("glossa-");
        try
        {
            var path = Path.Combine(folder.FullName, "rules.db");
            return Guarded(() =>
            {
                var found = new DiagnosticBag();
                var options = new ImportOptions { Repository = Reading(placeholders, found) };
                DiagnosticLines.Write(Console.Error, [.. found]);
                var report = ProgressLine.Run(progress => RuleImporter.Build(rules, path, options, progress));
                if (report.NoPathReadable)
                {
                    DiagnosticLines.Write(Console.Error, report.Diagnostics, report.Fresh);
                    return ExitCode.Usage;
                }

                using var catalog = CatalogDatabase.Open(path);
                return use(catalog);
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"glossa: {TerminalText.Clean(message)}");
        return exitCode;
    }

    /// <summary>A catalog that cannot be read or written costs one sentence, not a stack trace.</summary>
    public static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (CatalogException error)
        {
            return Fail(error.Message, ExitCode.Fault);
        }
        catch (Microsoft.Data.Sqlite.SqliteException error)
        {
            return Fail($"The catalog cannot be read ({error.Message}).", ExitCode.Fault);
        }
    }

    public static bool HasErrors(IEnumerable<Diagnostic> diagnostics) => diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
