using System.Globalization;
using System.Runtime.CompilerServices;

namespace Glossa.Analysis;

/// <summary>
/// What a stage asks, line by line. Lines beside each other must all hold; where something else is meant a line says so, and what it
/// speaks of follows with a dash for each level.
/// </summary>
internal static class StageLines
{
    public static List<string> Of(LogicNode tree, IReadOnlyList<PredicateRow> rows)
    {
        var lines = new List<string>();
        Add(tree, rows, isNegated: false, 0, lines);
        return lines;
    }

    private static void Add(LogicNode node, IReadOnlyList<PredicateRow> rows, bool isNegated, int level, List<string> lines)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Line("…");
            return;
        }

        switch (node.Kind)
        {
            case LogicKind.Leaf when node.Row >= 0:
                Line(OperatorWords.Line(rows[node.Row] with { IsNegated = isNegated }));
                break;
            case LogicKind.Leaf or LogicKind.Constant:
                Line((isNegated ? "not " : "") + node.Text);
                break;
            case LogicKind.Opaque:
                Line($"{(isNegated ? "not " : "")}something that is not understood: {node.Text}");
                break;
            case LogicKind.Not:
                Add(node.Children[0], rows, !isNegated, level, lines);
                break;
            case LogicKind.Named or LogicKind.Stage:
                Add(node.Children[0], rows, isNegated, level, lines);
                break;
            case LogicKind.And when !isNegated:
            case LogicKind.Or when isNegated:
                // Not one of them: each is away.
                foreach (var child in node.Children)
                {
                    Add(child, rows, isNegated, level, lines);
                }

                break;
            default:
                Line(node.Kind switch
                {
                    LogicKind.And => "not all of these together:",
                    LogicKind.Or => "at least one of these:",
                    _ => string.Create(CultureInfo.InvariantCulture, $"{(isNegated ? "fewer than" : "at least")} {node.Count} of these:"),
                });
                foreach (var child in node.Children)
                {
                    var first = lines.Count;
                    Add(child, rows, isNegated: false, level + 1, lines);

                    // An alternative of several lines is told from the next one.
                    if (node.Kind != LogicKind.And && lines.Count > first + 1 && child.Kind is not (LogicKind.Or or LogicKind.AtLeast))
                    {
                        for (var i = first + 1; i < lines.Count; i++)
                        {
                            lines[i] = Continued(lines[i], level + 1);
                        }
                    }
                }

                break;
        }

        void Line(string text) => lines.Add(Marks(level) + text);
    }

    private static string Marks(int level) => string.Concat(Enumerable.Repeat("- ", level));

    private static string Continued(string line, int level)
    {
        var marks = Marks(level);
        return line.StartsWith(marks, StringComparison.Ordinal) && !line.AsSpan(marks.Length).StartsWith("- ", StringComparison.Ordinal) && !line.AsSpan(marks.Length).StartsWith("and ", StringComparison.Ordinal)
            ? $"{marks}and {line[marks.Length..]}"
            : line;
    }
}
