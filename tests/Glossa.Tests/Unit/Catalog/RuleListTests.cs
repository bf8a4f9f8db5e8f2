using System.Diagnostics;
using Glossa.Catalog;
using Glossa.Web.Pages.Search;
using Xunit.Abstractions;

namespace Glossa.Tests.Unit.Catalog;

/// <summary>Lists of rules over a real corpus: facets, order, suggestions.</summary>
public sealed class RuleListTests(RuleListTests.Corpus corpus, ITestOutputHelper output) : IClassFixture<RuleListTests.Corpus>
{
    private const int All = 100_000;

    [CorpusFact("corpora/sigma")]
    public void Every_value_of_every_facet_shows_what_its_list_holds()
    {
        RequestedRules[] lists =
        [
            RequestedRules.All,
            RequestedRules.All with { Query = "powershell" },
            RequestedRules.All with { Query = @"field:Image op:ends_with -severity:low" },
            RequestedRules.All with { Query = "role:exclusion", Choices = [new FacetChoice("severity", "high"), new FacetChoice("tactic", "TA0002")] },
            RequestedRules.All with { Choices = [new FacetChoice("product", "linux"), new FacetChoice("product", "any"), new FacetChoice("status", "stable")] },
        ];
        var compared = 0;
        foreach (var list in lists)
        {
            var facets = List(list).Facets;
            Assert.Equal(RuleSearch.FacetKeys, facets.Select(facet => facet.Key));
            foreach (var facet in facets)
            {
                Assert.All(facet.Values, value => Assert.Equal(list.Choices.Contains(new FacetChoice(facet.Key, value.Value)), value.Selected));
                foreach (var value in facet.Values)
                {
                    // Alone of its facet, all others as they are; with nothing chosen of it that is the link itself.
                    var choice = new FacetChoice(facet.Key, value.Value);
                    var alone = list with { Choices = [.. list.Choices.Where(other => other.Key != facet.Key), choice] };
                    Assert.Equal(value.Rules, List(alone).Total);
                    if (list.Choices.All(other => other.Key != facet.Key))
                    {
                        Assert.Equal(value.Rules, List(list.Toggle(choice)).Total);
                        Assert.Equal(List(list).Total, List(list.Toggle(choice).Toggle(choice)).Total);
                    }

                    compared++;
                }
            }
        }

        output.WriteLine($"{compared} values compared");
        Assert.True(compared > 150);
    }

    [CorpusFact("corpora/sigma")]
    public void Facets_count_what_the_records_say()
    {
        var reader = new RuleRecordReader(corpus.Database);
        var summaries = reader.All().ToList();
        var records = summaries.Select(rule => reader.Read(rule.Family, rule.Slug)!).ToList();
        string[] severities = ["info", "low", "medium", "high", "critical"];
        var listing = List(RequestedRules.All);

        Assert.Equal(records.Count, listing.Rules);
        foreach (var value in Values("family"))
        {
            Assert.Equal(summaries.Count(rule => rule.Family == value.Value), value.Rules);
        }

        foreach (var value in Values("severity"))
        {
            Assert.Equal(summaries.Count(rule => Array.IndexOf(severities, rule.Severity ?? "none") >= Array.IndexOf(severities, value.Value)), value.Rules);
        }

        foreach (var value in Values("fidelity"))
        {
            Assert.Equal(summaries.Count(rule => rule.Fidelity == value.Value), value.Rules);
        }

        foreach (var value in Values("status"))
        {
            Assert.Equal(summaries.Count(rule => rule.Status == value.Value), value.Rules);
        }

        foreach (var value in Values("tactic"))
        {
            Assert.Equal(records.Count(rule => rule.Attack.Any(row => row.Tactic?.Id == value.Value)), value.Rules);
            Assert.NotEqual(value.Value, value.Name);
        }

        foreach (var value in Values("product"))
        {
            Assert.Equal(records.Count(rule => (rule.Data.Count > 0 ? rule.Data[0].Product ?? "any" : "any").Equals(value.Value, StringComparison.OrdinalIgnoreCase)), value.Rules);
        }

        IReadOnlyList<ListFacetValue> Values(string key) => listing.Facets.Single(facet => facet.Key == key).Values;
    }

