using Glossa.Analysis.Witnesses;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using static Glossa.Tests.Unit.Analysis.Witness.Ir;

namespace Glossa.Tests.Unit.Analysis.Witness;

/// <summary>
/// Random formulas over few fields and words, so that their parts get in each other's way. Which of them some event fires is known
/// from trying random events, so the finder is measured against formulas that are satisfiable for certain.
/// </summary>
public sealed class WitnessPropertyTests
{
    private const int Formulas = 3_000;
    private const int EventsPerFormula = 60;

    private static readonly string[] Fields = ["a", "b", "c"];
    private static readonly string[] Words = ["ab", "b", "bc", "abc", "x", "xab", "", "7", "12", "10.0.0.7", "10.1.2.3"];
    private static readonly string[] Patterns = ["^a", "b+c?$", "[^a]b", @"\d+", "^(?:ab|x)*$", "a.b", @"\b7\b", "(?i)AB", "^.{2,3}$"];
    private static readonly string[] Wildcards = ["a*", "*b", "*b*c*", "?b*", "a?c", "*"];

    [Fact]
    public void Witnesses_are_true_and_are_found_for_nearly_every_satisfiable_formula()
    {
        var random = new Random(20_260_102);
        var judge = new ReferenceEvaluator();
        int satisfiable = 0, found = 0;
        var missed = new List<string>();
        for (var i = 0; i < Formulas; i++)
        {
            var formula = Formula(random, 3);
            var result = WitnessGenerator.ForPredicate(formula);
            if (result.Witness is { } witness)
            {
                Assert.True(judge.Evaluate(formula, witness.Events[0]) == Truth.True, $"wrong witness for {IrText.Write(formula)}");
            }
            else
            {
                Assert.False(string.IsNullOrEmpty(result.Why));
            }

            if (Enumerable.Range(0, EventsPerFormula).Any(_ => judge.Evaluate(formula, RandomEvent(random)) == Truth.True))
            {
                satisfiable++;
                if (result.Witness is not null)
                {
                    found++;
                }
                else
                {
                    missed.Add($"{IrText.Write(formula)}: {result.Why}");
                }
            }
        }

        Assert.InRange(satisfiable, Formulas / 2, Formulas);
        Assert.True(found >= 0.99 * satisfiable, $"{found} of {satisfiable}\n{string.Join('\n', missed.Take(20))}");
    }

    private static Predicate Formula(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
        {
            return RandomLeaf(random);
        }

        var children = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Formula(random, depth - 1)).ToIrList();
        return random.Next(7) switch
        {
            0 or 1 => new Predicate.And(children),
            2 or 3 => new Predicate.Or(children),
            4 => new Predicate.AtLeast(random.Next(1, children.Count + 1), children),
            5 => new Predicate.Named("n", NameKind.Selection, children[0]),
            _ => new Predicate.Not(children[0]),
        };
    }

    private static Predicate.Leaf RandomLeaf(Random random)
    {
        var field = Pick(random, Fields);
        var words = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(random, Words)).ToArray();
        var leaf = random.Next(12) switch
        {
            0 => Leaf(LeafOperator.Eq, field, words),
            1 => Leaf(LeafOperator.Contains, field, words),
            2 => Leaf(LeafOperator.StartsWith, field, words),
            3 => Leaf(LeafOperator.EndsWith, field, words),
            4 => Leaf(LeafOperator.Wildcard, field, Pick(random, Wildcards), Pick(random, Wildcards)),
            5 => Regex(field, Pick(random, Patterns)),
            6 => new Predicate.Leaf(LeafOperator.Cidr, Field(field), [Prefix(random.Next(2) == 0 ? "10.0.0.0/8" : "10.1.0.0/16")]),
            7 => Order((LeafOperator)random.Next((int)LeafOperator.Lt, (int)LeafOperator.Ge + 1), Field(field), random.Next(5, 14)),
            8 => new Predicate.Leaf((LeafOperator)random.Next((int)LeafOperator.Present, (int)LeafOperator.IsEmpty + 1), Field(field), []),
            9 => new Predicate.Leaf((LeafOperator)random.Next((int)LeafOperator.Eq, (int)LeafOperator.EndsWith + 1), Field(field), [Field(Pick(random, Fields))], Case: CaseRule.Fold),
            10 => Keyword(LeafOperator.Contains, words),
            _ => Leaf(LeafOperator.Contains, field, words),
        };
        return leaf with
        {
            Match = random.Next(4) == 0 ? MatchMode.All : MatchMode.Any,
            Case = random.Next(3) == 0 ? CaseRule.Exact : CaseRule.Fold,
        };
    }

    private static MapEvent RandomEvent(Random random)
    {
        var entries = new List<KeyValuePair<string, Value>>();
        foreach (var field in Fields)
        {
            switch (random.Next(8))
            {
                case 0 or 1:
                    break;
                case 2:
                    entries.Add(new(field, new Value.List([RandomValue(random), RandomValue(random)])));
                    break;
                case 3:
                    entries.Add(new(field, Value.Null.Instance));
                    break;
                default:
                    entries.Add(new(field, RandomValue(random)));
                    break;
            }
        }

        return new MapEvent(new Value.Map(entries));
    }

    private static Value RandomValue(Random random)
        => random.Next(4) == 0 ? new Value.Integer(random.Next(3, 16)) : new Value.Text(Pick(random, Words) + (random.Next(2) == 0 ? Pick(random, Words) : ""));

    private static string Pick(Random random, string[] of) => of[random.Next(of.Length)];
}
