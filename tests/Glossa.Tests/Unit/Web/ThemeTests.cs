using Glossa.Web.Http;

namespace Glossa.Tests.Unit.Web;

public sealed class ThemeTests
{
    [Theory]
    [InlineData("/rules?q=a%20b&page=2", "/rules?q=a%20b&page=2")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData(@"/\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/a\r\nSet-Cookie: x=y", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/é", "/")]
    public void Choosing_a_theme_leads_back_to_this_site_only(string? back, string expected)
        => Assert.Equal(expected, Theme.BackTo(back));
}
