using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Unit.Core.Semantics;

public sealed class ReferenceEvaluatorTests
{
    private const string Scan = "(scan (log_source :product windows))";

    private static readonly DateTimeOffset Start = new(2024, 5, 6, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("(opaque \"?\")", Truth.Undecided)]
    [InlineData("(not (opaque \"?\"))", Truth.Undecided)]
    [InlineData("(and (eq A \"a\") (opaque \"?\"))", Truth.Undecided)]
    [InlineData("(and (eq A \"b\") (opaque \"?\"))", Truth.False)]
    [InlineData("(or (eq A \"a\") (opaque \"?\"))", Truth.True)]
    [InlineData("(or (opaque \"?\") (not (opaque \"?\")))", Truth.Undecided)]
    [InlineData("(at_least 2 (eq A \"a\") (opaque \"?\") (opaque \"!\"))", Truth.Undecided)]
    [InlineData("(at_least 2 (eq A \"a\") (eq A \"b\") (opaque \"!\"))", Truth.Undecided)]
    [InlineData("(at_least 3 (eq A \"a\") (eq A \"b\") (opaque \"!\"))", Truth.False)]
    [InlineData("(at_least 0)", Truth.True)]
    [InlineData("(eq A (opaque \"?\"))", Truth.Undecided)]
    [InlineData("(eq A (no_such_function))", Truth.Undecided)]
    [InlineData("(and)", Truth.True)]
    [InlineData("(or)", Truth.False)]
    public void Opaque_parts_leave_undecided_only_what_hangs_on_them(string predicate, Truth expected)
    {
        var read = IrText.ReadPredicate(predicate).Value!;
        var item = At(0, ("A", "a"));
        Assert.Equal(expected, new ReferenceEvaluator().Evaluate(read, item));
        Assert.Equal(expected, new ReferenceEvaluator().Explain(read, item).Result);
    }

    [Fact]
    public void Explanation_names_the_leaf_that_failed_and_what_stood_there()
    {
        var predicate = IrText.ReadPredicate("(and (named s (and (eq A \"a\") (ends_with~ B \".EXE\"))) (not (named f (eq C \"x\"))))").Value!;
        var explanation = new ReferenceEvaluator().Explain(predicate, At(0, ("A", "a"), ("B", "c.dll")));
        var failed = Assert.Single(explanation.Decisive());
        Assert.Equal("(ends_with~ B \".EXE\")", IrText.Write(failed.Predicate));
        Assert.Equal(new Value.Text("c.dll"), failed.Subject);
        Assert.Equal([new Value.Text(".EXE")], failed.Operands);
    }

    [Fact]
    public void Deep_predicates_end_undecided_and_not_in_a_crash()
    {
        Predicate deep = new Predicate.Constant(true);
        for (var i = 0; i < 200_000; i++)
        {
            deep = new Predicate.Not(deep);
        }

        Assert.Equal(Truth.Undecided, new ReferenceEvaluator().Evaluate(deep, At(0)));
    }

    [Fact]
    public void Gates_are_applied_only_when_asked()
    {
        var logic = Read("(filter (scan (log_source :product windows) :gate (eq C \"on\")) (has_value A))");
        IEvent[] events = [At(0, ("A", "1"), ("C", "on")), At(1, ("A", "2"))];
        Assert.Single(new ReferenceEvaluator().Run(logic, events, applyGates: true));
        Assert.Equal(2, new ReferenceEvaluator().Run(logic, events, applyGates: false).Count);
    }

    [Fact]
    public void Undecided_rows_are_left_out_and_counted_with_the_reason()
    {
        var rows = new ReferenceEvaluator().Run(Read($"(filter {Scan} (and (has_value A) (opaque \"no such word\")))"), [At(0, ("A", "1")), At(1)], applyGates: false);
        Assert.Empty(rows);
        Assert.Equal(1, rows.Undecided);
        Assert.Equal(["no such word"], rows.Reasons);
    }

    [Fact]
    public void Lists_are_found_by_the_name_of_the_input()
    {
        var logic = Read($"(logic (input p1 value_list \"admins\") (filter {Scan} (eq A (external_value p1))))");
        var lists = new ExternalValues(new Dictionary<string, IReadOnlyList<string>> { ["admins"] = ["root"] });
        Assert.Single(new ReferenceEvaluator(lists).Run(logic, [At(0, ("A", "root")), At(1, ("A", "p1"))], applyGates: false));
    }

