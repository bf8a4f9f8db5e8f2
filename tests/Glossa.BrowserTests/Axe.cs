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
    /// The broken rules, each with the elements that break it. The page's context needs <c>BypassCSP</c>:
    /// our pages forbid the script that is added here.
    /// </summary>
    public static async Task<string[]> ViolationsAsync(IPage page)
    {
        await page.AddScriptTagAsync(new() { Path = Script });
        return await page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))");
    }
}
