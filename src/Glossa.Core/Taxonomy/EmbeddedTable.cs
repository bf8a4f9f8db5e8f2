using System.Text;

namespace Glossa.Core.Taxonomy;

/// <summary>
/// Reads one of the tables built into this assembly: lines starting with <c>#</c> are comments, the first other line names the
/// columns, cells are parted by tabs. The tables are ours, so a wrong one is our fault and stops the first reader clearly.
/// </summary>
internal static class EmbeddedTable
{
    /// <exception cref="InvalidDataException">The table is missing, has other columns, or has a row of another width.</exception>
    public static IEnumerable<string[]> Read(string file, params string[] columns)
    {
        using var stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream($"Glossa.Taxonomy.{file}")
            ?? throw new InvalidDataException($"The table {file} is not built into {typeof(EmbeddedTable).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        foreach (var row in Read(reader, file, columns))
        {
            yield return row;
        }
    }

    internal static IEnumerable<string[]> Read(TextReader reader, string file, string[] columns)
    {
        var number = 0;
        var headerSeen = false;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var cells = line.Split('\t');
            if (!headerSeen)
            {
                if (!cells.AsSpan().SequenceEqual(columns))
                {
                    throw new InvalidDataException($"{file}:{number}: columns {string.Join(", ", columns)} expected, found {string.Join(", ", cells)}.");
                }

                headerSeen = true;
                continue;
            }

            if (cells.Length != columns.Length)
            {
                throw new InvalidDataException($"{file}:{number}: {columns.Length} cells expected, found {cells.Length}.");
            }

            yield return cells;
        }
    }

    /// <summary>The values of a cell that holds several, parted by commas.</summary>
    public static string[] Several(string cell) => cell.Length == 0 ? [] : cell.Split(',');
}
