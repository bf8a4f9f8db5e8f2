using System.Runtime.CompilerServices;
using Glossa.Core.Ir;
using Glossa.Core.Taxonomy;
using Glossa.Core.Text;

namespace Glossa.Analysis;

/// <summary>
/// Walks an authored predicate once and gives its tree and its rows. What a predicate is for follows from where it stands, never from a name:
/// one that must hold is an indicator; one that must not is an exclusion; an alternative that could hold by absence alone
/// (<c>not a or b is empty</c>) is an exclusion as a whole, and what holds inside it an exception.
/// </summary>
internal sealed class LogicWalk(QueryText query, string family, List<PredicateRow> rows, List<NotModelled> notModelled)
{
    private readonly Dictionary<(Predicate.Leaf Leaf, RowRole Role, int Stage), int> _known = new(LeafComparer.Instance);

    /// <summary>Columns that the plan computes below: comparisons of these are facts of their stage, not rows.</summary>
    public IReadOnlySet<string> Computed { get; set; } = new HashSet<string>();

    /// <summary>The log source's category: one field can mean several things.</summary>
    public string? EventClass { get; set; }

    /// <param name="scope"><c>rule</c>, or what a stage of the plan makes of it.</param>
    /// <param name="negations">How many stand above it: an absent step counts as one.</param>
    /// <returns>Null where nothing of the predicate is to be shown.</returns>
    public LogicNode? Walk(Predicate predicate, int stage, string scope = "rule", int negations = 0)
        => Visit(predicate, new Place(negations, scope, IsClause: false, Part: null, stage));

