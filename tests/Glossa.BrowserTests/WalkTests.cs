using System.Globalization;
using Microsoft.Playwright;

namespace Glossa.BrowserTests;

/// <summary>One walk through the catalog by what stands on its pages, from the front page to the licences.</summary>
public sealed class WalkTests(BrowserFixture browser, PageTests.Site site) : IClassFixture<BrowserFixture>, IClassFixture<PageTests.Site>
{
    [BrowserTheory]
    [InlineData(true, ColorScheme.Light, 1280)]
    [InlineData(true, ColorScheme.Light, 380)]
    [InlineData(true, ColorScheme.Dark, 1280)]
    [InlineData(true, ColorScheme.Dark, 380)]
    [InlineData(false, ColorScheme.Light, 1280)]
    [InlineData(false, ColorScheme.Light, 380)]
    [InlineData(false, ColorScheme.Dark, 1280)]
    [InlineData(false, ColorScheme.Dark, 380)]
    public async Task From_home_to_the_licences(bool scripts, ColorScheme scheme, int width)
    {
        await using var context = await browser.Browser.NewContextAsync(new() { JavaScriptEnabled = scripts, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        var page = await context.NewPageAsync();
        List<string> wrong = [];
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                wrong.Add($"{response.Url}: {response.Status}");
            }
        };
        page.Console += (_, message) => wrong.Add($"{page.Url}: {message.Text}");

        await page.GotoAsync(site.Address + "/");
        var box = page.Locator("main .query input").First;
        await box.FillAsync("windows");
        await box.PressAsync("Enter");
        await page.ArriveAsync("/rules?q=windows");

        // Facets: each says how many rules it leaves.
        foreach (var facet in new[] { "severity", "tactic", "product" })
        {
            if (width < 600)
            {
                await page.Locator(".open-filters a").ClickAsync();
            }

            var value = page.Locator($"#facets a.facet[href*='{facet}=']:not([aria-current])").First;
            var said = await NumberOf(value.Locator(".facet-count"));
            await value.ClickAsync();
            await page.ArriveAsync(facet + "=");
            Assert.Equal(said, await TotalOf(page));
        }

        Assert.True(await page.Locator(".read .token").CountAsync() >= 4);
        var title = await page.Locator(".row h2 a").First.InnerTextAsync();
        await Follow(page, ".row h2 a", "/rules/sigma/");
        Assert.Equal(title, await page.Locator("h1").InnerTextAsync());

        // The number of a predicate lights its words.
        await page.GotoAsync(site.Address + PageKinds.RichRule);
        Assert.Equal("rgba(0, 0, 0, 0)", await GroundOf(page, "#s1"));
        await page.Locator("#logic .pin").First.ClickAsync();
        await page.ArriveAsync("#s1");
        Assert.NotEqual("rgba(0, 0, 0, 0)", await GroundOf(page, "#s1"));

        var others = page.Locator("#indicators td[data-label='Other rules'] a").First;
        var counted = await NumberOf(others);
        await others.ClickAsync();
        await page.ArriveAsync("/others/");
        Assert.Equal(counted, await TotalOf(page));
        await page.GoBackAsync(new() { WaitUntil = WaitUntilState.Commit });
        await page.ArriveAsync(url => !url.Contains("/others/", StringComparison.Ordinal));

        await Follow(page, "#indicators a[href^='/indicators/']", "/indicators/");
        await Follow(page, "main a[href^='/concepts/']", "/concepts/");
        await Follow(page, "main a[href^='/fields/sigma/']", "/fields/sigma/");
        await Follow(page, "#rules .row h2 a", "/rules/sigma/");
        await Follow(page, "main a[href^='/attack/T1']", "/attack/T1");
        await Follow(page, ".crumbs a", "/attack");
        await Follow(page, ".chips a[href*='family=sigma']", "family=sigma");
        await Follow(page, ".chips a[href*='show=gaps']", "show=gaps");
        await Follow(page, "header nav a[href='/sources']", "/sources");
        await Follow(page, "main a[href^='/sources/windows/']", "/sources/windows/");
        await Follow(page, "header nav a[href='/coverage']", "/coverage");
        await Follow(page, "footer a[href='/about']", "/about");
        Assert.Contains("Apache", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(wrong);
    }

    private static async Task Follow(IPage page, string selector, string to)
    {
        var before = page.Url;
        await page.Locator(selector).First.ClickAsync();
        await page.ArriveAsync(url => url != before && url.Contains(to, StringComparison.Ordinal));
        Assert.True(await page.Locator("h1").CountAsync() == 1, page.Url);
    }

    private static async Task<string> GroundOf(IPage page, string selector)
        => await page.Locator(selector).First.EvaluateAsync<string>("element => getComputedStyle(element).backgroundColor");

    private static async Task<int> TotalOf(IPage page) => int.Parse((await page.Locator("#total").GetAttributeAsync("data-total"))!, CultureInfo.InvariantCulture);

    private static async Task<int> NumberOf(ILocator locator)
        => int.Parse((await locator.EvaluateAsync<string>("element => element.firstChild.textContent")).Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
