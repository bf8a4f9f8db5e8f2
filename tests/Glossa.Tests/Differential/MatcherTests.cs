using FsCheck.Fluent;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution.Alerts;
using Glossa.Execution.Matching;
using Glossa.Execution.Reading;
using Glossa.Execution.Stateful;

namespace Glossa.Tests.Differential;

/// <summary>The fast matcher, its index and the stateful plans give what the reference evaluator gives, on generated predicates and events.</summary>
public sealed class MatcherTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Generated_predicates_match_as_the_judge_says()
    {
        var predicates = IrGenerators.Predicate.Sample(600, 40).ToList();
        var events = IrGenerators.Event.Sample(200, 20).OfType<MapEvent>().ToList();
        var table = new FieldTable();
        var matcher = new Matcher(table, new ValueResolver(IrGenerators.ExternalValues, new Dictionary<string, Value>()));
        var judge = new ReferenceEvaluator(IrGenerators.ExternalValues);
        var current = new JsonEvent(table);
        var compiled = predicates.ConvertAll(matcher.Compile);
        var index = new CandidateIndex([.. compiled.Select(FeedOf)], predicates, table);
        var held = 0;
        foreach (var slow in events)
        {
            Assert.True(Read(slow, current));
            var kept = current.ToMapEvent();
            var candidates = new HashSet<CompiledPredicate>(ReferenceEqualityComparer.Instance);
            for (var found = index.Find(current); found.MoveNext();)
            {
                candidates.Add(found.Current.Predicate);
            }

            for (var i = 0; i < predicates.Count; i++)
            {
                var expected = judge.Evaluate(predicates[i], kept);
                var actual = matcher.Test(compiled[i], current);
                Assert.True(expected.ToString() == actual switch { MatchResult.Yes => "True", MatchResult.No => "False", _ => "Undecided" }, $"{expected} and {actual}: {IrText.Write(predicates[i])} on {kept.Fields}");
                Assert.True(expected == Truth.False || candidates.Contains(compiled[i]), $"the index lost {IrText.Write(predicates[i])}");
                held += expected == Truth.True ? 1 : 0;
            }
        }

        Assert.True(held > 1000, $"only {held} matches");
    }

    [Fact]
    public void Generated_plans_give_the_rows_the_judge_gives()
    {
        var random = new Random(24);
        var rowsSeen = 0;
        for (var round = 0; round < 400; round++)
        {
            var events = Enumerable.Range(0, random.Next(0, 40)).Select(_ => EventOf(random)).ToList();
            var (logic, feeds) = LogicOf(random);
            var expected = new ReferenceEvaluator().Run(logic, events, applyGates: false);
            var captured = events.Select((item, index) => new CapturedEvent(item, [], 0, index + 1)).ToList();
            var judge = new ReferenceEvaluator();
            var run = new PlanRun(
                logic,
                feeds.ToDictionary(feed => (Plan)feed, feed => (IReadOnlyList<CapturedEvent>)captured.FindAll(item => judge.Evaluate(feed.Predicate, item.Event) == Truth.True), (IEqualityComparer<Plan>)ReferenceEqualityComparer.Instance),
                ExternalValues.Empty);
            var actual = run.Run();
            Assert.Equal(expected.Count, actual.Count);
            rowsSeen += actual.Count;
            for (var i = 0; i < actual.Count; i++)
            {
                Assert.Equal(expected[i].Time, actual[i].Time);
                Assert.Equal(expected[i].Columns, actual[i].Columns);
                Assert.Equal(expected[i].BuildingEvents, actual[i].BuildingEvents.Select(item => (IEvent)item.Event));
            }
        }

        Assert.True(rowsSeen > 1000, $"only {rowsSeen} rows");
    }

    private static bool Read(MapEvent slow, JsonEvent current)
    {
        var reader = LogReader.Open(new MemoryStream(RawRecord.OneLine(slow.Fields)), new LogInput("-", "generated", null), new LogReaderOptions(), current, []);
        using (reader)
        {
            return reader!.TryRead();
        }
    }

    private static Feed FeedOf(CompiledPredicate predicate)
        => new() { Rule = null!, Route = null!, Predicate = predicate, Plan = null!, Index = 0 };

    private static MapEvent EventOf(Random random)
    {
        var fields = new List<KeyValuePair<string, Value>> { new("k", new Value.Text($"{(char)('a' + random.Next(4))}")) };
        if (random.Next(6) > 0)
        {
            fields.Add(new("u", random.Next(5) == 0 ? Value.Null.Instance : new Value.Text($"{(char)('x' + random.Next(2))}")));
        }

        fields.Add(new("v", random.Next(6) switch
        {
            0 => new Value.Text("7"),
            1 => new Value.Text("no number"),
            2 => new Value.List([new Value.Integer(1), new Value.Integer(random.Next(9))]),
            _ => new Value.Integer(random.Next(-5, 20)),
        }));
        return new MapEvent(new Value.Map(fields), time: random.Next(25) == 0 ? null : Start.AddSeconds(random.Next(60)));
    }

    private static (DetectionLogic Logic, List<Plan.Filter> Feeds) LogicOf(Random random)
    {
        var feeds = Enumerable.Range(0, 4).Select(index => new Plan.Filter(
            new Plan.Scan(new ScanSource.LogSource(null, null, null), FieldPath.TimeColumn, Gate: null),
            new Predicate.Leaf(LeafOperator.Eq, Field("k"), [new ValueExpression.Literal(new Value.Text($"{(char)('a' + index)}"))]))).ToList();
        var span = TimeSpan.FromSeconds(random.Next(0, 30));
        IrList<GroupKey> keys = random.Next(3) == 0 ? [] : [new GroupKey("u", Field("u"), random.Next(2) == 0 ? NullKeys.Drop : NullKeys.Group)];
        var members = random.Next(1, 4);
        IrList<NamedAggregate> calls =
        [
            new("n", new AggregateCall("count_rows", [])),
            new("d", new AggregateCall("count_distinct", [Field("k"), Field("v")])),
            new("c", new AggregateCall("count_values", [Field("v")])),
            new("s", new AggregateCall("sum", [Field("v")])),
            new("g", new AggregateCall("avg", [Field("v")])),
            new("m", new AggregateCall("median", [Field("v")])),
            new("p", new AggregateCall("percentile", [Field("v"), new ValueExpression.Literal(new Value.Integer(random.Next(0, 101)))])),
            new("l", new AggregateCall("min", [Field("v")])),
            new("h", new AggregateCall("max", [Field("v")])),
        ];
        var union = new Plan.Union(feeds.Take(members).Cast<Plan>().ToIrList());
        var bindings = feeds.Select((feed, index) => new PlanBinding($"m{index}", $"member {index}", feed)).ToIrList();
        Plan root = random.Next(4) switch
        {
            0 => new Plan.Window(union, keys, FieldPath.TimeColumn, span, calls),
            1 => new Plan.Filter(
                new Plan.Window(union, keys, FieldPath.TimeColumn, span, calls),
                new Predicate.Leaf(LeafOperator.Ge, Field("n"), [new ValueExpression.Literal(new Value.Integer(random.Next(1, 5)))], Typing: Typing.Literal)),
            2 => new Plan.Summarize(union, keys, calls),
            _ => new Plan.Sequence(
                random.Next(2) == 0 ? SequenceOrder.Ordered : SequenceOrder.Unordered,
                Enumerable.Range(0, random.Next(2, 5)).Select(index => new SequenceStep($"s{index}", new Plan.Reference($"m{index % 4}"), random.Next(6) == 0 ? [] : keys, Missing: random.Next(4) == 0)).ToIrList(),
                random.Next(5) == 0 ? null : span),
        };
        return (new DetectionLogic(bindings, root, [], [], null, Fidelity.Exact), feeds);
    }

    private static ValueExpression.Field Field(string name) => new(FieldPath.Named(name));
}
