using System.Globalization;
using System.Runtime.CompilerServices;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Core.Semantics.Functions;

namespace Glossa.Core.Rewrites;

/// <summary>
/// The normal form: what is hashed, compared and matched. The same answer on every event as the authored tree, by fewer spellings.
/// </summary>
/// <remarks>
/// <para>It drops names, flattens and sorts and deduplicates, pushes negations down to the leaves (never into an operator: what is
/// not less is not "greater or equal", it may be missing), folds constants, absorbs (<c>a or (a and b)</c> is <c>a</c>), gathers leaves
/// that differ in their operand only into one with a list, splits a leaf that wants all of its operands, and writes wildcards and
/// patterns of a plain shape as the text operator they are. Of plans it fuses filters that follow each other, and moves a filter
/// below an extension whose columns it does not read. It leaves opaque parts and everything else of a plan alone.</para>
/// <para>Every leaf's <see cref="Origin.StandsFor"/> holds the numbers of the authored leaves it means.</para>
/// </remarks>
public static class Normalizer
{
    public static DetectionLogic Normalize(DetectionLogic authored)
    {
        var nodes = NodesOf(authored);
        return authored with
        {
            Bindings = [.. authored.Bindings.Select(binding => binding with { Plan = Normalize(binding.Plan, nodes) })],
            Root = Normalize(authored.Root, nodes),
        };
    }

    public static Predicate Normalize(Predicate predicate, AuthoredNodes nodes) => new PredicateNormalizer(nodes).Normalize(predicate);

    /// <summary>The numbers that the normal form of a logic points to: its bindings' predicates in order, then the root's.</summary>
    public static AuthoredNodes NodesOf(DetectionLogic authored) => new([.. authored.Bindings.Select(binding => binding.Plan), authored.Root]);

    private static Plan Normalize(Plan plan, AuthoredNodes nodes) => plan.Accept(new PlanNormalizer(nodes));

    private sealed class PlanNormalizer(AuthoredNodes nodes) : PlanVisitor<Plan>
    {
        public override Plan VisitScan(Plan.Scan scan) => scan.Gate is null ? scan : scan with { Gate = Normalizer.Normalize(scan.Gate, nodes) };

        public override Plan VisitFilter(Plan.Filter filter)
        {
            var predicate = filter.Predicate;
            var origin = filter.Origin;
            var input = filter.Input;
            while (input is Plan.Filter inner)
            {
                predicate = new Predicate.And([inner.Predicate, predicate]);
                origin = inner.Origin;
                input = inner.Input;
            }

            return Below(Of(input), Normalizer.Normalize(predicate, nodes), origin);
        }

        public override Plan VisitExtend(Plan.Extend extend)
            => extend with { Input = Of(extend.Input), Assignments = [.. extend.Assignments.Select(assignment => assignment with { Expression = Expressions.Fold(assignment.Expression) })] };

        public override Plan VisitUnion(Plan.Union union) => union with { Inputs = [.. union.Inputs.Select(Of)] };

        public override Plan VisitReference(Plan.Reference reference) => reference;

        public override Plan VisitWindow(Plan.Window window) => window with { Input = Of(window.Input) };

        public override Plan VisitSummarize(Plan.Summarize summarize) => summarize with { Input = Of(summarize.Input) };

        public override Plan VisitSequence(Plan.Sequence sequence) => sequence with { Steps = [.. sequence.Steps.Select(step => step with { Plan = Of(step.Plan) })] };

        public override Plan VisitOpaque(Plan.Opaque opaque) => opaque with { Inputs = [.. opaque.Inputs.Select(Of)] };

        private Plan Of(Plan plan)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return plan.Accept(this);
        }

