using System.Globalization;
using Glossa.Catalog;
using Microsoft.Data.Sqlite;

namespace Glossa.Tests.Unit.Web;

public sealed class HomePagesTests
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["one.yml"] = Rule("One", "attack.t1059.001", "Image|endswith: '\\tool.exe'", "User: us"),
        ["two.yml"] = Rule("Two", "attack.t1059.001", "Image|endswith: '\\tool.exe'"),
        ["three.yml"] = Rule("Three", "attack.t1560.001", "OriginalFileName: Tool.exe"),
        ["four.yml"] = Rule("Four", "attack.t1204", "CommandLine|re: 'to+l'"),
        ["five.yml"] = Rule("Five", "attack.t1204", "CommandLine|no_such_modifier: x"),
    };

    [Fact]
    public async Task Front_page_counts_what_its_links_list_and_its_examples_find_something()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(Files);
        var page = HtmlCheck.Parse(await catalog.GetAsync("/"));

        Assert.StartsWith("5 detection rules, each read", page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(15, page.QuerySelectorAll(".heat tbody tr").Length);
        Assert.Contains("first build", page.QuerySelector("#changes")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(4, page.QuerySelectorAll(".examples a").Length);
        foreach (var example in page.QuerySelectorAll(".examples a"))
        {
            Assert.NotEqual(0, await TotalAsync(catalog, example.GetAttribute("href")!));
        }

        var counts = page.QuerySelectorAll("main a.count");
        Assert.NotEmpty(counts);
        foreach (var count in counts)
        {
            Assert.Equal(int.Parse(count.TextContent, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), await TotalAsync(catalog, count.GetAttribute("href")!));
        }

        Assert.Empty(catalog.Faults.ToString());
    }

    [Fact]
    public async Task One_family_shows_how_its_fields_write_the_same_value()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(Files);
        var page = HtmlCheck.Parse(await catalog.GetAsync("/"));

        Assert.Equal(["Image|endswith: '\\tool.exe'", "OriginalFileName: Tool.exe"], page.QuerySelectorAll(".idea .words").Select(words => words.TextContent));
        Assert.Equal(["\\tool.exe", "Tool.exe"], page.QuerySelectorAll(".idea mark").Select(words => words.TextContent));
    }

    [Fact]
    public async Task Several_families_show_one_writing_each()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(Files);
        using (var connection = new SqliteConnection($"Data Source={catalog.CatalogPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE rule SET family = 'elastic' WHERE title = 'Two'";
            command.ExecuteNonQuery();
        }

        File.SetLastWriteTimeUtc(catalog.CatalogPath, DateTime.UtcNow.AddMinutes(1));
        var page = HtmlCheck.Parse(await catalog.GetAsync("/"));

        Assert.Equal(["Elastic", "Sigma"], page.QuerySelectorAll(".idea .family").Select(family => family.TextContent));
        Assert.Equal(3, page.QuerySelectorAll(".heat thead th").Length - 1);
        foreach (var count in page.QuerySelectorAll("main a.count"))
        {
            Assert.Equal(int.Parse(count.TextContent, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), await TotalAsync(catalog, count.GetAttribute("href")!));
        }
    }

    [Fact]
    public async Task A_catalog_without_rules_has_a_front_page_without_empty_boxes()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string> { ["broken.yml"] = "title: 'x\n" });
        var page = HtmlCheck.Parse(await catalog.GetAsync("/"));

        Assert.Null(page.QuerySelector(".idea"));
        Assert.Null(page.QuerySelector(".examples"));
        Assert.Null(page.QuerySelector("#families"));
        HtmlCheck.Parse(await catalog.GetAsync("/attack"));
        HtmlCheck.Parse(await catalog.GetAsync("/changes"));
    }

    [Fact]
    public async Task Changes_are_shown_by_build_and_page()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(Files);
        catalog.Write(Enumerable.Range(0, 30).ToDictionary(i => $"new{i}.yml", i => Rule($"New <b>{i:00}</b>", "attack.t1204", $"Image: x{i}")));
        catalog.Build();

        var home = HtmlCheck.Parse(await catalog.GetAsync("/"));
        var first = HtmlCheck.Parse(await catalog.GetAsync("/changes"));
        var second = HtmlCheck.Parse(await catalog.GetAsync("/changes?page=2"));

        Assert.Equal(7, home.QuerySelectorAll("#changes li").Length);
        Assert.Equal("30", first.QuerySelector("#total")!.GetAttribute("data-total"));
        Assert.Equal(25, first.QuerySelectorAll(".feed li").Length);
        Assert.Equal(5, second.QuerySelectorAll(".feed li").Length);
        Assert.Equal("New <b>00</b>", first.QuerySelector(".feed bdi")!.TextContent);
        Assert.All(first.QuerySelectorAll(".feed p"), what => Assert.Equal("new", what.TextContent));
        HtmlCheck.Parse(await catalog.GetAsync("/changes?page=3", 404));
        HtmlCheck.Parse(await catalog.GetAsync("/changes?page=x", 400));
        await catalog.GetAsync("/changes.json?page=2");
        await catalog.GetAsync("/changes.json?page=3", 404);
        await catalog.GetAsync("/changes.json?page=0", 400);
    }

    [Theory]
    [InlineData("Image: [a]", "Image", "Image: ", "")]
    [InlineData("x\n  Image|endswith:\n    - b\n    - [a]\n", "Image", "Image|endswith: … - ", "")]
    [InlineData("x\n  Image|endswith:\n    - [a]\n", "Image", "Image|endswith: - ", "")]
    [InlineData("y [a] b", "Image", "… y ", " b")]
    [InlineData("[a]", "", "… ", "")]
    [InlineData("Image: [a] and something else follows", "Image", "Image: ", " and somethi…")]
    public void Words_of_a_rule_run_from_the_field_to_the_value(string text, string field, string before, string after)
    {
        var cut = HomeReader.Cut(text, text.IndexOf('[', StringComparison.Ordinal), 3, field)!.Value;

        Assert.Equal((before, "[a]", after), (cut.Before, cut.Value, cut.After));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_place_outside_of_the_text_is_none(int start, int length) => Assert.Null(HomeReader.Cut("abc", start, length, "a"));

    private static async Task<int> TotalAsync(CatalogOfOurs catalog, string address)
    {
        var list = HtmlCheck.Parse(await catalog.GetAsync(address));
        return list.QuerySelector("#total") is { } total
            ? int.Parse(total.GetAttribute("data-total")!, CultureInfo.InvariantCulture)
            : int.Parse(list.QuerySelector(".result-head b")!.TextContent.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    private static string Rule(string title, string tags, string selection, string filter = "User: nobody") => $"""
        title: {title}
        tags: [{tags}]
        logsource:
            product: windows
            category: process_creation
        detection:
            selection:
                {selection}
            filter:
                {filter}
            condition: selection and not filter
        level: high
        """;
}