    /// <summary>Events of one user at the minutes given; the window looks back ten minutes, both ends included.</summary>
    [Theory]
    [InlineData("0 5 10", "1 2 3")]
    [InlineData("0 10 11", "1 2 2")]
    [InlineData("5 0 5 5", "2 1 3 4")]
    [InlineData("30 0", "1 1")]
    public void Window_looks_back_along_time(string minutes, string counts)
    {
        var logic = Read($"(window {Scan} :partition [U] :order #time :range 10m [n=(count_rows)])");
        var rows = new ReferenceEvaluator().Run(logic, [.. minutes.Split(' ').Select(minute => At(int.Parse(minute, System.Globalization.CultureInfo.InvariantCulture), ("U", "u")))], applyGates: false);
        Assert.Equal(counts, string.Join(' ', rows.Select(row => Column(row, "n"))));
    }

    [Fact]
    public void Window_keeps_partitions_apart_and_drops_or_groups_rows_without_a_key()
    {
        IEvent[] events = [At(0, ("U", "a")), At(1, ("U", "b")), At(2), At(3), At(4, ("U", "a"))];
        Assert.Equal("1 1 1 2 2", Counts("[U]"));
        Assert.Equal("1 1 2", Counts("[U :drop]"));

        string Counts(string keys)
            => string.Join(' ', new ReferenceEvaluator().Run(Read($"(window {Scan} :partition {keys} :order #time :range 1h [n=(count_rows)])"), events, applyGates: false).Select(row => Column(row, "n")));
    }

    [Fact]
    public void Summarize_gives_a_row_a_group_with_its_events()
    {
        var logic = Read($"(filter (summarize {Scan} [t=(bin #time 5m) U] [n=(count_distinct H)]) (ge n 2 :as literal))");
        var rows = new ReferenceEvaluator().Run(logic, [At(0, ("U", "a"), ("H", "1")), At(4, ("U", "a"), ("H", "2")), At(5, ("U", "a"), ("H", "3")), At(4, ("U", "b"), ("H", "1"))], applyGates: false);
        var row = Assert.Single(rows);
        Assert.Equal("a", Column(row, "U"));
        Assert.Equal(2, row.BuildingEvents.Count);
        Assert.Equal(Start.AddMinutes(4), row.Time);
    }

    [Fact]
    public void Building_events_are_bounded_and_counted()
    {
        var rows = new ReferenceEvaluator().Run(Read($"(summarize {Scan} [] [n=(count_rows)])"), [.. Enumerable.Range(0, 500).Select(minute => At(minute))], applyGates: false);
        var row = Assert.Single(rows);
        Assert.Equal(500, row.BuildingEventCount);
        Assert.Equal(ReferenceRow.MaxBuildingEvents, row.BuildingEvents.Count);
        Assert.Equal(Start.AddMinutes(499), row.BuildingEvents[^1].Time);
    }

