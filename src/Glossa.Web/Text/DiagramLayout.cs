using Glossa.Core.Text;
using Glossa.Web.Components;

namespace Glossa.Web.Text;

/// <summary>
/// Where the boxes of a logic diagram stand, in px from the top left: in a row what must all hold, one above the other what is enough alone, and
/// dashed what must not hold.
/// </summary>
public sealed class DiagramLayout
{
    /// <summary>With more boxes the picture says less than the condition line.</summary>
    public const int MostBoxes = 24;

    private const double BoxHeight = 34;
    private const double Character = 6.65;
    private const double Gap = 22;
    private const double Bend = 18;
    private const double Between = 8;
    private const double Label = 13;
    private const double Lead = 54;

    private readonly List<Box> _boxes = [];
    private readonly List<Line> _lines = [];
    private readonly List<Caption> _captions = [];

    private DiagramLayout()
    {
    }

    public double Width { get; private set; }

    public double Height { get; private set; }

    public IReadOnlyList<Box> Boxes => _boxes;

    public IReadOnlyList<Line> Lines => _lines;

    public IReadOnlyList<Caption> Captions => _captions;

    /// <summary>Null where there are too many boxes, or none, or several steps.</summary>
    public static DiagramLayout? Of(LogicShape shape, IReadOnlyDictionary<int, PredicateRow> rows)
    {
        if (shape.HasStages || Count(shape) is < 1 or > MostBoxes)
        {
            return null;
        }

        var layout = new DiagramLayout();
        var size = Measure(shape, rows);
        layout.Height = size.Height + 4;
        layout.Width = size.Width + 2 * Lead + 8;
        var middle = 2 + size.Height / 2;
        layout._captions.Add(new Caption(0, middle + 4, "event", CaptionKind.End));
        layout._lines.Add(new Line($"M38 {N(middle)}H{N(Lead)}", false));
        layout.Place(shape, rows, Lead, 2, size, negated: false);
        layout._lines.Add(new Line($"M{N(Lead + size.Width)} {N(middle)}h12", false));
        layout._captions.Add(new Caption(Lead + size.Width + 16, middle + 4, "alert", CaptionKind.End));
        return layout;
    }

