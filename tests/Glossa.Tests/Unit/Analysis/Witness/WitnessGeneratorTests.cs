using Glossa.Analysis.Witnesses;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using static Glossa.Tests.Unit.Analysis.Witness.Ir;

namespace Glossa.Tests.Unit.Analysis.Witness;

public sealed class WitnessGeneratorTests
{
    public static TheoryData<string, Predicate> Satisfiable => new()
    {
        { "equal", Leaf(LeafOperator.Eq, "User", "root") },
        { "equal number", new Predicate.Leaf(LeafOperator.Eq, Field("EventID"), [Number(4_104)]) },
        { "beginning and end that share a separator", And(Leaf(LeafOperator.StartsWith, "Image", @"C:\Tools\"), Leaf(LeafOperator.EndsWith, "Image", @"\porter.exe")) },
        { "all of several parts", All(LeafOperator.Contains, "CommandLine", " -quiet", "http", "https://", ".zip") },
        { "a beginning in two cases", And(Leaf(LeafOperator.StartsWith, "Path", @"c:\users\"), Leaf(LeafOperator.StartsWith, "Path", @"C:\U") with { Case = CaseRule.Exact }) },
        { "wildcard", Leaf(LeafOperator.Wildcard, "Path", @"C:\\*\\lab-??.d*l") },
        { "wildcards with literal stars", And(Leaf(LeafOperator.Wildcard, "Query", @"*\*.\?*"), Leaf(LeafOperator.Wildcard, "Query", "*zone*")) },
        { "pattern", Regex("CommandLine", @"\bnet1?\s+(?:user|group)\s{2,}\w+\$$") },
        { "pattern for the whole and a part of it", And(Regex("Name", @"^[a-z0-9_.]{12,40}$"), All(LeafOperator.Contains, "Name", "pump", "_7")) },
        { "pattern with a lookahead", Regex("Query", @"^(?=.*gate)(?=.*wind)[a-z]{8,12}$") },
        { "patterns with inline flags and references", And(Regex("A", @"(?i)QUARTZ(\d{3})-\1"), Regex("B", @"(?x) a b # c
 \x2d [[:digit:]]+ \Qd.e\E")) },
        { "one of the patterns does", And(Regex("Name", @"^abc\d$", @"^xyz\d$"), Leaf(LeafOperator.StartsWith, "Name", "xy")) },
        { "addresses", And(Cidr("10.0.0.0/8"), Not(Cidr("10.0.0.0/9")), Not(Cidr("10.128.0.0/16"))) },
        { "addresses of version 6", And(Cidr("fe80::/10"), Not(Cidr("fe80::/64"))) },
        { "outside of a network", And(new Predicate.Leaf(LeafOperator.HasValue, Field("ip"), []), Not(Cidr("0.0.0.0/0"))) },
        { "interval", And(Order(LeafOperator.Gt, Field("Size"), 1_000), Order(LeafOperator.Lt, Field("Size"), 1_002)) },
        { "present but empty", And(Presence(LeafOperator.Present, "Hash"), Presence(LeafOperator.IsEmpty, "Hash")) },
        { "present but null", And(Presence(LeafOperator.Present, "Hash"), Not(Presence(LeafOperator.HasValue, "Hash"))) },
        { "missing", And(Presence(LeafOperator.Missing, "Hash"), Leaf(LeafOperator.Eq, "Other", "1")) },
        { "some value, but not the usual ones", And(Not(Presence(LeafOperator.IsEmpty, "User")), Not(Leaf(LeafOperator.Contains, "User", "alice", "sample", "x", "q"))) },
        { "keywords", And(Keyword(LeafOperator.Contains, "segfault at", "general protection"), Not(Keyword(LeafOperator.Contains, "segfault"))) },
        { "all keywords", Keyword(LeafOperator.Contains, "drop", "table") with { Match = MatchMode.All } },
        { "a field without the keyword", And(Not(Keyword(LeafOperator.Contains, "quiet")), Leaf(LeafOperator.EndsWith, "CommandLine", " -quiet", " -loud")) },
        { "keyword patterns", And(Keyword(LeafOperator.Wildcard, "*open*gate*"), Keyword(LeafOperator.Eq, "exact words")) },
        { "raw text", new Predicate.Leaf(LeafOperator.Contains, Anywhere(AnywhereScope.Raw), [Text("panic:")]) },
        { "two fields alike", And(Compare(LeafOperator.Eq), Leaf(LeafOperator.EndsWith, "Image", @"\twin.exe"), Leaf(LeafOperator.StartsWith, "ParentImage", @"D:\")) },
        { "two fields not alike", And(Not(Compare(LeafOperator.Eq)), Leaf(LeafOperator.EndsWith, "Image", @"\twin.exe"), Leaf(LeafOperator.EndsWith, "ParentImage", @"\twin.exe")) },
        { "a field inside the other", And(Compare(LeafOperator.Contains), Leaf(LeafOperator.StartsWith, "Image", "run ")) },
        { "part of the time", And(DatePart("hour", LeafOperator.Ge, 22), DatePart("minute", LeafOperator.Lt, 10), DatePart("year", LeafOperator.Eq, 2024)) },
        { "a week", And(DatePart("week", LeafOperator.Eq, 53), Not(DatePart("hour", LeafOperator.Eq, 3))) },
        { "a list from outside", And(new Predicate.Leaf(LeafOperator.Eq, Field("host"), [Listed("controllers")]), Not(new Predicate.Leaf(LeafOperator.Eq, Field("user"), [Listed("admins")]))) },
        { "text around a list from outside", new Predicate.Leaf(LeafOperator.EndsWith, Field("host"), [new ValueExpression.Call("concat", [Text("."), Listed("zones"), Text(".")])]) },
        { "networks from outside", new Predicate.Leaf(LeafOperator.Cidr, Field("ip"), [Listed("guests")]) },
        { "different things of one field", And(Leaf(LeafOperator.Eq, "tags", "vpn"), Leaf(LeafOperator.Eq, "tags", "guest"), Not(Leaf(LeafOperator.Eq, "tags", "staff"))) },
        { "a source fact", Leaf(LeafOperator.Eq, "#product", "windows") },
        { "names that differ in case", And(Leaf(LeafOperator.Eq, "status", "a"), Leaf(LeafOperator.Eq, "Status", "b")) },
        { "two of four", new Predicate.AtLeast(2, [Leaf(LeafOperator.Eq, "a", "1"), new Predicate.Constant(false), Leaf(LeafOperator.Eq, "a", "2") with { Operands = [] }, Leaf(LeafOperator.Eq, "b", "2")]) },
        { "fewer than two of three", And(Not(new Predicate.AtLeast(2, [Leaf(LeafOperator.Eq, "a", "1"), Leaf(LeafOperator.Eq, "b", "1"), Leaf(LeafOperator.Eq, "c", "1")])), Leaf(LeafOperator.Eq, "a", "1")) },
        { "a filter that the first choice meets", And(Leaf(LeafOperator.EndsWith, "Image", @"\one.exe", @"\two.exe"), Not(And(Leaf(LeafOperator.EndsWith, "Image", @"\one.exe"), Not(Leaf(LeafOperator.Contains, "CommandLine", "x"))))) },
        { "the last alternative", And(Or(Leaf(LeafOperator.Eq, "a", "1"), Leaf(LeafOperator.Eq, "a", "2"), Leaf(LeafOperator.Eq, "b", "3")), Not(Leaf(LeafOperator.Contains, "a", "1", "2"))) },
        { "nothing asked", new Predicate.And([]) },
        { "an opaque part that does not matter", Or(new Predicate.Opaque("no meaning", []), Leaf(LeafOperator.Eq, "a", "1")) },
    };

    [Theory]
    [MemberData(nameof(Satisfiable))]
    public void Witness_makes_the_predicate_true(string name, Predicate predicate)
    {
        var result = WitnessGenerator.ForPredicate(predicate);

        Assert.True(result.Witness is not null, $"{name}: {result.Why}");
        Assert.Equal(Truth.True, new ReferenceEvaluator(result.Witness.Values).Evaluate(predicate, Assert.Single(result.Witness.Events)));
    }

    [Theory]
    [MemberData(nameof(Satisfiable))]
    public void Witness_is_the_same_every_time(string name, Predicate predicate)
        => Assert.True(
            WitnessGenerator.ForPredicate(predicate).Witness!.Events[0].Fields.Equals(WitnessGenerator.ForPredicate(predicate).Witness!.Events[0].Fields),
            name);

    public static TheoryData<string, Predicate> Unsatisfiable => new()
    {
        { "always false", new Predicate.Or([]) },
        { "present and missing", And(Presence(LeafOperator.Present, "a"), Presence(LeafOperator.Missing, "a")) },
        { "a part and not the part", And(Leaf(LeafOperator.EndsWith, "a", "xyz"), Not(Leaf(LeafOperator.Contains, "a", "y"))) },
        { "more than there are", new Predicate.AtLeast(3, [Leaf(LeafOperator.Eq, "a", "1"), Leaf(LeafOperator.Eq, "b", "1")]) },
        { "no operand", new Predicate.Leaf(LeafOperator.Eq, Field("a"), []) },
        { "hangs on an opaque part", And(Leaf(LeafOperator.Eq, "a", "1"), new Predicate.Opaque("no meaning", [])) },
        { "a pattern that is none", Regex("a", "(unclosed") },
    };

    [Theory]
    [MemberData(nameof(Unsatisfiable))]
    public void Without_a_witness_there_is_a_reason(string name, Predicate predicate)
    {
        var result = WitnessGenerator.ForPredicate(predicate);

        Assert.Null(result.Witness);
        Assert.False(string.IsNullOrWhiteSpace(result.Why), name);
    }

    [Fact]
    public void Witness_reads_like_an_event_of_the_source()
    {
        var gate = And(Leaf(LeafOperator.Eq, "Channel", "Lab/Operational"), new Predicate.Leaf(LeafOperator.Eq, Field("EventID"), [Number(1)]));
        var rule = And(Leaf(LeafOperator.EndsWith, "Image", @"\porter.exe"), All(LeafOperator.Contains, "CommandLine", "fetch", "/all"));

        var e = WitnessGenerator.ForPredicate(rule, gate, new ScanSource.LogSource("windows", "process_creation", null)).Witness!.Events[0];

        Assert.Equal(
            [
                new("Channel", new Value.Text("Lab/Operational")),
                new("EventID", new Value.Integer(1)),
                new("Image", new Value.Text(@"C:\porter.exe")),
                new("CommandLine", new Value.Text("fetch /all")),
            ],
            e.Fields.Entries);
        Assert.Equal(("windows", "process_creation"), (e.Source.Product, e.Source.Category));
        Assert.NotNull(e.Time);
    }

    [Fact]
    public void Near_miss_fails_one_conjunct_and_meets_the_others()
    {
        var rule = And(
            new Predicate.Named("selection", NameKind.Selection, And(Leaf(LeafOperator.Eq, "a", "1"), Leaf(LeafOperator.Contains, "b", "x", "y"))),
            Not(Leaf(LeafOperator.Contains, "b", "z")));
        var conjuncts = WitnessGenerator.Conjuncts(rule);
        var judge = new ReferenceEvaluator();

        Assert.Equal(3, conjuncts.Count);
        for (var missed = 0; missed < conjuncts.Count; missed++)
        {
            var e = WitnessGenerator.ForNearMiss(rule, missed).Witness!.Events[0];
            Assert.Equal(
                conjuncts.Select((_, index) => index == missed ? Truth.False : Truth.True),
                conjuncts.Select(conjunct => judge.Evaluate(conjunct, e)));
        }
    }

    [Fact]
    public void Hostile_predicates_end_within_the_budget()
    {
        // Pairwise different values of one field, each forbidden again: no choice fits, and there are 200 to the 60th of them.
        var choices = Enumerable.Range(0, 60).Select(part => Or([.. Enumerable.Range(0, 200).Select(value => Leaf(LeafOperator.Eq, "f" + part, "v" + value))]));
        var forbidden = Enumerable.Range(0, 60).Select(part => Not(Leaf(LeafOperator.StartsWith, "f" + part, "V"))).Where((_, part) => part == 59);

        var result = WitnessGenerator.ForPredicate(And([.. choices, .. forbidden]), maxSteps: 3_000);

        Assert.Null(result.Witness);
        Assert.Contains("f59", result.Why, StringComparison.Ordinal);
    }

    private static Predicate.Leaf Cidr(string prefix) => new Predicate.Leaf(LeafOperator.Cidr, Field("ip"), [Prefix(prefix)]);

    private static Predicate.Leaf Presence(LeafOperator leafOperator, string field) => new Predicate.Leaf(leafOperator, Field(field), []);

    private static Predicate.Leaf Compare(LeafOperator leafOperator) => new Predicate.Leaf(leafOperator, Field("Image"), [Field("ParentImage")], Case: CaseRule.Fold);

    private static Predicate.Leaf DatePart(string part, LeafOperator leafOperator, long value)
        => Order(leafOperator, new ValueExpression.Call("date_part", [Text(part), Field(FieldPath.TimeColumn)]), value);
}
