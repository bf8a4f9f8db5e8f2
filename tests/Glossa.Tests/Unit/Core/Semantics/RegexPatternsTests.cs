using System.Diagnostics;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Unit.Core.Semantics;

public sealed class RegexPatternsTests
{
    [Theory]
    [InlineData(@"(?i)abc", "xABCx", true)]
    [InlineData(@"a(?i)b|c", "aB", true)]
    [InlineData(@"a(?i)b|c", "AB", false)]
    [InlineData(@"^\d+$", "123", true)]
    [InlineData(@"^\d+$", "\u0661", false)]
    [InlineData(@"\w", "é", false)]
    [InlineData(@"\bab\b", "éab", true)]
    [InlineData(@"\bab\b", "xab", false)]
    [InlineData(@"a++a", "aaa", false)]
    [InlineData(@"a*+b", "aab", true)]
    [InlineData(@"(?:ab)?+c", "abc", true)]
    [InlineData(@"a{2}+b", "aab", true)]
    [InlineData(@"(?>a|ab)c", "abc", false)]
    [InlineData(@"\h", "\u00a0", true)]
    [InlineData(@"^\H$", "\t", false)]
    [InlineData(@"a\Rb", "a\r\nb", true)]
    [InlineData(@"a\Z", "a\n", true)]
    [InlineData(@"a\z", "a\n", false)]
    [InlineData(@"\N", "\n", false)]
    [InlineData(@"[[:alpha:]_]+\z", "ab_", true)]
    [InlineData(@"^[[:^digit:]]$", "5", false)]
    [InlineData(@"^[\W\d]$", "a", false)]
    [InlineData(@"(?P<n>a)(?P=n)", "aa", true)]
    [InlineData(@"(?<n>a)\k<n>", "ab", false)]
    [InlineData(@"(a)(?<n>b)\1", "aba", true)]
    [InlineData(@"(?<n>b)(a)\1", "bab", true)]
    [InlineData(@"(a)\g{-1}", "aa", true)]
    [InlineData(@"\Qa.b\E", "axb", false)]
    [InlineData(@"\Qa.b", "a.b", true)]
    [InlineData(@"\x41\x{42}\103", "ABC", true)]
    [InlineData(@"\x{1F600}+", "\U0001F600", true)]
    [InlineData(@"[]a]", "]", true)]
    [InlineData(@"[a-z-[b]", "[", true)]
    [InlineData(@"[a-z-[b]", "b", true)]
    [InlineData(@"[\d-z]", "-", true)]
    [InlineData(@"[^\n]", "\n", false)]
    [InlineData(@"a{,2}", "a{,2}", true)]
    [InlineData(@"a{x", "a{x", true)]
    [InlineData(@"(?x) a b # c (", "ab", true)]
    [InlineData(@"(?#note)a", "a", true)]
    [InlineData(@"a\Kb", "ab", true)]
    [InlineData(@"(?=a)a(?!b)(?<=a)(?<!c)", "a", true)]
    [InlineData(@"^(a)?(?(1)b|c)$", "ab", true)]
    [InlineData(@"^(a)?(?(1)b|c)$", "b", false)]
    [InlineData(@"\p{Lu}\pL", "Éé", true)]
    [InlineData(@"\/\-\""\_", "/-\"_", true)]
    [InlineData(@"(?s).", "\n", true)]
    [InlineData(@"(?-i:a)", "A", false)]
    public void Pcre_means_what_it_means_there(string pattern, string value, bool expected)
    {
        var compiled = Compile(pattern);
        Assert.Null(compiled.Failure);
        Assert.Equal(expected, compiled.IsMatch(value));
    }

    [Theory]
    [InlineData("(", "not closed")]
    [InlineData(")", "closes nothing")]
    [InlineData("*a", "nothing before")]
    [InlineData("a**", "nothing before")]
    [InlineData("[a", "not closed")]
    [InlineData("[z-a]", "out of order")]
    [InlineData("a\\", "backslash")]
    [InlineData("(?R)", "recursion")]
    [InlineData("(?1)", "recursion")]
    [InlineData("(a)\\g<1>", "calls")]
    [InlineData("(*FAIL)", "verbs")]
    [InlineData("(?|a|b)", "branch reset")]
    [InlineData("\\X", "no equal")]
    [InlineData("\\2(a)", "not there")]
    [InlineData("\\y", "not known")]
    [InlineData("\\p{Greek}", "property")]
    [InlineData("\\x{110000}", "no character")]
    [InlineData("(?<n", "missing")]
    [InlineData("a{3,2}", "out of order")]
    [InlineData("(?J)a", "not known")]
    public void What_has_no_equal_is_a_failure_that_names_it(string pattern, string words)
    {
        var compiled = Compile(pattern);
        Assert.Contains(words, compiled.Failure, StringComparison.Ordinal);
        Assert.InRange(compiled.FailureAt, 0, pattern.Length);
        Assert.False(compiled.IsMatch("a"));
    }

    [Theory]
    [InlineData("a.*b|[cd]{2,5}", true)]
    [InlineData("(?i)\\bnet\\b", true)]
    [InlineData("(a)\\1", false)]
    [InlineData("(?=a)", false)]
    public void Runs_in_linear_time_where_it_can(string pattern, bool isLinear) => Assert.Equal(isLinear, Compile(pattern).IsLinear);

    [Fact]
    public void A_pattern_that_runs_out_of_time_matches_nothing_and_is_given_up()
    {
        var compiled = Compile(@"^(?=(a+)+\z)(a+)+\2b");
        var value = new string('a', 64) + "c";
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.False(compiled.IsMatch(value + i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.True(compiled.IsGivenUp);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Deep_and_long_patterns_are_refused()
    {
        Assert.Contains("nested deeper", Compile(new string('(', 20_000) + new string(')', 20_000)).Failure, StringComparison.Ordinal);
        Assert.Contains("longer", Compile(new string('a', 70_000)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_patterns_never_throw()
    {
        var random = new Random(7);
        const string Alphabet = "ab\\()[]{}?*+|^$.:-=<>PQEdwhRKgk12,#'ix&\u00e9";
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = new string([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            var compiled = RegexPattern.Create(new RegexForm(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.None), CaseRule.Exact, pattern);
            compiled.IsMatch("ab12");
            compiled.IsMatch("é");
        }
    }

    /// <summary>The normal form turns a pattern of plain ASCII text into a text comparison; both fold letters alike but for k.</summary>
    [Fact]
    public void Ascii_text_is_folded_alike_by_patterns_and_comparisons_but_for_k()
    {
        for (var letter = ' '; letter < '\u007f'; letter++)
        {
            var pattern = Compile(System.Text.RegularExpressions.Regex.Escape(letter.ToString()), CaseRule.Fold);
            var differing = Enumerable.Range(0, 0x10000).Select(code => ((char)code).ToString())
                .Where(value => pattern.IsMatch(value) != value.Equals(letter.ToString(), StringComparison.OrdinalIgnoreCase))
                .ToArray();
            Assert.Equal(letter is 'k' or 'K' ? ["\u212a"] : [], differing);
        }
    }

    private static RegexPattern Compile(string pattern, CaseRule caseRule = CaseRule.Exact)
        => RegexPatterns.Compile(new RegexForm(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.None), caseRule, pattern);
}
