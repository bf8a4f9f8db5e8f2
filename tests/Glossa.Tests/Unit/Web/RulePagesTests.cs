using System.Globalization;
using System.Net;
using System.Text.Json;
using Glossa.Catalog;

namespace Glossa.Tests.Unit.Web;

/// <summary>A rule's page and what lies behind it: files too long for a page, predicates too many, addresses it had before.</summary>
public sealed class RulePagesTests
{
    private const string Rest = "logsource:\n    category: process_creation\n    product: windows\nlevel: high\n";

    [Fact]
    public async Task Rule_is_found_by_its_id_and_where_it_was_in_an_earlier_build()
    {
        const string Id = "5b7a8a2e-5a2b-4c6e-9d51-6f3d0f0f2a11";
        var text = $"title: Moves About\nid: {Id}\ndetection:\n    selection:\n        Image: 'a'\n    condition: selection\n{Rest}";
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string> { ["before.yml"] = text });
        await catalog.GetAsync("/rules/sigma/before");

        catalog.Write(new Dictionary<string, string> { ["before.yml"] = "", ["after.yml"] = text });
        catalog.Build();

        Assert.Equal("/rules/sigma/after", await RedirectAsync("/rules/sigma/before"));
        Assert.Equal("/rules/sigma/after.json", await RedirectAsync("/rules/sigma/before.json"));
        Assert.Equal("/rules/sigma/after", await RedirectAsync("/rules/sigma/" + Id));
        await catalog.GetAsync("/rules/splunk/" + Id, 404);

        // It is remembered, and a rule that takes the old name has it.
        catalog.Write(new Dictionary<string, string> { ["third.yml"] = text.Replace(Id, "x", StringComparison.Ordinal) });
        catalog.Build();
        Assert.Equal("/rules/sigma/after", await RedirectAsync("/rules/sigma/before"));
        catalog.Write(new Dictionary<string, string> { ["before.yml"] = text.Replace(Id, "y", StringComparison.Ordinal) });
        catalog.Build();
        await catalog.GetAsync("/rules/sigma/before");

