using Glossa.Catalog;

namespace Glossa.Tests.Unit.Catalog;

public sealed class RuleSearchTests : IDisposable
{
    private readonly RuleFolder _folder = new();
    private readonly CatalogDatabase _database;

    public RuleSearchTests()
    {
        _folder.Write("alpha.yml", RuleFolder.Rule(1, "Alpha runs", @"\alpha.exe", level: "low"));
        _folder.Write("beta.yml", RuleFolder.Rule(2, "Beta runs", @"\beta.exe", user: "alpha", level: "high"));
        _folder.Write("gamma.yml", RuleFolder.Rule(3, "Gamma runs", @"\alpha.exe", level: "critical"));
        _folder.Write("note.yml", RuleFolder.Rule(4, "Delta runs", @"\delta.exe").Replace("Made for a test.", "Unlike alpha it is quiet.", StringComparison.Ordinal));
        _folder.Write("twice.yml", """
            title: Twice taken back
            id: 00000000-0000-4000-8000-000000000005
            logsource:
              product: linux
              service: auditd
            detection:
              selection:
                User: root
              ours:
                Path: outer
              but:
                Path: inner
              condition: selection and not (ours and not but)
            """);
        _folder.Write("odd.yml", """
            title: Odd
            id: 00000000-0000-4000-8000-000000000006
            logsource:
              category: webserver
            detection:
              selection:
                Path|odd: x
              condition: selection
            """);
        _folder.Build();
        _database = CatalogDatabase.Open(_folder.Catalog());
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(@"value:\alpha.exe", "gamma alpha")]
    [InlineData(@"field:image op:ends_with value:\ALPHA.EXE", "gamma alpha")]
    [InlineData(@"field:User value:\alpha.exe", "")]
    [InlineData("value:*eta.ex*", "beta")]
    [InlineData("excludes:alpha", "beta")]
    [InlineData("severity:>=high", "gamma beta")]
    [InlineData("severity:<medium", "alpha")]
    [InlineData("severity:low severity:high", "beta alpha")]
    [InlineData("severity:>low severity:<critical", "beta note")]
    [InlineData("runs -severity:>=high -note -alpha", "")]
    [InlineData("runs -severity:>=medium", "alpha")]
    [InlineData("attack:T1059 severity:low", "alpha")]
    [InlineData("attack:execution severity:low", "alpha")]
    [InlineData("attack:T1060", "")]
    [InlineData("product:WINDOWS category:process_creation status:test family:sigma severity:low", "alpha")]
    [InlineData("concept:process.executable severity:low", "alpha")]
    [InlineData("id:00000000-0000-4000-8000-000000000002", "beta")]
    [InlineData("\"alpha it\"", "note")]
    [InlineData("\"it alpha\"", "")]
    [InlineData("gam", "gamma")]
    [InlineData("fidelity:exact severity:low", "alpha")]
    [InlineData("role:indicator field:Image severity:low", "alpha")]
    [InlineData("role:exclusion field:Image", "")]
    [InlineData("role:EXCLUSION field:User value:alpha", "beta")]
    [InlineData("-role:exclusion", "odd")]
    [InlineData("value:inner", "")]
    [InlineData("role:exception value:inner", "twice")]
    [InlineData("role:indicator value:root role:exception value:inner", "twice")]
    [InlineData("tested:fires severity:low", "alpha")]
    [InlineData("tested:vendor", "")]
    [InlineData("tested:none", "odd")]
    [InlineData("tested:vendor tested:none", "odd")]
    [InlineData("-tested:none severity:low", "alpha")]
    [InlineData("language:sigma severity:low", "alpha")]
    [InlineData("language:kusto", "")]
    [InlineData("source:WINDOWS/Process_Creation severity:low", "alpha")]
    [InlineData("source:windows severity:low", "alpha")]
    [InlineData("source:windows/sysmon", "")]
    [InlineData("source:linux/auditd", "twice")]
    [InlineData("source:any/webserver", "odd")]
    [InlineData("source:any source:linux", "odd twice")]
    [InlineData("construct:\"modifier odd\"", "odd")]
    [InlineData("construct:\"modifier\"", "")]
    [InlineData("-construct:\"modifier odd\" severity:low", "alpha")]
    [InlineData("uses:ENDSWITH severity:low", "alpha")]
    [InlineData("-uses:endswith severity:low", "")]
    [InlineData("uses:\"count … per\"", "")]
    public void Query_finds(string query, string slugs)
        => Assert.Equal(slugs, string.Join(' ', Find(query).Hits.Select(hit => hit.Slug)));

