using Glossa.Catalog;

namespace Glossa.Tests.Unit.Catalog;

public sealed class AttackReaderTests
{
    /// <summary>Counts over the records of rules with sets, and no line of SQL.</summary>
    [CorpusFact("corpora/sigma")]
    public void Counts_equal_those_of_the_records()
    {
        using var folder = new RuleFolder();
        RuleImporter.Build([Path.Combine(TestPaths.Corpus("corpora/sigma")!, "rules"), Path.Combine(TestPaths.Corpus("corpora/sigma")!, "rules-threat-hunting")], folder.Catalog());
        using var database = CatalogDatabase.Open(folder.Catalog());
        var records = new RuleRecordReader(database);
        var rules = records.All().Select(rule => records.Read(rule.Family, rule.Slug)!).ToList();
        var attack = new AttackReader(database);
        var matrix = attack.Matrix([]);

        Assert.Equal(15, matrix.Tactics.Count);
        Assert.Equal(254, matrix.Places);
        foreach (var tactic in matrix.Tactics)
        {
            Check(rules.Where(rule => rule.Attack.Any(row => row.Tactic?.Id == tactic.Id)), tactic.Counts);
            Assert.Equal(tactic.Covered, tactic.Techniques.Count(cell => cell.Counts.State != "none"));
        }

        foreach (var cell in matrix.Tactics.SelectMany(tactic => tactic.Techniques).SelectMany(cell => cell.SubTechniques.Prepend(cell)))
        {
            Check(rules.Where(rule => Techniques(rule).Any(id => id == cell.Id || id.StartsWith(cell.Id + ".", StringComparison.Ordinal))), cell.Counts);
        }

        var place = attack.Place("T1059.001")!;
        var named = rules.Where(rule => Techniques(rule).Contains("T1059.001")).ToList();
        Assert.Equal(named.Count, place.Counts.Rules);
        foreach (var said in place.LooksFor.Where(said => said.Concept is not null))
        {
            Assert.Equal(
                named.Count(rule => rule.Indicators.Any(value => value.Concept == said.Concept && (value.Kind == "in" ? "eq" : value.Kind) == said.Kind && value.Value.Equals(said.Value, StringComparison.OrdinalIgnoreCase))),
                said.Rules);
        }

        var pages = Enumerable.Range(1, (named.Count + AttackReader.PageSize - 1) / AttackReader.PageSize).SelectMany(page => attack.Place("T1059.001", page)!.Rules.Select(rule => rule.Slug));
        Assert.Equal(named.Select(rule => rule.Slug).Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
        Assert.Equal(0, attack.Matrix(["nobody"]).Covered);

        static void Check(IEnumerable<RuleRecord> expected, AttackCounts counts)
        {
            var list = expected.ToList();
            Assert.Equal(list.Count, counts.Rules);
            Assert.Equal(list.Count(rule => rule.Fidelity == "exact"), counts.Exact);
            Assert.Equal(counts.Rules, counts.ByFamily.Values.Sum());
            Assert.InRange(counts.Tested, 0, counts.Exact);
            Assert.Equal(counts.Tested > 0 ? "tested" : counts.Exact > 0 ? "exact" : counts.Rules > 0 ? "tagged" : "none", counts.State);
        }

        static IEnumerable<string> Techniques(RuleRecord rule) => rule.Attack.SelectMany(row => row.Techniques).Select(technique => technique.Id);
    }
}
