using Glossa.Analysis.Witnesses;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Core.Text;
using static Glossa.Tests.Unit.Analysis.Witness.Ir;

namespace Glossa.Tests.Unit.Analysis.Witness;

public sealed class PipelineWitnessTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    public static TheoryData<string, DetectionLogic, int> Pipelines => new()
    {
        { "a count in a window", Over(Counted(Reference("denied"), "count_rows", []), Order(LeafOperator.Ge, Field("n"), 10)), 10 },
        { "more than a count", Over(Counted(Reference("denied"), "count_rows", []), Order(LeafOperator.Gt, Field("n"), 3)), 4 },
        { "fewer than a count", Over(Grouped("count_rows", []), Order(LeafOperator.Lt, Field("n"), 3)), 2 },
        { "exactly a count", Over(Grouped("count_rows", []), Order(LeafOperator.Eq, Field("n"), 5)), 5 },
        { "not that count", Over(Grouped("count_rows", []), Not(Order(LeafOperator.Eq, Field("n"), 1))), 2 },
        { "a range of counts", Over(Grouped("count_rows", []), And(Order(LeafOperator.Gt, Field("n"), 3), Order(LeafOperator.Lt, Field("n"), 6))), 4 },
        { "distinct values", Over(Counted(Reference("denied"), "count_distinct", [Field("port")]), Order(LeafOperator.Ge, Field("n"), 4)), 4 },
        { "distinct values of those the filter names", Over(Counted(Reference("denied"), "count_distinct", [Field("act")]), Order(LeafOperator.Ge, Field("n"), 2)), 2 },
        { "a sum", Over(Counted(Reference("denied"), "sum", [Field("bytes")]), Order(LeafOperator.Gt, Field("n"), 1_000_000)), 1 },
        { "a low average", Over(Grouped("avg", [Field("bytes")]), Order(LeafOperator.Lt, Field("n"), 10)), 1 },
        { "a percentile", Over(Counted(Reference("denied"), "percentile", [Field("bytes"), Number(95)]), Order(LeafOperator.Ge, Field("n"), 500)), 1 },
        { "events of several rules", Over(Counted(new Plan.Union([Reference("denied"), Reference("allowed")]), "count_rows", []), Order(LeafOperator.Ge, Field("n"), 6)), 6 },
        { "two of three rules", Over(Counted(new Plan.Union([Tagged("never"), Tagged("denied"), Tagged("changed")]), "count_distinct", [Field("member")]), Order(LeafOperator.Ge, Field("n"), 2)), 2 },
        { "near, without keys", Logic(new Plan.Sequence(SequenceOrder.Unordered, [new SequenceStep("x", Reference("denied"), [], false), new SequenceStep("y", Reference("changed"), [], false), new SequenceStep("z", Reference("allowed"), [], true)], FiveMinutes)), 2 },
        { "one rule after another", Logic(Sequence(SequenceOrder.Ordered, ("denied", false, "user"), ("allowed", false, "user"))), 2 },
        { "rules in any order, by fields of different names", Logic(Sequence(SequenceOrder.Unordered, ("denied", false, "user"), ("changed", false, "actor"))), 2 },
        { "a rule without another", Logic(Sequence(SequenceOrder.Unordered, ("denied", false, "user"), ("changed", true, "actor"))), 1 },
        { "a count of counts", Nested(), 12 },
        { "an alias over a window", Over(Counted(new Plan.Union([Aliased("denied", "user"), Aliased("changed", "actor")]), "count_rows", [], "who"), Order(LeafOperator.Ge, Field("n"), 4)), 4 },
        { "one of two sequences", Logic(new Plan.Union([Sequence(SequenceOrder.Ordered, ("never", false, "user"), ("denied", false, "user")), Sequence(SequenceOrder.Ordered, ("denied", false, "user"), ("allowed", false, "user"))])), 2 },
    };

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Run_of_events_yields_a_row(string name, DetectionLogic logic, int events)
    {
        var result = WitnessGenerator.ForLogic(logic);

        Assert.True(result.Witness is not null, $"{name}: {result.Why}");
        Assert.NotEmpty(new ReferenceEvaluator(result.Witness.Values).Run(logic, result.Witness.Events, applyGates: true));
        Assert.Equal(events, result.Witness.Events.Count);
        Assert.Equal(result.Witness.Events.Select(e => e.Time).Order(), result.Witness.Events.Select(e => e.Time));
    }

    [Fact]
    public void Candidate_is_confirmed_by_its_witness()
    {
        var confirmed = FidelityConfirmation.Confirm(Rule(Logic(new Plan.Filter(Scan(), Leaf(LeafOperator.Eq, "a", "1")))));

        Assert.Equal(FidelityLevel.Exact, confirmed.Fidelity.Level);
        Assert.Single(confirmed.Witness!.Events);
        Assert.Null(confirmed.Why);
    }

    [Fact]
    public void Candidate_that_nothing_fires_is_not_exact()
    {
        var never = And(Leaf(LeafOperator.Eq, "a", "1"), Not(Leaf(LeafOperator.Contains, "a", "1")));
        var confirmed = FidelityConfirmation.Confirm(Rule(Logic(new Plan.Filter(Scan(), never))));

        Assert.Equal(FidelityLevel.Approximate, confirmed.Fidelity.Level);
        Assert.Contains("no value found for a", confirmed.Why, StringComparison.Ordinal);
        Assert.Equal(confirmed.Why, Assert.Single(confirmed.Fidelity.Reasons).Text);
    }

    [Fact]
    public void Candidate_that_contradicts_its_log_source_is_not_exact()
    {
        var gate = Leaf(LeafOperator.Eq, "Channel", "Lab") with { Origin = Origin.Of(default, OriginKind.Gate) };
        var scan = new Plan.Scan(new ScanSource.LogSource("windows", null, "lab"), FieldPath.TimeColumn, gate);
        foreach (var contradiction in new Predicate[] { Leaf(LeafOperator.Eq, "Channel", "Other"), Not(Leaf(LeafOperator.Eq, "Channel", "Lab")) })
        {
            var confirmed = FidelityConfirmation.Confirm(Rule(Logic(new Plan.Filter(scan, contradiction))));

            Assert.Equal(FidelityLevel.Approximate, confirmed.Fidelity.Level);
            Assert.Equal("contradicts its log source", Assert.Single(confirmed.Fidelity.Reasons).Construct);
        }
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(long.MaxValue)]
    public void Pipeline_that_needs_more_events_than_we_write_is_exact_once_its_stages_ran(long count)
    {
        var confirmed = FidelityConfirmation.Confirm(Rule(Over(Counted(Reference("denied"), "count_rows", []), Order(LeafOperator.Ge, Field("n"), count))));

        Assert.Equal(FidelityLevel.Exact, confirmed.Fidelity.Level);
        Assert.Single(confirmed.Witness!.Events);
    }

    [Theory]
    [InlineData("denied", false, FidelityLevel.Exact)]
    [InlineData("never", false, FidelityLevel.Approximate)]
    [InlineData("never", true, FidelityLevel.Exact)]
    public void Pipeline_is_not_exact_while_one_of_its_filters_lets_nothing_through(string other, bool missing, FidelityLevel level)
    {
        var both = Sequence(SequenceOrder.Unordered, ("allowed", false, "user"), (other, missing, "user"));
        var logic = Over(Counted(both, "count_rows", []), Order(LeafOperator.Ge, Field("n"), 100_000));

        Assert.Equal(level, FidelityConfirmation.Confirm(Rule(logic)).Fidelity.Level);
    }

    [Fact]
    public void Opaque_parts_are_never_exact()
    {
        Assert.Equal(FidelityLevel.Unsupported, Level(new Plan.Opaque([Scan()], "near", "no meaning")));
        Assert.Equal(FidelityLevel.Unsupported, Level(new Plan.Filter(Scan(), new Predicate.Opaque("no meaning", []))));
        Assert.Equal(FidelityLevel.Approximate, Level(new Plan.Filter(Scan(), Or(new Predicate.Opaque("no meaning", []), Leaf(LeafOperator.Eq, "a", "1")))));
        Assert.Equal(FidelityLevel.Unsupported, Level(new Plan.Filter(Scan(), new Predicate.Leaf(LeafOperator.Eq, Field("a"), [new ValueExpression.Opaque("no meaning", [])]))));
        Assert.Equal(FidelityLevel.Unsupported, Level(new Plan.Filter(Scan(), new Predicate.Leaf(LeafOperator.Eq, new ValueExpression.Call("no_such_function", [Field("a")]), [Text("1")]))));
        Assert.Equal(FidelityLevel.Unsupported, Level(new Plan.Filter(new Plan.Window(Scan(), [], FieldPath.TimeColumn, FiveMinutes, [new NamedAggregate("n", new AggregateCall("no_such_aggregate", []))]), Order(LeafOperator.Ge, Field("n"), 1))));
    }

    [Fact]
    public void What_lowering_lowered_stays_so()
    {
        var logic = Logic(new Plan.Filter(Scan(), Leaf(LeafOperator.Eq, "a", "1")));
        var fidelity = new Fidelity(FidelityLevel.Approximate, [new FidelityReason(null, "construct", "text")], []);

        Assert.Same(fidelity, FidelityConfirmation.Confirm(Rule(logic) with { Fidelity = fidelity }).Fidelity);
        Assert.Equal(FidelityLevel.NoLogic, FidelityConfirmation.Confirm(Rule(logic) with { Logic = null, Fidelity = Fidelity.NoLogic }).Fidelity.Level);
    }

    private static FidelityLevel Level(Plan root) => FidelityConfirmation.Confirm(Rule(Logic(root))).Fidelity.Level;

    private static Plan.Scan Scan() => new(new ScanSource.LogSource(null, "firewall", null), FieldPath.TimeColumn, null);

    private static Plan.Reference Reference(string binding) => new(binding);

    private static Plan.Window Counted(Plan input, string function, IrList<ValueExpression> arguments, string key = "user")
        => new(input, [new GroupKey(key, Field(key), NullKeys.Drop)], FieldPath.TimeColumn, FiveMinutes, [new NamedAggregate("n", new AggregateCall(function, arguments))]);

    private static Plan.Summarize Grouped(string function, IrList<ValueExpression> arguments)
        => new(
            Reference("denied"),
            [
                new GroupKey("bucket", new ValueExpression.Call("bin", [Field(FieldPath.TimeColumn), new ValueExpression.Literal(new Value.Duration(FiveMinutes))]), NullKeys.Drop),
                new GroupKey("user", Field("user"), NullKeys.Drop),
            ],
            [new NamedAggregate("n", new AggregateCall(function, arguments))]);

    private static Plan.Extend Aliased(string binding, string field) => new(Reference(binding), [new NamedExpression("who", Field(field))]);

    private static Plan.Extend Tagged(string binding) => new(Reference(binding), [new NamedExpression("member", Text(binding))]);

    private static Plan.Sequence Sequence(SequenceOrder order, params (string Binding, bool Missing, string Key)[] steps)
        => new(
            order,
            steps.Select((step, index) => new SequenceStep("s" + index, Reference(step.Binding), [new GroupKey("who", Field(step.Key), NullKeys.Drop)], step.Missing)).ToIrList(),
            FiveMinutes);

    private static DetectionLogic Over(Plan input, Predicate condition) => Logic(new Plan.Filter(input, condition));

    private static DetectionLogic Nested()
    {
        var burst = new Plan.Filter(Counted(Reference("denied"), "count_rows", []), Order(LeafOperator.Ge, Field("n"), 4));
        var bursts = new Plan.Window(Reference("burst"), [new GroupKey("user", Field("user"), NullKeys.Drop)], FieldPath.TimeColumn, FiveMinutes, [new NamedAggregate("m", new AggregateCall("count_rows", []))]);
        var logic = Logic(new Plan.Filter(bursts, Order(LeafOperator.Ge, Field("m"), 3)));
        return logic with { Bindings = [.. logic.Bindings, new PlanBinding("burst", "burst", burst)] };
    }

    private static DetectionLogic Logic(Plan root) => new(
        [
            new PlanBinding("denied", "denied", new Plan.Filter(Scan(), And(Leaf(LeafOperator.Eq, "act", "deny", "drop"), Not(Leaf(LeafOperator.Eq, "user", "alice"))))),
            new PlanBinding("allowed", "allowed", new Plan.Filter(Scan(), And(Leaf(LeafOperator.Eq, "act", "allow"), Leaf(LeafOperator.Eq, "user", "root")))),
            new PlanBinding("changed", "changed", new Plan.Filter(Scan(), Leaf(LeafOperator.Eq, "op", "change"))),
            new PlanBinding("never", "never", new Plan.Filter(Scan(), new Predicate.Constant(false))),
        ],
        root,
        [],
        [],
        null,
        Fidelity.Exact);

    private static DetectionRule Rule(DetectionLogic logic) => new(
        new RuleMetadata { Id = "r", Title = "r", Family = "test", File = "r" },
        null,
        QueryText.FromText(""),
        "test",
        logic,
        null,
        new AlertTemplate(Text("r"), Severity.Low, null, [], []),
        null,
        Fidelity.Exact,
        [],
        []);
}
