using Glossa.Web.Components;

namespace Glossa.Web.Text;

/// <summary>
/// How much of a rule its page shows, so that it stays under 100 KB: what does not fit is one link away, with its number. The source comes first, then
/// every predicate in the tree, then as many values and lines of the tables as there is room for; all predicates have the same limit.
/// </summary>
public sealed class PageRoom
{
    /// <summary>Values a predicate shows where there is room.</summary>
    private const int Most = 50;

    // What a part takes in bytes of HTML, measured over the rules of SigmaHQ and rounded up.
    private const int Page = 90_000;
    private const int Frame = 7_000;
    private const double SourceCharacter = 1.7;
    private const int SourceLine = 70;
    private const int Leaf = 520;
    private const int Chip = 290;
    private const int TableLine = 780;
    private const int Relation = 420;

    private readonly int _chips;
    private readonly int _lines;

    private PageRoom(int chips, int lines, int tableLines)
    {
        _chips = chips;
        _lines = lines;
        TableLines = tableLines;
    }

    /// <summary>Lines of both tables together; a predicate whose turn does not come is on the page of all values.</summary>
    public int TableLines { get; }

    /// <summary>Characters of source that a page with so many predicates and relations has room for.</summary>
    public static int Source(int leaves, int relations)
        => Math.Clamp((int)((Page - Frame - Leaf * leaves - Relation * relations) / 6), 3 * 1024, SourceLines.MostCharacters);

    public static PageRoom For(RuleView view)
    {
        var rule = view.Rule;
        var source = view.Windows.Sum(window => SourceCharacter * (window.End - window.Start) + SourceLine * window.Lines);
        var prose = (rule.Description?.Length ?? 0) + rule.Sections.Sum(section => section.Markdown.Length) + rule.Facts.Sum(fact => fact.Value.Length);
        var rest = Page - Frame - source - 1.2 * prose - Relation * rule.Relations.Count - Leaf * view.InTree.Count;
        var rows = view.Rows.Values.ToList();

        // At least something of each, also where the source alone fills the page.
        var tableLines = Math.Clamp((int)(rest * 0.55 / TableLine), 12, 150);
        var chips = Math.Clamp((int)(rest * 0.45 / Chip), 12, 400);
        return new PageRoom(Limit(rows, chips), Limit(rows, tableLines), tableLines);
    }

    /// <summary>Values of one predicate in the tree.</summary>
    public int Chips(PredicateRow row) => Shown(row, _chips);

    /// <summary>Lines of one predicate in the tables.</summary>
    public int Lines(PredicateRow row) => Shown(row, _lines);

    /// <summary>Those of a table that have room: first come, first shown.</summary>
    /// <param name="used">Lines that are taken; added to.</param>
    public IReadOnlyList<PredicateRow> Take(IReadOnlyList<PredicateRow> rows, ref int used)
    {
        List<PredicateRow> shown = [];
        foreach (var row in rows)
        {
            if (used + Lines(row) > TableLines && used > 0)
            {
                break;
            }

            used += Lines(row);
            shown.Add(row);
        }

        return shown;
    }

    // A link to one more would take the place of that one.
    private static int Shown(PredicateRow row, int limit) => row.Values.Count <= limit + 1 ? row.Values.Count : limit;

    private static int Limit(List<PredicateRow> rows, int room)
    {
        for (var limit = Most; limit > 1; limit--)
        {
            if (rows.Sum(row => Math.Min(row.Values.Count, limit)) <= room)
            {
                return limit;
            }
        }

        return 1;
    }
}
