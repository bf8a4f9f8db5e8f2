using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Glossa.Tests.Unit.Web;

/// <summary>A page as a strict reader sees it: nothing unclosed, nothing unknown, no id twice, no link within the page to nowhere.</summary>
internal static class HtmlCheck
{
    public static IHtmlDocument Parse(string html)
    {
        // Strict: the first thing a browser would have to repair is an exception.
        var document = new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);
        var ids = document.All.Select(element => element.GetAttribute("id")).OfType<string>().ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(document.QuerySelectorAll("a[href^='#']"), link => Assert.Contains(link.GetAttribute("href")![1..], ids));
        Assert.All(document.QuerySelectorAll("[aria-describedby]"), element => Assert.Contains(element.GetAttribute("aria-describedby"), ids));
        Assert.Empty(document.QuerySelectorAll("script:not([src^='/glossa.js?v=']),body style,[style],iframe,object,embed,base,meta[http-equiv]"));
        Assert.Single(document.QuerySelectorAll("h1"));
        Assert.All(document.All, element => Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.All(document.QuerySelectorAll("a[href]"), link =>
        {
            var address = link.GetAttribute("href")!;
            Assert.True(address is ['/' or '#', ..] && !address.StartsWith("//", StringComparison.Ordinal)
                || link.GetAttribute("rel") == "nofollow noopener noreferrer" && (address.StartsWith("http://", StringComparison.Ordinal) || address.StartsWith("https://", StringComparison.Ordinal)), address);
        });
        return document;
    }
}
