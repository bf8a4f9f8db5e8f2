using Microsoft.Playwright;

namespace Glossa.BrowserTests;

/// <summary>One browser for a class of tests: Debian's Chromium, or the one that GLOSSA_CHROMIUM names. Playwright never downloads one.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not been started.");

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.SkipReason is not null)
        {
            // A fixture is made even where every test of its class is skipped.
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("GLOSSA_CHROMIUM") ?? "/usr/bin/chromium",
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>A fact that needs the browser; skipped with the reason that ./test gives in GLOSSA_SKIP_BROWSER.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = SkipReason;

    internal static string? SkipReason { get; }
        = Environment.GetEnvironmentVariable("GLOSSA_SKIP_BROWSER") is { Length: > 0 } reason ? reason : null;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = BrowserFactAttribute.SkipReason;
}
