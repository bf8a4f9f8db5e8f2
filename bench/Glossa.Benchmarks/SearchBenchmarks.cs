using BenchmarkDotNet.Attributes;
using Glossa.Catalog;

namespace Glossa.Benchmarks;

/// <summary>One search in a catalog that GLOSSA_DB names; the aim is 5 ms.</summary>
[MemoryDiagnoser]
public class SearchBenchmarks
{
    private CatalogDatabase? _database;
    private RuleSearch? _search;

    [Params("rundll32", "powershell download", @"field:Image op:ends_with value:\rundll32.exe attack:T1218 severity:>=high", "severity:>=high", "excludes:*svchost*")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        var path = Environment.GetEnvironmentVariable("GLOSSA_DB")
            ?? throw new InvalidOperationException("GLOSSA_DB must name a catalog; make one with: glossa build PATH -o glossa.db");
        _database = CatalogDatabase.Open(path);
        _search = new RuleSearch(_database);
    }

    [GlobalCleanup]
    public void Close() => _database?.Dispose();

    [Benchmark]
    public int Search() => _search!.Search(Query).Result!.Total;
}
