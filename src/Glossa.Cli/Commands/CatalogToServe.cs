using System.Globalization;
using Glossa.Catalog;
using Glossa.Cli.Output;
using Glossa.Core.Diagnostics;

namespace Glossa.Cli.Commands;

/// <summary>A catalog file for the time of a command: the one that was named, or one made from rule files and removed at the end.</summary>
internal sealed class CatalogToServe : IDisposable
{
    private readonly DirectoryInfo? _temporary;

    private CatalogToServe(string path, DirectoryInfo? temporary)
    {
        Path = path;
        _temporary = temporary;
    }

    public string Path { get; }

    /// <summary>Null, with the reason on <paramref name="error"/>, when there is nothing to serve.</summary>
    public static CatalogToServe? Open(IReadOnlyList<string> paths, IReadOnlyList<string> placeholders, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            if (paths.Count == 0)
            {
                if (!File.Exists(CatalogOptions.DefaultDatabase))
                {
                    error.WriteLine($"glossa: there is no {CatalogOptions.DefaultDatabase} here. Name a catalog, or rule files and folders: glossa serve PATH…");
                    return null;
                }

                return OpenCatalog(CatalogOptions.DefaultDatabase, placeholders, error);
            }

            if (paths is [var only] && CatalogOptions.IsDatabase(only))
            {
                return OpenCatalog(only, placeholders, error);
            }

            if (paths.FirstOrDefault(CatalogOptions.IsDatabase) is { } catalog)
            {
                error.WriteLine($"glossa: {catalog} is a catalog; it is served alone, without further paths.");
                return null;
            }

            return Build(paths, placeholders, error, cancellation);
        }
        catch (CatalogException fault)
        {
            error.WriteLine($"glossa: {fault.Message}");
            return null;
        }
    }

    public void Dispose() => _temporary?.Delete(recursive: true);

    private static CatalogToServe? OpenCatalog(string path, IReadOnlyList<string> placeholders, TextWriter error)
    {
        if (placeholders.Count > 0)
        {
            error.WriteLine($"glossa: {CatalogOptions.PlaceholdersNeedRules}");
            return null;
        }

        // Said now, at the terminal, and not at the first request.
        CatalogDatabase.Open(path).Dispose();
        return new CatalogToServe(path, null);
    }

    private static CatalogToServe? Build(IReadOnlyList<string> paths, IReadOnlyList<string> placeholders, TextWriter error, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("glossa-");
        var served = new CatalogToServe(System.IO.Path.Combine(folder.FullName, CatalogOptions.DefaultDatabase), folder);
        var isGood = false;
        try
        {
            var found = new DiagnosticBag();
            var options = new ImportOptions { Repository = CatalogOptions.Reading(placeholders, found) };
            DiagnosticLines.Write(error, [.. found]);
            var report = ProgressLine.Run(progress => RuleImporter.Build(paths, served.Path, options, progress, cancellation));
            if (report.NoPathReadable)
            {
                error.WriteLine($"glossa: none of these can be read: {string.Join(", ", paths.Select(TerminalText.Clean))}");
                return null;
            }

            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"glossa: {report.Stats.Rules:N0} rules from {report.Files:N0} files in {report.Elapsed.TotalSeconds:0.0} s; `glossa build` keeps such a catalog for next time"));
            isGood = true;
            return served;
        }
        finally
        {
            if (!isGood)
            {
                served.Dispose();
            }
        }
    }
}
