using System.Globalization;
using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Glossa.Catalog;
using Glossa.Web.Pages.Attack;
using Glossa.Web.Text;
using Microsoft.Data.Sqlite;

namespace Glossa.Tests.Unit.Web;

public sealed class AttackPagesTests(AttackPagesTests.Site site) : IClassFixture<AttackPagesTests.Site>
{
    [Theory]
    [InlineData("/attack")]
    [InlineData("/attack?show=sub")]
    [InlineData("/attack?show=sub&tactic=TA0005")]
    [InlineData("/attack?show=gaps")]
    [InlineData("/attack?family=sigma&show=techniques")]
    [InlineData("/attack/T1059")]
    [InlineData("/attack/T1059.001?from=T1086")]
    [InlineData("/attack/T1560.001")]
    [InlineData("/attack/TA0002")]
    [InlineData("/attack/TA0027")]
    [InlineData("/attack/T1034")]
    [InlineData("/attack/T1595")]
    [InlineData("/attack/T9999")]
    [InlineData("/attack/AML.T0051")]
    public async Task Page_is_well_formed_and_its_counts_are_those_of_their_lists(string address)
    {
        var page = HtmlCheck.Parse(await site.GetAsync(address));

        foreach (var count in page.QuerySelectorAll("main a.count"))
        {
            var list = HtmlCheck.Parse(await site.GetAsync(count.GetAttribute("href")!));
            Assert.True(int.Parse(count.TextContent, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) == TotalOf(list), count.OuterHtml);
        }
    }

