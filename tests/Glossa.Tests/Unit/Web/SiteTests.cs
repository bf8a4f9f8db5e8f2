using System.Net;
using System.Text.Json;
using Glossa.Catalog;

namespace Glossa.Tests.Unit.Web;

public sealed class SiteTests(SiteTests.Site site) : IClassFixture<SiteTests.Site>
{
    private const string Rule = "/rules/sigma/archiver_packs_notes";

    [Theory]
    [InlineData("/")]
    [InlineData("/rules")]
    [InlineData("/rules?q=archiver")]
    [InlineData("/rules?q=family:sigma&page=1")]
    [InlineData(Rule)]
    [InlineData(Rule + "/values/1")]
    public async Task Page_is_well_formed(string address)
    {
        using var response = await site.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        HtmlCheck.Parse(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Rule_page_says_what_the_rule_says()
    {
        var page = HtmlCheck.Parse(await site.GetAsync(Rule));

        Assert.Equal("Archiver Packs Notes", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("exact", page.QuerySelector(".marks .fidelity")!.TextContent);
        Assert.Equal("high", page.QuerySelector(".marks .severity")!.TextContent);
        Assert.Equal("1 and 2 and not 3", page.QuerySelector(".condition")!.TextContent);
        Assert.Equal("selection and not filter", page.QuerySelector(".written code")!.TextContent);
        Assert.Contains(page.QuerySelectorAll(".facts dt"), name => name.TextContent == "Author");
        Assert.Contains("T1560.001", page.QuerySelector("#attack")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["\\packer.exe", "\\squeeze.exe", ".notes"], page.QuerySelectorAll("#indicators .value").Select(value => value.TextContent));
        Assert.Equal(["svc-backup"], page.QuerySelectorAll("#exclusions .value").Select(value => value.TextContent));
        Assert.Contains("AND", page.QuerySelector("#logic .group.and .group-head")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("NOT", page.QuerySelector("#logic .group.not .group-head")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Number_of_a_predicate_leads_to_its_words_in_the_file_and_back()
    {
        var page = HtmlCheck.Parse(await site.GetAsync(Rule));

        var words = page.QuerySelector("#s1")!;
        Assert.Equal("#p1", words.GetAttribute("href"));
        Assert.Equal("Image|endswith:", words.TextContent);
        Assert.Equal("#s1", page.QuerySelector("#p1 .pin")!.GetAttribute("href"));
        Assert.Contains("\\squeeze.exe", string.Concat(page.QuerySelectorAll(".source .s1").Select(part => part.TextContent)), StringComparison.Ordinal);
        Assert.Contains("not", page.QuerySelectorAll(".source a.span").Single(span => span.TextContent.Contains("User", StringComparison.Ordinal)).ClassList);
    }

    [Fact]
    public async Task Source_is_shown_whole_with_its_lines()
    {
        var page = HtmlCheck.Parse(await site.GetAsync(Rule));

        var text = Site.Files["windows/archiver_packs_notes.yml"];
        Assert.Equal(text.Split('\n').Length - 1, page.QuerySelectorAll(".source .line").Length);
        Assert.Equal(text, page.QuerySelector(".source")!.TextContent);
        Assert.Equal(text, await site.GetAsync(Rule + "/raw"));
    }

    [Fact]
    public async Task Every_count_opens_the_list_it_counts()
    {
        var page = HtmlCheck.Parse(await site.GetAsync(Rule));
        var counts = page.QuerySelectorAll("#indicators td[data-label='Other rules'] a");

        var count = Assert.Single(counts);
        Assert.Equal("1", count.TextContent);
        var list = HtmlCheck.Parse(await site.GetAsync(count.GetAttribute("href")!));
        Assert.Contains("Packer In Temp", list.QuerySelectorAll(".row h2").Select(title => title.TextContent));
    }

    [Fact]
    public async Task Sections_without_content_are_absent()
    {
        var page = HtmlCheck.Parse(await site.GetAsync("/rules/sigma/packer_in_temp"));

        Assert.Null(page.QuerySelector("#exclusions"));
        Assert.Null(page.QuerySelector("#outputs"));
        Assert.Null(page.QuerySelector("#tests"));
        Assert.Null(page.QuerySelector("#not-modelled"));
        Assert.NotNull(page.QuerySelector("#indicators"));
    }

    [Fact]
    public async Task Json_of_a_rule_is_that_of_the_command_line()
    {
        using var database = CatalogDatabase.Open(site.CatalogPath);
        var record = new RuleRecordReader(database).Read("sigma", "archiver_packs_notes");

        Assert.Equal(JsonSerializer.Serialize(record, RecordJson.Indented.RuleRecord) + "\n", await site.GetAsync(Rule + ".json"));
    }

    [Theory]
    [InlineData("/index.json")]
    [InlineData("/rules.json")]
    [InlineData("/rules.json?q=archiver")]
    [InlineData("/openapi/v1.json")]
    public async Task Json_is_json(string address)
    {
        using var response = await site.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [Fact]
    public async Task Described_addresses_answer()
    {
        using var document = JsonDocument.Parse(await site.GetAsync("/openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();

        Assert.Equal(Described.Keys.Order(StringComparer.Ordinal), paths.Order(StringComparer.Ordinal));
        foreach (var address in Described.Values)
        {
            await site.GetAsync(address);
        }
    }

    /// <summary>Every address of the JSON API, and one of its kind that has something to show.</summary>
    private static readonly Dictionary<string, string> Described = new()
    {
        ["/index.json"] = "/index.json",
        ["/rules.json"] = "/rules.json?severity=low&sort=title",
        ["/suggest.json"] = "/suggest.json?q=pack&at=4",
        ["/rules/{family}/{slug}.json"] = "/rules/sigma/packer_in_temp.json",
        ["/rules/{family}/{slug}/values.json"] = "/rules/sigma/packer_in_temp/values.json",
        ["/rules/{family}/{slug}/source.json"] = "/rules/sigma/packer_in_temp/source.json?from=3",
        ["/rules/{family}/{slug}/values/{row}.json"] = "/rules/sigma/packer_in_temp/values/1.json",
        ["/rules/{family}/{slug}/others/{row}/{value}.json"] = "/rules/sigma/packer_in_temp/others/1/1.json?as=written",
        ["/fields.json"] = "/fields.json?q=image",
        ["/fields/{family}/{name}.json"] = "/fields/sigma/Image.json",
        ["/concepts.json"] = "/concepts.json",
        ["/concepts/{name}.json"] = "/concepts/process.executable.json",
        ["/sources.json"] = "/sources.json?q=windows",
        ["/sources/{product}.json"] = "/sources/windows.json",
        ["/sources/{product}/{name}.json"] = "/sources/windows/process_creation.json",
        ["/coverage.json"] = "/coverage.json",
        ["/about.json"] = "/about.json",

        // Every rule here is exact; FieldsPagesTests has some that are not.
        ["/coverage/{language}/{construct}.json"] = "/coverage.json",
        ["/indicators/{op}/{subject}.json"] = "/indicators/ends_with/process.executable.json?v=%5Cpacker.exe",
        ["/changes.json"] = "/changes.json",
        ["/attack.json"] = "/attack.json?family=sigma",
        ["/attack/{id}.json"] = "/attack/T1560.001.json",
        ["/attack/layer.json"] = "/attack/layer.json",
        ["/attack.csv"] = "/attack.csv",
    };

    [Theory]
    [InlineData("/nothing", 404)]
    [InlineData("/rules/sigma/no_such_rule", 404)]
    [InlineData("/rules/no_such_family/x", 404)]
    [InlineData("/rules/sigma/no_such_rule/raw", 404)]
    [InlineData(Rule + "/raw?file=2", 404)]
    [InlineData(Rule + "/values/99", 404)]
    [InlineData(Rule + "/values/x", 404)]
    [InlineData(Rule + "/values/1?page=2", 404)]
    [InlineData("/rules/sigma/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404)]
    [InlineData("/..%2f..%2fetc/passwd", 404)]
    [InlineData("/glossa.css/x", 404)]
    [InlineData("/rules?page=900", 404)]
    [InlineData("/rules?page=0", 400)]
    [InlineData("/rules?page=-1", 400)]
    [InlineData("/rules?page=x", 400)]
    [InlineData("/rules?page=99999999999999999999", 400)]
    [InlineData("/rules?q=nosuchkey:x", 400)]
    [InlineData("/rules?q=severity:>=", 400)]
    [InlineData("/rules?q=%22", 400)]
    [InlineData("/rules?q=a%00b", 400)]
    [InlineData("/rules?family=klingon", 400)]
    [InlineData("/rules?severity=very", 400)]
    [InlineData("/rules?tactic=TA9999", 400)]
    [InlineData("/rules?product=%00%3Cb%3E", 400)]
    [InlineData("/rules?sort=random", 400)]
    [InlineData("/rules?severity=low&page=2", 404)]
    [InlineData("/theme", 404)]
    public async Task Wrong_address_is_answered_helpfully(string address, int status)
    {
        using var response = await site.Client.GetAsync(address);

        Assert.Equal(status, (int)response.StatusCode);
        var page = HtmlCheck.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotNull(page.QuerySelector("main form[role=search]"));
    }

    [Fact]
    public async Task Query_error_shows_the_query_and_the_place()
    {
        var page = HtmlCheck.Parse(await site.GetAsync("/rules?q=archiver+nosuchkey:x", 400));

        Assert.Equal("archiver nosuchkey:x", page.QuerySelector("main input[name=q]")!.GetAttribute("value"));
        Assert.Equal("query-error", page.QuerySelector("main input[name=q]")!.GetAttribute("aria-describedby"));
        Assert.StartsWith("archiver ", page.QuerySelector(".caret")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector(".caret mark"));

        using var problem = JsonDocument.Parse(await site.GetAsync("/rules.json?q=archiver+nosuchkey:x", 400));
        Assert.Equal(9, problem.RootElement.GetProperty("start").GetInt32());
    }

    [Theory]
    [InlineData("/")]
    [InlineData(Rule)]
    [InlineData("/nothing")]
    [InlineData("/rules.json")]
    [InlineData("/glossa.css")]
    public async Task Every_answer_carries_the_headers(string address)
    {
        using var response = await site.Client.GetAsync(address);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("evil.example", 400)]
    [InlineData("localhost.evil.example", 400)]
    [InlineData("127.0.0.1.evil.example", 400)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:99", 200)]
    [InlineData("127.0.0.1:1234", 200)]
    [InlineData("[::1]:1234", 200)]
    [InlineData("glossa.test", 200)]
    public async Task Only_known_names_are_answered(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var response = await site.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("POST", 405)]
    [InlineData("PUT", 405)]
    [InlineData("DELETE", 405)]
    [InlineData("OPTIONS", 405)]
    [InlineData("TRACE", 405)]
    public async Task Nothing_but_reading_is_answered(string method, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/rules");
        using var response = await site.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Head_is_get_without_the_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Rule);
        using var response = await site.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 1000);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Bodies_and_long_addresses_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Content = new ByteArrayContent(new byte[10]) };
        using var withBody = await site.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, withBody.StatusCode);

        await site.GetAsync("/rules?q=" + new string('a', 2001), 400);
        using var tooLong = await site.Client.GetAsync("/rules?q=" + new string('a', 60_000));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, tooLong.StatusCode);
    }

    [Fact]
    public async Task Theme_is_a_cookie_of_two_values_and_a_class()
    {
        using var chosen = await site.Client.PostAsync("/theme", Form(("set", "dark"), ("back", Rule + "?x=1")));
        Assert.Equal(HttpStatusCode.SeeOther, chosen.StatusCode);
        Assert.Equal(Rule + "?x=1", chosen.Headers.Location!.OriginalString);
        var cookie = Assert.Single(chosen.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("theme=dark;", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);

        using var unset = await site.Client.PostAsync("/theme", Form(("set", "<script>"), ("back", "//evil.example")));
        Assert.Equal("/", unset.Headers.Location!.OriginalString);
        Assert.StartsWith("theme=;", Assert.Single(unset.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);

        var form = HtmlCheck.Parse(await site.GetAsync("/rules?q=packer&page=1")).QuerySelector("form.theme")!;
        Assert.Equal("/rules?q=packer&page=1", form.QuerySelector("input[name=back]")!.GetAttribute("value"));
        Assert.Equal(["dark", "light"], form.QuerySelectorAll("button[name=set]").Select(button => button.GetAttribute("value")));

        Assert.Equal("dark", await ThemeWith("theme=dark"));
        Assert.Null(await ThemeWith("theme=\"><script>"));
        Assert.Null(await ThemeWith("other=dark"));

        async Task<string?> ThemeWith(string cookies)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("Cookie", cookies);
            using var response = await site.Client.SendAsync(request);
            return HtmlCheck.Parse(await response.Content.ReadAsStringAsync()).DocumentElement.GetAttribute("class");
        }
    }

    [Fact]
    public async Task Form_of_the_theme_is_the_only_one_and_bounded()
    {
        using var elsewhere = await site.Client.PostAsync("/rules", Form(("set", "dark")));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, elsewhere.StatusCode);
        using var below = await site.Client.PostAsync("/theme/x", Form(("set", "dark")));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, below.StatusCode);
        using var json = await site.Client.PostAsync("/theme", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        using var tooLong = new HttpRequestMessage(HttpMethod.Post, "/theme") { Content = Form(("set", "dark"), ("back", "/" + new string('a', 70_000))) };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await RefusedAsync(tooLong));
        using var tooMany = await site.Client.PostAsync("/theme", Form([.. Enumerable.Range(0, 50).Select(i => ("k" + i, "v"))]));
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);

        using var endless = new HttpRequestMessage(HttpMethod.Post, "/theme") { Content = Form(("set", new string('a', 70_000))) };
        endless.Headers.TransferEncodingChunked = true;
        Assert.Contains(await RefusedAsync(endless), new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest });

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/theme") { Content = Form(("set", "dark")) };
        foreign.Headers.Host = "evil.example";
        using var refused = await site.Client.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Set-Cookie"));

        // The site hangs up before it has read all of it; a client that is still sending may see that instead of the answer.
        async Task<HttpStatusCode> RefusedAsync(HttpRequestMessage request)
        {
            try
            {
                using var response = await site.Client.SendAsync(request);
                return response.StatusCode;
            }
            catch (HttpRequestException)
            {
                return HttpStatusCode.RequestEntityTooLarge;
            }
        }
    }

    [Fact]
    public async Task Nothing_was_our_fault()
    {
        await site.GetAsync("/");
        Assert.Empty(site.Faults.ToString());
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields)
        => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    public sealed class Site : IAsyncLifetime
    {
        public static readonly Dictionary<string, string> Files = new()
        {
            ["windows/archiver_packs_notes.yml"] =
                """
                title: Archiver Packs Notes
                id: 3f1d6a52-8f0e-4d5b-9b1e-0a4b9d3c7e11
                status: test
                description: Packs the folder of notes, as *.zip in C:\Temp\*.
                author: Glossa tests
                date: 2026-01-02
                references:
                    - https://example.org/notes
                tags:
                    - attack.collection
                    - attack.t1560.001
                logsource:
                    category: process_creation
                    product: windows
                detection:
                    selection:
                        Image|endswith:
                            - '\packer.exe'
                            - '\squeeze.exe'
                        CommandLine|contains: '.notes'
                    filter:
                        User: svc-backup
                    condition: selection and not filter
                fields:
                    - ParentImage
                falsepositives:
                    - Backups
                level: high

                """.ReplaceLineEndings("\n"),
            ["windows/packer_in_temp.yml"] =
                """
                title: Packer In Temp
                id: 3f1d6a52-8f0e-4d5b-9b1e-0a4b9d3c7e12
                status: test
                logsource:
                    category: process_creation
                    product: windows
                detection:
                    selection:
                        Image|endswith: '\packer.exe'
                        CurrentDirectory: 'C:\Temp\'
                    condition: selection
                level: low

                """.ReplaceLineEndings("\n"),
        };

        private CatalogOfOurs? _catalog;

        public HttpClient Client => _catalog!.Client;

        public StringWriter Faults => _catalog!.Faults;

        public string CatalogPath => _catalog!.CatalogPath;

        public Task<string> GetAsync(string address, int status = 200) => _catalog!.GetAsync(address, status);

        public async Task InitializeAsync() => _catalog = await CatalogOfOurs.StartAsync(Files);

        public async Task DisposeAsync() => await _catalog!.DisposeAsync();
    }
}