    private LogicNode? Visit(Predicate predicate, Place place)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Opaque(predicate.Origin.Span, "nested too deep to be shown");
        }

        if (predicate.Origin.Kind is OriginKind.Guard or OriginKind.Gate)
        {
            return null;
        }

        switch (predicate)
        {
            case Predicate.And and:
                return Group(LogicKind.And, and.Children, and, place, isAlternative: place.IsNegative);
            case Predicate.Or or:
                return Group(LogicKind.Or, or.Children, or, place, isAlternative: !place.IsNegative);
            case Predicate.AtLeast atLeast:
                // All of them, or one of them, are and and or; a negated one swaps its reading as those do.
                return Group(
                    LogicKind.AtLeast,
                    atLeast.Children,
                    atLeast,
                    place,
                    isAlternative: place.IsNegative ? atLeast.Count > 1 : atLeast.Count < atLeast.Children.Count,
                    count: atLeast.Count);
            case Predicate.Not not:
                return Wrap(LogicKind.Not, not, null, Visit(not.Child, place with { Negations = place.Negations + 1 }));
            case Predicate.Named named:
                return Wrap(LogicKind.Named, named, named.Name, Visit(named.Child, place with { Part = named.Name }));
            case Predicate.Constant constant:
                return LogicNode.Of(LogicKind.Constant, constant.Origin.Span, [], constant.Value ? "true" : "false");
            case Predicate.Leaf leaf:
                return Leaf(leaf, place);
            case Predicate.Opaque opaque:
                return Opaque(opaque.Origin.Span, opaque.Reason);
            default:
                return Opaque(predicate.Origin.Span, "not known to the walk over logic");
        }
    }

    private LogicNode Opaque(SourceSpan span, string reason)
    {
        notModelled.Add(new NotModelled(span, reason));
        return LogicNode.Of(LogicKind.Opaque, span, [], reason);
    }

    private static LogicNode? Wrap(LogicKind kind, Predicate node, string? text, LogicNode? child)
        => child is null ? null : LogicNode.Of(kind, node.Origin.Span, [child], text);

    private LogicNode? Group(LogicKind kind, IrList<Predicate> children, Predicate node, Place place, bool isAlternative, int count = 0)
    {
        if (isAlternative && !place.IsClause && children.Count > 1)
        {
            place = children.All(child => HasPositive(child, place.IsNegative))
                ? place with { Scope = place.Scope == "rule" ? "branch" : place.Scope }
                : place with { IsClause = true };
        }

        var shown = new List<LogicNode>(children.Count);
        foreach (var child in children)
        {
            if (Visit(child, place) is { } visited)
            {
                shown.Add(visited);
            }
        }

        return (shown.Count, kind) switch
        {
            (0, _) when children.Count > 0 => null,
            (1, LogicKind.And or LogicKind.Or) => shown[0],
            _ => LogicNode.Of(kind, node.Origin.Span, shown, count: count),
        };
    }

    /// <summary>Whether some literal of it holds by what an event has. What cannot be told is taken to.</summary>
    private static bool HasPositive(Predicate predicate, bool negated)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return true;
        }

        if (predicate.Origin.Kind is OriginKind.Guard or OriginKind.Gate)
        {
            return false;
        }

        return predicate switch
        {
            Predicate.Leaf => !negated,
            Predicate.Not not => HasPositive(not.Child, !negated),
            Predicate.Opaque => true,
            Predicate.Constant => false,
            _ => predicate.Children().Any(child => HasPositive(child, negated)),
        };
    }

    private LogicNode Leaf(Predicate.Leaf leaf, Place place)
    {
        var node = LogicNode.Of(LogicKind.Leaf, leaf.Origin.Span, []);
        var sources = leaf.Subject.FieldPaths().ToList();
        if (leaf.Subject is ValueExpression.Opaque subject)
        {
            notModelled.Add(new NotModelled(leaf.Origin.Span, subject.Reason));
        }

        foreach (var operand in leaf.Operands.OfType<ValueExpression.Opaque>())
        {
            notModelled.Add(new NotModelled(leaf.Origin.Span, operand.Reason));
        }

        // Only what comes from one field of the event makes a row.
        if (sources.Count != 1 || (sources[0].SimpleName is { } name && Computed.Contains(name)))
        {
            return node with { Text = Describe(leaf) };
        }

        var role = RoleOf(leaf, place, out var scope);
        if (_known.TryGetValue((leaf, role, place.Stage), out var known))
        {
            return node with { Row = known };
        }

        var field = ValueText.Path(sources[0]);
        var concept = sources[0].SimpleName is { } simple ? FieldConcepts.Instance.ConceptOf(family, simple, EventClass) : null;
        var kind = LeafKinds.Of(leaf);
        var countSubject = CountKeys.Subject(family, field, concept);
        var row = new PredicateRow(
            rows.Count,
            role,
            field,
            concept,
            kind,
            leaf.Match,
            leaf.Case,
            place.IsNegative,
            scope,
            place.Part,
            place.Stage,
            leaf.Origin.Span,
            Values(leaf, kind, countSubject));
        rows.Add(row);
        _known.Add((leaf, role, place.Stage), row.Number);
        return node with { Row = row.Number };
    }

    private static RowRole RoleOf(Predicate.Leaf leaf, Place place, out string scope)
    {
        scope = place.Scope;
        if (place.IsNegative)
        {
            return RowRole.Exclusion;
        }

        if (!place.IsClause)
        {
            return RowRole.Indicator;
        }

        if (place.Negations >= 2 || leaf.Operator is LeafOperator.IsEmpty or LeafOperator.Missing)
        {
            return RowRole.Exception;
        }

        scope = scope == "rule" ? "branch" : scope;
        return RowRole.Indicator;
    }

    private List<RowValue> Values(Predicate.Leaf leaf, string kind, string subject)
    {
        if (leaf.Operands.Count == 0)
        {
            return [new RowValue("", leaf.Origin.Span, [], [CountKeys.OfQuestion(subject, kind)])];
        }

        var prefix = kind == "computed" && leaf.Subject is ValueExpression.Call call ? $"{call.Function} {IrText.Word(leaf.Operator)} " : "";
        var values = new List<RowValue>(leaf.Operands.Count);
        for (var i = 0; i < leaf.Operands.Count;)
        {
            // Operands computed from one written value stand side by side and point at the same place.
            var span = leaf.Operands[i].Origin.Span;
            var end = i + 1;
            if (span.Length > 0)
            {
                while (end < leaf.Operands.Count && leaf.Operands[end].Origin.Span == span)
                {
                    end++;
                }
            }

            values.Add(Value(leaf, kind, subject, prefix, i, end));
            i = end;
        }

        return values;
    }

    /// <summary>The operands <c>[start, end)</c>, which one written value stands for.</summary>
    private RowValue Value(Predicate.Leaf leaf, string kind, string subject, string prefix, int start, int end)
    {
        var keys = new List<CountKey>(end - start);
        List<string>? derived = null;
        ValueExpression? written = null;
        for (var i = start; i < end; i++)
        {
            var operand = leaf.Operands[i];
            var key = CountKeys.Of(subject, kind, leaf, operand);
            key = prefix.Length > 0 ? key with { Value = CountKeys.Fold(prefix) + key.Value } : key;
            if (i == start || !keys.Contains(key))
            {
                keys.Add(key);
            }

            if (operand.Origin.Kind != OriginKind.Derived)
            {
                written ??= operand;
            }
        }

        if (leaf.Origin.Kind == OriginKind.Derived || leaf.Operands.AsSpan()[start..end].ContainsDerived())
        {
            derived = [];
            for (var i = start; i < end; i++)
            {
                var text = ValueText.Canonical(leaf.Operands[i]);
                if (!derived.Contains(text))
                {
                    derived.Add(text);
                }
            }
        }

        var span = leaf.Operands[start].Origin.Span;
        var shown = written ?? leaf.Operands[start];
        var isComputed = written is null && shown is ValueExpression.Literal { Text: null };
        return new RowValue(prefix + (isComputed ? WrittenText(span) ?? ValueText.Of(shown) : ValueText.Of(shown)), span, derived ?? [], keys);
    }

    /// <summary>What stands in the file, without the quotes around it.</summary>
    private string? WrittenText(SourceSpan span)
    {
        if (span.Length == 0 || span.End > query.Length)
        {
            return null;
        }

        var text = query.Slice(span);
        return text.Length >= 2 && text[0] == text[^1] && text[0] is '\'' or '"' ? text[1..^1].ToString() : text.ToString();
    }

    internal static string Describe(Predicate.Leaf leaf)
        => leaf.Operands.Count == 0
            ? $"{ValueText.Of(leaf.Subject)} {OperatorWords.Words(IrText.Word(leaf.Operator), leaf.Match)}"
            : $"{ValueText.Of(leaf.Subject)} {OperatorWords.Words(IrText.Word(leaf.Operator), leaf.Match)} {string.Join(", ", leaf.Operands.Take(8).Select(ValueText.Of))}";

    /// <param name="IsClause">Inside of an alternative that could hold by absence alone.</param>
    private readonly record struct Place(int Negations, string Scope, bool IsClause, string? Part, int Stage)
    {
        public bool IsNegative => Negations % 2 == 1;
    }

    /// <summary>A selection named twice in a condition is one set of rows: the same leaf at the same place.</summary>
    private sealed class LeafComparer : IEqualityComparer<(Predicate.Leaf Leaf, RowRole Role, int Stage)>
    {
        public static LeafComparer Instance { get; } = new();

        public bool Equals((Predicate.Leaf Leaf, RowRole Role, int Stage) x, (Predicate.Leaf Leaf, RowRole Role, int Stage) y)
            => x.Role == y.Role && x.Stage == y.Stage
                && (ReferenceEquals(x.Leaf, y.Leaf) || (x.Leaf.Origin.Span == y.Leaf.Origin.Span && x.Leaf.Origin.Span.Length > 0 && x.Leaf.Equals(y.Leaf)));

        public int GetHashCode((Predicate.Leaf Leaf, RowRole Role, int Stage) key)
            => HashCode.Combine(key.Leaf.Origin.Span, key.Role, key.Stage, key.Leaf.Operator);
    }
}

internal static class OperandSpans
{
    public static bool ContainsDerived(this ReadOnlySpan<ValueExpression> operands)
    {
        foreach (var operand in operands)
        {
            if (operand.Origin.Kind == OriginKind.Derived)
            {
                return true;
            }
        }

        return false;
    }
}
