using Glossa.Core.Text;
using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Glossa.Web.Text;

/// <summary>
/// Rule authors' prose as HTML. Nothing of it is trusted: HTML is text, a link goes to http or https and carries
/// <c>nofollow noopener noreferrer</c>, any other link and every image is text, hidden characters have their names.
/// </summary>
internal static class Prose
{
    /// <summary>
    /// UTF-16 characters; beyond it the text is shown as it is. Above any real description, and no more: the time for emphasis that is opened and never
    /// closed grows with the square of the length.
    /// </summary>
    private const int LongestMarkdown = 32 * 1024;

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder()
        .DisableHtml().UseAutoLinks(new AutoLinkOptions { UseHttpsForWWWLinks = true }).UsePipeTables().Build();

    private static readonly MarkdownPipeline Plain = CreatePlain();

    /// <summary>
    /// Whether a family's descriptions are Markdown. Sigma's are plain text by its specification, and read as Markdown
    /// <c>C:\Users\*\AppData\*</c> would lose its stars: there only paragraphs, lists, code and bare addresses count.
    /// </summary>
    public static bool IsMarkdown(string family) => family != "sigma";

    /// <summary>Safe HTML, whatever the text.</summary>
    public static string ToHtml(string text, bool markdown)
    {
        var shown = HiddenCharacters.Show(text.ReplaceLineEndings("\n"));
        if (shown.Length > LongestMarkdown)
        {
            return AsIs(shown);
        }

        MarkdownDocument document;
        var pipeline = markdown ? Markdown : Plain;
        try
        {
            document = Markdig.Markdown.Parse(shown, pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig refuses what is nested too deeply.
            return AsIs(shown);
        }

        Tame(document);
        using var html = new StringWriter();
        var renderer = new HtmlRenderer(html);
        pipeline.Setup(renderer);
        renderer.ObjectRenderers.RemoveAll(renderer => renderer is HeadingRenderer);
        renderer.ObjectRenderers.Add(new HeadingAsParagraph());
        renderer.Render(document);
        return html.ToString();
    }

    private static string AsIs(string text) => "<p class=\"plain\">" + System.Net.WebUtility.HtmlEncode(text) + "</p>";

    private static MarkdownPipeline CreatePlain()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UseAutoLinks(new AutoLinkOptions { UseHttpsForWWWLinks = true });
        builder.BlockParsers.RemoveAll(parser => parser is not (ParagraphBlockParser or ListBlockParser or FencedCodeBlockParser));
        builder.InlineParsers.RemoveAll(parser => parser is EmphasisInlineParser or EscapeInlineParser or HtmlEntityParser or LinkInlineParser);
        return builder.Build();
    }

    private static void Tame(MarkdownDocument document)
    {
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (!IsWebAddress(link.GetDynamicUrl?.Invoke() ?? link.Url))
            {
                var text = new ContainerInline();
                text.AppendChild(new LiteralInline(link.IsImage ? "[image: " : "["));
                while (link.FirstChild is { } child)
                {
                    child.Remove();
                    text.AppendChild(child);
                }

                text.AppendChild(new LiteralInline("](" + (link.Url ?? "") + ")"));
                link.ReplaceBy(text);
                continue;
            }

            // An image would be fetched from a stranger: the reader follows it if they like.
            link.IsImage = false;
            SetRel(link);
        }

        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            if (link.IsEmail || !IsWebAddress(link.Url))
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
            else
            {
                SetRel(link);
            }
        }
    }

    /// <summary>Absolute, http or https: what a link of a rule may lead to.</summary>
    public static bool IsWebAddress(string? url)
        => Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static void SetRel(MarkdownObject link) => link.GetAttributes().AddPropertyIfNotExist("rel", "nofollow noopener noreferrer");

    /// <summary>A heading inside a description must not take part in the page's own outline.</summary>
    private sealed class HeadingAsParagraph : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock obj)
        {
            renderer.Write("<p class=\"heading\">").WriteLeafInline(obj).WriteLine("</p>");
        }
    }
}