        /// <summary>The filter as near to the source as it may stand; the input is normal already.</summary>
        private static Plan Below(Plan input, Predicate predicate, Origin origin)
        {
            var above = new Stack<Plan.Extend>();
            while (input is Plan.Extend extend && !ReadsColumnsOf(extend, predicate))
            {
                above.Push(extend);
                input = extend.Input;
            }

            Plan plan = input is Plan.Filter inner
                ? inner with { Predicate = PredicateNormalizer.Conjunction(inner.Predicate, predicate) }
                : new Plan.Filter(input, predicate) { Origin = origin };
            while (above.TryPop(out var extend))
            {
                plan = extend with { Input = plan };
            }

            return plan;
        }

        // A keyword looks through everything a row has, so it stays above what adds to it.
        private static bool ReadsColumnsOf(Plan.Extend extend, Predicate predicate)
            => predicate.FieldPaths().Any(path => path.Root is not PathRoot.Row
                || path.Steps is not [PathStep.Key first, ..]
                || extend.Assignments.Any(assignment => assignment.Name == first.Name));
    }
}

/// <summary>A predicate's normal form, with the key it is sorted and compared by.</summary>
internal sealed class PredicateNormalizer(AuthoredNodes nodes)
{
    public Predicate Normalize(Predicate predicate) => Of(predicate, isNegated: false).Node;

    /// <summary>Two normal predicates as one.</summary>
    public static Predicate Conjunction(Predicate left, Predicate right) => Join(isAnd: true, [Keyed.Of(left), Keyed.Of(right)]).Node;

    /// <param name="Parts">The children of an And or Or with their keys, so that no key is made twice.</param>
    internal sealed record Keyed(Predicate Node, string Key, IReadOnlyList<Keyed> Parts)
    {
        public Keyed(Predicate node, string key)
            : this(node, key, [])
        {
        }

        public static Keyed Of(Predicate normal)
        {
            IReadOnlyList<Keyed> parts = normal switch
            {
                Predicate.And and => [.. and.Children.Select(Of)],
                Predicate.Or or => [.. or.Children.Select(Of)],
                _ => [],
            };
            return new Keyed(normal, PredicateKey.Of(normal), parts);
        }
    }

