using Glossa.Analysis;
using Glossa.Catalog;
using Glossa.Languages;
using Xunit.Abstractions;

namespace Glossa.Tests.Unit.Catalog;

public sealed class FieldsReaderTests(ITestOutputHelper output)
{
    private const int Seed = 20261124;

    /// <summary>Every kind of count over the parsed files with sets, and no line of SQL; and the searches that pages offer for them.</summary>
    [CorpusFact("corpora/sigma")]
    public void Counts_over_the_corpus_equal_those_of_brute_force()
    {
        var corpus = TestPaths.Corpus("corpora/sigma")!;
        var paths = Directory.EnumerateDirectories(corpus, "rules*").Order(StringComparer.Ordinal).ToList();
        using var folder = new RuleFolder();
        RuleImporter.Build(paths, folder.Catalog());
        var repository = RuleRepository.Open(paths);
        var rules = repository.Files.SelectMany(file => repository.Read(file).Rules).Select(rule => RuleAnalyzer.Analyze(rule)).ToList();
        using var database = CatalogDatabase.Open(folder.Catalog());
        var search = new RuleSearch(database);
        var random = new Random(Seed);
        output.WriteLine($"seed {Seed}");

        Fields(rules, new FieldsReader(database), search, random);
        Concepts(rules, new FieldsReader(database), search, random);
        Indicators(rules, new IndicatorReader(database), random);
        Sources(rules, new FieldsReader(database).Sources, search);
        OthersOfRules(database, random);
    }

