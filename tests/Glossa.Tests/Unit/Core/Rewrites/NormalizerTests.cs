using Glossa.Core.Ir;
using Glossa.Core.Rewrites;

namespace Glossa.Tests.Unit.Core.Rewrites;

public sealed class NormalizerTests
{
    [Theory]
    [InlineData("(named a (and (eq A \"x\") (and (eq B \"y\"))))", "(and (eq A \"x\") (eq B \"y\"))")]
    [InlineData("(or (eq A \"y\") (eq A \"x\") (eq A \"x\"))", "(eq A \"x\" \"y\")")]
    [InlineData("(or (eq A \"x\") (eq~ A \"y\"))", "(or (eq A \"x\") (eq~ A \"y\"))")]
    [InlineData("(and (eq A \"x\") (eq A \"y\"))", "(and (eq A \"x\") (eq A \"y\"))")]
    [InlineData("(contains A \"x\" \"y\" :all)", "(and (contains A \"x\") (contains A \"y\"))")]
    [InlineData("(not (or (eq A \"x\") (eq B \"y\")))", "(and (not (eq A \"x\")) (not (eq B \"y\")))")]
    [InlineData("(not (or (eq A \"x\") (eq A \"y\")))", "(not (eq A \"x\" \"y\"))")]
    [InlineData("(not (not (lt A 5 :as literal)))", "(lt A 5 :as literal)")]
    [InlineData("(not (lt A 5 :as literal))", "(not (lt A 5 :as literal))")]
    [InlineData("(or (eq A \"x\") (and (eq A \"x\") (eq B \"y\")))", "(eq A \"x\")")]
    [InlineData("(and (eq A \"x\") (or (eq A \"x\") (eq B \"y\")))", "(eq A \"x\")")]
    [InlineData("(and (eq A \"x\") true)", "(eq A \"x\")")]
    [InlineData("(or (eq A \"x\") true)", "true")]
    [InlineData("(not (at_least 2 (eq A \"x\") (eq B \"y\") (eq C \"z\")))", "(at_least 2 (not (eq A \"x\")) (not (eq B \"y\")) (not (eq C \"z\")))")]
    [InlineData("(at_least 1 (eq A \"x\") (eq B \"y\"))", "(or (eq A \"x\") (eq B \"y\"))")]
    [InlineData("(at_least 2 true (eq A \"x\") (eq B \"y\"))", "(or (eq A \"x\") (eq B \"y\"))")]
    [InlineData("(wildcard~ A \"*x*\" \"x*\" \"*x\" \"x\" \"x?y\")", "(or (contains~ A \"x\") (ends_with~ A \"x\") (eq~ A \"x\") (starts_with~ A \"x\") (wildcard~ A \"x?y\"))")]
    [InlineData("(wildcard A \"*\\\\*x*\")", "(contains A \"*x\")")]
    [InlineData("(wildcard A \"a**?b\")", "(wildcard A \"a?*b\")")]
    [InlineData("(regex A \".*ab\\\\.c.*\")", "(contains A \"ab.c\")")]
    [InlineData("(regex A \"^ab\")", "(starts_with A \"ab\")")]
    [InlineData("(regex A \"^ab\" :flags m)", "(regex A \"^ab\" :flags m)")]
    [InlineData("(regex A \"ab$\")", "(regex A \"ab$\")")]
    [InlineData("(regex A \"(?i)ab\")", "(contains~ A \"ab\")")]
    [InlineData("(regex A \"(?i)ka\")", "(regex~ A \"ka\")")]
    [InlineData("(regex A \"a\\\\.*\")", "(regex A \"a\\\\.*\")")]
    [InlineData("(regex A \"a[.*]\")", "(regex A \"a[.*]\")")]
    [InlineData("(missing A)", "(not (present A))")]
    [InlineData("(is_empty A)", "(is_empty A)")]
    [InlineData("(eq A)", "false")]
    [InlineData("(contains A (concat \"x\" \"y\"))", "(contains A \"xy\")")]
    [InlineData("(eq A \"x\" :as literal)", "(eq A \"x\")")]
    [InlineData("(not (opaque \"?\" A))", "(not (opaque \"?\" A))")]
    public void Predicate_becomes(string written, string expected)
    {
        var predicate = IrText.ReadPredicate(written).Value!;
        Assert.Equal(expected, IrText.Write(Normalizer.Normalize(predicate, Nodes(predicate))));
    }

