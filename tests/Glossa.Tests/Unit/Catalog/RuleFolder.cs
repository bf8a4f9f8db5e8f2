using System.Text.Json;
using Glossa.Catalog;

namespace Glossa.Tests.Unit.Catalog;

/// <summary>A folder of rule files of our own, and catalogs beside it; gone when the test ends.</summary>
internal sealed class RuleFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("glossa-test-");

    public RuleFolder() => Directory.CreateDirectory(Rules);

    public string Rules => Path.Combine(_folder.FullName, "rules");

    public string Catalog(string name = "glossa.db") => Path.Combine(_folder.FullName, name);

    public IEnumerable<string> FilesBeside => Directory.EnumerateFiles(_folder.FullName).Select(Path.GetFileName).OfType<string>();

    /// <summary>Writes a file with a time stamp well in the past, so that time stamps alone tell what changed.</summary>
    public string Write(string path, string text, int minutesAgo = 60)
    {
        var full = Path.Combine(Rules, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        File.SetLastWriteTimeUtc(full, DateTime.UtcNow.AddMinutes(-minutesAgo));
        return full;
    }

    public BuildReport Build(string name = "glossa.db", ImportOptions? options = null) => RuleImporter.Build([Rules], Catalog(name), options);

    /// <summary>Every record as JSON, by address.</summary>
    public SortedDictionary<string, string> Records(string name = "glossa.db")
    {
        using var database = CatalogDatabase.Open(Catalog(name));
        var reader = new RuleRecordReader(database);
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var rule in reader.All())
        {
            records.Add($"{rule.Family}/{rule.Slug}", JsonSerializer.Serialize(reader.Read(rule.Family, rule.Slug)!, RecordJson.Compact.RuleRecord));
        }

        return records;
    }

    /// <summary>A single-event rule that looks for the end of a path and away from a user.</summary>
    /// <param name="number">Makes the id: twelve digits at most.</param>
    public static string Rule(int number, string title, string image, string user = "svc-backup", string level = "medium", string more = "") => $"""
        title: {title}
        id: 00000000-0000-4000-8000-{number:000000000000}
        {more}
        status: test
        description: Made for a test.
        author: Glossa tests
        date: 2026-01-02
        tags:
          - attack.execution
          - attack.t1059.001
        logsource:
          product: windows
          category: process_creation
        detection:
          selection:
            Image|endswith: '{image}'
          ours:
            User: {user}
          condition: selection and not ours
        level: {level}
        """;

    public static string Correlation(int number, string title, string member) => $"""
        title: {title}
        id: 00000000-0000-4000-8000-{number:000000000000}
        correlation:
          type: event_count
          rules:
            - {member}
          group-by:
            - User
          timespan: 10m
          condition:
            gte: 5
        level: high
        """;

    public void Dispose() => _folder.Delete(recursive: true);
}
