using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Differential;

/// <summary>
/// Random predicates and events over an alphabet small enough that they meet: few fields, values that are prefixes and cases of each
/// other, and everything a field can be (missing, null, lists, objects, numbers, other scripts).
/// </summary>
internal static class IrGenerators
{
    public static readonly string[] FieldNames = ["A", "B", "a", "C.D", "E"];

    private static readonly string[] Texts =
        ["", "a", "A", "ab", "aB", "b", "bab", "k", "\u212A", "5", "05", "5.0", "1.5", "-7", "true", "é", "É", "ß", "a\nb", "a*b", "a\\b", "\\", "10.1.2.3", "::1", "::ffff:10.1.2.3", "2024-02-03T04:05:06Z", "\U0001F600"];

    private static readonly string[] WildcardPatterns =
        ["*", "**", "a*", "*b", "*a*", "a?", "?*", "*?", "a*b", "*a*b*", "\\*", "a\\*b", "a\\\\b", "??", "", "k*", "*É", "*\U0001F600"];

    private static readonly string[] RegexPatterns =
        ["a", "^a", "b$", ".*a.*", "a|b", "^a.*b\\z", "(?i)AB", "(?i)k", "\\d+", "\\bab\\b", "[[:alpha:]]+", "a++b", "(a)\\1", "\\w\\W", "é", "a\\*b", "\\\\", "^\\z", "(", "a.b", ".*", "[^a]"];

    private static readonly string[] Prefixes = ["10.0.0.0/8", "10.1.2.3/32", "::1/128", "2001:db8::/32", "0.0.0.0/0"];

    private static readonly Gen<Value> Scalar = Gen.OneOf(
        Gen.Elements(Texts).Select(text => (Value)new Value.Text(text)),
        Gen.Elements(Texts).Select(text => (Value)new Value.Text(text)),
        Gen.Elements<Value>(
            new Value.Integer(5), new Value.Integer(0), new Value.Integer(-7), new Value.Integer(long.MaxValue), new Value.Real(5.0), new Value.Real(1.5), new Value.Real(1e300),
            new Value.Decimal(1.5m), new Value.Boolean(true), new Value.Boolean(false), new Value.Address(IPAddress.Parse("10.1.2.3")),
            new Value.Instant(new DateTimeOffset(2024, 2, 3, 4, 5, 6, TimeSpan.Zero)), new Value.Duration(TimeSpan.FromMinutes(5))));

    /// <summary>What a field of an event can hold.</summary>
    public static Gen<Value> EventValue { get; } = Gen.Sized(size => EventValueOf(Math.Min(size, 3)));

    public static Gen<FieldPath> Path { get; } = Gen.Frequency(
        (8, Gen.Elements(FieldNames).Select(name => FieldPath.Named(name))),
        (1, Gen.Elements(FieldNames).Select(name => FieldPath.Named(name, default(FieldLookup)))),
        (1, Gen.Elements(AnywhereScope.Values, AnywhereScope.Raw, AnywhereScope.Both).Select(FieldPath.Anywhere)));

    /// <summary>Every operator, with operands that suit it and some that do not.</summary>
    public static Gen<Predicate> Leaf { get; } =
        from leafOperator in Gen.Elements(Enum.GetValues<LeafOperator>())
        from path in Path
        from count in Gen.Frequency((1, Gen.Constant(0)), (6, Gen.Constant(1)), (3, Gen.Constant(2)), (1, Gen.Constant(3)))
        from operands in OperandFor(leafOperator).ArrayOf(LeafSemantics.AsksForPresence(leafOperator) ? 0 : count)
        from match in Gen.Frequency((3, Gen.Constant(MatchMode.Any)), (1, Gen.Constant(MatchMode.All)))
        from caseRule in Gen.Elements(CaseRule.Exact, CaseRule.Fold)
        from typing in Gen.Elements(Typing.Text, Typing.Literal)
        from options in Gen.Elements(RegexOptionSet.None, RegexOptionSet.Multiline, RegexOptionSet.DotAll)
        select (Predicate)new Predicate.Leaf(
            leafOperator,
            new ValueExpression.Field(path),
            [.. operands],
            match,
            caseRule,
            Quantifier.Any,
            typing,
            leafOperator == LeafOperator.Regex ? new RegexForm(RegexDialect.Pcre, RegexAnchor.Search, options) : null);

    /// <summary>Trees of every node, names, constants and opaque parts among them.</summary>
    public static Gen<Predicate> Predicate { get; } = Gen.Sized(size => PredicateOf(Math.Min(size / 8, 5)));

