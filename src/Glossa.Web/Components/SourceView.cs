using System.Globalization;
using Glossa.Web.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Glossa.Web.Components;

/// <summary>A file of the rule with line numbers; the words of each predicate are links to it, and the target of its number.</summary>
public sealed class SourceView : ComponentBase
{
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    [Parameter]
    public string Language { get; set; } = "";

    [Parameter]
    public IReadOnlyList<SourceLines.Span> Spans { get; set; } = [];

    /// <summary>Predicates whose anchor stands in an earlier file of the page; it is added to.</summary>
    [Parameter]
    public HashSet<int> Seen { get; set; } = [];

    /// <summary>Where the whole text is, for what does not fit.</summary>
    [Parameter]
    public string RawAddress { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "pre");
        builder.AddAttribute(1, "class", "source");
        builder.OpenElement(2, "code");
        var text = SourceLines.Visible(Text);
        foreach (var line in SourceLines.Cut(text, Highlighting.Of(text, Language), Spans, Seen))
        {
            builder.OpenElement(3, "span");
            builder.AddAttribute(4, "class", "line");
            foreach (var run in line)
            {
                AddRun(builder, run);
            }

            // Inside the line: as a block's last character it opens no further line, and without the sheet it is the break.
            builder.AddContent(20, "\n");
            builder.CloseElement();
        }

        builder.CloseElement();
        builder.CloseElement();
        if (text.Length < Text.TrimEnd('\n').Length)
        {
            builder.OpenElement(21, "p");
            builder.AddAttribute(22, "class", "note info-note");
            builder.AddContent(23, "The file goes on. ");
            builder.OpenElement(24, "a");
            builder.AddAttribute(25, "href", RawAddress);
            builder.AddContent(26, "Show all of it");
            builder.CloseElement();
            builder.CloseElement();
        }
    }

    private void AddRun(RenderTreeBuilder builder, SourceLines.Run run)
    {
        var number = run.Number.ToString(CultureInfo.InvariantCulture);
        if (run.IsOpaque)
        {
            builder.OpenElement(5, "span");
            builder.AddAttribute(6, "class", "span opaque");
        }
        else if (run.Number > 0)
        {
            builder.OpenElement(7, run.IsFirst ? "a" : "span");
            builder.AddAttribute(8, "class", (run.IsExclusion ? "span not s" : "span s") + number);
            if (run.IsFirst)
            {
                builder.AddAttribute(9, "id", "s" + number);
                builder.AddAttribute(10, "href", "#p" + number);
            }
        }

        if (run.Class.Length > 0)
        {
            builder.OpenElement(11, "i");
            builder.AddAttribute(12, "class", run.Class);
        }

        RuleText.AddText(builder, Text.Substring(run.Start, run.Length));
        if (run.Class.Length > 0)
        {
            builder.CloseElement();
        }

        if (run.Number > 0 || run.IsOpaque)
        {
            builder.CloseElement();
        }
    }
}
