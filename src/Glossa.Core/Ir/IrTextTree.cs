using System.Runtime.CompilerServices;
using System.Text;

namespace Glossa.Core.Ir;

/// <summary>A word, or a list in parentheses or brackets; what <see cref="IrText"/> lays out on one line or on several.</summary>
/// <param name="Word">Empty for a list.</param>
internal sealed record IrTextTree(string Word)
{
    private int _width = -1;

    /// <summary>What stands right before it: <c>name=</c>.</summary>
    public string Prefix { get; init; } = "";

    public IReadOnlyList<IrTextTree>? Items { get; private init; }

    private bool IsBracketed { get; init; }

    private int Width => _width >= 0 ? _width : _width = Prefix.Length + (Items is null ? Word.Length : Math.Max(2, Items.Sum(item => item.Width + 1) + 1));

    public static IrTextTree List(IEnumerable<IrTextTree> items) => new("") { Items = [.. items] };

    public static IrTextTree Bracketed(IEnumerable<IrTextTree> items) => new("") { Items = [.. items], IsBracketed = true };

    public static string Flat(IrTextTree tree)
    {
        var text = new StringBuilder();
        tree.AppendFlat(text);
        return text.ToString();
    }

    public static string Indented(IrTextTree tree, int width)
    {
        var text = new StringBuilder();
        tree.AppendIndented(text, 0, width);
        return text.ToString();
    }

    private void AppendFlat(StringBuilder text)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        text.Append(Prefix);
        if (Items is null)
        {
            text.Append(Word);
            return;
        }

        text.Append(IsBracketed ? '[' : '(');
        for (var i = 0; i < Items.Count; i++)
        {
            if (i > 0)
            {
                text.Append(' ');
            }

            Items[i].AppendFlat(text);
        }

        text.Append(IsBracketed ? ']' : ')');
    }

    private void AppendIndented(StringBuilder text, int indent, int width)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Items is null || Items.Count < 2 || indent + Width <= width)
        {
            AppendFlat(text);
            return;
        }

        text.Append(Prefix).Append(IsBracketed ? '[' : '(');

        // Words at the front share the first line; from the first list on, each part has a line, words beside the word before them.
        var onLine = 0;
        for (var i = 0; i < Items.Count; i++)
        {
            var item = Items[i];
            var startsLine = i > 0 && (item.Items is not null || onLine + item.Width > width - indent) && Items[i - 1].Word is not (":gate" or ":partition" or ":range");
            if (startsLine)
            {
                text.Append('\n').Append(' ', indent + 2);
                onLine = 2;
            }
            else if (i > 0)
            {
                text.Append(' ');
                onLine++;
            }

            item.AppendIndented(text, indent + 2, width);
            onLine += item.Width;
        }

        text.Append(IsBracketed ? ']' : ')');
    }
}
