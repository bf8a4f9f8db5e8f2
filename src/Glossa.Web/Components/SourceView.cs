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

    /// <summary>The part that is shown.</summary>
    [Parameter, EditorRequired]
    public SourceLines.Window Window { get; set; }

    /// <summary>Where the lines before and behind are shown, by the number of the first; null where all is here.</summary>
    [Parameter]
    public Func<int, string>? LinesFrom { get; set; }

    /// <summary>Where a predicate stands: an anchor of this page, or of another.</summary>
    [Parameter]
    public string PredicatesOn { get; set; } = "";

    /// <summary>A line without an end is broken by the page; what is copied has no break there.</summary>
    private const int LongestLine = 4000;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        AddLink(builder, 30, "Lines above", Window.FirstLine > 1 ? Math.Max(Window.FirstLine - SourceLines.MostLines, 1) : null);
        builder.OpenElement(0, "pre");
        builder.AddAttribute(1, "class", Window.FirstLine > 1 ? "source later" : "source");
        builder.OpenElement(2, "code");
        var number = Window.FirstLine;
        foreach (var line in SourceLines.Cut(Text, Highlighting.Of(Text.Length > Window.End ? Text[..Window.End] : Text, Language), Spans, Seen, Window))
        {
            AddLine(builder, line, number++);
        }

        builder.CloseElement();
        builder.CloseElement();
        var next = Window.FirstLine + Window.Lines;
        AddLink(builder, 40, "Show the rest", next <= Window.AllLines ? next : null);
    }

    private void AddLine(RenderTreeBuilder builder, IReadOnlyList<SourceLines.Run> line, int number)
    {
        builder.OpenElement(3, "span");
        builder.AddAttribute(4, "class", "line");
        if (Window.FirstLine > 1)
        {
            // A counter can only begin elsewhere by a style of its own.
            builder.AddAttribute(5, "data-line", number.ToString(CultureInfo.InvariantCulture));
        }

        var length = 0;
        foreach (var whole in line)
        {
            var run = whole;
            while (length + run.Length > LongestLine)
            {
                var part = Math.Max(LongestLine - length, 1);
                if (part < run.Length && char.IsLowSurrogate(Text[run.Start + part]))
                {
                    part++;
                }

                AddRun(builder, run with { Length = Math.Min(part, run.Length) });
                builder.CloseElement();
                builder.OpenElement(3, "span");
                builder.AddAttribute(4, "class", "line broken");
                length = 0;
                run = run with { Start = run.Start + Math.Min(part, run.Length), Length = run.Length - Math.Min(part, run.Length), IsFirst = false };
            }

            if (run.Length > 0)
            {
                AddRun(builder, run);
                length += run.Length;
            }
        }

        // Inside the line: as a block's last character it opens no further line, and without the sheet it is the break.
        builder.AddContent(20, "\n");
        builder.CloseElement();
    }

    private void AddLink(RenderTreeBuilder builder, int sequence, string text, int? line)
    {
        if (line is not { } from || LinesFrom is null)
        {
            return;
        }

        builder.OpenElement(sequence, "p");
        builder.AddAttribute(sequence + 1, "class", "note info-note");
        builder.OpenElement(sequence + 2, "a");
        builder.AddAttribute(sequence + 3, "href", LinesFrom(from));
        builder.AddContent(sequence + 4, text);
        builder.CloseElement();
        builder.AddContent(sequence + 5, $" (the file has {Names.Number(Window.AllLines)} lines)");
        builder.CloseElement();
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
                builder.AddAttribute(10, "href", PredicatesOn + "#p" + number);
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
