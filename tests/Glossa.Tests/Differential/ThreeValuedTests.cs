using FsCheck;
using FsCheck.Fluent;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rewrites;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Differential;

/// <summary>The rewrite from three truth values to two, against an evaluator that has three.</summary>
public sealed class ThreeValuedTests
{
    private static readonly ReferenceEvaluator Evaluator = new();

    private static readonly Gen<Predicate> Leaf =
        from name in Gen.Elements("A", "B", "C")
        from wanted in Gen.Elements("x", "y")
        from presence in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        select (Predicate)(presence
            ? new Predicate.Leaf(LeafOperator.HasValue, Field(name), [])
            : new Predicate.Leaf(LeafOperator.Eq, Field(name), [new ValueExpression.Literal(new Value.Text(wanted))]));

    private static readonly Gen<Predicate> Formula = Gen.Sized(size => FormulaOf(Math.Min(size / 8, 5)));

    /// <summary>Each field missing, null, empty, of one value or of another.</summary>
    private static readonly MapEvent[] Rows =
    [
        .. from a in Values from b in Values from c in Values
           select new MapEvent(new Value.Map([.. new[] { ("A", a), ("B", b), ("C", c) }.Where(item => item.Item2 is not null).Select(item => KeyValuePair.Create(item.Item1, item.Item2!))])),
    ];

    private static Value?[] Values => [null, Value.Null.Instance, new Value.List([]), new Value.Text("x"), new Value.Text("y"), new Value.List([new Value.Text("x"), new Value.Text("z")])];

    [Theory]
    [InlineData(ThreeValuedLogic.Kleene)]
    [InlineData(ThreeValuedLogic.Sequential)]
    public void Rewritten_holds_exactly_where_the_original_is_true(ThreeValuedLogic logic)
        => Samples.Hold(
            Formula,
            formula =>
            {
                var rewritten = ThreeValued.Rewrite(formula, logic, ThreeValued.HasValueGuard);
                foreach (var row in Rows)
                {
                    if (Evaluator.Evaluate(rewritten, row) == Truth.True != (Judge(formula, row, logic) == true))
                    {
                        return $"{IrText.Write(formula)} became {IrText.Write(rewritten)} and differs on {row.Fields}";
                    }
                }

                return null;
            },
            count: 3_000);

    [Fact]
    public void Guards_stand_only_where_something_is_negated()
        => Samples.Hold(
            Formula,
            formula => !formula.DescendantsAndSelf().Any(node => node is Predicate.Not)
                && ThreeValued.Rewrite(formula, ThreeValuedLogic.Kleene, ThreeValued.HasValueGuard) is var rewritten && !rewritten.Equals(formula)
                ? IrText.Write(rewritten)
                : null,
            count: 2_000);

    [Theory]
    [InlineData("(not (eq A \"x\"))", "(and (has_value :guard A) (not (eq A \"x\")))")]
    [InlineData("(not (or (eq A \"x\") (eq B \"y\")))", "(and (has_value :guard A) (has_value :guard B) (not (or (eq A \"x\") (eq B \"y\"))))")]
    [InlineData("(not (named s (or (eq A \"x\") (eq A \"y\"))))", "(and (has_value :guard A) (not (named s (or (eq A \"x\") (eq A \"y\")))))")]
    [InlineData("(not (and (eq A \"x\") (eq B \"y\")))", "(or (and (has_value :guard A) (not (eq A \"x\"))) (and (has_value :guard B) (not (eq B \"y\"))))")]
    [InlineData("(not (not (eq A \"x\")))", "(eq A \"x\")")]
    [InlineData("(not (present A))", "(not (present A))")]
    [InlineData("(not (eq A B))", "(and (and :guard (has_value A) (has_value B)) (not (eq A B)))")]
    public void Kleene_keeps_the_authors_shape(string written, string expected)
        => Assert.Equal(expected, IrText.Write(ThreeValued.Rewrite(IrText.ReadPredicate(written).Value!, ThreeValuedLogic.Kleene, ThreeValued.HasValueGuard)));