    /// <summary>An event with each field there or not, and a text as it was written.</summary>
    public static Gen<IEvent> Event { get; } =
        from values in Gen.OneOf(Gen.Constant<Value?>(null), EventValue.Select(value => (Value?)value), EventValue.Select(value => (Value?)value)).ArrayOf(FieldNames.Length)
        from nested in Gen.Elements(true, false)
        from raw in Gen.Elements("", "a", "xABx", "k5")
        from minute in Gen.Choose(0, 90)
        select (IEvent)new MapEvent(FieldsOf(values, nested), SourceFacts.Unknown, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute), raw);

    /// <summary>A filter over a scan, extended and filtered again: what the normal form may rearrange.</summary>
    public static Gen<DetectionLogic> Logic { get; } =
        from first in Predicate
        from second in Predicate
        from shape in Gen.Choose(0, 3)
        from key in Gen.Elements(FieldNames)
        from dropped in Gen.Elements(NullKeys.Group, NullKeys.Drop)
        from binding in Gen.Elements("m", "two words")
        select LogicOf(first, second, shape, new GroupKey(key, new ValueExpression.Field(FieldPath.Named(key)), dropped), binding);

    /// <summary>Lists for the external values that predicates read.</summary>
    public static ExternalValues ExternalValues { get; } = new(new Dictionary<string, IReadOnlyList<string>> { ["known"] = ["a", "5"], ["empty"] = [] });

    private static Gen<Value> EventValueOf(int depth) => depth <= 0
        ? Scalar
        : Gen.Frequency(
            (8, Scalar),
            (1, Gen.Constant<Value>(Value.Null.Instance)),
            (3, EventValueOf(depth - 1).ListOf(2).Select(items => (Value)new Value.List([.. items]))),
            (1, Gen.Constant<Value>(new Value.List([]))),
            (1, EventValueOf(depth - 1).Select(item => (Value)new Value.Map([new("D", item), new("x", new Value.Text("a"))]))));

    private static Gen<ValueExpression> OperandFor(LeafOperator leafOperator)
    {
        var suiting = leafOperator switch
        {
            LeafOperator.Wildcard => Gen.Elements(WildcardPatterns).Select(Text),
            LeafOperator.Regex => Gen.Elements(RegexPatterns).Select(Text),
            LeafOperator.Cidr => Gen.Elements(Prefixes).Select(prefix => (ValueExpression)new ValueExpression.Literal(new Value.Prefix(IPNetwork.Parse(prefix)))),
            LeafOperator.Contains or LeafOperator.StartsWith or LeafOperator.EndsWith => Gen.Elements(Texts).Select(Text),
            _ => Scalar.Select(value => (ValueExpression)new ValueExpression.Literal(value)),
        };
        return Gen.Frequency(
            (12, suiting),
            (1, Path.Select(path => (ValueExpression)new ValueExpression.Field(path))),
            (1, Gen.Elements("known", "empty", "absent").Select(id => (ValueExpression)new ValueExpression.ExternalValue(id, []))),
            (1, EventValueOf(2).Select(value => (ValueExpression)new ValueExpression.Literal(value))),
            (1, suiting.Select(part => (ValueExpression)new ValueExpression.Call("concat", [part, Text("b")]))),
            (1, Gen.Constant<ValueExpression>(new ValueExpression.Call("concat", [new ValueExpression.ExternalValue("known", []), Text("b")]))));
    }

    private static ValueExpression Text(string text) => new ValueExpression.Literal(new Value.Text(text));

    private static Gen<Predicate> PredicateOf(int depth)
    {
        if (depth <= 0)
        {
            return Leaf;
        }

        var children = PredicateOf(depth - 1).ListOf().Select(list => list.Take(3).ToArray());
        return Gen.Frequency(
            (4, Leaf),
            (3, children.Select(list => (Predicate)new Predicate.And([.. list]))),
            (3, children.Select(list => (Predicate)new Predicate.Or([.. list]))),
            (3, PredicateOf(depth - 1).Select(child => (Predicate)new Predicate.Not(child))),
            (1, children.SelectMany(list => Gen.Choose(-1, 4).Select(count => (Predicate)new Predicate.AtLeast(count, [.. list])))),
            (1, PredicateOf(depth - 1).Select(child => (Predicate)new Predicate.Named("selection", NameKind.Selection, child))),
            (1, Gen.Elements(true, false).Select(value => (Predicate)new Predicate.Constant(value))),
            (1, Path.Select(path => (Predicate)new Predicate.Opaque("no \"meaning\" here", [path]))));
    }

    private static Value.Map FieldsOf(Value?[] values, bool nested)
    {
        var entries = new List<KeyValuePair<string, Value>>();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } value)
            {
                continue;
            }

            var name = FieldNames[i];
            entries.Add(nested && name.Split('.') is [var outer, var inner]
                ? new(outer, new Value.Map([new(inner, value)]))
                : new(name, value));
        }

        return new Value.Map(entries);
    }

    private static DetectionLogic LogicOf(Predicate first, Predicate second, int shape, GroupKey key, string binding)
    {
        var scan = new Plan.Scan(new ScanSource.LogSource("windows", "process_creation", null), FieldPath.TimeColumn, new Predicate.Leaf(LeafOperator.Present, new ValueExpression.Field(FieldPath.Named("A")), []));
        Plan root = new Plan.Filter(new Plan.Extend(new Plan.Filter(scan, first), [new NamedExpression("B", new ValueExpression.Field(FieldPath.Named("A")))]), second);
        var reference = new Plan.Reference(binding);
        var count = new NamedAggregate("n", new AggregateCall("count_rows", []));
        var many = new Predicate.Leaf(LeafOperator.Ge, new ValueExpression.Field(FieldPath.Named("n")), [new ValueExpression.Literal(new Value.Integer(2))], Typing: Typing.Literal);
        return shape switch
        {
            0 => new DetectionLogic([], root, [], [], null, Fidelity.Exact),
            1 => With(new Plan.Filter(new Plan.Window(new Plan.Union([reference, scan]), [key], FieldPath.TimeColumn, TimeSpan.FromMinutes(10), [count]), many)),
            2 => With(new Plan.Filter(new Plan.Summarize(reference, [key], [count, new("d", new AggregateCall("count_distinct", [new ValueExpression.Field(FieldPath.Named("E"))]))]), many)),
            _ => With(new Plan.Sequence(SequenceOrder.Ordered, [new("one", reference, [key], false), new("no \"two\"", scan, [key], true), new("three", reference, [key], false)], TimeSpan.FromSeconds(90))),
        };

        DetectionLogic With(Plan plan) => new([new PlanBinding(binding, "members", root)], plan, ["RunTime"], [new ExternalInput("known", ExternalInputKind.ValueList, "known ones", false)], null, Fidelity.Exact);
    }
}
