using System.Globalization;
using System.Text;
using Glossa.Catalog;

namespace Glossa.Cli.Output;

/// <summary><c>stats</c> for people.</summary>
internal static class StatsTable
{
    private const int MostConstructs = 12;

    public static void Write(TextWriter writer, StatsReport stats)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stats.Rules} rules in {stats.ElapsedMs} ms"));
        writer.WriteLine();
        WriteRows(
            writer,
            ["family", "files", "rules", "queries", "exact", "approximate", "unsupported", "no logic", "tests"],
            stats.Families.Select(family => new object[]
            {
                family.Family, family.Files, family.Rules, family.Queries, family.Exact, family.Approximate, family.Unsupported, family.NoLogic, family.Tests,
            }));
        writer.WriteLine();
        WriteRows(
            writer,
            ["language", "queries", "parsed", "exact", "approximate", "unsupported"],
            stats.Languages.Select(language => new object[]
            {
                language.Language, language.Queries, language.Parsed, language.Exact, language.Approximate, language.Unsupported,
            }));
        if (stats.Unsupported.Count > 0)
        {
            writer.WriteLine();
            WriteRows(
                writer,
                ["what keeps rules from being exact", "language", "rules"],
                stats.Unsupported.Take(MostConstructs).Select(construct => new object[] { TerminalText.Clean(construct.Construct), construct.Language, construct.Rules }));
            if (stats.Unsupported.Count > MostConstructs)
            {
                writer.WriteLine($"… and {stats.Unsupported.Count - MostConstructs} more; --json has them all");
            }
        }

        if (stats.Files is { } files)
        {
            writer.WriteLine();
            WriteRows(
                writer,
                ["file", "query", "language", "parsed", "fidelity", "operators"],
                files.Select(file => new object[]
                {
                    TerminalText.Clean(file.File), file.Query, file.Language, file.Parsed ? "yes" : "no", file.Fidelity ?? "", TerminalText.Clean(string.Join(' ', file.Operators)),
                }));
        }
    }

    /// <summary>Texts to the left, numbers to the right, two blanks between.</summary>
    private static void WriteRows(TextWriter writer, string[] header, IEnumerable<object[]> rows)
    {
        var table = rows.Select(row => row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "").ToArray()).Prepend(header).ToList();
        var numbers = Enumerable.Range(0, header.Length).Select(column => table.Count > 1 && table.Skip(1).All(row => row[column].All(char.IsAsciiDigit) && row[column].Length > 0)).ToArray();
        var widths = Enumerable.Range(0, header.Length).Select(column => table.Max(row => row[column].Length)).ToArray();
        foreach (var row in table)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                line.Append(numbers[column] ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column])).Append("  ");
            }

            writer.WriteLine(line.ToString().TrimEnd());
        }
    }
}