    public static string N(double number) => number.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);

    private static int Count(LogicShape shape)
        => shape.Kind is ShapeKind.Leaf or ShapeKind.Words ? 1 : shape.Children.Sum(Count);

    private static Size Measure(LogicShape shape, IReadOnlyDictionary<int, PredicateRow> rows)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Leaf or ShapeKind.Words:
                var (first, second) = Texts(shape, rows);
                return new Size(Math.Max(first.Length, second.Length) * Character + 18, BoxHeight);
            case ShapeKind.Or or ShapeKind.AtLeast:
                var sizes = shape.Children.Select(child => Measure(child, rows)).ToList();
                return new Size(
                    sizes.Max(size => size.Width) + 2 * Bend,
                    sizes.Sum(size => size.Height) + Between * (sizes.Count - 1) + (shape.Kind == ShapeKind.AtLeast ? 2 * Label : 0));
            case ShapeKind.Not:
                var inner = Measure(shape.Children[0], rows);

                // As much below as the caption takes above, so that the middle stays the middle.
                return new Size(Math.Max(inner.Width, Denial(shape).Length * Character), inner.Height + 2 * Label);
            default:
                var parts = shape.Children.Select(child => Measure(child, rows)).ToList();
                return new Size(parts.Sum(size => size.Width) + Gap * (parts.Count - 1), parts.Max(size => size.Height));
        }
    }

    private void Place(LogicShape shape, IReadOnlyDictionary<int, PredicateRow> rows, double x, double y, Size size, bool negated)
    {
        var middle = y + size.Height / 2;
        switch (shape.Kind)
        {
            case ShapeKind.Leaf or ShapeKind.Words:
                var own = Measure(shape, rows);
                var (first, second) = Texts(shape, rows);
                _boxes.Add(new Box(x, middle - BoxHeight / 2, own.Width, BoxHeight, shape.Number, first, second, Whole(shape, rows), negated));
                if (own.Width < size.Width)
                {
                    _lines.Add(new Line($"M{N(x + own.Width)} {N(middle)}H{N(x + size.Width)}", false));
                }

                break;
            case ShapeKind.Or or ShapeKind.AtLeast:
                var top = y;
                if (shape.Kind == ShapeKind.AtLeast)
                {
                    _captions.Add(new Caption(x + Bend, y + 9, $"{shape.Count} OF {shape.Children.Count}", CaptionKind.Choice));
                    top += Label;
                }

                foreach (var child in shape.Children)
                {
                    var height = Measure(child, rows).Height;
                    var line = top + height / 2;
                    var rise = N(line - middle);
                    _lines.Add(new Line($"M{N(x)} {N(middle)}c9 0 9 {rise} {N(Bend)} {rise}M{N(x + size.Width - Bend)} {N(line)}c9 0 9 {N(middle - line)} {N(Bend)} {N(middle - line)}", true));
                    Place(child, rows, x + Bend, top, new Size(size.Width - 2 * Bend, height), negated);
                    top += height + Between;
                }

                break;
            case ShapeKind.Not:
                var inner = Measure(shape.Children[0], rows);
                _captions.Add(new Caption(x, middle - inner.Height / 2 - 4, Denial(shape), CaptionKind.Denial));
                Place(shape.Children[0], rows, x, middle - inner.Height / 2, new Size(size.Width, inner.Height), !negated);
                break;
            default:
                var left = x;
                for (var i = 0; i < shape.Children.Count; i++)
                {
                    var part = Measure(shape.Children[i], rows);
                    if (i > 0)
                    {
                        _lines.Add(new Line($"M{N(left)} {N(middle)}h{N(Gap)}", false));
                        left += Gap;
                    }

                    Place(shape.Children[i], rows, left, middle - part.Height / 2, part, negated);
                    left += part.Width;
                }

                if (left < x + size.Width)
                {
                    _lines.Add(new Line($"M{N(left)} {N(middle)}H{N(x + size.Width)}", false));
                }

                break;
        }
    }

    private static string Denial(LogicShape shape) => shape.Children[0] switch
    {
        { Kind: ShapeKind.And, Children.Count: 2 } => "NOT BOTH",
        { Kind: ShapeKind.And } => "NOT ALL",
        { Kind: ShapeKind.Or } => "NOT ANY",
        _ => "NOT",
    };

    /// <summary>The two lines of a box.</summary>
    private static (string First, string Second) Texts(LogicShape shape, IReadOnlyDictionary<int, PredicateRow> rows)
    {
        if (shape.Kind == ShapeKind.Words)
        {
            return (Shorten(shape.Text ?? "", 24), shape.IsOpaque ? "not understood" : "");
        }

        var row = rows[shape.Number];
        var field = row.First.Field.Length > 0 ? Shorten(row.First.Field, 24) : "any field";
        var sign = Names.Shape(row.First.Kind);
        var second = !Names.HasValue(row.First.Kind) ? ""
            : row.Values.Count > 1 ? $"{(row.First.Match == "all" ? "all of" : "any of")} {Names.Number(row.Values.Count)} values"
            : row.First.Value.Length == 0 ? "empty text"
            : Shorten(row.First.Value, 20);
        return ($"{shape.Number} {field} {(sign.Length > 0 ? sign : Names.Operator(row.First.Kind))}", second);
    }

    private static string Whole(LogicShape shape, IReadOnlyDictionary<int, PredicateRow> rows)
    {
        if (shape.Kind == ShapeKind.Words)
        {
            return HiddenCharacters.Show(shape.Text ?? "");
        }

        var first = rows[shape.Number].First;
        return HiddenCharacters.Show($"{shape.Number}: {(first.Field.Length > 0 ? first.Field : "any field")} {Names.Operator(first.Kind)}");
    }

    /// <summary>Cut in the middle: the end of a path says more than what lies between.</summary>
    private static string Shorten(string text, int most)
    {
        text = HiddenCharacters.Show(text.Length > 400 ? text[..200] + text[^200..] : text);
        return text.Length <= most ? text : $"{text[..(most / 2)]}…{text[^(most - most / 2 - 1)..]}";
    }

    /// <param name="Number">Of the predicate; 0 for words.</param>
    /// <param name="IsNegated">Under an odd number of negations.</param>
    public sealed record Box(double X, double Y, double Width, double Height, int Number, string First, string Second, string Whole, bool IsNegated);

    /// <param name="IsChoice">Belongs to alternatives.</param>
    public sealed record Line(string Path, bool IsChoice);

    public enum CaptionKind
    {
        End,
        Choice,
        Denial,
    }

    public sealed record Caption(double X, double Y, string Text, CaptionKind Kind);

    private readonly record struct Size(double Width, double Height);
}
