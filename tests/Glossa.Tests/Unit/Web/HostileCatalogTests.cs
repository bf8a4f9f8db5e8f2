using System.Globalization;

namespace Glossa.Tests.Unit.Web;

/// <summary>Rules made to break a page: what they say is text on it, and nothing else.</summary>
public sealed class HostileCatalogTests(HostileCatalogTests.Site site) : IClassFixture<HostileCatalogTests.Site>
{
    [Fact]
    public async Task Every_page_of_every_rule_is_well_formed_and_inert()
    {
        var list = HtmlCheck.Parse(await site.GetAsync("/rules"));
        var addresses = list.QuerySelectorAll(".row h2 a").Select(link => link.GetAttribute("href")!).ToList();

        Assert.Equal(Site.Files.Count, addresses.Count);
        foreach (var address in addresses)
        {
            HtmlCheck.Parse(await site.GetAsync(address));
            await site.GetAsync(address + ".json");
            await site.GetAsync(address + "/raw");
        }
    }

    [Theory]
    [InlineData("alert")]
    [InlineData("field:*svg*")]
    [InlineData("value:*script*")]
    [InlineData("-nothing")]
    [InlineData("\u202e \u2066 \u200b")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("family:\"<b>\"")]
    [InlineData("severity:>=\u202ehigh")]
    public async Task Lists_and_their_faults_are_well_formed_and_inert(string query)
    {
        foreach (var address in new[] { "/rules?q=", "/rules?severity=low&sort=changed&q=", "/rules?product=x&q=" })
        {
            using var response = await site.Client.GetAsync(address + Uri.EscapeDataString(query));
            Assert.True((int)response.StatusCode is 200 or 400, $"{response.StatusCode}");
            HtmlCheck.Parse(await response.Content.ReadAsStringAsync());
        }

        using var suggestions = System.Text.Json.JsonDocument.Parse(await site.GetAsync("/suggest.json?q=" + Uri.EscapeDataString(query)));
        foreach (var suggestion in suggestions.RootElement.GetProperty("suggestions").EnumerateArray())
        {
            Assert.Equal(suggestion.GetProperty("text").GetString(), Glossa.Core.Text.HiddenCharacters.Show(suggestion.GetProperty("text").GetString()!));
        }
    }

