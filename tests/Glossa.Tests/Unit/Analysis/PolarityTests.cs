using Glossa.Analysis;
using Glossa.Core.Ir;

namespace Glossa.Tests.Unit.Analysis;

/// <summary>What a predicate is for follows from where it stands, never from its name.</summary>
public sealed class PolarityTests
{
    [Fact]
    public void Or_under_not_excludes_each()
        => Roles(
            "(and (eq~ Image \"a\") (not (or (eq~ User \"b\") (eq~ User \"c\"))))",
            "indicator rule a",
            "exclusion rule b",
            "exclusion rule c");

    [Fact]
    public void And_under_not_is_one_exclusion_of_both()
        => Roles(
            "(and (eq~ Image \"a\") (not (and (eq~ User \"b\") (eq~ Host \"c\"))))",
            "indicator rule a",
            "exclusion rule b",
            "exclusion rule c");

    [Fact]
    public void Negation_in_an_alternative_is_an_exclusion_and_the_rest_of_it_a_branch()
        => Roles(
            "(or (eq~ Image \"a\") (not (eq~ User \"b\")))",
            "indicator branch a",
            "exclusion rule b");

    [Fact]
    public void Early_return_is_an_exclusion()
        => Roles(
            "(and (not (eq~ User \"b\")) (eq~ Image \"a\"))",
            "exclusion rule b",
            "indicator rule a");

    [Fact]
    public void Not_x_or_x_is_empty_excludes_x_and_excepts_emptiness()
        => Roles(
            "(and (eq~ Image \"a\") (or (not (eq~ User \"b\")) (is_empty User)))",
            "indicator rule a",
            "exclusion rule b",
            "exception rule is_empty");

    [Fact]
    public void Filters_of_branches_stay_in_their_branch()
        => Roles(
            "(or (and (eq~ Image \"a\") (not (eq~ User \"b\"))) (and (eq~ Image \"c\") (not (eq~ User \"d\"))))",
            "indicator branch a",
            "exclusion branch b",
            "indicator branch c",
            "exclusion branch d");

    [Fact]
    public void What_a_not_inside_of_a_not_lets_back_in_is_an_exception()
        => Roles(
            "(and (eq~ Image \"a\") (not (and (eq~ User \"b\") (not (eq~ Host \"c\")))))",
            "indicator rule a",
            "exclusion rule b",
            "exception rule c");

    [Fact]
    public void Wholly_negated_rule_has_exclusions_only()
        => Roles(
            "(not (or (eq~ User \"b\") (eq~ Host \"c\")))",
            "exclusion rule b",
            "exclusion rule c");

    [Fact]
    public void Double_negation_that_cancels_out_is_an_indicator()
        => Roles(
            "(and (eq~ Image \"a\") (not (not (eq~ User \"b\"))))",
            "indicator rule a",
            "indicator rule b");

    [Fact]
    public void Names_play_no_part()
        => Roles(
            "(and (named filter_main (eq~ Image \"a\")) (not (named selection (eq~ User \"b\"))))",
            "indicator rule a",
            "exclusion rule b");

    [Fact]
    public void One_of_many_is_an_alternative_and_all_of_many_is_not()
    {
        Roles("(at_least 2 (eq~ Image \"a\") (eq~ User \"b\") (eq~ Host \"c\"))", "indicator branch a", "indicator branch b", "indicator branch c");
        Roles("(at_least 2 (eq~ Image \"a\") (eq~ User \"b\"))", "indicator rule a", "indicator rule b");
    }

    [Fact]
    public void Guards_make_no_rows()
        => Roles("(and (has_value :guard User) (not (eq~ User \"b\")))", "exclusion rule b");

    [Fact]
    public void A_part_named_twice_is_listed_once()
    {
        const string Part = "(eq~ Image \"a\")";
        var analysis = RuleAnalyzer.Analyze(Rules.Of($"(or (and (named s {Part}) (not (eq~ User \"b\"))) (and (named s {Part}) (not (eq~ User \"c\"))))"));

        // The reader of the test makes two nodes of it, so both stand here; what lowering shares is one node.
        Assert.Equal(4, analysis.Rows.Count);
    }

    [Fact]
    public void Comparisons_of_computed_columns_are_facts_not_rows()
    {
        var analysis = RuleAnalyzer.Analyze(Rules.OfPlan(
            $"(logic (let m :name \"logons\" (filter (scan {Rules.WindowsProcess}) (eq~ Image \"a\"))) (filter (window (reference m) :partition [User] :order \"#time\" :range 5m [n=(count_rows)]) (ge n 10 :as literal)))"));

        Assert.Equal(["a"], analysis.Rows.SelectMany(row => row.Values).Select(value => value.Text));
        Assert.Equal(
            [("Group by", "User"), ("Time window", "5m"), ("Threshold", "number of events >= 10")],
            analysis.Facts.Select(fact => (fact.Name, fact.Value)));
        Assert.Equal(["logons", "window", "filter"], analysis.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void A_tree_of_any_depth_is_walked_or_named()
    {
        const int Depth = 100_000;
        var predicate = (Predicate)new Predicate.Leaf(LeafOperator.Eq, new ValueExpression.Field(FieldPath.Named("Image")), []);
        for (var i = 0; i < Depth; i++)
        {
            predicate = new Predicate.Not(predicate);
        }

        var rule = Rules.Of("(eq~ Image \"a\")");
        var filter = (Plan.Filter)rule.Logic!.Root;
        var analysis = RuleAnalyzer.Analyze(rule with { Logic = rule.Logic with { Root = filter with { Predicate = predicate } } });

        Assert.True(analysis.Rows.Count + analysis.NotModelled.Count > 0);
    }

    private static void Roles(string predicate, params string[] expected)
    {
        var analysis = RuleAnalyzer.Analyze(Rules.Of(predicate));

        Assert.Equal(
            expected,
            analysis.Rows.Select(row => $"{row.Role.ToString().ToLowerInvariant()} {row.Scope} {(row.Values[0].Text.Length > 0 ? row.Values[0].Text : row.Kind)}"));
    }
}
