using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Differential;

public sealed class WildcardPatternTests
{
    [Fact]
    public void Matches_what_the_same_regular_expression_matches()
        => Samples.Hold(
            from pattern in Gen.Elements('a', 'b', '*', '*', '?', '\\', 'B').ArrayOf(7)
            from value in Gen.Elements('a', 'b', 'A', '*', '\\', '\n').ArrayOf(6)
            from cut in Gen.Choose(0, 7)
            from caseRule in Gen.Elements(CaseRule.Exact, CaseRule.Fold)
            select (Pattern: new string(pattern)[..cut], Value: new string(value)[..Math.Min(6, cut + 1)], caseRule),
            sample =>
            {
                var tokens = WildcardPattern.Parse(sample.Pattern);
                var expected = Regex.IsMatch(
                    sample.Value,
                    Naive(tokens),
                    RegexOptions.Singleline | RegexOptions.CultureInvariant | (sample.caseRule == CaseRule.Fold ? RegexOptions.IgnoreCase : RegexOptions.None),
                    TimeSpan.FromSeconds(5));
                return WildcardPattern.IsMatch(tokens.ToArray(), sample.Value, sample.caseRule) == expected ? null : $"'{sample.Pattern}' on '{sample.Value}' should be {expected}";
            },
            count: 20_000);

    [Fact]
    public void Written_and_parsed_is_itself()
        => Samples.Hold(
            Gen.Elements('a', '*', '?', '\\').ArrayOf(8).Select(characters => new string(characters)),
            pattern =>
            {
                var tokens = WildcardPattern.Parse(pattern);
                return WildcardPattern.Parse(WildcardPattern.Write(tokens)).SequenceEqual(tokens) ? null : pattern;
            },
            count: 5_000);

    [Fact]
    public void A_value_that_almost_fits_many_runs_is_decided_at_once()
    {
        var tokens = WildcardPattern.Parse(string.Concat(Enumerable.Repeat("a*", 200)) + "b").ToArray();
        var started = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(WildcardPattern.IsMatch(tokens, new string('a', 20_000), CaseRule.Fold));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(10), $"took {started.Elapsed}");
    }

    private static string Naive(IEnumerable<WildcardToken> tokens)
    {
        var pattern = new StringBuilder(@"\A");
        foreach (var token in tokens)
        {
            pattern.Append(token.Kind switch
            {
                WildcardTokenKind.AnyRun => ".*",
                WildcardTokenKind.AnyOne => ".",
                _ => Regex.Escape(token.Text),
            });
        }

        return pattern.Append(@"\z").ToString();
    }
}