    private static void Fields(List<RuleAnalysis> rules, FieldsReader reader, RuleSearch search, Random random)
    {
        var byName = new Dictionary<string, HashSet<int>>(StringComparer.OrdinalIgnoreCase);
        Each(rules, (rule, row) => Add(byName, row.Field, rule));
        var all = reader.All(null, null, 1, 100_000);
        Assert.Equal(byName.Count, all.NameTotal);
        Assert.All(all.Names, name => Assert.Equal(byName[name.Name].Count, name.Rules));

        foreach (var name in Sample(byName.Keys, name => name, 15, random).Append("Image").Append("commandline"))
        {
            var report = reader.Field("sigma", name, 1)!;
            var rows = rules.SelectMany((rule, number) => rule.Rows.Where(row => row.Field.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(row => (Rule: number, Row: row))).ToList();
            Assert.Equal(byName[name].Count, report.Rules);
            Assert.Equal(Count(rows.Where(use => use.Row.Role == RowRole.Indicator)), report.Indicators);
            Assert.Equal(Count(rows.Where(use => use.Row.Role == RowRole.Exclusion)), report.Exclusions);
            Assert.Equal(Total($"field:\"{name}\" family:sigma"), report.Rules);
            Assert.All(report.Operators, op => Assert.Equal(Count(rows.Where(use => (use.Row.Kind == "in" ? "eq" : use.Row.Kind) == op.Name)), op.Rules));
            Assert.All(report.Concepts, concept => Assert.Equal(Count(rows.Where(use => use.Row.Concept == concept.Name)), concept.Rules));
            Assert.All(report.Values, value => Assert.Equal(
                Count(rows.Where(use => use.Row.Role == RowRole.Indicator && use.Row.Values.Any(own => own.Keys.Contains(new CountKey(value.Subject, value.Kind, value.Value))))), value.Rules));
            Assert.All(report.Sources.Take(5), source => Assert.Equal(Total($"field:\"{name}\" family:sigma source:\"{source.Product ?? "any"}/{source.Name}\""), source.Rules));
        }

        int Total(string query) => search.Search(query, 1).Result!.Total;
    }

    private static void Concepts(List<RuleAnalysis> rules, FieldsReader reader, RuleSearch search, Random random)
    {
        var byConcept = new Dictionary<string, HashSet<int>>(StringComparer.OrdinalIgnoreCase);
        Each(rules, (rule, row) => Add(byConcept, row.Concept, rule));
        var all = reader.All(null, null, 1, 100_000);
        Assert.Equal(byConcept.Count, all.ConceptTotal);
        Assert.All(all.Concepts, concept => Assert.Equal(byConcept[concept.Name].Count, concept.Rules));
        foreach (var name in Sample(byConcept.Keys, name => name, 15, random))
        {
            var report = reader.Concept(name, 1)!;
            Assert.Equal(byConcept[name].Count, report.Rules);
            Assert.Equal(search.Search($"concept:{name}", 1).Result!.Total, report.Rules);
            Assert.All(report.Names.Where(own => own.Rules > 0), own => Assert.Equal(
                Count(rules.SelectMany((rule, number) => rule.Rows.Where(row => row.Concept == name && row.Field.Equals(own.Name, StringComparison.OrdinalIgnoreCase)).Select(row => (number, row)))), own.Rules));
        }
    }

    private void Indicators(List<RuleAnalysis> rules, IndicatorReader reader, Random random)
    {
        var lookers = new Dictionary<CountKey, HashSet<int>>();
        var excluders = new Dictionary<CountKey, HashSet<int>>();
        Each(rules, (rule, row) =>
        {
            foreach (var key in row.Values.SelectMany(value => value.Keys))
            {
                Add(row.Role == RowRole.Indicator ? lookers : row.Role == RowRole.Exclusion ? excluders : [], key, rule);
            }
        });
        var shared = Sample(lookers.Where(key => key.Value.Count > 3).Select(key => key.Key), key => key.ToString(), 60, random);
        var alone = Sample(lookers.Keys.Concat(excluders.Keys), key => key.ToString(), 60, random);
        foreach (var key in shared.Concat(alone))
        {
            output.WriteLine($"{key}");
            var report = reader.Read(key.Kind, key.Subject, key.Value, new IndicatorFilter(), 1)!;
            var expected = lookers.GetValueOrDefault(key)?.Count ?? 0;
            Assert.Equal(expected, report.Rules);
            Assert.Equal(expected, report.List.Total);
            Assert.Equal(expected, report.Families.Sum(family => family.Rules));
            Assert.Equal(excluders.GetValueOrDefault(key)?.Count ?? 0, report.Exclusions);
            Assert.Equal(report.Exclusions, Again(new IndicatorFilter(Role: "exclusion")).Total);
            Assert.All(report.Spellings.Take(3), spelling => Assert.Equal(spelling.Rules, Again(new IndicatorFilter(spelling.Field, spelling.Value, spelling.Family)).Total));
            Assert.All(report.Operators.Concat(report.Subjects).Take(5), other => Assert.Equal(
                (other.Rules, other.Exclusions),
                (lookers.GetValueOrDefault(new CountKey(other.Subject, other.Kind, other.Value))?.Count ?? 0, excluders.GetValueOrDefault(new CountKey(other.Subject, other.Kind, other.Value))?.Count ?? 0)));

            // In the letters in which it is written, as links name it.
            RuleList Again(IndicatorFilter filter) => reader.Read(report.Kind, report.Subject, report.Shown, filter, 1)!.List;
        }
    }

    private static void Sources(List<RuleAnalysis> rules, SourcesReader reader, RuleSearch search)
    {
        var bySource = new Dictionary<string, HashSet<int>>(StringComparer.OrdinalIgnoreCase);
        for (var number = 0; number < rules.Count; number++)
        {
            var data = rules[number].Data.Count > 0 ? rules[number].Data[0] : null;
            foreach (var name in new[] { data?.Service, data?.Category, "" })
            {
                Add(bySource, name is null ? null : $"{data?.Product ?? "any"}/{name}", number);
            }
        }

        var all = Enumerable.Range(1, 10).SelectMany(page => reader.All(null, page).Sources).ToList();
        Assert.Equal(bySource.Count, all.Count);
        foreach (var source in all)
        {
            var product = source.Product ?? "any";
            Assert.Equal(bySource[$"{product}/{source.Name}"].Count, source.Rules);
            Assert.Equal(search.Search($"source:{product}{(source.Name is null ? "" : "/" + source.Name)}", 1).Result!.Total, source.Rules);
            var report = reader.Source(product, source.Name, 1)!;
            Assert.Equal(source.Rules, report.List.Total);
            var own = bySource[$"{product}/{source.Name}"];
            Assert.All(report.Fields.Take(3), field => Assert.Equal(own.Count(rule => rules[rule].Rows.Any(row => row.Field.Equals(field.Name, StringComparison.OrdinalIgnoreCase))), field.Rules));
        }
    }

    /// <summary>The lists behind the three counts of a value are as long as the record says.</summary>
    private static void OthersOfRules(CatalogDatabase database, Random random)
    {
        var reader = new RuleRecordReader(database);
        foreach (var rule in Sample(reader.All(), rule => rule.Slug, 50, random))
        {
            var record = reader.Read(rule.Family, rule.Slug)!;
            foreach (var row in record.Indicators.Concat(record.Exclusions).GroupBy(value => value.Row))
            {
                foreach (var (value, ordinal) in row.Take(4).Select((value, ordinal) => (value, ordinal)))
                {
                    Assert.Equal(value.Others.Total, Others(OthersKind.ByConcept).Total);
                    Assert.Equal(value.OthersAsWritten, Others(OthersKind.AsWritten).Total);
                    Assert.Equal(value.ExcludedBy, Others(OthersKind.Excluding).Total);
                    Assert.All(value.Others.ByFamily, family => Assert.Equal(family.Value, Others(OthersKind.ByConcept, family.Key).Total));

                    RuleList Others(OthersKind kind, string? only = null) => reader.Others(rule.Family, rule.Slug, row.Key, ordinal, kind, only);
                }
            }
        }
    }

    [Fact]
    public void A_field_says_what_is_asked_of_it()
    {
        using var folder = new RuleFolder();
        folder.Write("a.yml", RuleFolder.Rule(1, "First", @"\tool.exe"));
        folder.Write("b.yml", RuleFolder.Rule(2, "Second", @"\TOOL.exe", user: "other"));
        folder.Write("c.yml", RuleFolder.Rule(3, "Third", @"\third.exe").Replace("Image|endswith", "image|contains", StringComparison.Ordinal));
        folder.Build();
        using var database = CatalogDatabase.Open(folder.Catalog());
        var reader = new FieldsReader(database);

        var report = reader.Field("sigma", "IMAGE", 1)!;
        Assert.Equal("Image", report.Name);
        Assert.Equal((3, 3, 0, 0), (report.Rules, report.Indicators, report.Exclusions, report.Exceptions));
        Assert.Equal([("Image", 2), ("image", 1)], report.Spellings.Select(spelling => (spelling.Name, spelling.Rules)));
        Assert.Equal([("ends_with", 2), ("contains", 1)], report.Operators.Select(op => (op.Name, op.Rules)));
        Assert.Equal([(@"\TOOL.EXE", 2), (@"\THIRD.EXE", 1)], report.Values.Select(value => (value.Value, value.Rules)));
        Assert.Equal([("windows", "process_creation", 3)], report.Sources.Select(source => (source.Product, source.Name, source.Rules)));

        var user = reader.Field("sigma", "User", 1)!;
        Assert.Equal((3, 0, 3), (user.Rules, user.Indicators, user.Exclusions));
        Assert.Empty(user.Values);
        Assert.Equal([2, 1], user.Excluded.Select(value => value.Exclusions));
        Assert.Null(reader.Field("splunk", "Image", 1));
        Assert.Null(reader.Field("sigma", "Imag", 1));
    }

    [Fact]
    public void An_indicator_keeps_spellings_apart_and_finds_what_is_near()
    {
        using var folder = new RuleFolder();
        folder.Write("a.yml", RuleFolder.Rule(1, "First", @"\tool.exe"));
        folder.Write("b.yml", RuleFolder.Rule(2, "Second", @"\TOOL.exe"));
        folder.Write("c.yml", RuleFolder.Rule(3, "Third", @"\tool.exe").Replace("Image|endswith", "Image|contains", StringComparison.Ordinal));
        folder.Build();
        using var database = CatalogDatabase.Open(folder.Catalog());
        var reader = new IndicatorReader(database);

        var report = reader.Read("ends_with", "process.executable", @"\Tool.Exe", new IndicatorFilter(), 1)!;
        Assert.Equal(2, report.Rules);
        Assert.Equal([@"\TOOL.exe", @"\tool.exe"], report.Spellings.Select(spelling => spelling.Value).Order(StringComparer.Ordinal));
        Assert.Equal([("contains", 1)], report.Operators.Select(other => (other.Kind, other.Rules)));
        Assert.Equal("Second", Assert.Single(reader.Read("ends_with", "process.executable", @"\tool.exe", new IndicatorFilter("image", @"\TOOL.exe"), 1)!.List.Rules).Title);
        Assert.Equal(2, reader.Read("wildcard", "process.executable", @"*\tool.exe", new IndicatorFilter(), 1)!.Rules);
        Assert.Equal(3, reader.Read("in", "process.user", "svc-backup", new IndicatorFilter(Role: "exclusion"), 1)!.List.Total);
        Assert.Null(reader.Read("eq", "process.executable", @"\tool.exe", new IndicatorFilter(), 1));
        Assert.Equal(2, reader.Nearest("eq", "process.executable", @"\tool.exe").Count);
    }

    private static void Each(List<RuleAnalysis> rules, Action<int, PredicateRow> row)
    {
        for (var number = 0; number < rules.Count; number++)
        {
            foreach (var own in rules[number].Rows)
            {
                row(number, own);
            }
        }
    }

    private static void Add<T>(Dictionary<T, HashSet<int>> sets, T? key, int rule)
        where T : notnull
    {
        if (key is not null)
        {
            (sets.TryGetValue(key, out var known) ? known : sets[key] = []).Add(rule);
        }
    }

    private static int Count(IEnumerable<(int Rule, PredicateRow Row)> uses) => uses.Select(use => use.Rule).Distinct().Count();

    private static T[] Sample<T>(IEnumerable<T> items, Func<T, string> name, int count, Random random)
    {
        T[] all = [.. items.OrderBy(name, StringComparer.Ordinal)];
        random.Shuffle(all);
        return all[..Math.Min(count, all.Length)];
    }
}
