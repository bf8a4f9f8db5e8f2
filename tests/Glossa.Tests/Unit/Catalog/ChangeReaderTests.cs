using Glossa.Catalog;
using Microsoft.Data.Sqlite;

namespace Glossa.Tests.Unit.Catalog;

public sealed class ChangeReaderTests
{
    [Fact]
    public void First_build_has_nothing_to_compare_with()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();

        var changes = Read(folder);
        Assert.Null(changes.ComparedWith);
        Assert.Equal(0, changes.Total);
        Assert.NotEqual("", changes.BuiltAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_of_change_is_told(bool readAll)
    {
        using var folder = new RuleFolder();
        Write("logic.yml", RuleFolder.Rule(1, "Logic", @"\one.exe"));
        Write("severity.yml", RuleFolder.Rule(2, "Severity", @"\two.exe"));
        Write("fidelity.yml", RuleFolder.Rule(3, "Fidelity", @"\three.exe"));
        Write("text.yml", RuleFolder.Rule(4, "Text", @"\four.exe"));
        Write("removed.yml", RuleFolder.Rule(5, "Removed", @"\five.exe"));
        Write("moved.yml", RuleFolder.Rule(6, "Moved", @"\six.exe"));
        Write("same.yml", RuleFolder.Rule(7, "Same", @"\seven.exe"));
        folder.Build();

        Write("logic.yml", RuleFolder.Rule(1, "Logic", @"\other.exe"));
        Write("severity.yml", RuleFolder.Rule(2, "Severity", @"\two.exe", level: "high"));
        Write("fidelity.yml", RuleFolder.Rule(3, "Fidelity", @"\three.exe").Replace("|endswith", "|soundslike", StringComparison.Ordinal));
        Write("text.yml", RuleFolder.Rule(4, "Text", @"\four.exe").Replace("Made for a test", "Made for two", StringComparison.Ordinal));
        Write("new.yml", RuleFolder.Rule(8, "New", @"\eight.exe"));
        Write("elsewhere/moved.yml", RuleFolder.Rule(6, "Moved", @"\six.exe"));
        File.Delete(Path.Combine(folder.Rules, "removed.yml"));
        File.Delete(Path.Combine(folder.Rules, "moved.yml"));
        folder.Build(options: new ImportOptions { ReadAll = readAll });

        var changes = Read(folder);
        Assert.NotNull(changes.ComparedWith);
        Assert.Equal(["Fidelity", "Logic", "Severity", "New", "Removed", "Text"], changes.Changes.Select(change => change.Title));
        Assert.Equal(6, changes.InLastBuild);
        var byTitle = changes.Changes.ToDictionary(change => change.Title);
        Assert.True(byTitle["Logic"] is { Kind: "changed", Logic: true, Severity: null, Fidelity: null, IsReadOtherwise: false, Slug: "logic" });
        Assert.Equal(new ValueChange("medium", "high"), byTitle["Severity"].Severity);
        Assert.False(byTitle["Severity"].Logic);
        Assert.Equal("exact", byTitle["Fidelity"].Fidelity!.Before);
        Assert.True(byTitle["Text"] is { Kind: "changed", Logic: false, Severity: null, Fidelity: null });
        Assert.True(byTitle["Removed"] is { Kind: "removed", Slug: null });
        Assert.True(byTitle["New"] is { Kind: "new", Slug: "new" });

        void Write(string path, string text) => folder.Write(path, text, path.Length + (text.Length % 7));
    }

    [Fact]
    public void A_build_without_changes_writes_none_and_older_ones_stay()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        folder.Write("two.yml", RuleFolder.Rule(2, "Two", @"\two.exe"));
        folder.Build();
        var before = Read(folder);

        // Read anew, as after a change of the code.
        folder.Build(options: new ImportOptions { ReadAll = true });
        var after = Read(folder);

        Assert.Equal(before.Changes, after.Changes);
        Assert.Equal(0, after.InLastBuild);
        Assert.Equal(before.BuiltAt, after.ComparedWith);
    }

    [Fact]
    public void A_rule_that_is_read_otherwise_is_told_apart_from_one_that_was_changed()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe", more: "name: the_one"));
        folder.Write("often.yml", RuleFolder.Correlation(2, "One, often", "the_one"));
        folder.Build();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\other.exe", more: "name: the_one"), minutesAgo: 30);
        folder.Build();

        Assert.Equal([("One", false), ("One, often", true)], Read(folder).Changes.Select(change => (change.Title, change.IsReadOtherwise)));
    }

    [Fact]
    public void Rules_that_share_an_id_are_told_apart_by_their_place()
    {
        using var folder = new RuleFolder();
        folder.Write("a.yml", RuleFolder.Rule(1, "A", @"\one.exe"));
        folder.Write("b.yml", RuleFolder.Rule(1, "B", @"\two.exe"));
        folder.Build();
        folder.Write("0.yml", RuleFolder.Rule(1, "Zero", @"\zero.exe"));
        folder.Write("b.yml", RuleFolder.Rule(1, "B", @"\three.exe"), minutesAgo: 30);
        folder.Build();

        Assert.Equal([("B", "changed"), ("Zero", "new")], Read(folder).Changes.Select(change => (change.Title, change.Kind)));
    }

    [Fact]
    public void A_rule_without_an_id_may_move()
    {
        using var folder = new RuleFolder();
        var text = RuleFolder.Rule(1, "One", @"\one.exe").Replace("id: 00000000-0000-4000-8000-000000000001", "", StringComparison.Ordinal);
        folder.Write("one.yml", text);
        folder.Build();
        File.Move(Path.Combine(folder.Rules, "one.yml"), Path.Combine(folder.Rules, "other.yml"));
        folder.Build();

        Assert.Empty(Read(folder).Changes);
    }

    [Fact]
    public void Not_more_are_kept_than_somebody_reads()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        Execute(folder, "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO change SELECT i, '2020', '2019', 'new', 'sigma', 'x', 0, 'x', 'x', 0, NULL, NULL, NULL, NULL, 0 FROM n");
        folder.Write("two.yml", RuleFolder.Rule(2, "Two", @"\two.exe"));
        folder.Build();

        var changes = Read(folder);
        Assert.Equal(2000, changes.Total);
        Assert.Equal("Two", changes.Changes[0].Title);
        Assert.Equal(25, changes.Changes.Count);
    }

    private static ChangeList Read(RuleFolder folder)
    {
        using var database = CatalogDatabase.Open(folder.Catalog());
        return new ChangeReader(database).Read();
    }

    private static void Execute(RuleFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Catalog()};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