    [Fact]
    public void Sequential_shares_the_parts_of_a_long_chain()
    {
        Predicate chain = new Predicate.Leaf(LeafOperator.Eq, Field("A"), [new ValueExpression.Literal(new Value.Text("x"))]);
        for (var i = 0; i < 60; i++)
        {
            chain = new Predicate.Or([new Predicate.And([chain, new Predicate.Leaf(LeafOperator.Eq, Field("B"), [new ValueExpression.Literal(new Value.Text("x"))])]), new Predicate.Leaf(LeafOperator.Eq, Field("C"), [])]);
        }

        // As a tree it would have more than 2^60 nodes; asked on one row, left to right, it is decided by its parts once.
        var distinct = new HashSet<Predicate>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<Predicate>([ThreeValued.Rewrite(chain, ThreeValuedLogic.Sequential, ThreeValued.HasValueGuard)]);
        while (pending.TryPop(out var node))
        {
            if (distinct.Add(node))
            {
                foreach (var child in node.Children())
                {
                    pending.Push(child);
                }
            }
        }

        Assert.InRange(distinct.Count, 100, 2_000);
    }

    private static ValueExpression.Field Field(string name) => new(FieldPath.Named(name));

    private static Gen<Predicate> FormulaOf(int depth)
    {
        if (depth <= 0)
        {
            return Leaf;
        }

        var children = FormulaOf(depth - 1).ListOf().Select(list => list.Take(3).ToArray());
        return Gen.Frequency(
            (3, Leaf),
            (3, children.Select(list => (Predicate)new Predicate.And([.. list]))),
            (3, children.Select(list => (Predicate)new Predicate.Or([.. list]))),
            (4, FormulaOf(depth - 1).Select(child => (Predicate)new Predicate.Not(child))),
            (1, children.SelectMany(list => Gen.Choose(0, 3).Select(count => (Predicate)new Predicate.AtLeast(count, [.. list])))),
            (1, FormulaOf(depth - 1).Select(child => (Predicate)new Predicate.Named("s", NameKind.Selection, child))),
            (1, Gen.Elements(true, false).Select(value => (Predicate)new Predicate.Constant(value))));
    }

    /// <summary>True, false or null, the third value, by the truth tables themselves.</summary>
    private static bool? Judge(Predicate predicate, MapEvent row, ThreeValuedLogic logic)
    {
        switch (predicate)
        {
            case Predicate.Leaf leaf:
                return ThreeValued.HasValueGuard(leaf) is { } guard && Evaluator.Evaluate(guard, row) == Truth.False ? null : Evaluator.Evaluate(leaf, row) == Truth.True;
            case Predicate.Constant constant:
                return constant.Value;
            case Predicate.Named named:
                return Judge(named.Child, row, logic);
            case Predicate.Not not:
                return !Judge(not.Child, row, logic);
            case Predicate.AtLeast atLeast:
                var answers = atLeast.Children.Select(child => Judge(child, row, logic)).ToArray();
                var certain = answers.Count(answer => answer == true);
                var possible = certain + answers.Count(answer => answer is null);
                return logic == ThreeValuedLogic.Sequential && answers.Any(answer => answer is null) ? null
                    : certain >= atLeast.Count ? true
                    : possible < atLeast.Count ? false
                    : null;
            default:
                var ending = predicate is Predicate.Or;
                bool? result = !ending;
                foreach (var child in predicate.Children())
                {
                    var answer = Judge(child, row, logic);
                    if (answer == ending)
                    {
                        return ending;
                    }

                    if (answer is null)
                    {
                        if (logic == ThreeValuedLogic.Sequential)
                        {
                            return null;
                        }

                        result = null;
                    }
                }

                return result;
        }
    }
}
