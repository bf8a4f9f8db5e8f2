using Glossa.Catalog;
using Glossa.Web.Components;
using Glossa.Web.Text;

namespace Glossa.Tests.Unit.Web;

public sealed class LogicShapeTests
{
    [Fact]
    public void An_and_within_an_and_is_one_and_a_name_stays_with_its_own_group()
    {
        var shape = Shape(Node("and", Named("selection", Node("and", Leaf(0), Leaf(1))), Named("other", Node("or", Leaf(2), Leaf(3))), Node("not", Named("filter", Leaf(4)))));

        Assert.Equal(ShapeKind.And, shape.Kind);
        Assert.Equal([ShapeKind.Leaf, ShapeKind.Leaf, ShapeKind.Or, ShapeKind.Not], shape.Children.Select(child => child.Kind));
        Assert.Equal("other", shape.Children[2].Name);
        Assert.Equal("filter", shape.Children[3].Name);
        Assert.Null(shape.Children[3].Children[0].Name);
        Assert.Equal(5, shape.Leaves);
    }

    [Fact]
    public void First_keeps_the_first_leaves_and_says_how_many_are_missing()
    {
        var shape = Shape(Node("or", [.. Enumerable.Range(0, 10).Select(Leaf)]));
        var first = shape.First(4);

        Assert.Equal([1, 2, 3, 4, 0], first.Children.Select(child => child.Number));
        Assert.Equal("6 more", first.Children[^1].Text);
        Assert.Equal(10, first.Branches);
        Assert.Same(shape, shape.First(10));
    }

    [Fact]
    public void Empty_groups_strange_words_and_great_depth_are_words()
    {
        Assert.Equal("always", Shape(Node("and")).Text);
        Assert.Equal("never", Shape(Node("or")).Text);
        Assert.Equal("later", Shape(new LogicRecord("later", null, null, null, null, null)).Text);
        Assert.Equal(ShapeKind.Words, Shape(Leaf(99)).Kind);

        var deep = Leaf(0);
        for (var i = 0; i < 200; i++)
        {
            deep = Node("not", deep);
        }

        var end = Shape(deep);
        while (end.Children.Count > 0)
        {
            end = end.Children[0];
        }

        Assert.True(end.IsOpaque);
    }

    [Fact]
    public void Diagram_puts_what_must_all_hold_in_a_row_and_alternatives_above_each_other()
    {
        var layout = DiagramLayout.Of(Shape(Node("and", Node("or", Leaf(0), Leaf(1)), Leaf(2), Node("not", Node("and", Leaf(3), Leaf(4))))), Rows)!;
        var boxes = layout.Boxes.ToDictionary(box => box.Number);

        Assert.Equal([1, 2, 3, 4, 5], boxes.Keys.Order());
        Assert.Equal(boxes[1].X, boxes[2].X);
        Assert.True(boxes[1].Y + boxes[1].Height < boxes[2].Y);
        Assert.True(boxes[2].X + boxes[2].Width < boxes[3].X && boxes[3].X + boxes[3].Width < boxes[4].X);
        Assert.Equal([4, 5], boxes.Values.Where(box => box.IsNegated).Select(box => box.Number).Order());
        Assert.Contains(layout.Captions, caption => caption.Text == "NOT BOTH");
        Assert.All(boxes.Values, box => Assert.True(box.X >= 0 && box.Y >= 0 && box.X + box.Width <= layout.Width && box.Y + box.Height <= layout.Height));
    }

    [Fact]
    public void Diagram_is_left_out_where_there_are_too_many_boxes_or_several_steps()
    {
        Assert.NotNull(DiagramLayout.Of(Shape(Node("or", [.. Enumerable.Range(0, 24).Select(Leaf)])), Rows));
        Assert.Null(DiagramLayout.Of(Shape(Node("or", [.. Enumerable.Range(0, 25).Select(Leaf)])), Rows));
        Assert.Null(DiagramLayout.Of(Shape(Node("and", new LogicRecord("stage", "over 5 min", null, null, null, [Leaf(0)]), Leaf(1))), Rows));
    }

    private static readonly Dictionary<int, PredicateRow> Rows = Enumerable.Range(0, 30).ToDictionary(
        row => row + 1,
        row => new PredicateRow(row + 1, [new IndicatorRecord(new string('f', row * 10 + 1), null, "eq", $"value {row}", 1, OthersRecord.None, row, "any", "fold", "indicator", "rule", null, [], 0, 0, null, null)]));

    private static LogicShape Shape(LogicRecord node) => LogicShape.Of(node, Rows.Keys.ToHashSet());

    private static LogicRecord Leaf(int row) => new("leaf", null, null, row, null, null);

    private static LogicRecord Node(string type, params LogicRecord[] children) => new(type, null, null, null, null, children);

    private static LogicRecord Named(string name, LogicRecord child) => new("named", name, null, null, null, [child]);
}
