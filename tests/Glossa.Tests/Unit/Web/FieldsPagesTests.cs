using System.Globalization;
using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Glossa.Catalog;
using Glossa.Web.Text;

namespace Glossa.Tests.Unit.Web;

/// <summary>Pages of fields, concepts, indicators, sources and coverage, with names made to be lost on the way.</summary>
public sealed class FieldsPagesTests(FieldsPagesTests.Site site) : IClassFixture<FieldsPagesTests.Site>
{
    [Fact]
    public async Task Every_name_of_a_field_comes_through_its_address()
    {
        using var database = CatalogDatabase.Open(site.CatalogPath);
        var names = new FieldsReader(database).All(null, null, 1, 1000).Names;

        Assert.Superset(Site.HostileNames.ToHashSet(StringComparer.Ordinal), names.Select(name => name.Name).ToHashSet(StringComparer.Ordinal));
        foreach (var name in names)
        {
            if (Addresses.Field(name.Family, name.Name) is not { } address)
            {
                Assert.True(name.Name.Length > Addresses.LongestName);
                continue;
            }

            var page = HtmlCheck.Parse(await site.GetAsync(address));
            if (name.Name.Length > 0 && !name.Name.Any(char.IsControl))
            {
                Assert.Equal(name.Name, page.QuerySelector("h1")!.TextContent);
            }

            using var json = JsonDocument.Parse(await site.GetAsync(Addresses.Json(address)));
            Assert.Equal(name.Name, json.RootElement.GetProperty("name").GetString());
            Assert.Equal(name.Rules, json.RootElement.GetProperty("rules").GetInt32());
            Assert.Equal(Addresses.Json(address), page.QuerySelector("link[rel=alternate]")!.GetAttribute("href"));
        }
    }

    [Fact]
    public async Task Every_name_of_a_source_comes_through_its_address()
    {
        using var database = CatalogDatabase.Open(site.CatalogPath);
        foreach (var source in new FieldsReader(database).Sources.All(null, 1).Sources)
        {
            var address = Addresses.Source(source.Product, source.Name)!;
            var page = HtmlCheck.Parse(await site.GetAsync(address));
            Assert.Equal(source.Rules.ToString(CultureInfo.InvariantCulture), page.QuerySelector("#total")!.GetAttribute("data-total"));
            using var json = JsonDocument.Parse(await site.GetAsync(Addresses.Json(address)));
            Assert.Equal(source.Name, json.RootElement.GetProperty("name").GetString());
            Assert.Equal(source.Product, json.RootElement.GetProperty("product").GetString());
        }
    }

    [Fact]
    public async Task A_name_that_ends_in_json_is_found_where_no_other_is_meant()
    {
        Assert.Equal("only.json", HtmlCheck.Parse(await site.GetAsync("/fields/sigma/only.json")).QuerySelector("h1")!.TextContent);
        using var json = JsonDocument.Parse(await site.GetAsync("/fields/sigma/both.json"));
        Assert.Equal("both", json.RootElement.GetProperty("name").GetString());
        Assert.Equal("both.json", HtmlCheck.Parse(await site.GetAsync(Addresses.Field("sigma", "both.json")!)).QuerySelector("h1")!.TextContent);
        using var whole = JsonDocument.Parse(await site.GetAsync("/fields/sigma/only.json.json"));
        Assert.Equal("only.json", whole.RootElement.GetProperty("name").GetString());
    }