    /// <summary>Whatever is typed is answered or refused at a place in it; what reaches SQLite is always well formed.</summary>
    [Fact]
    public void Any_text_is_answered_or_refused_with_a_place()
    {
        string[] pieces =
        [
            "alpha", "field:", "op:", "value:", "severity:", ">=", "-", "\"", "'", "*", "\\", ":", "(", ")", "AND", "NOT", "NEAR", "^", "+", "{", "title :", " ", "\t",
            "\0", "\u0001", "\u202e", "\ud800", "\udc00", "é", "%", "_", ";", "--", "concept:", "attack:", "excludes:", "id:", "ends_with", "\u00a0", "1", "T1059",
        ];
        var random = new Random(20261124);
        var search = new RuleSearch(_database);
        var answered = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            var (result, error) = search.Search(text);
            Assert.True(result is null != error is null, text);
            Assert.True(error is null || error.Start <= text.Length, text);
            answered += result is null ? 0 : 1;
        }

        Assert.InRange(answered, 300, 2_900);
    }

    [Fact]
    public void Title_comes_before_exact_value_before_other_text()
        => Assert.Equal(["alpha", "gamma", "note"], Find("alpha").Hits.Select(hit => hit.Slug).Where(slug => slug != "beta"));

    [Fact]
    public void Hit_says_which_predicate_matched_and_where_the_word_stands()
    {
        var hit = Find(@"field:User excludes:alpha beta").Hits.Single();

        Assert.Equal(new SearchMatch("User", "eq", "alpha", "exclusion", 1, "any", 1), hit.Matched.Single(match => match.Role == "exclusion"));
        Assert.Contains("title", hit.Where);
    }

    [Fact]
    public void Pages_and_facets_speak_of_all_that_was_found()
    {
        var (result, _) = new RuleSearch(_database).Search("runs", limit: 1, offset: 1, withFacets: true);

        Assert.Equal(4, result!.Total);
        Assert.Single(result.Hits);
        Assert.Equal(
            ["critical 1", "high 1", "medium 1", "low 1"],
            result.Facets.Single(facet => facet.Key == "severity").Values.Select(value => $"{value.Value} {value.Rules}"));
    }

    [Theory]
    [InlineData("severity:>=hihg", 11, "Expected one of info, low, medium, high, critical")]
    [InlineData("runs nosuch:x", 5, "There is no 'nosuch:'")]
    [InlineData("value:", 6, "Expected a value after 'value:'")]
    [InlineData("runs \"open", 5, "not closed")]
    [InlineData("op:sounds_like", 3, "is no operator")]
    [InlineData("role:villain", 5, "Expected one of indicator, exclusion, exception")]
    [InlineData("x tested:yes", 9, "Expected one of fires, vendor, none")]
    [InlineData("source:windows/", 7, "Expected a product")]
    [InlineData("construct:", 10, "Expected a value after 'construct:'")]
    public void Bad_query_says_where_and_what_was_expected(string query, int start, string message)
    {
        var (result, error) = new RuleSearch(_database).Search(query);

        Assert.Null(result);
        Assert.Contains(message, error!.Message, StringComparison.Ordinal);
        Assert.Equal(start, error.Start);
        Assert.StartsWith($"{query}\n{new string(' ', start)}^", error.WithCaret(query), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"C:\Windows")]
    [InlineData("https://x")]
    [InlineData("'; DROP TABLE rule; --")]
    [InlineData("NEAR(a b)")]
    [InlineData("title:x* OR ^ {")]
    [InlineData("\\ % _ *")]
    [InlineData("-")]
    [InlineData("\0\uD800")]
    public void Any_text_is_a_query_or_has_a_fault(string query)
    {
        var (result, error) = new RuleSearch(_database).Search(query, withFacets: true);

        Assert.True(result is null != error is null);
    }

    private SearchResult Find(string query)
    {
        var (result, error) = new RuleSearch(_database).Search(query);
        Assert.True(result is not null, error?.Message);
        return result!;
    }
}
