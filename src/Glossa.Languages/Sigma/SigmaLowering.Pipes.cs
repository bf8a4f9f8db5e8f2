using System.Globalization;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

internal sealed partial class SigmaLowering
{
    private const string CountColumn = "n";

    /// <summary>Disjuncts of a condition over rules or of <c>near</c>; each becomes a sequence.</summary>
    private const int MaxDisjuncts = 64;

    private Plan LowerPipe(Selections selections, YamlScalar text, SigmaPipe pipe, Plan.Filter events, out Suppression? suppression)
    {
        var scope = selections.Scope;
        var span = scope.Document.SpanOf(text, pipe.Span);
        suppression = null;
        TimeSpan? timeframe = null;
        if (selections.Section.TryFind("timeframe", out var entry))
        {
            if (entry.Value is YamlScalar { IsNull: false } scalar && SigmaDuration.TryParse(scalar.Text, out var duration))
            {
                timeframe = duration;
            }
            else
            {
                Report(scope, SigmaDiagnostics.Timeframe, $"The timeframe must be {SigmaDuration.Expected}.", scope.Document.SpanOf(entry));
                return OpaquePlan(scope, scope.Document.SpanOf(entry), [events], "timeframe", "The timeframe is no length of time.");
            }
        }

        if (pipe is SigmaPipe.Early early)
        {
            Report(scope, SigmaDiagnostics.EarlyCondition, $"This condition is written in a form that was proposed for Sigma and never specified ({early.Form}); it has no meaning here.", span);
            return OpaquePlan(scope, span, [events], early.Form, "The condition is written in a form that was never specified.");
        }

        if (pipe is SigmaPipe.Broken)
        {
            return OpaquePlan(scope, span, [events], "aggregation", "The aggregation cannot be read.");
        }

        Report(scope, SigmaDiagnostics.Aggregation, "Aggregations in the condition are no longer part of Sigma; this one is read as older rules mean it. A correlation says the same.", span);
        if (pipe is SigmaPipe.Near near)
        {
            Use("near");
            return LowerNear(selections, text, near, events, timeframe, out suppression);
        }

        var aggregate = (SigmaPipe.Aggregate)pipe;
        Use(aggregate.Function);
        var keys = aggregate.By.Select(name => KeyOf(name.Name, scope.OriginOf(text, name.Span))).ToIrList();
        IrList<ValueExpression> arguments = aggregate.Field is { } field
            ? [new ValueExpression.Field(FieldPath.Named(field.Name)) { Origin = scope.OriginOf(text, field.Span) }]
            : [];
        var call = new AggregateCall(
            aggregate.Function switch
            {
                "count" => aggregate.Field is null ? "count_rows" : "count_distinct",
                var function => function,
            },
            arguments);
        var origin = scope.OriginOf(text, pipe.Span);
        _ = TryNumber(aggregate.Number, out var limit);
        if (timeframe is { } length)
        {
            suppression = new Suppression(keys, length);
        }

        return Count(events, keys, call, timeframe, [(aggregate.Comparison, limit, aggregate.Number)], origin);
    }

    /// <summary>
    /// Counts and compares. A count that only has to be large enough slides: every event looks back over the span. One that may be
    /// too large is counted in fixed windows, since a sliding window passes every smaller count on its way (docs/adr/0005).
    /// </summary>
    private static Plan.Filter Count(
        Plan input,
        IrList<GroupKey> keys,
        AggregateCall call,
        TimeSpan? span,
        IReadOnlyList<(SigmaComparison Comparison, Value Number, string Written)> limits,
        Origin origin)
    {
        var count = new NamedAggregate(CountColumn, call);
        var slides = span is not null && limits.All(limit => limit.Comparison is SigmaComparison.Greater or SigmaComparison.GreaterOrEqual);
        Plan counted;
        if (slides)
        {
            counted = new Plan.Window(input, keys, FieldPath.TimeColumn, span!.Value, [count]) { Origin = origin };
        }
        else
        {
            if (span is { } length)
            {
                var time = new ValueExpression.Field(FieldPath.Named(FieldPath.TimeColumn)) { Origin = origin };
                ValueExpression bin = new ValueExpression.Call("bin", [time, new ValueExpression.Literal(new Value.Duration(length)) { Origin = origin }]) { Origin = origin };
                keys = keys.Append(new GroupKey("window", bin, NullKeys.Drop)).ToIrList();
            }

            counted = new Plan.Summarize(input, keys, [count]) { Origin = origin };
        }

        var tests = limits.Select(limit => Compare(limit.Comparison, limit.Number, limit.Written, origin)).ToList();
        return new Plan.Filter(counted, tests.Count == 1 ? tests[0] : new Predicate.And(tests.ToIrList()) { Origin = origin }) { Origin = origin };
    }