    [CorpusFact("corpora/sigma")]
    public void Facets_mean_what_the_keys_of_a_query_mean()
    {
        foreach (var (facet, key) in new[] { ("family", "family:"), ("severity", "severity:>="), ("tactic", "attack:"), ("product", "source:"), ("fidelity", "fidelity:"), ("tested", "tested:"), ("status", "status:") })
        {
            foreach (var value in List(RequestedRules.All).Facets.Single(other => other.Key == facet).Values)
            {
                Assert.Equal(value.Rules, List(RequestedRules.All with { Query = key + value.Value }).Total);
            }
        }
    }

    [CorpusFact("corpora/sigma")]
    public void Every_order_holds_every_rule_once()
    {
        var titles = Order(SearchSort.Title).Select(hit => hit.Title).ToList();
        Assert.Equal(titles.Order(StringComparer.OrdinalIgnoreCase), titles);

        string?[] severities = ["critical", "high", "medium", "low", "info", null];
        var levels = Order(SearchSort.Severity).Select(hit => Array.IndexOf(severities, hit.Severity)).ToList();
        Assert.Equal(levels.Order(), levels);

        var reader = new RuleRecordReader(corpus.Database);
        var changed = Order(SearchSort.Changed).Take(300).Select(hit => Changed(reader.Read(hit.Family, hit.Slug)!)).ToList();
        Assert.Equal(changed.OrderDescending(StringComparer.Ordinal), changed);

        foreach (var sort in Enum.GetValues<SearchSort>())
        {
            Assert.Equal(titles.Count, Order(sort).Select(hit => hit.Slug).Distinct(StringComparer.Ordinal).Count());
        }

        IReadOnlyList<SearchHit> Order(SearchSort sort)
            => corpus.Search.List(new SearchRequest("") { Sort = sort, Limit = All }).Listing!.Hits;

        static string Changed(RuleRecord rule)
            => rule.Facts.FirstOrDefault(fact => fact.Name == "Modified")?.Value ?? rule.Facts.FirstOrDefault(fact => fact.Name == "Created")?.Value ?? "";
    }

    [CorpusTheory("corpora/sigma")]
    [InlineData("NotPetya Ransomware Activity", "NotPetya Ransomware Activity")]
    [InlineData("potential emotet rundll32 execution", "Potential Emotet Rundll32 Execution")]
    [InlineData("Suspicious Advpack Call Via Rundll32.EXE", "Suspicious Advpack Call Via Rundll32.EXE")]
    public void Rule_that_is_called_so_comes_first(string query, string title)
        => Assert.Equal(title, corpus.Search.List(new SearchRequest(query)).Listing!.Hits[0].Title);

    [CorpusTheory("corpora/sigma")]
    [InlineData("rundll32")]
    [InlineData("certutil")]
    [InlineData("mshta")]
    public void Rules_that_look_for_a_tool_come_before_those_that_mention_it(string tool)
    {
        var hits = corpus.Search.List(new SearchRequest(tool) { Limit = All }).Listing!.Hits;

        var mentioned = hits.Select(hit => hit.Where.All(part => part is "description" or "author" or "tag")).ToList();
        Assert.Contains(true, mentioned);
        Assert.Equal(mentioned.Order(), mentioned);

        // A title that names it and a predicate that looks for it beat either alone.
        Assert.All(hits.Take(10), hit => Assert.True(hit.Title.Contains(tool, StringComparison.OrdinalIgnoreCase) && hit.Matched.Any(match => match.Role == "indicator"), hit.Title));
    }

