using Glossa.Catalog;
using Glossa.Core.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Glossa.Tests.Unit.Catalog;

public sealed class RuleImporterTests
{
    [Fact]
    public void Incremental_build_gives_what_a_cold_one_gives()
    {
        using var folder = new RuleFolder();
        folder.Write("a/one.yml", RuleFolder.Rule(1, "One", @"\one.exe", more: "name: first_one"));
        folder.Write("b/one.yml", RuleFolder.Rule(2, "One again", @"\one.exe"));
        folder.Write("two.yml", RuleFolder.Rule(3, "Two", @"\two.exe"));
        folder.Write("often.yml", RuleFolder.Correlation(4, "One, often", "first_one"));
        folder.Build();

        folder.Write("a/one.yml", RuleFolder.Rule(1, "One, changed", @"\other.exe", more: "name: first_one"), minutesAgo: 30);
        File.Delete(Path.Combine(folder.Rules, "two.yml"));
        folder.Write("a/a/one.yml", RuleFolder.Rule(5, "One, new", @"\one.exe"));
        var report = folder.Build();
        folder.Build("cold.db");

        Assert.Equal(3, report.Read);
        Assert.Equal(1, report.Removed);
        Assert.Equal(folder.Records("cold.db"), folder.Records());
        Assert.Equal(4, folder.Records().Count);
        Assert.Equal(Count(folder.Catalog("cold.db"), "SELECT count(*) FROM lookup_key"), Count(folder.Catalog(), "SELECT count(*) FROM lookup_key"));
    }

    [Fact]
    public void No_row_points_at_nothing()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Write("two.yml", RuleFolder.Rule(2, "Two", @"\two.exe"));
        folder.Build();
        folder.Write("two.yml", RuleFolder.Rule(2, "Two, changed", @"\three.exe"), minutesAgo: 30);
        folder.Build();