    /// <summary>From these pages on: each number leads to a list that says the same number, and no page is at fault.</summary>
    [Fact]
    public async Task Every_number_opens_a_list_of_as_many()
    {
        Queue<string> open = new(
        [
            "/fields", "/concepts", "/concepts?page=1", "/sources", "/coverage", "/about", "/about?licence=", "/fields?q=image", "/fields/sigma/Image", "/fields/sigma/User", "/concepts/process.executable",
            "/sources/windows", "/sources/windows/process_creation", "/sources/any", "/indicators/ends_with/process.executable?v=%5Cpacker.exe", "/indicators/eq/process.user?v=svc-backup",
            Addresses.Field("sigma", "a/b")!, Addresses.Field("sigma", "..")!, Addresses.Source("pro/duct", "ser vice")!,
            "/coverage?finding=SIG0034", "/rules/sigma/archiver_packs_notes", "/rules/sigma/archiver_packs_notes/values/1",
        ]);
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = 0;
        while (open.TryDequeue(out var address))
        {
            var html = await site.GetAsync(address, address.StartsWith("/coverage?", StringComparison.Ordinal) ? null : 200);
            Assert.True(html.Length < 100_000, $"{address}: {html.Length}");
            var page = HtmlCheck.Parse(html);
            foreach (var link in page.QuerySelectorAll("a.count"))
            {
                var to = link.GetAttribute("href")!.Split('#')[0];
                if (!sizes.TryGetValue(to, out var size))
                {
                    size = sizes[to] = Total(HtmlCheck.Parse(await site.GetAsync(to)), to);
                }

                Assert.True(size.ToString("N0", CultureInfo.InvariantCulture) == link.TextContent, $"{address}: {link.TextContent} leads to {size} at {to}");
                numbers++;
            }
        }

        Assert.True(numbers > 100, $"{numbers}");
        Assert.Empty(site.Faults.ToString());
    }

    [Theory]
    [InlineData("/fields?page=0", 400)]
    [InlineData("/fields?page=x", 400)]
    [InlineData("/fields?page=900", 404)]
    [InlineData("/concepts?page=900", 404)]
    [InlineData("/fields/sigma/no_such_field", 404)]
    [InlineData("/fields/nobody/Image", 404)]
    [InlineData("/fields/sigma/Image?page=90", 404)]
    [InlineData("/fields/sigma/Image?page=-1", 400)]
    [InlineData("/fields/sigma/%25", 200)]
    [InlineData("/fields/sigma/%zz", 200)]
    [InlineData("/fields/sigma/%FF%FE", 404)]
    [InlineData("/fields/sigma/%2e%2e%2f%2e%2e", 404)]
    [InlineData("/fields/sigma?name=", 404)]
    [InlineData("/fields/sigma?name=%00", 404)]
    [InlineData("/concepts/no.such.concept", 404)]
    [InlineData("/indicators/eq/process.executable", 404)]
    [InlineData("/indicators/eq/process.executable?v=nobody", 404)]
    [InlineData("/indicators/nothing/nothing?v=x", 404)]
    [InlineData("/indicators/eq", 404)]
    [InlineData("/indicators/ends_with/process.executable?v=%5Cpacker.exe&role=boss", 400)]
    [InlineData("/indicators/ends_with/process.executable?v=%5Cpacker.exe&page=x", 400)]
    [InlineData("/indicators/ends_with/process.executable?v=%5Cpacker.exe&page=9", 404)]
    [InlineData("/indicators/ends_with/process.executable?v=%00", 404)]
    [InlineData("/sources/nobody", 404)]
    [InlineData("/sources/windows/nothing", 404)]
    [InlineData("/sources?page=0", 400)]
    [InlineData("/coverage/sigma/nothing", 404)]
    [InlineData("/coverage/sigma", 404)]
    [InlineData("/coverage?finding=nothing", 404)]
    [InlineData("/coverage?page=x", 400)]
    [InlineData("/about?licence=nothing", 404)]
    [InlineData("/rules/sigma/archiver_packs_notes/others/1/1?as=x", 400)]
    [InlineData("/rules/sigma/archiver_packs_notes/others/1/1?page=2", 404)]
    [InlineData("/rules/sigma/archiver_packs_notes/others/99/1", 404)]
    [InlineData("/rules/sigma/nothing/others/1/1", 404)]
    public async Task Wrong_address_is_answered_helpfully(string address, int status)
    {
        var page = HtmlCheck.Parse(await site.GetAsync(address, status));

        if (status >= 400)
        {
            Assert.NotNull(page.QuerySelector("main form[role=search]"));
        }
    }

    [Fact]
    public async Task Values_too_long_for_an_address_have_none()
    {
        var page = HtmlCheck.Parse(await site.GetAsync("/fields/sigma/long"));

        Assert.Empty(page.QuerySelectorAll("#values a.count"));
        await site.GetAsync("/indicators/eq/sigma:LONG?v=" + new string('v', 1501), 400);
    }