        async Task<string> RedirectAsync(string address)
        {
            using var response = await catalog.Client.GetAsync(address);
            Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
            return response.Headers.Location!.OriginalString;
        }
    }

    [Fact]
    public async Task Long_file_is_shown_around_its_predicates_and_the_rest_page_by_page()
    {
        var text = "title: Long File\ndescription: |\n" + string.Concat(Enumerable.Range(0, 1500).Select(i => string.Create(CultureInfo.InvariantCulture, $"    line {i}\n")))
            + "detection:\n    selection:\n        Image: 'a'\n    condition: selection\n" + Rest;
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string> { ["long.yml"] = text });
        var page = HtmlCheck.Parse(await catalog.GetAsync("/rules/sigma/long"));

        Assert.NotNull(page.QuerySelector("#s1"));
        Assert.InRange(page.QuerySelectorAll(".source .line").Length, 10, 400);
        var seen = new List<string>();
        var next = page.QuerySelectorAll("#body .note a").Select(link => link.GetAttribute("href")!).Single(href => href.Contains("from=", StringComparison.Ordinal));
        next = next[..(next.IndexOf("from=", StringComparison.Ordinal) + 5)] + "1";
        while (next is not null)
        {
            using var report = JsonDocument.Parse(await catalog.GetAsync(next.Replace("/source?", "/source.json?", StringComparison.Ordinal)));
            var part = HtmlCheck.Parse(await catalog.GetAsync(next));
            Assert.Equal(report.RootElement.GetProperty("text").GetString() + "\n", part.QuerySelector(".source")!.TextContent);
            seen.AddRange(part.QuerySelectorAll(".source .line").Select(line => line.TextContent));
            next = part.QuerySelectorAll("#body .note a").LastOrDefault(link => link.TextContent == "Show the rest")?.GetAttribute("href");
        }

        Assert.Equal(text, string.Concat(seen));
        await catalog.GetAsync("/rules/sigma/long/source?from=9999", 404);
        await catalog.GetAsync("/rules/sigma/long/source?from=0", 400);
        await catalog.GetAsync("/rules/sigma/long/source?file=2", 404);
        Assert.Empty(catalog.Faults.ToString());
    }

    [Fact]
    public async Task Rule_of_a_thousand_predicates_is_a_page_and_all_of_them_are_a_link_away()
    {
        var text = "title: Many Predicates\ndetection:\n"
            + string.Concat(Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture, $"    s{i}:\n        Field{i}|contains: 'value {i}'\n")))
            + "    condition: 1 of s*\n" + Rest;
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string> { ["many.yml"] = text });
        var html = await catalog.GetAsync("/rules/sigma/many");
        var page = HtmlCheck.Parse(html);

        Assert.True(html.Length < 100 * 1024, $"{html.Length}");
        Assert.Contains("1,000", page.QuerySelector("#logic .note a")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("at least one of 1000", page.QuerySelector("#logic .group-head")!.TextContent, StringComparison.Ordinal);
        HashSet<string> fields = [];
        for (var next = page.QuerySelector("#logic .note a")!.GetAttribute("href"); next is not null;)
        {
            var values = HtmlCheck.Parse(await catalog.GetAsync(next));
            Assert.Equal("1000", values.QuerySelector("#total")!.GetAttribute("data-total"));
            fields.UnionWith(values.QuerySelectorAll("#indicators .field").Select(field => field.TextContent));
            next = values.QuerySelector(".pager a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(1000, fields.Count);
        await catalog.GetAsync("/rules/sigma/many/values?page=21", 404);
    }

    [Fact]
    public async Task Rules_that_name_each_other_are_one_relation()
    {
        const string One = "11111111-5a2b-4c6e-9d51-6f3d0f0f2a11";
        const string Other = "22222222-5a2b-4c6e-9d51-6f3d0f0f2a11";
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string>
        {
            ["one.yml"] = Rule(One, Other, "a"),
            ["other.yml"] = Rule(Other, One, "b"),
        });
        using var database = CatalogDatabase.Open(catalog.CatalogPath);

        var relation = Assert.Single(new RuleRecordReader(database).Read("sigma", "one")!.Relations);
        Assert.Equal(("similar", Other, "they name each other"), (relation.Type, relation.Id, relation.Reason));

        static string Rule(string id, string related, string value)
            => $"title: Rule {value}\nid: {id}\nrelated:\n    - id: {related}\n      type: similar\ndetection:\n    selection:\n        Image: '{value}'\n    condition: selection\n{Rest}";
    }

    [Fact]
    public async Task Example_event_is_on_page_and_record_of_a_rule_that_fired()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string>
        {
            ["fires.yml"] = $"title: Fires\ndetection:\n    selection:\n        Image|endswith: '\\tool.exe'\n    condition: selection\n{Rest}",
            ["never.yml"] = $"title: Never\ndetection:\n    selection:\n        Image: 'a'\n    filter:\n        Image: 'a'\n    condition: selection and not filter\n{Rest}",
        });

        var page = HtmlCheck.Parse(await catalog.GetAsync("/rules/sigma/fires"));
        Assert.Contains("\\tool.exe", page.QuerySelector("#examples")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("#examples", page.QuerySelector(".marks .pass")!.GetAttribute("href"));
        using var record = JsonDocument.Parse(await catalog.GetAsync("/rules/sigma/fires.json"));
        Assert.Equal("fires", record.RootElement.GetProperty("examples")[0].GetProperty("verdict").GetString());

        var never = HtmlCheck.Parse(await catalog.GetAsync("/rules/sigma/never"));
        Assert.Null(never.QuerySelector("#examples"));
        Assert.Null(never.QuerySelector(".marks .pass"));
    }

    [Fact]
    public async Task Page_that_the_reader_has_is_not_sent_again()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(new Dictionary<string, string> { ["a.yml"] = $"title: A\ndetection:\n    selection:\n        Image: 'a'\n    condition: selection\n{Rest}" });
        using var first = await catalog.Client.GetAsync("/rules/sigma/a");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/rules/sigma/a");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await catalog.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.GetValues("Content-Security-Policy"), second.Headers.GetValues("Content-Security-Policy"));

        using var compressed = new HttpRequestMessage(HttpMethod.Get, "/rules/sigma/a");
        compressed.Headers.AcceptEncoding.ParseAdd("gzip");
        using var small = await catalog.Client.SendAsync(compressed);
        Assert.Equal(["gzip"], small.Content.Headers.ContentEncoding);
    }
}
