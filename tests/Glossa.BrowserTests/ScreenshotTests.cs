using Glossa.Web;
using Microsoft.Playwright;

namespace Glossa.BrowserTests;

/// <summary>
/// Makes the pictures of README: <c>GLOSSA_SCREENSHOTS</c> names the folder. They show the samples, or the catalog that
/// <c>GLOSSA_SCREENSHOTS_CATALOG</c> names; pictures of other people's rules are not committed.
/// </summary>
[Trait("Category", "Screenshots")]
public sealed class ScreenshotTests(BrowserFixture browser, PageTests.Site site) : IClassFixture<BrowserFixture>, IClassFixture<PageTests.Site>
{
    private const int Width = 1280;
    private const int Height = 900;

    [ScreenshotFact]
    public async Task Pictures_of_the_main_pages()
    {
        var catalog = Environment.GetEnvironmentVariable("GLOSSA_SCREENSHOTS_CATALOG") is { Length: > 0 } path ? path : null;
        await using var other = catalog is null ? null : CatalogSite.Create(new SiteOptions { CatalogPath = catalog });
        if (other is not null)
        {
            await other.StartAsync();
        }

        var address = other is null ? site.Address : CatalogSite.AddressOf(other);
        foreach (var (name, scheme, where) in new[]
        {
            ("home", ColorScheme.Light, "/"),
            ("search", ColorScheme.Light, "/rules?q=op%3Aends_with%20value%3A%5Cpowershell.exe"),
            ("rule", ColorScheme.Light, other is null ? PageKinds.RichRule : null),
            ("rule-dark", ColorScheme.Dark, other is null ? PageKinds.RichRule : null),
            ("matrix", ColorScheme.Light, "/attack"),
        })
        {
            await using var context = await browser.Browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = Width, Height = Height } });
            var page = await context.NewPageAsync();
            await page.GotoAsync(address + (where ?? "/rules?severity=high&tested=fires"));
            if (where is null)
            {
                await page.Locator(".row h2 a").First.ClickAsync();
                await page.WaitForURLAsync("**/rules/*/*");
            }

            await page.ScreenshotAsync(new() { Path = Path.Combine(Environment.GetEnvironmentVariable("GLOSSA_SCREENSHOTS")!, name + ".png") });
        }
    }
}

/// <summary>A fact that makes pictures when asked to.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScreenshotFactAttribute : FactAttribute
{
    public ScreenshotFactAttribute()
        => Skip = BrowserFactAttribute.SkipReason
            ?? (Environment.GetEnvironmentVariable("GLOSSA_SCREENSHOTS") is { Length: > 0 } ? null : "Pictures are made when GLOSSA_SCREENSHOTS names a folder for them.");
}