    [Fact]
    public async Task About_says_where_it_came_from_without_where_that_is()
    {
        var html = await site.GetAsync("/about");
        var json = await site.GetAsync("/about.json");

        Assert.Contains("rules", HtmlCheck.Parse(html).QuerySelector("#catalog")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("/tmp", html, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath().TrimEnd('/'), json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_understood_is_listed_with_its_rules()
    {
        using var coverage = JsonDocument.Parse(await site.GetAsync("/coverage.json"));
        var constructs = coverage.RootElement.GetProperty("constructs").EnumerateArray().ToList();

        Assert.NotEmpty(constructs);
        foreach (var construct in constructs)
        {
            var address = Addresses.Coverage(construct.GetProperty("language").GetString()!, construct.GetProperty("construct").GetString()!)!;
            Assert.Equal(construct.GetProperty("rules").GetInt32(), Total(HtmlCheck.Parse(await site.GetAsync(address)), address));
            using var json = JsonDocument.Parse(await site.GetAsync(Addresses.Json(address)));
            Assert.NotEmpty(json.RootElement.GetProperty("places")[0].GetProperty("reasons").EnumerateArray());
        }
    }

    private static int Total(IHtmlDocument page, string address)
    {
        var total = page.QuerySelector("#total");
        Assert.True(total is not null, address);
        return int.Parse(total.GetAttribute("data-total")!, CultureInfo.InvariantCulture);
    }

    public sealed class Site : IAsyncLifetime
    {
        public static readonly string[] HostileNames =
        [
            "a/b", "a%2Fb", "a?b", "a#b", "a.b.c", "..", ".", "only.json", "both", "both.json", "with blank", "%", "%zz", "ünïcödé→漢", "<b>\"&'</b>", "a+b", @"a\b", "a//b", "/lead", "trail/", "a;b=c", new string('n', 300), "long",
        ];

        private CatalogOfOurs? _catalog;

        public StringWriter Faults => _catalog!.Faults;

        public string CatalogPath => _catalog!.CatalogPath;

        /// <param name="status">Null for any that is no fault.</param>
        public async Task<string> GetAsync(string address, int? status = 200)
        {
            using var response = await _catalog!.Client.GetAsync(new Uri(_catalog.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            Assert.True(status is null ? response.StatusCode < HttpStatusCode.InternalServerError : (int)response.StatusCode == status, $"{address}: {(int)response.StatusCode}");
            return await response.Content.ReadAsStringAsync();
        }

        public async Task InitializeAsync()
        {
            var files = new Dictionary<string, string>(SiteTests.Site.Files);
            for (var i = 0; i < HostileNames.Length; i++)
            {
                files[string.Create(CultureInfo.InvariantCulture, $"hostile/{i}.yml")] =
                    $"""
                    title: Hostile Name {i}
                    logsource:
                        product: {(i % 3 == 0 ? "'pro/duct'" : i % 3 == 1 ? "'..'" : "windows")}
                        service: {(i % 2 == 0 ? "'ser vice'" : "'x.json'")}
                    detection:
                        selection:
                            '{HostileNames[i].Replace("'", "''", StringComparison.Ordinal)}': '{(HostileNames[i] == "long" ? new string('v', 2000) : $"value/{i}")}'
                            Image|endswith: '\packer.exe'
                        filter:
                            '{HostileNames[i].Replace("'", "''", StringComparison.Ordinal)}|contains': 'not%this'
                        condition: selection and not filter

                    """;
            }

            files["any.yml"] = "title: Of No Product\nlogsource:\n    category: proxy\ndetection:\n    a:\n        c-uri: 'x'\n    condition: a\n";
            files["odd.yml"] = "title: Not Understood\nlogsource:\n    product: windows\ndetection:\n    selection:\n        Image|no_such_modifier: 'x'\n    condition: selection and nothing_there\n";
            files["never.yml"] = "title: Never Specified\nlogsource:\n    product: windows\ndetection:\n    a:\n        Image: 'x'\n    condition: write A from a to %b%; then if a -> alert\n";
            _catalog = await CatalogOfOurs.StartAsync(files);
        }

        public async Task DisposeAsync() => await _catalog!.DisposeAsync();
    }
}
