using System.Globalization;
using System.Text.Json;
using AngleSharp.Html.Dom;

namespace Glossa.Tests.Unit.Web;

/// <summary>The list of rules: what the page says, and that its JSON says the same.</summary>
public sealed class SearchPageTests(SearchPageTests.Site site) : IClassFixture<SearchPageTests.Site>
{
    private const int MaxBytes = 100_000;

    [Fact]
    public async Task Query_is_read_back_part_by_part()
    {
        var page = await PageAsync("/rules?q=" + Uri.EscapeDataString(@"runs field:Image op:ends_with value:\tool1.exe -severity:low") + "&product=windows");

        Assert.Equal(
            ["word runs", "field Image", "operator ends with", @"value \tool1.exe", "not severity low", "product windows"],
            page.QuerySelectorAll(".read .token").Select(token => token.TextContent.Replace(", leave it out", "", StringComparison.Ordinal)));
        Assert.Equal(@"/rules?q=runs%20op%3Aends_with%20value%3A%5Ctool1.exe%20-severity%3Alow&product=windows", page.QuerySelectorAll(".read .token")[1].GetAttribute("href"));
        Assert.DoesNotContain("product=", page.QuerySelectorAll(".read .token")[5].GetAttribute("href"), StringComparison.Ordinal);
        foreach (var token in page.QuerySelectorAll(".read .token"))
        {
            await PageAsync(token.GetAttribute("href")!);
        }
    }

    [Fact]
    public async Task Both_numbers_are_said_and_the_count_comes_first_in_the_title()
    {
        var page = await PageAsync("/rules?q=product:linux");

        Assert.StartsWith("3 rules: product:linux", page.Title, StringComparison.Ordinal);
        Assert.Equal("3", page.QuerySelector("#total")!.GetAttribute("data-total"));
        var all = page.QuerySelector(".result-head a.count")!;
        Assert.Equal("/rules", all.GetAttribute("href"));
        Assert.Equal(all.TextContent, (await PageAsync("/rules")).QuerySelector("#total")!.GetAttribute("data-total"));
    }

    [Fact]
    public async Task Every_number_of_a_facet_is_what_its_link_lists()
    {
        foreach (var address in new[] { "/rules", "/rules?q=runs&severity=medium&sort=title" })
        {
            var page = await PageAsync(address);
            foreach (var facet in page.QuerySelectorAll("a.facet:not([aria-current])").Where(link => link.Closest("ul")!.QuerySelector("[aria-current]") is null))
            {
                var count = facet.QuerySelector(".facet-count")!.TextContent.Split(' ')[0];
                Assert.Equal(count, (await PageAsync(facet.GetAttribute("href")!)).QuerySelector("#total")!.GetAttribute("data-total"));
            }
        }
    }

    [Fact]
    public async Task Second_value_of_a_facet_is_added_and_taken_away()
    {
        var page = await PageAsync("/rules?product=linux");
        var windows = page.QuerySelectorAll("a.facet").Single(link => link.TextContent.Contains("windows", StringComparison.Ordinal));
        Assert.Equal("/rules?product=linux&product=windows", windows.GetAttribute("href"));

        var both = await PageAsync("/rules?product=linux&product=windows&PRODUCT=Linux");
        Assert.Equal("Filters (2)", both.QuerySelector(".open-filters")!.TextContent);
        Assert.Equal("/rules?product=windows", both.QuerySelectorAll("a.facet[aria-current]").Single(link => link.TextContent.Contains("linux", StringComparison.Ordinal)).GetAttribute("href"));

        // "At least" is one bound.
        var severity = (await PageAsync("/rules?severity=low")).QuerySelectorAll("a.facet").Single(link => link.TextContent.Contains("high", StringComparison.Ordinal));
        Assert.Equal("/rules?severity=high", severity.GetAttribute("href"));
    }

