using Glossa.Catalog;

namespace Glossa.Web.Text;

public enum ShapeKind
{
    And,
    Or,

    /// <summary>At least <see cref="LogicShape.Count"/> of the children.</summary>
    AtLeast,
    Not,

    /// <summary>A comparison: <see cref="LogicShape.Number"/> is what the page calls it.</summary>
    Leaf,

    /// <summary>A step of a plan with its name.</summary>
    Stage,

    /// <summary>A constant or something without a meaning here, in words.</summary>
    Words,
}

/// <summary>
/// The logic of a rule as condition line, diagram and tree show it: an AND within an AND is one, and so is an OR within an OR; a part has its author's
/// name where it is a group of its own.
/// </summary>
/// <param name="Number">Of a leaf, from 1; else 0.</param>
/// <param name="Name">The author's name for the part, or null.</param>
/// <param name="Text">Of a stage and of words.</param>
public sealed record LogicShape(ShapeKind Kind, int Number, int Count, string? Name, string? Text, bool IsOpaque, IReadOnlyList<LogicShape> Children)
{
    /// <summary>Deeper than any rule that can be read; beyond it the rest is named, not shown.</summary>
    public const int Deepest = 100;

    /// <summary>Leaves, each as often as it stands there.</summary>
    public int Leaves => Kind == ShapeKind.Leaf ? 1 : Children.Sum(child => child.Leaves);

    /// <summary>How many children there are, also where not all are kept.</summary>
    public int Branches => Shown > 0 ? Shown : Children.Count;

    private int Shown { get; init; }

    /// <summary>Steps of a plan in it: then it is no one question to one event.</summary>
    public bool HasStages => Kind == ShapeKind.Stage || Children.Any(child => child.HasStages);

    /// <param name="rows">Numbers of the predicates that are there.</param>
    public static LogicShape Of(LogicRecord node, IReadOnlySet<int> rows) => Of(node, rows, null, 0);

    /// <summary>The same with the first <paramref name="leaves"/> leaves; where others were, words say how many.</summary>
    public LogicShape First(int leaves)
    {
        var left = leaves;
        return Leaves <= leaves ? this : First(ref left) ?? this;
    }

    private LogicShape? First(ref int left)
    {
        if (Kind is ShapeKind.Leaf or ShapeKind.Words)
        {
            return left-- > 0 ? this : null;
        }

        List<LogicShape> kept = [];
        foreach (var child in Children)
        {
            if (left <= 0)
            {
                break;
            }

            if (child.First(ref left) is { } shown)
            {
                kept.Add(shown);
            }
        }

        var missing = Leaves - kept.Sum(child => child.Leaves);
        return kept.Count == 0 ? null
            : kept.Count == Children.Count ? this with { Children = kept }
            : this with { Children = [.. kept, new LogicShape(ShapeKind.Words, 0, 0, null, $"{Names.Number(missing)} more", false, [])], Shown = Children.Count };
    }

    private static LogicShape Of(LogicRecord node, IReadOnlySet<int> rows, string? name, int depth)
    {
        if (depth > Deepest)
        {
            return Words("the logic goes deeper than is shown here", isOpaque: true);
        }

        var children = node.Children ?? [];
        switch (node.Type)
        {
            case "and" or "or" or "atLeast" when children.Count == 0:
                return Words(node.Type == "and" ? "always" : "never", isOpaque: false);
            case "and" or "or" when children.Count == 1:
                return Of(children[0], rows, name, depth + 1);
            case "and":
                return Joined(ShapeKind.And);
            case "or":
                return Joined(ShapeKind.Or);
            case "atLeast":
                return new LogicShape(ShapeKind.AtLeast, 0, node.Count ?? 1, name, null, false, Shapes());
            case "not" when children.Count == 1:
                var denied = Of(children[0], rows, name, depth + 1);

                // The frame of the NOT says the name; once is enough.
                return new LogicShape(ShapeKind.Not, 0, 0, denied.Name ?? name, null, false, [denied with { Name = null }]);
            case "named" when children.Count == 1:
                return Of(children[0], rows, node.Text ?? name, depth + 1);
            case "stage" when children.Count > 0:
                return new LogicShape(ShapeKind.Stage, 0, 0, name, node.Text, false, Shapes());
            case "leaf" when node.Row is { } row && rows.Contains(row + 1):
                return new LogicShape(ShapeKind.Leaf, row + 1, 0, name, null, false, []);
            case "constant":
                return Words(node.Text == "true" ? "always" : node.Text == "false" ? "never" : node.Text ?? "", isOpaque: false);
            case "opaque":
                return Words(node.Text ?? "", isOpaque: true);
            default:
                return Words(node.Text ?? node.Type, isOpaque: false);
        }

        LogicShape Joined(ShapeKind kind)
            => new(kind, 0, 0, name, null, false, [.. Shapes().SelectMany(shape => shape.Kind == kind ? shape.Children : [shape])]);

        List<LogicShape> Shapes() => [.. children.Select(child => Of(child, rows, null, depth + 1))];

        LogicShape Words(string text, bool isOpaque) => new(ShapeKind.Words, 0, 0, name, text, isOpaque, []);
    }
}
