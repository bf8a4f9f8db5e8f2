using Glossa.Analysis;
using Glossa.Catalog;
using Glossa.Languages;
using Xunit.Abstractions;

namespace Glossa.Tests.Unit.Catalog;

public sealed class CorpusCountTests(ITestOutputHelper output)
{
    private const int Seed = 20261124;
    private const int Sample = 50;

    /// <summary>Counts over the parsed files with sets, and no line of SQL.</summary>
    [CorpusFact("corpora/sigma")]
    public void Counts_equal_those_of_brute_force()
    {
        var corpus = TestPaths.Corpus("corpora/sigma")!;
        var paths = Directory.EnumerateDirectories(corpus, "rules*").Order(StringComparer.Ordinal).ToList();
        using var folder = new RuleFolder();
        var report = RuleImporter.Build(paths, folder.Catalog());
        var repository = RuleRepository.Open(paths);
        var rules = repository.Files.SelectMany(file => repository.Read(file).Rules.Select(rule => (file.Root, rule.Metadata.File, Analysis: RuleAnalyzer.Analyze(rule)))).ToList();
        Assert.Equal(rules.Count, report.Stats.Rules);

        var lookers = Holders(rules, analysis => analysis.Indicators);
        var excluders = Holders(rules, analysis => analysis.Rows.Where(row => row.Role == RowRole.Exclusion));
        var spellings = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        for (var number = 0; number < rules.Count; number++)
        {
            foreach (var spelling in rules[number].Analysis.Indicators.SelectMany(row => row.Values.SelectMany(value => Spellings(row, value))))
            {
                (spellings.TryGetValue(spelling, out var known) ? known : spellings[spelling] = []).Add(number);
            }
        }

        using var database = CatalogDatabase.Open(folder.Catalog());
        var reader = new RuleRecordReader(database);
        var random = new Random(Seed);
        output.WriteLine($"seed {Seed}");
        var compared = 0;
        foreach (var number in Enumerable.Range(0, rules.Count).OrderBy(_ => random.Next()).Take(Sample))
        {
            var (_, file, analysis) = rules[number];
            var found = Assert.Single(reader.Resolve(file), rule => rule.File == file);
            var record = reader.Read(found.Family, found.Slug)!;
            output.WriteLine($"{found.Slug}");
            var values = record.Indicators.Concat(record.Exclusions).GroupBy(value => value.Row).ToDictionary(row => row.Key, row => row.ToList());
            foreach (var row in analysis.Rows)
            {
                for (var i = 0; i < row.Values.Count; i++)
                {
                    var shown = values[row.Number][i];
                    Assert.Equal(row.Values[i].Text, shown.Value);
                    Assert.Equal(Others(lookers, row.Values[i].Keys, number), shown.Others.Total);
                    Assert.Equal(shown.Others.Total, shown.Others.ByFamily.Values.Sum());
                    Assert.Equal(Others(excluders, row.Values[i].Keys, number), shown.ExcludedBy);
                    Assert.Equal(AsWritten(spellings, row, row.Values[i], number), shown.OthersAsWritten);
                    compared++;
                }
            }
        }

        output.WriteLine($"{compared} values of {Sample} rules");
        Assert.True(compared > Sample);
    }

    private static Dictionary<CountKey, HashSet<int>> Holders(
        List<(string Root, string File, RuleAnalysis Analysis)> rules, Func<RuleAnalysis, IEnumerable<PredicateRow>> rows)
    {
        var holders = new Dictionary<CountKey, HashSet<int>>();
        for (var number = 0; number < rules.Count; number++)
        {
            foreach (var key in rows(rules[number].Analysis).SelectMany(row => row.Values).SelectMany(value => value.Keys))
            {
                (holders.TryGetValue(key, out var known) ? known : holders[key] = []).Add(number);
            }
        }

        return holders;
    }

    private static int AsWritten(Dictionary<string, HashSet<int>> spellings, PredicateRow row, RowValue value, int self)
        => Spellings(row, value).SelectMany(spelling => spellings.GetValueOrDefault(spelling) ?? []).Where(number => number != self).Distinct().Count();

    private static IEnumerable<string> Spellings(PredicateRow row, RowValue value)
        => value.Keys.Select(key => $"{row.Field}\n{key.Kind}\n{key.Value}\n{value.Text}\n{row.Case}");

    private static int Others(Dictionary<CountKey, HashSet<int>> holders, IReadOnlyList<CountKey> keys, int self)
        => keys.SelectMany(key => holders.GetValueOrDefault(key) ?? []).Where(number => number != self).Distinct().Count();
}
