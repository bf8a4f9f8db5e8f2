using Glossa.Core.Taxonomy;

namespace Glossa.Tests.Unit.Core.Taxonomy;

public sealed class EmbeddedTableTests
{
    [Fact]
    public void Comments_and_empty_lines_are_no_rows()
        => Assert.Equal(["1|2", "|"], Read("# why\na\tb\n\n1\t2\n# more\n\t\n"));

    [Theory]
    [InlineData("a\tc\n", "t.tsv:1: columns a, b expected, found a, c.")]
    [InlineData("# x\na\tb\n1\n", "t.tsv:3: 2 cells expected, found 1.")]
    public void A_wrong_table_says_where(string text, string message)
        => Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void A_missing_table_is_named()
        => Assert.Contains("nothing.tsv", Assert.Throws<InvalidDataException>(() => EmbeddedTable.Read("nothing.tsv").ToList()).Message, StringComparison.Ordinal);

    private static List<string> Read(string text)
        => [.. EmbeddedTable.Read(new StringReader(text), "t.tsv", ["a", "b"]).Select(cells => string.Join('|', cells))];
}