    [Fact]
    public async Task Markup_in_every_part_of_a_rule_is_text()
    {
        var page = HtmlCheck.Parse(await site.GetAsync(await AddressOf("alert(1)")));

        Assert.Equal("<script>alert(1)</script> \"a\" 'b' &amp;", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("<script>alert(1)</script>", page.Title, StringComparison.Ordinal);
        Assert.Contains("<img src=x onerror=alert(1)>", page.QuerySelector(".facts")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("<svg/onload=alert(2)>", page.QuerySelector(".lead")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("\"><svg onload=alert(3)>", page.QuerySelector("#indicators .field")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("</code><script>alert(4)</script>", page.QuerySelector("#indicators .value")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("a[href^='javascript' i],a[href^='data' i]"));
        Assert.Contains("javascript:alert(5)", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hidden_characters_are_named_on_page_and_list()
    {
        var address = await AddressOf("named");
        var page = HtmlCheck.Parse(await site.GetAsync(address));
        var list = HtmlCheck.Parse(await site.GetAsync("/rules"));

        Assert.Contains("U+202E", page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("U+202E", list.QuerySelectorAll(".row h2").Single(title => title.TextContent.Contains("named", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);
        Assert.Contains("U+001B", page.QuerySelector("#indicators .value")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.DocumentElement.OuterHtml, c => c is '\u202E' or '\u2066' or '\u200B' or '\u001B' or '\u0007');
    }

    [Fact]
    public async Task Ten_thousand_values_are_a_short_page_with_the_rest_behind_links()
    {
        var address = await AddressOf("Many Values");
        var html = await site.GetAsync(address);
        var page = HtmlCheck.Parse(html);

        Assert.True(html.Length < 100 * 1024, $"{html.Length}");
        var shown = page.QuerySelectorAll("#indicators .value").Length;
        Assert.InRange(shown, 12, 50);
        var more = page.QuerySelectorAll("#indicators a").Single(link => link.TextContent.Contains("more values", StringComparison.Ordinal));
        Assert.Contains((10_000 - shown).ToString("N0", CultureInfo.InvariantCulture), more.TextContent, StringComparison.Ordinal);

        HashSet<string> seen = [];
        for (var next = more.GetAttribute("href"); next is not null;)
        {
            var values = HtmlCheck.Parse(await site.GetAsync(next));
            seen.UnionWith(values.QuerySelectorAll(".value").Select(value => value.TextContent));
            next = values.QuerySelector(".pager a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(10_000, seen.Count);
    }

    [Fact]
    public async Task Long_names_are_shown_whole()
    {
        var page = HtmlCheck.Parse(await site.GetAsync(await AddressOf("Long Names")));

        Assert.Equal(new string('f', 300), page.QuerySelector("#indicators .field")!.TextContent);
    }

    [Fact]
    public async Task Every_kind_of_page_is_well_formed_with_true_numbers_and_no_dead_link()
    {
        HashSet<string> kinds = [];
        var crawl = new Crawl(site.Client)
        {
            MayLackLinks = true,
            OnPage = (address, text) =>
            {
                Assert.DoesNotContain(text, c => c is '\u202E' or '\u2066' or '\u200B' or '\u001B' or '\u0007');
                lock (kinds)
                {
                    kinds.Add(address.Split('/', '?')[1]);
                }
            },
        };

        await crawl.SpreadAsync(["/", "/rules", "/changes", "/rules?q=alert", "/rules?q=role:exclusion"], ofShape: 12, most: 300);
        await crawl.CompareAsync(1000, new Random(1));
        await crawl.FollowAsync(1000, new Random(1));

        Assert.True(crawl.Faults.Count == 0, string.Join('\n', crawl.Faults.Take(50)));
        Assert.Superset(new HashSet<string>(["", "rules", "changes", "attack", "fields", "concepts", "indicators", "sources", "coverage", "about"]), kinds);
        Assert.Empty(site.Faults.ToString());
    }

    /// <summary>A rule's name stands on the pages about what it names; markup in it is text there too.</summary>
    [Fact]
    public async Task Markup_is_text_on_the_pages_about_fields_values_and_techniques()
    {
        const string Field = "\"><svg onload=alert(3)>";
        var field = HtmlCheck.Parse(await site.GetAsync("/fields/sigma/" + Uri.EscapeDataString(Field)));
        Assert.Contains(Field, field.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("</code><script>alert(4)</script>", field.Body!.TextContent, StringComparison.Ordinal);

        var indicator = HtmlCheck.Parse(await site.GetAsync(
            "/indicators/contains/" + Uri.EscapeDataString("sigma:" + Field) + "?v=" + Uri.EscapeDataString("</code><script>alert(4)</script>")));
        Assert.Contains("</code><script>alert(4)</script>", indicator.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("1", indicator.QuerySelector("#total")!.GetAttribute("data-total"));

        var technique = HtmlCheck.Parse(await site.GetAsync("/attack/" + Uri.EscapeDataString("T9999.\"><IMG>"), 404));
        Assert.NotNull(technique.QuerySelector("main form[role=search]"));
    }

    private static List<string> MalformedAddresses()
    {
        string[] parents = ["/rules/sigma/", "/rules/", "/rules/sigma/many_values/others/", "/rules/sigma/many_values/others/1/", "/rules/sigma/many_values/values/", "/attack/", "/fields/", "/fields/sigma/", "/concepts/", "/indicators/", "/indicators/eq/", "/sources/", "/sources/windows/", "/coverage/", "/coverage/sigma/", "/"];
        string[] names = ["%", "%zz", "%c3%28", "%00", "%2F", "%2e%2e%2f%2e%2e%2f", "..;/", "%5c..%5c", "\u202e\u0000x", "%E2%80%AE", "-1", "0", "99999999999999999999", "1e3", "NaN", "%f0%9f%92%a9", "a;b=c", "<script>", "'\"><b>", "x.json", ".json", "%2e", new string('a', 3000), new string('%', 50)];
        List<string> addresses = [];
        foreach (var parent in parents)
        {
            foreach (var name in names)
            {
                addresses.Add(parent + name);
            }
        }

        string[] lists = ["/", "/rules?", "/rules/sigma/many_values?", "/rules/sigma/many_values/others/1/1?", "/rules/sigma/many_values/values/1?", "/rules/sigma/many_values/source?", "/rules/sigma/many_values/raw?", "/attack?", "/attack/T1059?", "/attack.csv?", "/attack/layer.json?", "/fields?", "/fields/sigma?", "/fields/sigma/Image?", "/concepts?", "/concepts/process.executable.path?", "/indicators/ends_with/process.executable.path?v=x&", "/sources?", "/sources/windows?", "/coverage?", "/coverage/sigma?", "/changes?", "/suggest.json?", "/theme?", "/about?"];
        string[] queries = ["page=-1", "page=x", "page=2147483648", "page=9999", "page=1&page=2", "page=%00", "q=%00", "q=%", "q=%c3%28", "family=klingon", "family=%00", "family=a&family=b", "sort=x", "show=x", "show=sub&tactic=x", "as=x", "as=written", "role=x", "from=-1", "from=99999999", "from=x", "file=-1", "file=99", "v=%00", "v=%c3%28", "v=" + new string('v', 3000), "at=-5", "at=99999", "at=x", "name=%00", "name=..", "product=%00", "construct=%00", "&&&=&", "severity=%F0%9F%92%A9", "tactic=TA9999", "tested=x", "product="];
        foreach (var list in lists)
        {
            foreach (var query in queries)
            {
                addresses.Add(list + query);
            }
        }

        return addresses;
    }

    [Fact]
    public async Task Malformed_addresses_are_never_our_fault()
    {
        List<string> wrong = [];
        var asked = 0;
        await Parallel.ForEachAsync(MalformedAddresses(), async (address, _) =>
        {
            Interlocked.Increment(ref asked);
            var (status, body) = await AskRawAsync(address);
            if (status is not (200 or 301 or 302 or 308 or 400 or 404))
            {
                Wrong($"{status}");
                return;
            }

            if (body.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase))
            {
                try
                {
                    var page = HtmlCheck.Parse(body);
                    if (status >= 400 && page.QuerySelector("form[role=search]") is null)
                    {
                        Wrong($"{status} without a search box");
                    }
                }
#pragma warning disable CA1031 // Whatever is wrong with one page is told with its address, beside the others.
                catch (Exception problem)
#pragma warning restore CA1031
                {
                    Wrong(problem.Message);
                }
            }

            void Wrong(string what)
            {
                lock (wrong)
                {
                    wrong.Add($"{(address.Length > 120 ? address[..120] + "…" : address)}: {what}");
                }
            }
        });

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {asked}\n" + string.Join('\n', wrong.Order(StringComparer.Ordinal).Take(60)));
        Assert.Empty(site.Faults.ToString());
    }

    [Fact]
    public async Task Nothing_of_it_was_a_fault()
    {
        await Every_page_of_every_rule_is_well_formed_and_inert();
        Assert.Empty(site.Faults.ToString());
    }

    /// <summary>Asks for an address exactly as it stands here: an HTTP client would mend it. HTTP/1.0 knows no chunks.</summary>
    private async Task<(int Status, string Body)> AskRawAsync(string address)
    {
        var at = site.Client.BaseAddress!;
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(at.Host, at.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"GET {address} HTTP/1.0\r\nHost: {at.Authority}\r\n\r\n"));
        using var reader = new StreamReader(stream, System.Text.Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        var body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            ? (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), answer[(body + 4)..].TrimStart())
            : (0, answer);
    }

    private async Task<string> AddressOf(string partOfTitle)
    {
        var list = HtmlCheck.Parse(await site.GetAsync("/rules"));
        return list.QuerySelectorAll(".row h2 a").Single(link => link.TextContent.Contains(partOfTitle, StringComparison.Ordinal)).GetAttribute("href")!;
    }

    public sealed class Site : IAsyncLifetime
    {
        private const string Rest =
            """
            logsource:
                category: process_creation
                product: windows
            level: high

            """;

        public static readonly Dictionary<string, string> Files = new()
        {
            ["<b>bold</b> \"x\".yml"] =
                """
                title: <script>alert(1)</script> "a" 'b' &amp;
                description: "<svg/onload=alert(2)> [x](javascript:alert(5)) <a href='javascript:alert(5)'>y</a>"
                author: <img src=x onerror=alert(1)>
                references:
                    - javascript:alert(5)
                    - data:text/html,<script>alert(5)</script>
                    - "https://example.org/\"onmouseover=\"alert(5)"
                tags:
                    - attack.<script>
                    - "attack.t9999.\"><img>"
                falsepositives:
                    - "[x](javascript:alert(5))"
                    - "</li></ul><script>alert(5)</script>"
                fields:
                    - "<u>"
                detection:
                    "selection<i>":
                        "\"><svg onload=alert(3)>|contains": "</code><script>alert(4)</script>"
                    keywords:
                        - "<h1>x</h1>"
                    condition: 1 of them and not keywords

                """ + Rest,
            ["hidden.yml"] =
                """
                title: "Hidden characters named \u202Egpj.exe \u2066x\u2069 zero\u200Bwidth"
                description: "bell \a escape \e[31m null \0 done"
                author: "\u202E\u061C"
                detection:
                    "sel\u202E":
                        "Fie\u200Bld|endswith": "\e]0;title\a\u202E"
                    condition: "1 of sel*"

                """ + Rest,
            ["many.yml"] =
                "title: Many Values\ndetection:\n    selection:\n        Image|endswith:\n"
                + string.Concat(Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"            - '\\tool{i}.exe'\n")))
                + "    condition: selection\n" + Rest,
            ["long.yml"] =
                $"title: Long Names {new string('t', 2000)}\ndescription: {new string('d', 70_000)}\nauthor: {new string('a', 5000)}\ndetection:\n    selection:\n        {new string('f', 300)}: '{new string('v', 20_000)}'\n    condition: selection\n" + Rest,
            ["deep/er/and/deeper/%2e%2e/x.yml"] =
                $"title: Deep Condition\ndetection:\n    a:\n        F: 1\n    b:\n        G: 2\n    condition: {string.Concat(Enumerable.Repeat("a or (b and not (", 40))}a{new string(')', 80)}\n" + Rest,
            ["no_logic.yml"] = "title: Nothing Understood\ndetection:\n    selection:\n        Image|no_such_modifier: 'x'\n    condition: selection and nothing_there\n" + Rest,
        };

        private CatalogOfOurs? _catalog;

        public HttpClient Client => _catalog!.Client;

        public StringWriter Faults => _catalog!.Faults;

        public Task<string> GetAsync(string address, int status = 200) => _catalog!.GetAsync(address, status);

        public async Task InitializeAsync() => _catalog = await CatalogOfOurs.StartAsync(Files);

        public async Task DisposeAsync() => await _catalog!.DisposeAsync();
    }
}