    [Fact]
    public async Task Values_beyond_eight_are_a_detail_away()
    {
        var page = await PageAsync("/rules");
        var heading = page.QuerySelectorAll(".facets h2").Single(name => name.TextContent == "Product");

        Assert.Equal(8, heading.NextElementSibling!.QuerySelectorAll(".facet").Length);
        Assert.Equal("4 more", heading.NextElementSibling.NextElementSibling!.QuerySelector("summary")!.TextContent);

        // A chosen one is never hidden.
        var chosen = await PageAsync("/rules?product=rare09");
        Assert.Contains(chosen.QuerySelectorAll(".facets > ul a.facet[aria-current]"), link => link.TextContent.Contains("rare09", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Row_says_which_predicate_and_how_many_values_it_has()
    {
        var page = await PageAsync("/rules?q=" + Uri.EscapeDataString(@"value:\tool1.exe"));

        var why = string.Join(' ', page.QuerySelector(".row .row-why")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(@"Image ends with \tool1.exe any of 2", why, StringComparison.Ordinal);
        Assert.Contains("T1059.001", page.QuerySelector(".row .row-facts")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_found_says_what_would_be()
    {
        var page = await PageAsync("/rules?q=" + Uri.EscapeDataString("runs field:Imgae product:windows"));

        Assert.Equal("0", page.QuerySelector("#total")!.GetAttribute("data-total"));
        foreach (var count in page.QuerySelectorAll(".no-rules a.count"))
        {
            Assert.Equal(count.TextContent, (await PageAsync(count.GetAttribute("href")!)).QuerySelector("#total")!.GetAttribute("data-total"));
        }

        Assert.Contains("without field:Imgae", page.QuerySelector(".no-rules")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("field:Image", page.QuerySelector(".no-rules")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Without the filters", (await PageAsync("/rules?q=runs&status=unsupported")).QuerySelector(".no-rules")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_has_a_caret_under_it()
    {
        var page = HtmlCheck.Parse(await site.GetAsync("/rules?q=" + Uri.EscapeDataString("some words before role:vilain and words behind"), 400));

        var lines = page.QuerySelector(".caret")!.TextContent.Split('\n');
        Assert.Equal("vilain", page.QuerySelector(".caret mark")!.TextContent);
        Assert.Equal(lines[0].IndexOf("vilain", StringComparison.Ordinal), lines[1].IndexOf('^', StringComparison.Ordinal));
        Assert.Equal("^^^^^^", lines[1].Trim());
        Assert.Contains("indicator, exclusion, exception", page.QuerySelector("#query-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_choice_is_answered_with_those_there_are()
    {
        var page = HtmlCheck.Parse(await site.GetAsync("/rules?q=runs&product=" + Uri.EscapeDataString("<b>\u202evms"), 400));

        Assert.Contains("linux", page.QuerySelector(".lead")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("runs", page.QuerySelector("main input[name=q]")!.GetAttribute("value"));
        Assert.Contains("best, severity, changed, title", await site.GetAsync("/rules?sort=x", 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_what_the_page_shows()
    {
        const string Query = "q=runs%20-product%3Alinux&severity=medium&sort=title&page=2";
        var page = await PageAsync("/rules?" + Query);
        using var document = JsonDocument.Parse(await site.GetAsync("/rules.json?" + Query));
        var record = document.RootElement;

        Assert.Equal("/rules.json?" + Query, page.QuerySelector("link[rel=alternate]")!.GetAttribute("href"));
        Assert.Equal(page.QuerySelector("#total")!.GetAttribute("data-total"), record.GetProperty("total").GetInt32().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(25, record.GetProperty("offset").GetInt32());
        Assert.Equal("title", record.GetProperty("sort").GetString());
        Assert.Equal(page.QuerySelectorAll(".row h2").Select(title => title.TextContent), record.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("title").GetString()));
        Assert.Equal(2, record.GetProperty("tokens").GetArrayLength());
        Assert.Equal("runs", record.GetProperty("tokens")[1].GetProperty("without").GetString());
        Assert.Equal(
            page.QuerySelectorAll(".facet[aria-current]").Length,
            record.GetProperty("facets").EnumerateArray().SelectMany(facet => facet.GetProperty("values").EnumerateArray()).Count(value => value.GetProperty("selected").GetBoolean()));
        Assert.Equal("26–34 of 34", page.QuerySelector(".pager .muted")!.TextContent);
    }

    [Fact]
    public async Task Suggestions_replace_the_part_at_the_caret()
    {
        using var document = JsonDocument.Parse(await site.GetAsync("/suggest.json?q=runs%20fie%20-product%3Alin&at=8"));
        var first = document.RootElement.GetProperty("suggestions")[0];
        Assert.Equal((5, 3), (document.RootElement.GetProperty("start").GetInt32(), document.RootElement.GetProperty("length").GetInt32()));
        Assert.Equal("field:", first.GetProperty("insert").GetString());
        Assert.Equal("key", first.GetProperty("kind").GetString());

        using var product = JsonDocument.Parse(await site.GetAsync("/suggest.json?q=runs%20-product%3Alin"));
        Assert.Equal("-product:linux", product.RootElement.GetProperty("suggestions")[0].GetProperty("insert").GetString());

        await site.GetAsync("/suggest.json?q=x&at=-1", 400);
        await site.GetAsync("/suggest.json?q=x&at=x", 400);
        await site.GetAsync("/suggest.json?q=" + new string('x', 2001), 400);
        await site.GetAsync("/suggest.json");
        await site.GetAsync("/suggest.json?q=%00%E2%80%AE%22&at=999999");
    }

    [Theory]
    [InlineData("runs ")]
    [InlineData("\"é\u4e2d\" ")]
    [InlineData("-field:User* ")]
    public async Task Longest_queries_keep_the_page_small(string part)
    {
        var query = string.Concat(Enumerable.Repeat(part, 40));
        query = part.Length > 5 ? query : string.Concat(Enumerable.Repeat(part, 39)) + "\"" + new string('\u4e2d', 1700) + "\"";
        foreach (var facets in new[] { "", "&severity=low&product=linux&product=windows" })
        {
            using var response = await site.Client.GetAsync("/rules?q=" + Uri.EscapeDataString(query) + facets);
            var html = await response.Content.ReadAsByteArrayAsync();
            Assert.True(html.Length < MaxBytes, $"{html.Length} bytes");
            HtmlCheck.Parse(System.Text.Encoding.UTF8.GetString(html));
        }
    }

    [Fact]
    public void Nothing_was_our_fault() => Assert.Empty(site.Faults.ToString());

    private async Task<IHtmlDocument> PageAsync(string address) => HtmlCheck.Parse(await site.GetAsync(address));

    public sealed class Site : IAsyncLifetime
    {
        private CatalogOfOurs? _catalog;

        public HttpClient Client => _catalog!.Client;

        public StringWriter Faults => _catalog!.Faults;

        public Task<string> GetAsync(string address, int status = 200) => _catalog!.GetAsync(address, status);

        public async Task InitializeAsync()
        {
            string[] levels = ["informational", "low", "medium", "high", "critical"];
            _catalog = await CatalogOfOurs.StartAsync(Enumerable.Range(1, 60).ToDictionary(number => $"rule{number}.yml", number => $"""
                title: Rule {number:00} runs
                id: 00000000-0000-4000-8000-{number:000000000000}
                status: {(number % 2 == 0 ? "test" : "stable")}
                tags:
                  - attack.{(number % 3 == 0 ? "execution" : "persistence")}
                  - attack.t1059.001
                logsource:
                  product: {(number <= 3 ? "linux" : number <= 13 ? $"rare{number:00}" : "windows")}
                  category: process_creation
                detection:
                  selection:
                    Image|endswith:
                      - '\tool{number}.exe'
                      - '\other.exe'
                  ours:
                    User: svc-{number}
                  condition: selection and not ours
                level: {levels[number % 5]}
                """));
        }

        public async Task DisposeAsync() => await _catalog!.DisposeAsync();
    }
}
