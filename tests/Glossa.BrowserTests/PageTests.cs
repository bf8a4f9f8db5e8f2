using Glossa.Catalog;
using Glossa.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Glossa.BrowserTests;

/// <summary>The pages in a real browser, over a catalog of the sample rules.</summary>
public sealed class PageTests(BrowserFixture browser, PageTests.Site site) : IClassFixture<BrowserFixture>, IClassFixture<PageTests.Site>
{
    [BrowserFact]
    public async Task From_the_list_through_a_search_to_a_rule()
    {
        await using var context = await browser.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address + "/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Rules", Exact = true }).ClickAsync();
        var all = await page.Locator(".row").CountAsync();

        await page.GetByRole(AriaRole.Combobox).FillAsync("powershell hidden");
        await page.GetByRole(AriaRole.Combobox).PressAsync("Enter");
        var found = await page.Locator(".row").CountAsync();
        Assert.InRange(found, 1, all - 1);

        var title = await page.Locator(".row h2 a").First.InnerTextAsync();
        await page.Locator(".row h2 a").First.ClickAsync();
        Assert.Equal(title, await page.Locator("h1").InnerTextAsync());
        Assert.Contains("/rules/sigma/", page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_number_lights_its_words_and_the_words_their_predicate()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address + PageKinds.RichRule);

        await page.Locator("#logic .pin").First.ClickAsync();
        var lit = await BackgroundOf(page, "#s1");
        Assert.NotEqual("rgba(0, 0, 0, 0)", lit);
        Assert.Equal(lit, await BackgroundOf(page, "#p1"));

        await page.Locator("#s2").ClickAsync();
        Assert.Equal(lit, await BackgroundOf(page, "#p2"));
        Assert.NotEqual(lit, await BackgroundOf(page, "#p1"));
    }

    [BrowserFact]
    public async Task Theme_is_switched_and_kept_without_scripts()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { JavaScriptEnabled = false, ColorScheme = ColorScheme.Light });
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address + "/rules?q=powershell");
        var light = await BackgroundOf(page, "body");

        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        Assert.EndsWith("/rules?q=powershell", page.Url, StringComparison.Ordinal);
        var dark = await BackgroundOf(page, "body");
        Assert.NotEqual(light, dark);

        await page.GotoAsync(site.Address + "/");
        Assert.Equal(dark, await BackgroundOf(page, "body"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Light" }).ClickAsync();
        Assert.Equal(light, await BackgroundOf(page, "body"));
    }

    private static async Task<string> BackgroundOf(IPage page, string selector)
        => await page.Locator(selector).First.EvaluateAsync<string>("element => getComputedStyle(element).backgroundColor");

    public sealed class Site : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("glossa-browser-");
        private WebApplication? _site;

        public string Address { get; private set; } = "";

        /// <summary>Every kind of rule among the samples.</summary>
        public IReadOnlyList<string> SomeRules { get; private set; } = [];

        public async Task InitializeAsync()
        {
            var catalog = Path.Combine(_folder.FullName, "samples.db");
            RuleImporter.Build([Path.Combine(Root(), "samples", "rules")], catalog);
            using (var database = CatalogDatabase.Open(catalog))
            {
                SomeRules = [.. new RuleRecordReader(database).All().Select(rule => $"/rules/{rule.Family}/{rule.Slug}").Where((_, index) => index % 4 == 0)];
            }

            _site = CatalogSite.Create(new SiteOptions { CatalogPath = catalog });
            await _site.StartAsync();
            Address = CatalogSite.AddressOf(_site);
        }

        public async Task DisposeAsync()
        {
            if (_site is not null)
            {
                await _site.DisposeAsync();
            }

            _folder.Delete(recursive: true);
        }

        private static string Root()
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Glossa.slnx")))
                {
                    return folder.FullName;
                }
            }

            throw new InvalidOperationException("Glossa.slnx is in no folder above the tests.");
        }
    }
}
