using System.Text;

namespace Glossa.Tests.Robustness;

/// <summary>Texts that nobody would write. Each gives diagnostics, never an exception, and a result no larger than the text lets it be.</summary>
public class SigmaRobustnessTests
{
    private const string Corpus = "corpora/sigma";
    private const int Seed = 20261124;

    [CorpusFact(Corpus)]
    public void Every_prefix_of_the_detection_of_300_rules()
    {
        var random = new Random(Seed);
        var texts = Texts().Where(text => text.Length <= 3_000).ToArray();
        random.Shuffle(texts);
        Parallel.ForEach(texts.Take(300), text =>
        {
            var start = text.IndexOf("\ndetection:", StringComparison.Ordinal) + 1;
            var next = text.AsSpan(start + 1).IndexOf("\nfalsepositives:");
            var end = next < 0 ? text.Length : start + 1 + next;
            for (var length = start; length <= end; length++)
            {
                SigmaReading.MustHold(text[..length]);
            }
        });
    }

    [CorpusFact(Corpus)]
    public void Random_cuts_of_the_largest_rules()
    {
        var texts = Texts().OrderByDescending(text => text.Length).Take(20).ToArray();
        var random = new Random(Seed);
        var cuts = Enumerable.Range(0, 2_000).Select(number => (Text: texts[number % texts.Length], Length: random.Next(texts[number % texts.Length].Length))).ToList();
        Parallel.ForEach(cuts, cut => SigmaReading.MustHold(cut.Text[..cut.Length]));
    }

    [CorpusFact(Corpus)]
    public void Rules_with_characters_changed()
    {
        const string Signs = " \n\t:-|*?\\'\"[]{}&%#!,()\u0000\u0085\u2028\uFEFF\uD83D";
        var random = new Random(Seed);
        var texts = Texts().Where(text => text.Length <= 3_000).ToArray();
        var changed = Enumerable.Range(0, 5_000).Select(_ =>
        {
            var text = texts[random.Next(texts.Length)].ToCharArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                text[random.Next(text.Length)] = Signs[random.Next(Signs.Length)];
            }

            return new string(text);
        }).ToList();
        Parallel.ForEach(changed, SigmaReading.MustHold);
    }

    [Fact]
    public void Random_characters()
    {
        const string Alphabet = "ab:- \n\n  |*?\\'\"[]{}&*%#!,()<>=~0123.\r\u0085\u2028\u0001\uD83D\uDD11é";
        string[] words = ["detection:\n", "  condition: ", "selection", "correlation:\n", "filter:\n", "  rules: ", "1 of ", " not ", " and ", "|re", "|windash", "|all", "---\n", "&a ", "*a", "<<: ", "\n  - ", "title: x\n", "action: global\n"];
        var random = new Random(Seed);
        for (var number = 0; number < 20_000; number++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(60); i > 0; i--)
            {
                text.Append(random.Next(3) == 0 ? words[random.Next(words.Length)] : Alphabet[random.Next(Alphabet.Length)].ToString());
            }

            SigmaReading.MustHold(text.ToString());
        }
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("- ", "")]
    [InlineData("? ", "")]
    public void Nesting_of_yaml_that_no_stack_could_hold(string open, string close)
    {
        var (diagnostics, rules) = SigmaReading.Read("detection:\n  selection: " + string.Concat(Enumerable.Repeat(open, 10_000)) + "x" + string.Concat(Enumerable.Repeat(close, 10_000)) + "\n  condition: selection\n");
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id is "YML0001" or "YML0003");
        Assert.Empty(rules);
    }

    [Fact]
    public void Nesting_of_blocks_that_no_stack_could_hold()
    {
        var text = new StringBuilder("detection:\n");
        for (var depth = 1; depth < 3_000; depth++)
        {
            text.Append(' ', depth).Append("a:\n");
        }

        var (diagnostics, rules) = SigmaReading.Read(text.ToString());
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == "YML0003");
        Assert.Empty(rules);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("not ", "")]
    [InlineData("not (", ")")]
    [InlineData("(a or ", ")")]
    public void Nesting_of_conditions_that_no_stack_could_hold(string open, string close)
    {
        var condition = string.Concat(Enumerable.Repeat(open, 10_000)) + "a" + string.Concat(Enumerable.Repeat(close, 10_000));
        var text = $"title: x\nid: 3f0c2d5a-0c0a-4f51-8d5e-000000000001\nlogsource:\n  product: case\ndetection:\n  a:\n    A: 1\n  condition: {condition}\n";
        SigmaReading.MustHold(text);
        var (diagnostics, _) = SigmaReading.Read(text);
        Assert.Single(diagnostics, diagnostic => diagnostic.Id == "SIG0044");
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "SIG0040");
    }

    [Fact]
    public void A_long_flat_condition_is_read()
    {
        var text = $"title: x\nid: 3f0c2d5a-0c0a-4f51-8d5e-000000000001\nlogsource:\n  product: case\ndetection:\n  a:\n    A: 1\n  condition: {string.Join(" or ", Enumerable.Repeat("not a", 20_000))}\n";
        var (diagnostics, rules) = SigmaReading.Read(text);
        Assert.Empty(diagnostics);
        Assert.Single(rules);
    }

    [Fact]
    public void Aliases_that_would_explode_are_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        text.Append("detection:\n  selection: *a11\n  condition: selection\n");
        var (diagnostics, rules) = SigmaReading.Read(text.ToString());
        Assert.Single(diagnostics, diagnostic => diagnostic.Id == "YML0004");
        Assert.Empty(rules);
    }

    [Fact]
    public void An_alias_inside_what_it_names_is_reported()
    {
        var (diagnostics, _) = SigmaReading.Read("detection: &a\n  selection: *a\n  condition: selection\n");
        var diagnostic = Assert.Single(diagnostics, diagnostic => diagnostic.Id == "YML0006");
        Assert.Equal((2, 14), (diagnostic.Position!.Value.Line, diagnostic.Position.Value.Column));
    }

    [Fact]
    public void Aliases_of_aliases_count_into_the_depth()
    {
        var text = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 5_000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}]\n");
        }

        var (diagnostics, _) = SigmaReading.Read(text.Append("detection: {selection: *a4999, condition: selection}\n").ToString());
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == "YML0003");
    }

    [Fact]
    public void Correlations_in_a_long_chain_end()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 500; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"title: r{i}\nid: r{i}\ncorrelation:\n  type: event_count\n  rules: [r{i + 1}, r{i + 2}]\n  timespan: 1m\n  condition:\n    gte: 2\n---\n");
        }

        var (diagnostics, rules) = SigmaReading.Read(text.ToString());
        Assert.Equal(500, rules.Count);
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == "SIG0044");
    }

    [Fact]
    public void A_thousand_broken_documents_are_a_hundred_messages()
    {
        var (diagnostics, _) = SigmaReading.Read(string.Concat(Enumerable.Repeat("---\n@\n", 1_000)));
        Assert.InRange(diagnostics.Count, 100, 102);
    }

    private static IEnumerable<string> Texts()
        => SigmaReading.RulePaths
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.yml", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);
}