    private Keyed Of(Predicate predicate, bool isNegated)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Keyed.Of(new Predicate.Opaque("nested too deeply to be put in normal form", [.. predicate.FieldPaths().Distinct()]) { Origin = predicate.Origin });
        }

        switch (predicate)
        {
            case Predicate.Named named:
                return Of(named.Child, isNegated);
            case Predicate.Not not:
                return Of(not.Child, !isNegated);
            case Predicate.Constant constant:
                return Constant(constant.Value != isNegated);
            case Predicate.And and:
                return Join(isAnd: !isNegated, [.. and.Children.Select(child => Of(child, isNegated))]);
            case Predicate.Or or:
                return Join(isAnd: isNegated, [.. or.Children.Select(child => Of(child, isNegated))]);
            case Predicate.AtLeast atLeast:
                // Fewer than n of k hold exactly when more than k - n fail.
                return AtLeast(
                    isNegated ? atLeast.Children.Count - atLeast.Count + 1 : atLeast.Count,
                    [.. atLeast.Children.Select(child => Of(child, isNegated))],
                    atLeast.Origin);
            case Predicate.Leaf leaf:
                return Leaf(leaf, isNegated);
            default:
                var key = PredicateKey.Of(predicate);
                return isNegated ? new Keyed(new Predicate.Not(predicate) { Origin = predicate.Origin }, "!" + key) : new Keyed(predicate, key);
        }
    }

    private static Keyed Constant(bool value) => new(new Predicate.Constant(value), value ? "true" : "false");

    private Keyed Leaf(Predicate.Leaf written, bool isNegated)
    {
        var number = nodes.NumberOf(written);
        var leaf = written with
        {
            Subject = Expressions.Fold(written.Subject),
            Operands = [.. written.Operands.SelectMany(Expressions.Spread)],
            Origin = number < 0 ? written.Origin : written.Origin with { StandsFor = [number] },
        };
        if (LeafSemantics.AsksForPresence(leaf.Operator))
        {
            // What says nothing about presence would be two keys for one meaning.
            leaf = leaf with { Operands = [], Match = MatchMode.Any, Case = CaseRule.Exact, Typing = Typing.Text, Regex = null };
            if (leaf.Operator == LeafOperator.Missing)
            {
                leaf = leaf with { Operator = LeafOperator.Present };
                isNegated = !isNegated;
            }

            return KeyedLeaf(leaf, LeafKey.Of(leaf), isNegated);
        }

        if (leaf.Operands.Count == 0)
        {
            return Constant(isNegated);
        }

        var subject = LeafKey.SubjectKey(leaf);
        if (leaf.Match == MatchMode.Any)
        {
            return Join(isAnd: isNegated, Alternatives(leaf, subject, isNegated));
        }

        // One leaf an operand, since each must fit.
        return Join(isAnd: !isNegated, [.. leaf.Operands.Select(operand =>
        {
            var part = Plain(leaf with { Operands = [operand], Match = Expressions.MaySpread(operand) ? MatchMode.All : MatchMode.Any });
            return KeyedLeaf(part, LeafKey.Compose(LeafKey.GroupOf(part, subject), [LeafKey.OperandKey(part, operand: part.Operands[0])]), isNegated);
        })]);
    }

    private static Keyed KeyedLeaf(Predicate.Leaf leaf, string key, bool isNegated)
        => isNegated ? new Keyed(new Predicate.Not(leaf) { Origin = leaf.Origin }, "!" + key) : new Keyed(leaf, key);

    /// <summary>A leaf of one operand in its plainest form.</summary>
    private static Predicate.Leaf Plain(Predicate.Leaf part)
    {
        part = PlainShape.Of(part);
        part = part.Operator == LeafOperator.Regex ? part : part with { Regex = null };
        return part.Typing == Typing.Literal && part.Operator == LeafOperator.Eq && !LeafKey.TypingMatters(part) ? part with { Typing = Typing.Text } : part;
    }

    /// <summary>
    /// The leaves that a list of alternatives comes to: one for each operator and way of comparing its values need. Lists of
    /// thousands of values are common, so the values of one leaf are gathered here and not by <see cref="Gather"/>.
    /// </summary>
    private static List<Keyed> Alternatives(Predicate.Leaf leaf, string subject, bool isNegated)
    {
        var groups = new List<(Predicate.Leaf Shape, bool IsTyped, Dictionary<string, ValueExpression> Operands)>();
        foreach (var operand in leaf.Operands)
        {
            var part = Plain(leaf with { Operands = [operand] });
            var isTyped = part.Typing == Typing.Literal && LeafKey.TypingMatters(part);
            var group = groups.FindIndex(known => known.Shape.Operator == part.Operator && known.Shape.Case == part.Case && known.Shape.Regex == part.Regex && known.IsTyped == isTyped);
            if (group < 0)
            {
                group = groups.Count;
                groups.Add((part, isTyped, new Dictionary<string, ValueExpression>(StringComparer.Ordinal)));
            }

            groups[group].Operands.TryAdd(LeafKey.OperandKey(part, part.Operands[0]), part.Operands[0]);
        }

        var alternatives = new List<Keyed>(groups.Count);
        foreach (var (shape, _, operands) in groups)
        {
            string[] keys = [.. operands.Keys];
            Array.Sort(keys, StringComparer.Ordinal);
            var gathered = shape with { Operands = [.. keys.Select(key => operands[key])] };
            alternatives.Add(KeyedLeaf(gathered, LeafKey.Compose(LeafKey.GroupOf(gathered, subject), keys), isNegated));
        }

        return alternatives;
    }

    private static Keyed AtLeast(int count, List<Keyed> children, Origin origin)
    {
        count -= children.RemoveAll(child => child.Node is Predicate.Constant { Value: true });
        children.RemoveAll(child => child.Node is Predicate.Constant);
        if (count <= 0 || count > children.Count)
        {
            return Constant(count <= 0);
        }

        if (count == 1 || count == children.Count)
        {
            return Join(isAnd: count != 1, children);
        }

        children.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        var node = new Predicate.AtLeast(count, [.. children.Select(child => child.Node)]) { Origin = origin };
        return new Keyed(node, LeafKey.Digest(string.Create(CultureInfo.InvariantCulture, $"#{count}:"), children.Select(child => child.Key)));
    }

    private static Keyed Join(bool isAnd, List<Keyed> children)
    {
        var byKey = new Dictionary<string, Keyed>(StringComparer.Ordinal);
        foreach (var child in children.SelectMany(child => Flatten(child, isAnd)))
        {
            if (child.Node is Predicate.Constant constant)
            {
                if (constant.Value != isAnd)
                {
                    return Constant(!isAnd);
                }

                continue;
            }

            byKey[child.Key] = byKey.TryGetValue(child.Key, out var known) ? known with { Node = Origins.Merge(known.Node, child.Node) } : child;
        }

        Absorb(byKey, isAnd);
        Gather(byKey, isAnd);
        Absorb(byKey, isAnd);
        var sorted = byKey.Values.OrderBy(child => child.Key, StringComparer.Ordinal).ToList();
        switch (sorted)
        {
            case []:
                return Constant(isAnd);
            case [var only]:
                return only;
        }

        IrList<Predicate> nodes = [.. sorted.Select(child => child.Node)];
        return new Keyed(isAnd ? new Predicate.And(nodes) : new Predicate.Or(nodes), LeafKey.Digest(isAnd ? "&" : "|", sorted.Select(child => child.Key)), sorted);
    }

    private static IEnumerable<Keyed> Flatten(Keyed child, bool isAnd) => child.Node switch
    {
        Predicate.And when isAnd => child.Parts,
        Predicate.Or when !isAnd => child.Parts,
        _ => [child],
    };

    /// <summary><c>a or (a and b)</c> is <c>a</c>; <c>a and (a or b)</c> is <c>a</c>.</summary>
    private static void Absorb(Dictionary<string, Keyed> children, bool isAnd)
    {
        foreach (var (key, child) in children.ToArray())
        {
            var mayGo = isAnd ? child.Node is Predicate.Or : child.Node is Predicate.And;
            if (mayGo && child.Parts.Any(part => children.ContainsKey(part.Key)))
            {
                children.Remove(key);
            }
        }
    }

    /// <summary>In an or, leaves that differ in their operands only become one; in an and, negated ones do.</summary>
    private static void Gather(Dictionary<string, Keyed> children, bool isAnd)
    {
        var groups = children
            .Select(entry => (entry.Key, Leaf: isAnd ? (entry.Value.Node as Predicate.Not)?.Child as Predicate.Leaf : entry.Value.Node as Predicate.Leaf))
            .Where(entry => entry.Leaf is { Match: MatchMode.Any, Operands.Count: > 0 })
            .GroupBy(entry => LeafKey.GroupOf(entry.Leaf!), StringComparer.Ordinal)
            .Where(group => group.Skip(1).Any())
            .ToArray();
        foreach (var group in groups)
        {
            var leaves = group.Select(entry => entry.Leaf!).OrderBy(leaf => leaf.Origin.Span.Start).ToArray();
            var operands = leaves
                .SelectMany(leaf => leaf.Operands.Select(operand => (Operand: operand, Key: LeafKey.OperandKey(leaf, operand))))
                .DistinctBy(item => item.Key, StringComparer.Ordinal)
                .OrderBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => item.Operand);
            var gathered = leaves[0] with { Operands = [.. operands], Origin = leaves.Select(leaf => leaf.Origin).Aggregate(Origins.Merge) };
            foreach (var (key, _) in group)
            {
                children.Remove(key);
            }

            var keyed = KeyedLeaf(gathered, LeafKey.Of(gathered), isNegated: isAnd);
            children[keyed.Key] = keyed;
        }
    }
}