        Assert.Equal(0, Count(folder.Catalog(), "SELECT count(*) FROM pragma_foreign_key_check"));
        Assert.Equal(2, Count(folder.Catalog(), "SELECT count(*) FROM rule"));
    }

    [Fact]
    public void Unchanged_files_leave_the_catalog_as_it_is()
    {
        using var folder = new RuleFolder();
        var file = folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        var before = File.ReadAllBytes(folder.Catalog());

        // Written again with the same content: the time stamp changes, the hash does not.
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-5));
        var report = folder.Build();

        Assert.True(report.IsUnchanged);
        Assert.Equal(0, report.Read);
        Assert.Equal(1, report.Stats.Rules);
        Assert.Equal(before, File.ReadAllBytes(folder.Catalog()));
    }

    [Fact]
    public void Change_within_the_grain_of_time_stamps_is_seen()
    {
        using var folder = new RuleFolder();
        var file = folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"), minutesAgo: 0);
        var stamp = File.GetLastWriteTimeUtc(file);
        folder.Build();
        File.WriteAllText(file, RuleFolder.Rule(1, "Two", @"\two.exe"));
        File.SetLastWriteTimeUtc(file, stamp);

        Assert.Equal(1, folder.Build().Read);
        Assert.Contains("\"title\":\"Two\"", folder.Records()["sigma/one"], StringComparison.Ordinal);
    }

    [Fact]
    public void Records_name_files_below_their_root_and_nothing_of_the_machine()
    {
        using var folder = new RuleFolder();
        folder.Write("a/often.yml", RuleFolder.Rule(1, "One", @"\one.exe", more: "name: the_one"));
        folder.Write("often.yml", RuleFolder.Correlation(2, "One, often", "the_one"));
        folder.Write("broken.yml", RuleFolder.Correlation(3, "None, often", "nowhere"));
        folder.Build();

        using var database = CatalogDatabase.Open(folder.Catalog());
        var reader = new RuleRecordReader(database);
        var often = Assert.Single(reader.All(), rule => rule.Title == "One, often");
        Assert.Equal(["often.yml", "a/often.yml"], reader.Read(often.Family, often.Slug)!.Body.Select(body => body.File));
        Assert.Equal(3, folder.Records().Count);
        Assert.All(folder.Records().Values, record => Assert.DoesNotContain(folder.Rules, record, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_is_read_again_when_what_it_names_changes_appears_or_vanishes()
    {
        using var folder = new RuleFolder();
        folder.Write("often.yml", RuleFolder.Correlation(2, "One, often", "the_one"));
        Assert.Contains("\"fidelity\":\"unsupported\"", Built()["sigma/often"], StringComparison.Ordinal);

        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe", more: "name: the_one"));
        Assert.Contains(@"\\one.exe", Built()["sigma/often"], StringComparison.Ordinal);

        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\other.exe", more: "name: the_one"), minutesAgo: 30);
        Assert.Contains(@"\\other.exe", Built()["sigma/often"], StringComparison.Ordinal);

        File.Delete(Path.Combine(folder.Rules, "one.yml"));
        Assert.Contains("\"fidelity\":\"unsupported\"", Built()["sigma/often"], StringComparison.Ordinal);

        SortedDictionary<string, string> Built()
        {
            folder.Build();
            return folder.Records();
        }
    }

    [Fact]
    public void Full_disk_leaves_the_old_catalog_whole()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        var before = File.ReadAllBytes(folder.Catalog());
        for (var i = 2; i < 100; i++)
        {
            folder.Write($"{i}.yml", RuleFolder.Rule(i, $"Number {i}", $@"\number-{i}.exe"));
        }

        var error = Assert.Throws<CatalogException>(() => folder.Build(options: new ImportOptions { MaxPages = before.Length / 4096 + 10 }));

        Assert.Contains("no room", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.Catalog()));
        Assert.Equal(["glossa.db"], folder.FilesBeside);
        Assert.Equal(99, folder.Build().Stats.Rules);
    }

    [Fact]
    public void What_a_killed_build_left_is_written_over()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        File.WriteAllText(folder.Catalog(".glossa.db.building"), "half of a catalog");

        folder.Build();

        Assert.Equal(["glossa.db"], folder.FilesBeside);
        Assert.Single(folder.Records());
    }

    [Fact]
    public void Two_builds_of_one_catalog_do_not_meet()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        using var other = TemporaryFile.Beside(folder.Catalog());

        var error = Assert.Throws<CatalogException>(() => folder.Build());

        Assert.Contains("another build", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Target_that_is_a_folder_is_refused()
    {
        using var folder = new RuleFolder();

        Assert.Contains("is a folder", Assert.Throws<CatalogException>(() => RuleImporter.Build([folder.Rules], folder.Rules)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalog_of_someone_else_is_not_read_but_replaced()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        File.WriteAllText(folder.Catalog(), "not a database");

        Assert.Equal(1, folder.Build().Read);
        Assert.Single(folder.Records());
    }

    [Fact]
    public void Bad_files_cost_themselves_and_say_where()
    {
        using var folder = new RuleFolder();
        folder.Write("good.yml", RuleFolder.Rule(1, "Good", @"\one.exe"));
        folder.Write("unclosed.yml", "title: 'Unclosed\nid: x\n");
        folder.Write("modifier.yml", RuleFolder.Rule(2, "Modifier", @"\one.exe").Replace("|endswith", "|soundslike", StringComparison.Ordinal));
        folder.Write("undefined.yml", RuleFolder.Rule(3, "Undefined", @"\one.exe").Replace("not ours", "not theirs", StringComparison.Ordinal));
        folder.Write("bomb.yml", Bomb());

        var report = folder.Build();

        foreach (var name in new[] { "unclosed.yml", "modifier.yml", "undefined.yml", "bomb.yml" })
        {
            var finding = report.Diagnostics.First(diagnostic => diagnostic.Path.EndsWith(name, StringComparison.Ordinal));
            Assert.Equal(DiagnosticSeverity.Error, finding.Severity);
            Assert.True(finding is { Line: > 0, Column: > 0 }, $"{name}: {finding}");
        }

        Assert.Contains("sigma/good", folder.Records().Keys);
        Assert.DoesNotContain(report.Diagnostics, diagnostic => diagnostic.Path.EndsWith("good.yml", StringComparison.Ordinal) && diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void Addresses_do_not_depend_on_when_a_file_came()
    {
        using var folder = new RuleFolder();
        folder.Write("b/same.yml", RuleFolder.Rule(1, "B", @"\one.exe"));
        folder.Build();
        Assert.Equal(["sigma/same"], folder.Records().Keys);

        folder.Write("c/same.yml", RuleFolder.Rule(2, "C", @"\one.exe"));
        folder.Build();
        var keys = folder.Records().Keys.ToList();
        Assert.Equal("sigma/same", keys[0]);
        Assert.Matches("^sigma/same-[0-9a-f]{6}$", keys[1]);

        using var database = CatalogDatabase.Open(folder.Catalog());
        Assert.Equal("B", new RuleRecordReader(database).Read("sigma", "same")!.Title);
    }

    [Theory]
    [InlineData("a/b/proc creation.yml", 1, "proc-creation")]
    [InlineData("a/..yml", 1, "rule")]
    [InlineData("a/\u202Ex<script>.yml", 1, "-x-script-")]
    [InlineData("a.b.yml", 3, "a.b-3")]
    public void Slug_is_the_name_of_the_file_made_safe(string path, int number, string slug) => Assert.Equal(slug, Slug.Of(path, number));

    private static string Bomb()
    {
        var text = new System.Text.StringBuilder("title: Bomb\na: &a [x, x, x, x, x, x, x, x, x]\n");
        for (var letter = 'b'; letter <= 'j'; letter++)
        {
            var last = (char)(letter - 1);
            text.Append(letter).Append(": &").Append(letter).Append(" [").AppendJoin(", ", Enumerable.Repeat($"*{last}", 9)).Append("]\n");
        }

        return text.Append("detection:\n  selection:\n    Image: *j\n  condition: selection\nlogsource:\n  product: windows\n").ToString();
    }

    private static long Count(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
