namespace Glossa.Tests.Unit.Web;

public sealed class CatalogReplacedTests
{
    [Fact]
    public async Task A_new_catalog_is_shown_without_a_restart_and_a_missing_one_is_said()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string> { ["a.yml"] = Rule("First One") });
        Assert.Contains("First One", await catalog.GetAsync("/rules"), StringComparison.Ordinal);

        catalog.Write(new Dictionary<string, string> { ["b.yml"] = Rule("Second One") });
        catalog.Build();
        var list = HtmlCheck.Parse(await catalog.GetAsync("/rules"));
        Assert.Equal(["First One", "Second One"], list.QuerySelectorAll(".row h2").Select(title => title.TextContent).Order(StringComparer.Ordinal));

        File.Delete(catalog.CatalogPath);
        HtmlCheck.Parse(await catalog.GetAsync("/rules", 503));
        Assert.Contains(catalog.CatalogPath, catalog.Faults.ToString(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(catalog.CatalogPath, "This is no database.");
        HtmlCheck.Parse(await catalog.GetAsync("/", 503));

        File.Delete(catalog.CatalogPath);
        catalog.Build();
        HtmlCheck.Parse(await catalog.GetAsync("/"));
    }

    [Fact]
    public async Task Readers_during_a_change_get_whole_pages()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string> { ["a.yml"] = Rule("Number 0") });
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            var pages = 0;
            while (!stop.IsCancellationRequested)
            {
                HtmlCheck.Parse(await catalog.GetAsync("/rules"));
                pages++;
            }

            return pages;
        }).ToList();

        for (var i = 1; i <= 10; i++)
        {
            catalog.Write(new Dictionary<string, string> { ["a.yml"] = Rule("Number " + i) });
            catalog.Build();
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(readers), pages => Assert.True(pages > 0));
        Assert.Contains("Number 10", await catalog.GetAsync("/rules"), StringComparison.Ordinal);
    }

    private static string Rule(string title)
        => $"title: {title}\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n    selection:\n        Image: 'a'\n    condition: selection\nlevel: low\n";
}
