using Glossa.Web.Http;

namespace Glossa.Tests.Unit.Web;

public sealed class StyleSheetTests
{
    [Theory]
    [InlineData("a { color : red; }", "a{color :red}")]
    [InlineData("a  b ,\n c { }", "a b,c{}")]
    [InlineData("a :is(b) { x: y }", "a :is(b){x:y}")]
    [InlineData("/* a { */ b { x: y; z: \" ; } \" / ''; }", "b{x:y;z:\" ; } \" / ''}")]
    [InlineData("@media (max-width: 40rem) { a { x: y } }", "@media (max-width: 40rem){a{x:y}}")]
    [InlineData("a { b: calc(1px + 2px); }\n\nc::before { content: \"Sg\" / \"\"; }", "a{b:calc(1px + 2px)}c::before{content:\"Sg\" / \"\"}")]
    [InlineData("a { /* unclosed", "a{")]
    [InlineData("a { b: \"unclosed", "a{b: \"unclosed")]
    public void Compact_keeps_what_has_a_meaning(string sheet, string compact) => Assert.Equal(compact, StyleSheet.Compact(sheet));

    [Fact]
    public void Light_rules_name_each_predicate_up_to_the_most_and_nothing_else()
    {
        Assert.Equal("", LightRules.For(0));
        Assert.Equal(3, Numbers(LightRules.For(3)));
        Assert.Equal(LightRules.Most, Numbers(LightRules.For(1000)));
        Assert.Matches("^'sha256-[A-Za-z0-9+/]{43}='$", LightRules.Source(LightRules.For(3)));
    }

    private static int Numbers(string rules) => Enumerable.Range(1, 2000).Count(i => rules.Contains($":root:has(#s{i}:target)", StringComparison.Ordinal));
}
