using Glossa.Web.Components;

namespace Glossa.Web.Text;

/// <summary>
/// How many values of each predicate a page shows, so that it stays a page: what does not fit is one link away, with its number. All predicates have
/// the same limit, as high as the room for all of them allows.
/// </summary>
public sealed class PageRoom
{
    /// <summary>Values a predicate shows where there is room.</summary>
    private const int Most = 50;

    private const int Least = 2;

    private readonly int _chips;
    private readonly int _lines;

    private PageRoom(int chips, int lines)
    {
        _chips = chips;
        _lines = lines;
    }

    /// <summary>Room for so many values in the tree, and so many lines in the tables.</summary>
    public static PageRoom For(IReadOnlyCollection<PredicateRow> rows, int chips = 110, int lines = 60)
        => new(Limit(rows, chips), Limit(rows, lines));

    /// <summary>Values of one predicate in the tree.</summary>
    public int Chips(PredicateRow row) => Shown(row, _chips);

    /// <summary>Lines of one predicate in the tables.</summary>
    public int Lines(PredicateRow row) => Shown(row, _lines);

    // A link to one more would take the place of that one.
    private static int Shown(PredicateRow row, int limit) => row.Values.Count <= limit + 1 ? row.Values.Count : limit;

    private static int Limit(IReadOnlyCollection<PredicateRow> rows, int room)
    {
        for (var limit = Most; limit > Least; limit--)
        {
            if (rows.Sum(row => Math.Min(row.Values.Count, limit)) <= room)
            {
                return limit;
            }
        }

        return Least;
    }
}
