using System.Globalization;
using System.Text;
using Glossa.Catalog;

namespace Glossa.Web.Pages.Attack;

/// <summary>The matrix as RFC 4180 has tables: a header, lines that end in CR LF, quotes where they are needed.</summary>
internal static class MatrixCsv
{
    public static string Write(AttackMatrixRecord matrix, IReadOnlyList<string> known)
    {
        var families = matrix.Families.Count > 0 ? matrix.Families : known;
        var table = new StringBuilder();
        Line(table, ["tactic", "technique id", "name", "parent", "state", "rules", "exact", "tested", .. families]);
        foreach (var tactic in matrix.Tactics)
        {
            foreach (var cell in tactic.Techniques)
            {
                Write(tactic, cell, "");
                foreach (var sub in cell.SubTechniques)
                {
                    Write(tactic, sub, cell.Id);
                }
            }
        }

        return table.ToString();

        void Write(AttackColumn tactic, AttackCell cell, string parent)
            => Line(
                table,
                [
                    tactic.Name, cell.Id, cell.Name, parent, cell.Counts.State, Number(cell.Counts.Rules), Number(cell.Counts.Exact), Number(cell.Counts.Tested),
                    .. families.Select(family => Number(cell.Counts.ByFamily.GetValueOrDefault(family))),
                ]);
    }

    /// <summary>
    /// A cell that begins like a formula gets an apostrophe, or a spreadsheet would run it (https://owasp.org/www-community/attacks/CSV_Injection): the
    /// name of a family is a word of the catalog, and that may come from anyone.
    /// </summary>
    internal static string Cell(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + text : text;
        return safe.AsSpan().ContainsAny("\",\r\n") ? "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : safe;
    }

    private static void Line(StringBuilder table, IEnumerable<string> cells) => table.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
