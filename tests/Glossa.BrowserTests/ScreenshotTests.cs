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

    /// <summary>Of a picture: the repository keeps every one that was ever committed.</summary>
    private const int MostBytes = 150_000;

    /// <summary>Makes a PNG of at most 200 colours from one of all: the commonest stay, the others become the nearest of them.</summary>
    private const string Palette =
        """
        async (base64) => {
            const image = new Image();
            image.src = 'data:image/png;base64,' + base64;
            await image.decode();
            const { width, height } = image, canvas = new OffscreenCanvas(width, height), pen = canvas.getContext('2d');
            pen.drawImage(image, 0, 0);
            const pixels = pen.getImageData(0, 0, width, height).data, counts = new Map();
            const at = (i) => pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2];
            for (let i = 0; i < pixels.length; i += 4) counts.set(at(i), (counts.get(at(i)) ?? 0) + 1);
            const palette = [];
            const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + ((a >> 8 & 255) - (b >> 8 & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
            for (const [colour] of [...counts].sort((a, b) => b[1] - a[1]))
                if (palette.length < 200 && palette.every((other) => distance(colour, other) > 8)) palette.push(colour);
            const nearest = new Map([...counts.keys()].map((colour) => [colour, palette.reduce((best, other, i) => distance(colour, other) < distance(colour, palette[best]) ? i : best, 0)]));
            const rows = new Uint8Array((width + 1) * height);
            for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest.get(at((y * width + x) * 4));

            const bytes = async (blob) => new Uint8Array(await new Response(blob).arrayBuffer());
            const table = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1; return n; });
            const chunk = (name, content) => {
                const all = new Uint8Array(12 + content.length), view = new DataView(all.buffer);
                view.setUint32(0, content.length);
                all.set([...name].map((letter) => letter.charCodeAt(0)), 4);
                all.set(content, 8);
                let crc = -1;
                for (const byte of all.subarray(4, 8 + content.length)) crc = table[(crc ^ byte) & 255] ^ crc >>> 8;
                view.setUint32(8 + content.length, ~crc >>> 0);
                return all;
            };
            const head = new DataView(new ArrayBuffer(13));
            head.setUint32(0, width);
            head.setUint32(4, height);
            head.setUint32(8, 0x08030000);
            const data = await bytes(new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate')));
            const file = await bytes(new Blob([
                new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', new Uint8Array(head.buffer)),
                chunk('PLTE', new Uint8Array(palette.flatMap((c) => [c >> 16, c >> 8 & 255, c & 255]))), chunk('IDAT', data), chunk('IEND', new Uint8Array(0)),
            ]));
            let text = '';
            for (const byte of file) text += String.fromCharCode(byte);
            return btoa(text);
        }
        """;

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

            var picture = await page.ScreenshotAsync();
            await using var workshop = await browser.Browser.NewContextAsync();
            var small = Convert.FromBase64String(await (await workshop.NewPageAsync()).EvaluateAsync<string>(Palette, Convert.ToBase64String(picture)));
            Assert.InRange(small.Length, 10_000, MostBytes);
            await File.WriteAllBytesAsync(Path.Combine(Environment.GetEnvironmentVariable("GLOSSA_SCREENSHOTS")!, name + ".png"), small);
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