/// <summary>The key of a normal predicate: a leaf's own, a digest of the children's for the others.</summary>
internal static class PredicateKey
{
    public static string Of(Predicate predicate)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return predicate switch
        {
            Predicate.Leaf leaf => LeafKey.Of(leaf),
            Predicate.Not not => "!" + Of(not.Child),
            Predicate.Constant constant => constant.Value ? "true" : "false",
            Predicate.And and => LeafKey.Digest("&", Sorted(and.Children)),
            Predicate.Or or => LeafKey.Digest("|", Sorted(or.Children)),
            Predicate.AtLeast atLeast => LeafKey.Digest(string.Create(CultureInfo.InvariantCulture, $"#{atLeast.Count}:"), Sorted(atLeast.Children)),
            Predicate.Named named => Of(named.Child),
            _ => "?" + IrText.Write(predicate),
        };
    }

    private static IOrderedEnumerable<string> Sorted(IrList<Predicate> children) => children.Select(Of).Order(StringComparer.Ordinal);
}

/// <summary>What becomes of origins when two nodes with one meaning become one.</summary>
internal static class Origins
{
    /// <summary>The first one's place; authored if either is; both stand for what each stood for.</summary>
    public static Origin Merge(Origin left, Origin right) => left with
    {
        Kind = left.Kind == OriginKind.Authored || right.Kind == OriginKind.Authored ? OriginKind.Authored : left.Kind,
        StandsFor = [.. left.StandsFor.Concat(right.StandsFor).Distinct().Order()],
    };