    private static Predicate Compare(SigmaComparison comparison, Value number, string written, Origin origin)
    {
        var leaf = new Predicate.Leaf(
            comparison switch
            {
                SigmaComparison.Less => LeafOperator.Lt,
                SigmaComparison.LessOrEqual => LeafOperator.Le,
                SigmaComparison.Greater => LeafOperator.Gt,
                SigmaComparison.GreaterOrEqual => LeafOperator.Ge,
                _ => LeafOperator.Eq,
            },
            new ValueExpression.Field(FieldPath.Named(CountColumn)) { Origin = origin },
            [new ValueExpression.Literal(number, number.ToCanonicalText() == written ? null : written) { Origin = origin }],
            Typing: Typing.Literal)
        { Origin = origin };
        return comparison == SigmaComparison.NotEqual ? new Predicate.Not(leaf) { Origin = origin } : leaf;
    }

    /// <summary>What stands before the pipe, and every selection that <c>near</c> names, in any order within the timeframe.</summary>
    private Plan LowerNear(Selections selections, YamlScalar text, SigmaPipe.Near near, Plan.Filter events, TimeSpan? timeframe, out Suppression? suppression)
    {
        var scope = selections.Scope;
        var span = scope.Document.SpanOf(text, near.Span);
        var origin = scope.OriginOf(text, near.Span);
        suppression = null;
        if (timeframe is null)
        {
            Report(scope, SigmaDiagnostics.NearWithoutTimeframe, "'near' has no timeframe: the events may lie any time apart.", span);
        }

        if (!TryDisjuncts(near.Condition, isNegated: false, out var disjuncts))
        {
            Report(scope, SigmaDiagnostics.TooComplexCorrelation, $"'near' with this condition stands for more than {MaxDisjuncts} combinations, or for something else than names.", span);
            return OpaquePlan(scope, span, [events], "near", "The condition after 'near' is too complex.");
        }

        var sequences = new List<Plan>();
        foreach (var terms in disjuncts)
        {
            var steps = new List<SequenceStep> { new("condition", events, [], Missing: false) };
            foreach (var (reference, isMissing) in terms)
            {
                var predicate = LowerReference(selections, text, reference, scope.OriginOf(text, reference.Span));
                steps.Add(new SequenceStep(reference.Name, new Plan.Filter(events.Input, predicate) { Origin = predicate.Origin }, [], isMissing));
            }

            sequences.Add(new Plan.Sequence(SequenceOrder.Unordered, steps.ToIrList(), timeframe) { Origin = origin });
        }

        suppression = timeframe is { } length ? new Suppression([], length) : null;
        return sequences.Count == 1 ? sequences[0] : new Plan.Union(sequences.ToIrList()) { Origin = origin };
    }

    /// <summary>The disjunctive form of a condition over names; false where it has too many parts, none that must be there, or patterns.</summary>
    private static bool TryDisjuncts(SigmaCondition condition, bool isNegated, out List<List<(SigmaCondition.Reference Name, bool IsMissing)>> disjuncts)
    {
        disjuncts = [];
        switch (condition)
        {
            case SigmaCondition.Reference reference:
                disjuncts.Add([(reference, isNegated)]);
                return true;
            case SigmaCondition.Not not:
                return TryDisjuncts(not.Child, !isNegated, out disjuncts);
            case SigmaCondition.Or or:
                return TryCombine(or.Children, isNegated, isAnd: isNegated, out disjuncts);
            case SigmaCondition.And and:
                return TryCombine(and.Children, isNegated, isAnd: !isNegated, out disjuncts);
            default:
                return false;
        }
    }

    private static bool TryCombine(
        IReadOnlyList<SigmaCondition> children,
        bool isNegated,
        bool isAnd,
        out List<List<(SigmaCondition.Reference Name, bool IsMissing)>> disjuncts)
    {
        disjuncts = isAnd ? [[]] : [];
        foreach (var child in children)
        {
            if (!TryDisjuncts(child, isNegated, out var own))
            {
                return false;
            }

            disjuncts = isAnd
                ? [.. disjuncts.SelectMany(left => own.Select(right => (List<(SigmaCondition.Reference, bool)>)[.. left, .. right])).Take(MaxDisjuncts + 1)]
                : [.. disjuncts, .. own];
            if (disjuncts.Count > MaxDisjuncts)
            {
                return false;
            }
        }

        return true;
    }

    // An event without a value for a key stands in no group (docs/adr/0005).
    private static GroupKey KeyOf(string name, Origin origin)
        => new(name, new ValueExpression.Field(FieldPath.Named(name)) { Origin = origin }, NullKeys.Drop);

    private static bool TryNumber(string text, out Value number)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            number = new Value.Integer(integer);
            return true;
        }

        if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact))
        {
            number = new Value.Decimal(exact);
            return true;
        }

        number = Value.Null.Instance;
        return false;
    }
}