    /// <summary>Each event is "step minute"; the result lists the minutes of the steps of each row found.</summary>
    [Theory]
    [InlineData("ordered", "a b", "a0 b5", "0,5")]
    [InlineData("ordered", "a b", "b0 a5", "")]
    [InlineData("ordered", "a b", "a0 b10", "0,10")]
    [InlineData("ordered", "a b", "a0 b11", "")]
    [InlineData("ordered", "a b", "a0 a3 b5 b6", "3,5|3,6")]
    [InlineData("ordered", "a b", "b5 a5", "5,5")]
    [InlineData("ordered", "a b c", "a0 b4 a5 c9", "0,4,9")]
    [InlineData("ordered", "a b c", "a0 b2 b4 c12", "")]
    [InlineData("unordered", "a b", "b0 a5", "5,0")]
    [InlineData("unordered", "a b", "a0 b5 a7", "0,5|7,5")]
    [InlineData("unordered", "a b", "a0 b11", "")]
    [InlineData("ordered", "a !x b", "a0 x1 b5", "")]
    [InlineData("ordered", "a !x b", "a0 x1 a2 b5", "2,5")]
    [InlineData("ordered", "a !x b", "x0 a1 b5 x6", "1,5")]
    [InlineData("ordered", "!x a b", "x0 a5 b9", "")]
    [InlineData("ordered", "!x a b", "x0 a7 b11", "7,11")]
    [InlineData("ordered", "a b !x", "a0 b5 x9", "")]
    [InlineData("ordered", "a b !x", "a0 b5 x11", "0,5")]
    [InlineData("ordered", "a !x b c", "a0 b1 a2 x3 b4 c5", "0,1,5")]
    [InlineData("unordered", "a !x", "a0 x5 a20", "0|20")]
    [InlineData("unordered", "a !x", "x0 a5", "")]
    [InlineData("unordered", "!x", "a0", "")]
    public void Sequence_finds(string order, string steps, string events, string expected)
    {
        var written = string.Concat(steps.Split(' ').Select((step, index) => $" (step s{index} (filter {Scan} (eq S \"{step.TrimStart('!')}\")){(step[0] == '!' ? " :missing" : "")})"));
        var logic = Read($"(sequence {order} :span 10m{written})");
        var rows = new ReferenceEvaluator().Run(logic, [.. events.Split(' ').Select(item => At(int.Parse(item[1..], System.Globalization.CultureInfo.InvariantCulture), ("S", item[..1])))], applyGates: false);
        Assert.Equal(expected, string.Join('|', rows.Select(row => string.Join(',', row.BuildingEvents.Select(item => (item.Time!.Value - Start).TotalMinutes)))));
    }

    [Fact]
    public void Sequence_joins_steps_by_keys_of_different_names()
    {
        var logic = Read($"(sequence ordered :span 1h (step one (filter {Scan} (has_value From)) [user=From :drop]) (step two (filter {Scan} (has_value To)) [user=To :drop]))");
        IEvent[] events = [At(0, ("From", "x")), At(1, ("From", "y")), At(2, ("To", "x")), At(3, ("To", "z"))];
        var row = Assert.Single(new ReferenceEvaluator().Run(logic, events, applyGates: false));
        Assert.Equal("x", Column(row, "user"));
    }

    [Fact]
    public void Union_is_in_order_of_time_and_a_binding_may_be_read_twice()
    {
        var logic = Read($"(logic (let m (filter {Scan} (has_value A))) (union (reference m) (filter (reference m) (eq A \"1\"))))");
        var rows = new ReferenceEvaluator().Run(logic, [At(5, ("A", "1")), At(0, ("A", "2"))], applyGates: false);
        Assert.Equal([0, 5, 5], rows.Select(row => (row.Time!.Value - Start).TotalMinutes));
    }

    [Fact]
    public void A_binding_that_refers_to_itself_gives_no_rows_and_says_so()
    {
        var rows = new ReferenceEvaluator().Run(Read("(logic (let m (union (reference m) (reference n))) (reference m))"), [At(0)], applyGates: false);
        Assert.Empty(rows);
        Assert.Equal(2, rows.Reasons.Count);
    }

    [Fact]
    public void A_simple_filter_costs_in_proportion_to_the_events()
    {
        var logic = Read($"(filter {Scan} (contains~ A \"needle\"))");
        var events = Enumerable.Range(0, 100_000).Select(minute => (IEvent)At(minute, ("A", minute % 1000 == 0 ? "a Needle" : "hay"))).ToArray();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(100, new ReferenceEvaluator().Run(logic, events, applyGates: false).Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    private static MapEvent At(int minute, params (string Name, string Value)[] fields)
        => new(new Value.Map([.. fields.Select(field => KeyValuePair.Create(field.Name, (Value)new Value.Text(field.Value)))]), time: Start.AddMinutes(minute));

    private static DetectionLogic Read(string text)
    {
        var reading = IrText.ReadLogic(text);
        Assert.True(reading.Value is not null, string.Join(", ", reading.Diagnostics.Select(diagnostic => diagnostic.Message)) + ": " + text);
        return reading.Value;
    }

    private static string? Column(ReferenceRow row, string name) => row.Find(name, FieldLookup.Lenient)?.ToCanonicalText();
}
