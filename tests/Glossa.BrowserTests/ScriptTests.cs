using Microsoft.Playwright;

namespace Glossa.BrowserTests;

/// <summary>What the script adds, in a real browser under the real policy.</summary>
public sealed class ScriptTests(BrowserFixture browser, PageTests.Site site) : IClassFixture<BrowserFixture>, IClassFixture<PageTests.Site>
{
    private const string RichRule = "/rules/sigma/win_powershell_hidden_encoded";

    [BrowserFact]
    public async Task Suggestions_are_a_combobox_of_the_keyboard()
    {
        await using var context = await browser.Browser.NewContextAsync();
        var page = await OpenAsync(context, "/rules");
        var box = page.Locator("main .query input");
        Assert.Equal("combobox", await box.GetAttributeAsync("role"));
        Assert.Equal("false", await box.GetAttributeAsync("aria-expanded"));

        await box.PressSequentiallyAsync("fie");
        var options = page.Locator("main .suggestions [role=option]");
        await options.First.WaitForAsync();
        Assert.Equal("true", await box.GetAttributeAsync("aria-expanded"));
        Assert.Equal("field:", await options.First.Locator("bdi").InnerTextAsync());

        await box.PressAsync("ArrowDown");
        Assert.Equal(await options.First.GetAttributeAsync("id"), await box.GetAttributeAsync("aria-activedescendant"));
        Assert.Equal("true", await options.First.GetAttributeAsync("aria-selected"));
        await box.PressAsync("Enter");
        Assert.Equal("field:", await box.InputValueAsync());
        Assert.EndsWith("/rules", page.Url, StringComparison.Ordinal);

        // A key goes on with its values; Escape closes them and leaves the text.
        await options.First.WaitForAsync();
        await box.PressAsync("Escape");
        Assert.Equal("false", await box.GetAttributeAsync("aria-expanded"));
        Assert.Equal("field:", await box.InputValueAsync());

        await box.PressSequentiallyAsync("Im");
        await options.First.WaitForAsync();
        await options.First.ClickAsync();
        Assert.StartsWith("field:Image ", await box.InputValueAsync(), StringComparison.Ordinal);
        await box.PressAsync("Enter");
        await page.ArriveAsync("q=field");
    }

    [BrowserFact]
    public async Task Open_suggestions_and_the_list_of_keys_have_no_barriers()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { BypassCSP = true, ViewportSize = new() { Width = 380, Height = 800 } });
        var page = await OpenAsync(context, "/rules?q=");
        await page.Locator("main .query input").PressSequentiallyAsync("win");
        await page.Locator("main .suggestions [role=option]").First.WaitForAsync();
        Assert.Empty(await Axe.ViolationsAsync(page));

        await page.Keyboard.PressAsync("Escape");
        await page.Locator("h1").EvaluateAsync("() => document.activeElement.blur()");
        await page.Keyboard.PressAsync("?");
        await page.Locator("dialog.keys").WaitForAsync();
        Assert.Empty(await Axe.ViolationsAsync(page));
    }

    [BrowserFact]
    public async Task Keys_move_through_rows_and_can_be_switched_off()
    {
        await using var context = await browser.Browser.NewContextAsync();
        var page = await OpenAsync(context, "/rules");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        Assert.True(await page.Locator(".row h2 a").Nth(1).EvaluateAsync<bool>("link => link === document.activeElement"));
        await page.Keyboard.PressAsync("k");
        Assert.True(await page.Locator(".row h2 a").First.EvaluateAsync<bool>("link => link === document.activeElement"));
        await page.Keyboard.PressAsync("f");
        Assert.EndsWith("#facets", page.Url, StringComparison.Ordinal);

        // In the box they are letters.
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.PressAsync("j");
        Assert.Equal("j", await page.Locator("main .query input").InputValueAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Keys" }).ClickAsync();
        await page.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await page.ReloadAsync();
        await page.Keyboard.PressAsync("j");
        Assert.Equal("BODY", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        Assert.Equal(1, await page.GetByRole(AriaRole.Button, new() { Name = "Keys" }).CountAsync());
    }

    [BrowserFact]
    public async Task Theme_changes_in_place_and_is_kept()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { ColorScheme = ColorScheme.Light });
        var page = await OpenAsync(context, "/rules?q=powershell");
        await page.EvaluateAsync("() => { window.stays = true; }");
        var told = page.WaitForResponseAsync(response => response.Url.EndsWith("/theme", StringComparison.Ordinal));
        await page.Locator("form.theme").GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await told;

        Assert.True(await page.EvaluateAsync<bool>("() => window.stays && document.documentElement.classList.contains('dark')"));
        Assert.True(await page.Locator(".to-light").IsVisibleAsync());
        Assert.False(await page.Locator(".to-dark").IsVisibleAsync());
        await page.ReloadAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.classList.contains('dark')"));
    }

    [BrowserFact]
    public async Task Predicate_and_its_words_light_up_and_the_page_stays()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 700 } });
        var page = await OpenAsync(context, RichRule);
        await page.Locator("#p1 .pin").HoverAsync();
        Assert.Contains("lit", await page.Locator("#s1").GetAttributeAsync("class"), StringComparison.Ordinal);
        await page.Locator("h1").HoverAsync();
        Assert.DoesNotContain("lit", await page.Locator("#s1").GetAttributeAsync("class") ?? "", StringComparison.Ordinal);

        await page.Locator("#p1 .pin").ScrollIntoViewIfNeededAsync();
        var before = await page.EvaluateAsync<double>("() => scrollY");
        await page.Locator("#p1 .pin").ClickAsync();
        Assert.EndsWith("#s1", page.Url, StringComparison.Ordinal);
        Assert.Equal(before, await page.EvaluateAsync<double>("() => scrollY"));
    }

    private async Task<IPage> OpenAsync(IBrowserContext context, string address)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address + address);
        return page;
    }
}
