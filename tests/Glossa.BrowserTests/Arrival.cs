using Microsoft.Playwright;

namespace Glossa.BrowserTests;

internal static class Arrival
{
    /// <summary>
    /// Waits until the page is another one and there to its end. Not for the browser's load event, of which a page that comes quickly may be past before
    /// anybody waits for it; the footer is the last of every page.
    /// </summary>
    public static async Task ArriveAsync(this IPage page, Func<string, bool> isThere)
    {
        await page.WaitForURLAsync(isThere, new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("footer").WaitForAsync();
    }

    public static Task ArriveAsync(this IPage page, string partOfAddress)
        => page.ArriveAsync(url => url.Contains(partOfAddress, StringComparison.Ordinal));
}