    [Fact]
    public async Task Matrix_has_a_column_a_tactic_and_a_state_a_place()
    {
        var page = HtmlCheck.Parse(await site.GetAsync("/attack"));

        Assert.Equal(15, page.QuerySelectorAll(".tactic").Length);
        Assert.Contains("of 254 technique places", page.QuerySelector(".lead")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("g3", CellOf("T1059"));
        Assert.Equal("g1", CellOf("T1204"));
        Assert.Equal("g0", CellOf("T1595"));
        Assert.Equal(["AML.T0051", "T1034", "T1086", "T9999"], page.QuerySelectorAll("#elsewhere tbody th").Select(row => row.QuerySelector("bdi")!.TextContent));

        string? CellOf(string id) => page.QuerySelector($".tactic a[href='/attack/{id}']")!.ParentElement!.ClassName;
    }

    [Fact]
    public async Task Gaps_are_places_without_an_exactly_understood_rule()
    {
        var page = HtmlCheck.Parse(await site.GetAsync("/attack?show=gaps"));

        Assert.Empty(page.QuerySelectorAll(".matrix .g3, .matrix .g2"));
        Assert.NotNull(page.QuerySelector(".matrix .g1 a[href='/attack/T1204']"));
    }

    [Theory]
    [InlineData("/attack/t1059", "/attack/T1059")]
    [InlineData("/attack/ta0002?page=1", "/attack/TA0002")]
    [InlineData("/attack/execution", "/attack/TA0002")]
    [InlineData("/attack/T1086", "/attack/T1059.001?from=T1086")]
    [InlineData("/attack/t1086", "/attack/T1086")]
    public async Task Old_and_careless_spellings_lead_to_the_place(string asked, string place)
    {
        using var response = await site.Client.GetAsync(asked);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal(place, response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Place_says_what_led_to_it_and_believes_no_one_else()
    {
        var led = HtmlCheck.Parse(await site.GetAsync("/attack/T1059.001?from=T1086"));
        var lied = HtmlCheck.Parse(await site.GetAsync("/attack/T1059.001?from=T1034"));
        var several = HtmlCheck.Parse(await site.GetAsync("/attack/T1034"));

        Assert.Contains("T1086", led.QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
        Assert.Matches(@"1\s+rule still names the old id", led.QuerySelector(".note")!.TextContent);
        Assert.Null(lied.QuerySelector(".note"));
        Assert.Equal(["T1574.007", "T1574.008", "T1574.009"], several.QuerySelectorAll(".note a").Select(link => link.TextContent.Split(' ')[0]));
    }

    [Theory]
    [InlineData("/attack?family=nobody", 400)]
    [InlineData("/attack?family=%3Cscript%3E", 400)]
    [InlineData("/attack?show=all", 400)]
    [InlineData("/attack?show=sub&tactic=TA9999", 400)]
    [InlineData("/attack/T1059?page=0", 400)]
    [InlineData("/attack/T1059?page=2", 404)]
    [InlineData("/attack/T1059.099", 404)]
    [InlineData("/attack/T1998", 404)]
    [InlineData("/attack/%3Cscript%3E", 404)]
    [InlineData("/attack/AML", 404)]
    public async Task Wrong_address_is_answered_helpfully(string address, int status)
    {
        var page = HtmlCheck.Parse(await site.GetAsync(address, status));
        Assert.NotNull(page.QuerySelector("main form[role=search]"));

        var query = address.IndexOf('?', StringComparison.Ordinal);
        await site.GetAsync(query < 0 ? address + ".json" : address.Insert(query, ".json"), status);
    }

    [Fact]
    public async Task Unknown_sub_technique_names_its_technique()
        => Assert.Contains("T1059, Command and Scripting Interpreter", await site.GetAsync("/attack/T1059.099", 404), StringComparison.Ordinal);

    /// <summary>Against the table of properties of LAYERFORMATv4_5.md: those required, their types, and the ids.</summary>
    [Fact]
    public async Task Layer_is_one_of_the_navigator()
    {
        using var response = await site.Client.GetAsync("/attack/layer.json?family=sigma");
        Assert.Equal("glossa-attack-layer.json", response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        using var layer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var root = layer.RootElement;

        Assert.Equal(JsonValueKind.String, root.GetProperty("name").ValueKind);
        Assert.Equal("enterprise-attack", root.GetProperty("domain").GetString());
        Assert.Equal("4.5", root.GetProperty("versions").GetProperty("layer").GetString());
        Assert.True(Version.Parse(root.GetProperty("versions").GetProperty("navigator").GetString()!) >= new Version(4, 9, 0));
        Assert.Equal("19", root.GetProperty("versions").GetProperty("attack").GetString());
        Assert.InRange(root.GetProperty("sorting").GetInt32(), 0, 3);
        Assert.Equal("side", root.GetProperty("layout").GetProperty("layout").GetString());
        Assert.True(root.GetProperty("layout").GetProperty("showID").GetBoolean());
        var gradient = root.GetProperty("gradient");
        Assert.True(gradient.GetProperty("maxValue").GetInt32() > gradient.GetProperty("minValue").GetInt32());
        Assert.All(gradient.GetProperty("colors").EnumerateArray(), colour => Assert.Matches("^#[0-9a-f]{6}$", colour.GetString()));
        Assert.All(root.GetProperty("legendItems").EnumerateArray(), item => Assert.True(item.GetProperty("label").GetString() is { Length: > 0 } && item.GetProperty("color").GetString() is ['#', ..]));

        string[] allowed = ["techniqueID", "score", "color", "comment", "enabled", "showSubtechniques"];
        var techniques = root.GetProperty("techniques").EnumerateArray().ToList();
        Assert.Equal(697, techniques.Count);
        Assert.All(techniques, technique => Assert.All(technique.EnumerateObject(), property => Assert.Contains(property.Name, allowed)));
        Assert.All(techniques, technique => Assert.Matches(@"^T\d{4}(\.\d{3})?$", technique.GetProperty("techniqueID").GetString()));
        var powerShell = techniques.Single(technique => technique.GetProperty("techniqueID").GetString() == "T1059.001");
        Assert.Equal(2, powerShell.GetProperty("score").GetInt32());
        Assert.Equal("2 rules, 2 exact, 2 tested; sigma 2", powerShell.GetProperty("comment").GetString());
        Assert.False(techniques.Single(technique => technique.GetProperty("techniqueID").GetString() == "T1595").TryGetProperty("score", out _));
    }

    [Fact]
    public async Task Table_has_a_line_for_each_place()
    {
        var lines = (await site.GetAsync("/attack.csv")).Split("\r\n");

        Assert.Equal("tactic,technique id,name,parent,state,rules,exact,tested,sigma", lines[0]);
        Assert.Contains("Execution,T1059.001,PowerShell,T1059,tested,2,2,2,2", lines);
        Assert.Equal(1 + 254 + 618 + 1, lines.Length);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a, \"b\"", "\"a, \"\"b\"\"\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@x,y", "\"'@x,y\"")]
    public void Cell_of_a_table_is_no_formula(string text, string cell) => Assert.Equal(cell, MatrixCsv.Cell(text));

    [Theory]
    [InlineData("Reconnaissance", "Recon-nais-sance")]
    [InlineData("Instrumentation", "Instru-men-ta-tion")]
    [InlineData("Collection", "Collection")]
    [InlineData("CSV <x>", "CSV <x>")]
    public void Long_words_may_break(string word, string shown) => Assert.Equal(shown, Hyphens.In(word).Replace('\u00AD', '-'));

    [Fact]
    public async Task Records_are_those_of_the_pages()
    {
        using var database = CatalogDatabase.Open(site.CatalogPath);
        var reader = new AttackReader(database);

        Assert.Equal(JsonSerializer.Serialize(reader.Matrix([]), AttackJson.Indented.AttackMatrixRecord) + "\n", await site.GetAsync("/attack.json"));
        Assert.Equal(JsonSerializer.Serialize(reader.Place("T1059"), AttackJson.Indented.AttackPlace) + "\n", await site.GetAsync("/attack/T1059.json"));
    }

    /// <summary>A catalog may come from anyone, and its tables hold what its maker put there.</summary>
    [Fact]
    public async Task Hostile_tables_are_text()
    {
        await using var catalog = await CatalogOfOurs.StartAsync(Site.Files);
        using (var connection = new SqliteConnection($"Data Source={catalog.CatalogPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE attack SET technique = '"><script>alert(1)</script>' WHERE technique = 'T9999';
                UPDATE rule SET family = '=1+<b>"x' WHERE title = 'One';
                UPDATE rule SET product = '/', service = '</ul>', category = 'a/' WHERE title = 'Two';
                UPDATE rule SET product = '', severity = 99, title = '<h1>' || char(8238) WHERE title = 'Word';
                UPDATE predicate SET field = '<i>' || char(0) || 'x', concept = NULL WHERE field = 'Image';
                UPDATE lookup_key SET value = '<img src=x>"' || char(10) WHERE value LIKE '%ONE%';
                INSERT INTO change VALUES (1, 'never', '<u>', 'changed', 'x', 'y', 0, '../..', '<script>', 1, 'a', NULL, NULL, '', 1);
                """;
            command.ExecuteNonQuery();
        }

        File.SetLastWriteTimeUtc(catalog.CatalogPath, DateTime.UtcNow.AddMinutes(1));
        foreach (var address in new[] { "/", "/changes", "/attack", "/attack?show=sub&tactic=TA0002", "/attack?show=gaps", "/attack/T1059", "/attack/T1059.001", "/attack/TA0002", "/attack?family=%3D1%2B%3Cb%3E%22x", "/attack/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E" })
        {
            var page = HtmlCheck.Parse(await catalog.GetAsync(address, address.EndsWith("script%3E", StringComparison.Ordinal) ? 404 : 200));
            Assert.Empty(page.QuerySelectorAll("main script, main img, main i:not(.muted), main u"));
        }

        Assert.Contains("'=1+<b>", await catalog.GetAsync("/attack.csv"), StringComparison.Ordinal);
        await catalog.GetAsync("/attack.json");
        await catalog.GetAsync("/attack/T1059.json");
        await catalog.GetAsync("/index.json");
        await catalog.GetAsync("/changes.json");
        await catalog.GetAsync("/attack/layer.json");
        Assert.Empty(catalog.Faults.ToString());
    }

    [Fact]
    public async Task Nothing_was_our_fault()
    {
        await site.GetAsync("/attack");
        Assert.Empty(site.Faults.ToString());
    }

    private static int TotalOf(IHtmlDocument list)
        => list.QuerySelector("#total") is { } total
            ? int.Parse(total.GetAttribute("data-total")!, CultureInfo.InvariantCulture)
            : int.Parse(list.QuerySelector(".result-head b")!.TextContent.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    public sealed class Site : IAsyncLifetime
    {
        public static readonly Dictionary<string, string> Files = new()
        {
            ["one.yml"] = Rule("One", "attack.execution, attack.t1059.001", @"Image|endswith: '\one.exe'"),
            ["two.yml"] = Rule("Two", "attack.t1059.001, attack.t1059.003", @"Image|endswith: ['\one.exe', '\two.exe']"),
            ["old.yml"] = Rule("Old", "attack.t1086, attack.t1034, attack.t9999", "SomethingElse: x"),
            ["packed.yml"] = Rule("Packed", "attack.t1560.001, attack.collection", "CommandLine|contains: '7z a'"),
            ["tagged.yml"] = Rule("Tagged", "attack.t1204", "CommandLine|no_such_modifier: x"),
            ["tactic.yml"] = Rule("Tactic", "attack.discovery, attack.defense-evasion", "CommandLine|re: 'wh[oa]ami'"),
            ["word.yml"] = Rule("Word", "attack.t1059, attack.aml.t0051", "CommandLine|contains: \"<b>'x\\\"\\u202E\""),
            ["other.yml"] = Rule("Other", "atlas.AML.T0051", "CommandLine|contains: prompt").Replace("product: windows", "product: linux/x", StringComparison.Ordinal),
        };

        private CatalogOfOurs? _catalog;

        public HttpClient Client => _catalog!.Client;

        public StringWriter Faults => _catalog!.Faults;

        public string CatalogPath => _catalog!.CatalogPath;

        public Task<string> GetAsync(string address, int status = 200) => _catalog!.GetAsync(address, status);

        public async Task InitializeAsync() => _catalog = await CatalogOfOurs.StartAsync(Files);

        public async Task DisposeAsync() => await _catalog!.DisposeAsync();

        private static string Rule(string title, string tags, string selection) => $"""
            title: {title}
            tags: [{tags}]
            logsource:
                product: windows
                category: process_creation
            detection:
                selection:
                    {selection}
                condition: selection
            level: high
            """;
    }
}