    [Theory]
    [InlineData("(filter (filter (reference m) (eq A \"x\")) (eq B \"y\"))", "(filter (reference m) (and (eq A \"x\") (eq B \"y\")))")]
    [InlineData("(filter (extend (reference m) [C=A]) (eq B \"y\"))", "(extend (filter (reference m) (eq B \"y\")) [C=A])")]
    [InlineData("(filter (extend (reference m) [B=A]) (eq B \"y\"))", "(filter (extend (reference m) [B=A]) (eq B \"y\"))")]
    [InlineData("(filter (extend (filter (reference m) (eq A \"x\")) [C=A]) (eq B \"y\"))", "(extend (filter (reference m) (and (eq A \"x\") (eq B \"y\"))) [C=A])")]
    [InlineData("(filter (summarize (filter (reference m) (eq A \"x\")) [B] []) (eq B \"y\"))", "(filter (summarize (filter (reference m) (eq A \"x\")) [B] []) (eq B \"y\"))")]
    public void Plan_becomes(string written, string expected)
        => Assert.Equal(expected, IrText.Write(Normalizer.Normalize(IrText.ReadLogic(written).Value!)));

    [Fact]
    public void A_gathered_leaf_stands_for_all_it_was_made_of()
    {
        var predicate = IrText.ReadPredicate("(or (eq A \"x\") (named s (eq A \"y\")) (eq B \"z\"))").Value!;
        var normal = Assert.IsType<Predicate.Or>(Normalizer.Normalize(predicate, Nodes(predicate)));
        Assert.Equal([1, 3], Assert.IsType<Predicate.Leaf>(normal.Children[0]).Origin.StandsFor);
    }

    [Theory]
    [InlineData("(eq~ A \"x\")", "(eq~ A \"X\")", true)]
    [InlineData("(eq A \"x\")", "(eq A \"X\")", false)]
    [InlineData("(eq A 5)", "(eq A \"5\")", true)]
    [InlineData("(eq A 5 :as literal)", "(eq A 5.0 :as literal)", true)]
    [InlineData("(eq A 5 :as literal)", "(eq A \"5\" :as literal)", false)]
    [InlineData("(eq A \"a\" \"b\")", "(eq A \"b\" \"a\" \"a\")", true)]
    [InlineData("(contains A \"a\" \"b\")", "(contains A \"a\" \"b\" :all)", false)]
    [InlineData("(cidr A 10.0.0.0/8)", "(cidr A (prefix \"10.0.0.0/8\"))", true)]
    [InlineData("(eq A \"x\")", "(eq (field A :match exact) \"x\")", false)]
    [InlineData("(regex~ A \"x\")", "(regex~ A \"X\")", false)]
    [InlineData("(eq A \"a b\")", "(eq A \"a\" \"b\")", false)]
    public void Keys_are_equal_where_meanings_are(string left, string right, bool areEqual)
        => Assert.Equal(areEqual, LeafKey.Of((Predicate.Leaf)IrText.ReadPredicate(left).Value!) == LeafKey.Of((Predicate.Leaf)IrText.ReadPredicate(right).Value!));

    /// <summary>A key folds text by upper-casing it; comparisons that ignore case must agree on every character.</summary>
    [Fact]
    public void Folding_of_keys_agrees_with_comparisons()
        => Assert.DoesNotContain(
            Enumerable.Range(0, 0x10000).Select(code => ((char)code).ToString()),
            text => !text.Equals(LeafKey.Fold(text), StringComparison.OrdinalIgnoreCase) || LeafKey.Fold(LeafKey.Fold(text)) != LeafKey.Fold(text));

    [Fact]
    public void Hash_is_blind_to_spans_order_and_names_of_bindings()
    {
        Assert.Equal(
            Hash("(logic (let m (filter (scan (log_source :product p)) (named s (or (eq~ A \"x\") (eq~ A \"y\"))))) (reference m))"),
            Hash("(logic (let n (filter (scan (log_source :product p)) (eq~ A \"Y\" \"X\"))) (reference n))"));
        Assert.NotEqual(
            Hash("(filter (scan (log_source :product p)) (eq A \"x\"))"),
            Hash("(filter (scan (log_source :product q)) (eq A \"x\"))"));
    }

    private static string Hash(string text) => LogicHash.Of(Normalizer.Normalize(IrText.ReadLogic(text).Value!));

    private static AuthoredNodes Nodes(Predicate predicate) => new([new Plan.Filter(new Plan.Reference("x"), predicate)]);
}
