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

    /// <summary>Where the whole text is.</summary>
    [Parameter]
    public string RawAddress { get; set; } = "";

    /// <summary>Predicates that have a place in the tree.</summary>
    [Parameter, EditorRequired]
    public IReadOnlySet<int> InTree { get; set; } = new HashSet<int>();

    /// <summary>Where a predicate stands: an anchor of this page, or of another.</summary>
    [Parameter]
    public string PredicatesOn { get; set; } = "";

    /// <summary>A line without an end is broken by the page; what is copied has no break there.</summary>
    private const int LongestLine = 4000;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (Window.FirstLine > 1)
        {
            AddLink(builder, "Lines above", LinesFrom?.Invoke(Math.Max(Window.FirstLine - SourceLines.MostLines, 1)));
        }

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
        if (Window.IsCut)
        {
            AddLink(builder, "The line goes on", RawAddress);
        }

        if (next <= Window.AllLines)
        {
            AddLink(builder, "Show the rest", LinesFrom?.Invoke(next));
        }
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

        var isBroken = false;
        foreach (var piece in Pieces(line))
        {
            if (isBroken)
            {
                builder.CloseElement();
                builder.OpenElement(6, "span");
                builder.AddAttribute(7, "class", "line broken");
            }

            isBroken = true;
            for (var i = 0; i < piece.Count;)
            {
                var end = i + 1;
                while (end < piece.Count && piece[end].Number == piece[i].Number && piece[end].IsOpaque == piece[i].IsOpaque)
                {
                    end++;
                }

                AddWords(builder, piece[i..end]);
                i = end;
            }
        }

        // Inside the line: as a block's last character it opens no further line, and without the sheet it is the break.
        builder.AddMarkupContent(20, "\n");
        builder.CloseElement();
    }

    private void AddLink(RenderTreeBuilder builder, string text, string? address)
    {
        if (address is null)
        {
            return;
        }

        builder.OpenElement(30, "p");
        builder.AddAttribute(31, "class", "note info-note");
        builder.OpenElement(32, "a");
        builder.AddAttribute(33, "href", address);
        builder.AddContent(34, text);
        builder.CloseElement();
        builder.AddContent(35, $" (the file has {Names.Count(Window.AllLines, "line", "lines")})");
        builder.CloseElement();
    }

    /// <summary>The line, cut where it is longer than <see cref="LongestLine"/>.</summary>
    private IEnumerable<List<SourceLines.Run>> Pieces(IReadOnlyList<SourceLines.Run> line)
    {
        var piece = new List<SourceLines.Run>();
        var length = 0;
        foreach (var run in line)
        {
            var rest = run;
            while (length + rest.Length > LongestLine)
            {
                var part = Math.Max(LongestLine - length, 1);
                if (part < rest.Length && char.IsLowSurrogate(Text[rest.Start + part]))
                {
                    part++;
                }

                piece.Add(rest with { Length = part });
                yield return piece;
                piece = [];
                length = 0;
                rest = rest with { Start = rest.Start + part, Length = rest.Length - part, IsFirst = false };
                if (rest.Length == 0)
                {
                    break;
                }
            }

            if (rest.Length > 0)
            {
                piece.Add(rest);
                length += rest.Length;
            }
        }

        yield return piece;
    }

    /// <summary>Runs of one predicate, of what was not understood, or of neither.</summary>
    private void AddWords(RenderTreeBuilder builder, List<SourceLines.Run> runs)
    {
        var first = runs[0];
        var isWrapped = first.Number > 0 || first.IsOpaque;
        if (isWrapped)
        {
            var number = first.Number.ToString(CultureInfo.InvariantCulture);
            var isLink = first.IsFirst && InTree.Contains(first.Number);
            builder.OpenElement(8, isLink ? "a" : "span");
            builder.AddAttribute(9, "class", first.IsOpaque ? "span opaque" : (first.IsExclusion ? "span not s" : "span s") + number);
            if (first.IsFirst)
            {
                builder.AddAttribute(10, "id", "s" + number);
            }

            if (isLink)
            {
                builder.AddAttribute(11, "href", PredicatesOn + "#p" + number);
            }
        }

        foreach (var run in runs)
        {
            if (run.Class.Length > 0)
            {
                builder.OpenElement(12, "i");
                builder.AddAttribute(13, "class", run.Class);
            }

            RuleText.AddText(builder, Text.Substring(run.Start, run.Length));
            if (run.Class.Length > 0)
            {
                builder.CloseElement();
            }
        }

        if (isWrapped)
        {
            builder.CloseElement();
        }
    }
}
