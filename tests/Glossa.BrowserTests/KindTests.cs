using Microsoft.Playwright;

namespace Glossa.BrowserTests;

/// <summary>What holds for pages of every kind.</summary>
public sealed class KindTests(BrowserFixture browser, PageTests.Site site) : IClassFixture<BrowserFixture>, IClassFixture<PageTests.Site>
{
    /// <summary>WCAG 1.4.12: what a reader may set without losing anything.</summary>
    private const string TextSpacing = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }";

    [BrowserTheory]
    [InlineData(1280)]
    [InlineData(380)]
    public async Task No_barriers_in_light_and_dark(int width)
    {
        await using var context = await browser.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, BypassCSP = true });
        var page = await context.NewPageAsync();
        List<string> wrong = [];
        foreach (var address in PageKinds.All)
        {
            await page.GotoAsync(site.Address + address);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                wrong.AddRange((await Axe.ViolationsAsync(page)).Select(violation => $"{address} {scheme} {width}: {violation}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>320 wide is also 1280 at 400 %.</summary>
    [BrowserFact]
    public async Task No_sideways_scroll_at_320_also_with_the_reader_s_spacing()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 320, Height = 256 }, BypassCSP = true });
        var page = await context.NewPageAsync();
        List<string> wrong = [];
        foreach (var address in PageKinds.All.Concat(site.SomeRules))
        {
            await page.GotoAsync(site.Address + address);
            await Measure("");
            await page.AddStyleTagAsync(new() { Content = TextSpacing });
            await Measure(" with spacing");

            async Task Measure(string how)
            {
                // The widest element is told: what sticks out of the page and of no box that scrolls.
                var found = await page.EvaluateAsync<string?>(
                    """
                    () => {
                        if (document.documentElement.scrollWidth <= innerWidth) return null;
                        const out = [...document.querySelectorAll('main *, header *, footer *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, pre, .facets'));
                        return document.documentElement.scrollWidth + ' wide: ' + out.slice(0, 3).map(e => e.tagName + '.' + (e.getAttribute('class') ?? '')).join(' ');
                    }
                    """);
                if (found is not null)
                {
                    wrong.Add($"{address}{how}: {found}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [BrowserFact]
    public async Task No_request_to_another_host_no_complaint_and_three_requests()
    {
        List<string> wrong = [];
        foreach (var scripts in new[] { true, false })
        {
            await using var context = await browser.Browser.NewContextAsync(new() { JavaScriptEnabled = scripts });
            var page = await context.NewPageAsync();
            var requests = 0;
            page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith(site.Address, StringComparison.Ordinal))
                {
                    wrong.Add($"asked for {request.Url}");
                }

                requests += request.Url.Contains("/mark.", StringComparison.Ordinal) ? 0 : 1;
            };
            page.Console += (_, message) => wrong.Add($"{page.Url}: {message.Text}");
            page.PageError += (_, error) => wrong.Add($"{page.Url}: {error}");
            foreach (var address in PageKinds.Found.Concat(site.SomeRules))
            {
                requests = 0;
                var response = await page.GotoAsync(site.Address + address);
                if (response!.Status != 200 || requests > (scripts ? 3 : 2))
                {
                    wrong.Add($"{address}: {response.Status}, {requests} requests");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [BrowserFact]
    public async Task Second_page_is_one_request()
    {
        const string FromTheWire = "() => performance.getEntriesByType('resource').filter(entry => entry.transferSize > 0).map(entry => entry.name)";
        await using var context = await browser.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address + "/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var cold = await page.EvaluateAsync<string[]>(FromTheWire);
        Assert.Equal(2, cold.Count(name => !name.Contains("/mark.", StringComparison.Ordinal)));

        await page.GotoAsync(site.Address + PageKinds.RichRule, new() { WaitUntil = WaitUntilState.NetworkIdle });
        Assert.Empty(await page.EvaluateAsync<string[]>(FromTheWire));
    }

    [BrowserFact]
    public async Task Forced_colours_leave_every_word_and_mark()
    {
        await using var context = await browser.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        foreach (var address in new[] { "/", "/rules?q=powershell", PageKinds.RichRule, "/attack" })
        {
            await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.None });
            await page.GotoAsync(site.Address + address);
            var words = await page.Locator("main").InnerTextAsync();
            await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
            Assert.Equal(words, await page.Locator("main").InnerTextAsync());

            // Marks say in words what their colour says, in a colour that is not the ground's.
            var marks = await page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('.severity, .fidelity, .family, .pin, mark, .not, .matrix li')].filter(e => e.checkVisibility()).map(e => {
                    const ground = (of) => { const c = getComputedStyle(of).backgroundColor; return c !== 'rgba(0, 0, 0, 0)' || !of.parentElement ? c : ground(of.parentElement); };
                    return e.textContent.trim() === '' && !e.title ? e.outerHTML.slice(0, 80) : getComputedStyle(e).color === ground(e) ? e.className + ' has the colour of its ground' : '';
                })
                """);
            Assert.True(marks.Length > 0, address);
            Assert.DoesNotContain(marks, mark => mark.Length > 0);
        }
    }

    [BrowserFact]
    public async Task Print_leaves_out_what_paper_cannot_do()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { ColorScheme = ColorScheme.Dark });
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var address in new[] { "/", "/rules?q=powershell", PageKinds.RichRule })
        {
            await page.GotoAsync(site.Address + address);
            foreach (var hidden in new[] { "header.top nav", "form.theme", ".facets", ".tabs", ".pager", ".skip" })
            {
                foreach (var element in await page.Locator(hidden).AllAsync())
                {
                    Assert.False(await element.IsVisibleAsync(), $"{address}: {hidden} is printed");
                }
            }

            Assert.True(await page.Locator("h1").IsVisibleAsync() || await page.Locator("#total").IsVisibleAsync(), address);
            Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        }

        Assert.Equal("none", await page.Locator(".pane").First.EvaluateAsync<string>("e => getComputedStyle(e).maxHeight"));
    }

    [BrowserTheory]
    [InlineData("/", 1280)]
    [InlineData("/rules?q=powershell", 1280)]
    [InlineData(PageKinds.RichRule, 1280)]
    [InlineData(PageKinds.RichRule, 380)]
    [InlineData("/attack", 1280)]
    public async Task Keyboard_reaches_all_in_the_order_of_the_page_and_shows_where_it_is(string address, int width)
    {
        const int Most = 60;
        await using var context = await browser.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 800 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address + address);
        await page.EvaluateAsync("() => { document.activeElement.blur(); window.order = [...document.querySelectorAll('a[href], button, input, summary, [tabindex=\"0\"]')].filter(e => e.type !== 'hidden' && e.checkVisibility({ visibilityProperty: true })); }");
        await page.EvaluateAsync("() => { const start = document.createElement('span'); start.tabIndex = -1; document.body.prepend(start); start.focus(); start.remove(); }");
        var all = await page.EvaluateAsync<int>("() => order.length");
        Assert.True(all > 10, $"{all}");

        List<string> wrong = [];
        for (var i = 0; i < Math.Min(all, Most); i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var problem = await page.EvaluateAsync<string?>(
                """
                (i) => {
                    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
                    const name = e.tagName + ' ' + (e.getAttribute('aria-label') ?? e.textContent.trim()).slice(0, 40);
                    if (e !== order[i]) return i + ': ' + name + ' instead of ' + order[i].outerHTML.slice(0, 80);
                    if (box.width < 1 || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return i + ': ' + name + ' is out of sight';
                    return style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1.5 ? i + ': ' + name + ' shows no focus' : null;
                }
                """,
                i);
            if (problem is not null)
            {
                wrong.Add(problem);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
