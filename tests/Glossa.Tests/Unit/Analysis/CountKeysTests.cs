using Glossa.Analysis;

namespace Glossa.Tests.Unit.Analysis;

public sealed class CountKeysTests
{
    [Theory]
    [InlineData("(wildcard~ Image \"*\\\\\\\\a.exe\")", "ends_with", "\\A.EXE")]
    [InlineData("(ends_with~ Image \"\\\\a.exe\")", "ends_with", "\\A.EXE")]
    [InlineData("(wildcard~ Image \"**a*\")", "contains", "A")]
    [InlineData("(wildcard~ Image \"a*\")", "starts_with", "A")]
    [InlineData("(wildcard~ Image \"a\\\\*\")", "eq", "A*")]
    [InlineData("(wildcard~ Image \"a*b\")", "wildcard", "A*B")]
    [InlineData("(wildcard~ Image \"*\")", "wildcard", "*")]
    [InlineData("(regex Image \".*a\\\\.exe.*\")", "contains", "A.EXE")]
    [InlineData("(regex Image \"^a-b\")", "starts_with", "A-B")]
    [InlineData("(regex Image \"^a-b\" :flags m)", "regex", "^a-b")]
    [InlineData("(regex Image \"a\\\\S\")", "regex", "a\\S")]
    [InlineData("(regex Image \"ab$\")", "regex", "ab$")]
    [InlineData("(eq Image 5)", "eq", "5")]
    [InlineData("(eq~ Image \"5\")", "eq", "5")]
    [InlineData("(gt Image 10 :as literal)", "gt", "10")]
    [InlineData("(gt Image 10.0 :as literal)", "gt", "10")]
    [InlineData("(is_empty Image)", "is_empty", "")]
    public void Kind_and_value_are_reduced(string predicate, string kind, string value)
    {
        var key = Assert.Single(Assert.Single(Keys(predicate)));

        Assert.Equal(new CountKey("process.executable", kind, value), key);
    }

    [Fact]
    public void Field_without_a_concept_counts_within_its_family()
        => Assert.Equal("sigma:NOSUCHFIELD", Assert.Single(Assert.Single(Keys("(eq~ NoSuchField \"a\")"))).Subject);

    [Fact]
    public void Each_value_of_a_list_is_an_eq_of_its_own()
        => Assert.Equal(["eq A", "eq B"], Keys("(eq~ Image \"a\" \"b\")").Select(keys => $"{keys[0].Kind} {keys[0].Value}"));

    private static List<IReadOnlyList<CountKey>> Keys(string predicate)
        => [.. RuleAnalyzer.Analyze(Rules.Of(predicate)).Rows.SelectMany(row => row.Values).Select(value => value.Keys)];
}
