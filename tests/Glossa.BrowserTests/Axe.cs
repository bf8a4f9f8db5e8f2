using Microsoft.Playwright;

namespace Glossa.BrowserTests;

/// <summary>Checks a page's accessibility with axe-core, which ./test installs below artifacts/.</summary>
internal static class Axe
{
    private static string Script
        => Path.Combine(
            Environment.GetEnvironmentVariable("GLOSSA_NODE_MODULES")
                ?? throw new InvalidOperationException("GLOSSA_NODE_MODULES names no folder; ./test sets it."),
            "axe-core",
            "axe.min.js");

    /// <summary>
    /// The broken rules of WCAG 2.2, levels A and AA, and of good practice, each with the elements that break it. The page's context needs <c>BypassCSP</c>:
    /// our pages forbid the script that is added here. Words of a rule's source may be smaller than 24 px: they are bound to the height of
    /// their line (WCAG 2.5.8, Inline), and the number of their predicate leads to the same place.
    /// </summary>
    public static async Task<string[]> ViolationsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.AddScriptTagAsync(new() { Path = Script });
        }

        return await page.EvaluateAsync<string[]>(
            "async () => (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations.map(v => [v.id, v.nodes.map(n => n.target.join(' ')).filter(t => v.id !== 'target-size' || !document.querySelector(t)?.matches('a.span'))]).filter(v => v[1].length).map(v => v[0] + ': ' + v[1].join(', '))");
    }
}
