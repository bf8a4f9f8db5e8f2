using AngleSharp.Html.Parser;
using Glossa.Web.Text;

namespace Glossa.Tests.Unit.Web;

public sealed class ProseTests
{
    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](java&#x73;cript:alert(1))")]
    [InlineData("[x](data:text/html,<script>alert(1)</script>)")]
    [InlineData("[x](vbscript:x)")]
    [InlineData("[x](/theme?set=dark)")]
    [InlineData("[x](//evil.example/y)")]
    [InlineData("[x][r]\n\n[r]: javascript:alert(1)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![x](javascript:alert(1))")]
    [InlineData("![x](data:image/png;base64,AAAA)")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("a <b onclick=alert(1)>b</b>")]
    [InlineData("`<script>`")]
    [InlineData("<a href='https://example.org' onclick='x'>x</a>")]
    [InlineData("[x](https://example.org \"t\\\" onmouseover=\\\"alert(1)\")")]
    [InlineData("[x](https://example.org\" onmouseover=\"alert(1))")]
    [InlineData("```html\" onclick=\"x\n<script>\n```")]
    public void Nothing_in_prose_runs_or_leads_elsewhere(string text)
    {
        foreach (var markdown in new[] { true, false })
        {
            using var document = new HtmlParser().ParseDocument(Prose.ToHtml(text, markdown));

            Assert.Empty(document.QuerySelectorAll("script,img,iframe,object,embed,style,link,form,svg,b[onclick]"));
            Assert.All(document.All, element => Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
            Assert.All(document.QuerySelectorAll("a"), link =>
            {
                Assert.StartsWith("https://example.org", link.GetAttribute("href"), StringComparison.Ordinal);
                Assert.Equal("nofollow noopener noreferrer", link.GetAttribute("rel"));
            });
        }
    }

    [Fact]
    public void Markdown_keeps_its_web_links_and_shows_images_as_links()
    {
        using var document = new HtmlParser().ParseDocument(Prose.ToHtml("See **[the notes](https://example.org/notes)**, ![shot](http://example.org/a.png) and https://example.org/b.", markdown: true));

        Assert.Equal(
            ["https://example.org/notes", "http://example.org/a.png", "https://example.org/b"],
            document.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
        Assert.Equal("the notes", document.QuerySelector("strong")!.TextContent);
        Assert.All(document.QuerySelectorAll("a"), link => Assert.Equal("nofollow noopener noreferrer", link.GetAttribute("rel")));
    }

    [Theory]
    [InlineData(@"C:\Users\*\AppData\*\x_y_z and _this_ &amp; *that*")]
    [InlineData("# 1 of these")]
    [InlineData("> quoted")]
    [InlineData("    four spaces")]
    public void Plain_prose_loses_no_character(string text)
    {
        using var document = new HtmlParser().ParseDocument(Prose.ToHtml(text, markdown: false));

        Assert.Equal(text.Trim(), document.Body!.TextContent.Trim());
    }

    [Fact]
    public void Plain_prose_has_paragraphs_and_lists()
    {
        using var document = new HtmlParser().ParseDocument(Prose.ToHtml("First line\nflows on\n\nSecond\n\n- one\n- two", markdown: false));

        Assert.Equal(2, document.QuerySelectorAll("li").Length);
        Assert.Equal(["First line\nflows on", "Second"], document.QuerySelectorAll("body > p").Select(paragraph => paragraph.TextContent));
    }

    [Fact]
    public void Headings_stay_out_of_the_outline_of_the_page()
    {
        using var document = new HtmlParser().ParseDocument(Prose.ToHtml("# Big\n\ntext", markdown: true));

        Assert.Empty(document.QuerySelectorAll("h1,h2,h3"));
        Assert.Equal("Big", document.QuerySelector("p.heading")!.TextContent);
    }

    [Fact]
    public void Direction_overrides_are_named()
        => Assert.Contains("gpj.[U+202E]exe", Prose.ToHtml("gpj.\u202Eexe", markdown: true), StringComparison.Ordinal);

    [Theory]
    [InlineData(">", 20_000)]
    [InlineData("- ", 20_000)]
    [InlineData("[", 60_000)]
    [InlineData("*a ", 10_000)]
    [InlineData("*a ", 20_000)]
    [InlineData("`", 60_000)]
    [InlineData("![", 30_000)]
    [InlineData("<", 60_000)]
    [InlineData("x", 200_000)]
    [InlineData("http://a", 8_000)]
    [InlineData("|-\n", 20_000)]
    public async Task Text_made_to_be_slow_or_deep_comes_back(string part, int times)
    {
        // The minute tells a hang from a busy machine; nothing is measured here.
        var html = await Task.Run(() => Prose.ToHtml(string.Concat(Enumerable.Repeat(part, times)), markdown: true)).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.NotEmpty(html);
    }
}