    /// <summary>Two trees of the same key, which differ in origins only (children of both are sorted by key).</summary>
    public static Predicate Merge(Predicate left, Predicate right) => (left, right) switch
    {
        (Predicate.Leaf a, Predicate.Leaf b) => a with { Origin = Merge(a.Origin, b.Origin) },
        (Predicate.Not a, Predicate.Not b) => a with { Child = Merge(a.Child, b.Child), Origin = Merge(a.Origin, b.Origin) },
        (Predicate.And a, Predicate.And b) when a.Children.Count == b.Children.Count => a with { Children = [.. a.Children.Zip(b.Children, Merge)] },
        (Predicate.Or a, Predicate.Or b) when a.Children.Count == b.Children.Count => a with { Children = [.. a.Children.Zip(b.Children, Merge)] },
        (Predicate.AtLeast a, Predicate.AtLeast b) when a.Children.Count == b.Children.Count => a with { Children = [.. a.Children.Zip(b.Children, Merge)] },
        _ => left,
    };
}

/// <summary>Constant parts of value expressions.</summary>
internal static class Expressions
{
    /// <summary>A call of a known function over constants is a constant.</summary>
    public static ValueExpression Fold(ValueExpression expression)
    {
        if (expression is not ValueExpression.Call call || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return expression;
        }

        var folded = call with { Arguments = [.. call.Arguments.Select(Fold)] };
        return folded.Arguments.All(argument => argument is ValueExpression.Literal)
            && FunctionCatalogue.Find(call.Function) is { } function && function.Takes(folded.Arguments.Count)
            && function.Evaluate([.. folded.Arguments.Select(argument => ((ValueExpression.Literal)argument).Value)]) is { } value
            ? new ValueExpression.Literal(value) { Origin = call.Origin }
            : folded;
    }

    /// <summary>An operand as the operands it stands for: a constant list is each of its elements.</summary>
    public static IEnumerable<ValueExpression> Spread(ValueExpression operand)
        => Fold(operand) is var folded && folded is ValueExpression.Literal { Value: Value.List list }
            ? list.Items.Select(item => new ValueExpression.Literal(item) { Origin = operand.Origin })
            : [folded];

    /// <summary>Whether it can stand for several operands when it is resolved: a list from outside, not a field of the event.</summary>
    public static bool MaySpread(ValueExpression operand) => operand is not ValueExpression.Literal && !operand.FieldPaths().Any();
}
