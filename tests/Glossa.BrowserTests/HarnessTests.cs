namespace Glossa.BrowserTests;

/// <summary>The browser, the font and the checker themselves: a checker that finds nothing anywhere would let every page pass.</summary>
public sealed class HarnessTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task Axe_passes_a_good_page_and_finds_an_image_without_text()
    {
        await using var context = await browser.Browser.NewContextAsync(new() { BypassCSP = true });
        var page = await context.NewPageAsync();
        const string Good = """<!doctype html><html lang="en"><title>t</title><main><h1>Rules</h1></main></html>""";

        await page.SetContentAsync(Good);
        Assert.Empty(await Axe.ViolationsAsync(page));

        await page.SetContentAsync(Good.Replace("</main>", """<img src="data:,"></main>""", StringComparison.Ordinal));
        Assert.StartsWith("image-alt", Assert.Single(await Axe.ViolationsAsync(page)), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Inter_is_installed()
    {
        await using var context = await browser.Browser.NewContextAsync();
        var page = await context.NewPageAsync();

        // An unknown family falls back to the next one, so equal widths mean that the font is not there.
        var widths = await page.EvaluateAsync<double[]>(
            """
            () => ["Inter, monospace", "monospace"].map(family => {
                const pen = document.createElement("canvas").getContext("2d");
                pen.font = "40px " + family;
                return pen.measureText("illicit").width;
            })
            """);

        Assert.NotEqual(widths[0], widths[1]);
    }
}