    [CorpusFact("corpora/sigma")]
    public void Suggestion_counts_what_it_finds()
    {
        var suggestions = new RuleSuggestions(corpus.Search);
        var compared = 0;
        foreach (var typed in new[] { "run", "comm", "T105", "cred", "win", "value:\\cmd", "value:pow", "value:^", "field:im", "field:name", "concept:proc", "op:re", "role:", "attack:T1059", "attack:exec", "product:", "service:s", "category:p", "source:windows/", "language:", "status:", "tested:", "family:", "fidelity:", "construct:" })
        {
            foreach (var suggestion in suggestions.Suggest(typed, typed.Length).Suggestions.Where(suggestion => suggestion.Rules is not null))
            {
                var (listing, error) = corpus.Search.List(new SearchRequest(suggestion.Insert));
                Assert.Null(error);
                Assert.True(suggestion.Rules == listing!.Total, $"{typed}: {suggestion.Insert} finds {listing.Total}, not {suggestion.Rules}");
                compared++;
            }
        }

        output.WriteLine($"{compared} suggestions compared");
        Assert.True(compared > 100);
    }

    [CorpusFact("corpora/sigma")]
    public void Any_text_is_completed_fast_and_inside_of_it()
    {
        string[] pieces = ["run", "field:", "value:", "\\", "\"", "-", ">=", "severity:", " ", "*", "\u202e", "\ud800", "\0", "T1", "op:", "e", "attack:", ":", "é", "construct:\"", "excludes:", "a"];
        var suggestions = new RuleSuggestions(corpus.Search);
        suggestions.Suggest("a", 1);
        var random = new Random(20261125);
        var watch = Stopwatch.StartNew();
        const int Texts = 2_000;
        for (var i = 0; i < Texts; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            var at = random.Next(-2, text.Length + 3);
            var list = suggestions.Suggest(text, at);
            Assert.InRange(list.Start, 0, text.Length);
            Assert.InRange(list.Length, 0, text.Length - list.Start);
            Assert.InRange(list.Suggestions.Count, 0, 10);
        }

        output.WriteLine($"{watch.Elapsed.TotalMilliseconds / Texts:0.000} ms a text");
        Assert.True(watch.Elapsed.TotalMilliseconds / Texts < 5);
    }

    [CorpusFact("corpora/sigma")]
    public void Nothing_found_says_what_to_leave_out_and_how_to_spell()
    {
        var listing = List(RequestedRules.All with { Query = "rundl32 op:regex", Choices = [new FacetChoice("severity", "high")] });

        Assert.Equal(0, listing.Total);
        Assert.Contains(listing.Hints!.Without, part => part.Part == "rundl32");
        Assert.All(listing.Hints.Without, part => Assert.Equal(part.Rules, List(RequestedRules.All with { Query = part.Query, Choices = [new FacetChoice("severity", "high")] }).Total));

        var misspelled = List(RequestedRules.All with { Query = "field:Comandline" }).Hints!;
        var near = misspelled.Nearest[0];
        Assert.Equal(("field:Comandline", "field:CommandLine"), (near.Part, near.Spelling));
        Assert.Equal(near.Rules, List(RequestedRules.All with { Query = near.Query }).Total);

        Assert.Contains(List(RequestedRules.All with { Query = "rundl32" }).Hints!.Nearest, word => word.Spelling.Contains("rundll32", StringComparison.OrdinalIgnoreCase));
    }

    private RuleListing List(RequestedRules rules) => corpus.Search.List(rules.ToRequest()).Listing!;

    public sealed class Corpus : IDisposable
    {
        private readonly RuleFolder _folder = new();

        public Corpus()
        {
            if (TestPaths.Corpus("corpora/sigma") is { } corpus)
            {
                RuleImporter.Build([.. Directory.EnumerateDirectories(corpus, "rules*").Order(StringComparer.Ordinal), Path.Combine(corpus, "unsupported")], _folder.Catalog());
                Database = CatalogDatabase.Open(_folder.Catalog());
                Search = new RuleSearch(Database);
            }
        }

        public CatalogDatabase Database { get; } = null!;

        public RuleSearch Search { get; } = null!;

        public void Dispose()
        {
            Database?.Dispose();
            _folder.Dispose();
        }
    }
}
