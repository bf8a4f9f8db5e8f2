using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using Glossa.Execution.Reading;

namespace Glossa.Execution.Matching;

/// <summary>What is known of a predicate at an event.</summary>
internal enum MatchResult
{
    No,
    Yes,

    /// <summary>It hangs on something that has no meaning here.</summary>
    Undecided,
}

/// <summary>
/// All predicates of a rule set, compiled together: equal leaves are one leaf, asked at most once an event, and equal predicates are one predicate.
/// </summary>
internal sealed class Matcher(FieldTable fields, ValueResolver resolver)
{
    // Deeper trees come from no author; they would overflow the stack of whoever walks them.
    private const int MaximumDepth = 256;

    private readonly Dictionary<Predicate, int> _leafNumbers = [];
    private readonly List<LeafTest> _leaves = [];
    private readonly Dictionary<Predicate, CompiledPredicate> _compiled = [];
    private long[] _answers = [];

    public int LeafCount => _leaves.Count;

    public CompiledPredicate Compile(Predicate predicate)
    {
        if (_compiled.TryGetValue(predicate, out var known))
        {
            return known;
        }

        var lower = Compile(predicate, opaqueIs: false, depth: 0);
        var hasOpaque = HasOpaque(predicate);
        var compiled = new CompiledPredicate(lower, hasOpaque ? Compile(predicate, opaqueIs: true, depth: 0) : lower, ReasonOf(predicate));
        _compiled.Add(predicate, compiled);
        return compiled;
    }

    public MatchResult Test(CompiledPredicate predicate, JsonEvent current)
    {
        if (_answers.Length < _leaves.Count)
        {
            Array.Resize(ref _answers, _leaves.Count);
        }

        if (predicate.Lower.Test(this, current))
        {
            return MatchResult.Yes;
        }

        return !ReferenceEquals(predicate.Lower, predicate.Upper) && predicate.Upper.Test(this, current) ? MatchResult.Undecided : MatchResult.No;
    }

    private bool Ask(int leaf, JsonEvent current)
    {
        var answer = _answers[leaf];
        if (answer >> 1 == current.Stamp)
        {
            return (answer & 1) == 1;
        }

        var holds = _leaves[leaf].Test(current);
        _answers[leaf] = ((long)current.Stamp << 1) | (holds ? 1L : 0L);
        return holds;
    }

    /// <param name="opaqueIs">How an opaque part is taken at this place; a negation turns it around, which gives the lower and the upper bound.</param>
    private Node Compile(Predicate predicate, bool opaqueIs, int depth)
    {
        if (depth > MaximumDepth)
        {
            return opaqueIs ? Constant.True : Constant.False;
        }

        switch (predicate)
        {
            case Predicate.And and:
                return Combine(and.Children, opaqueIs, depth, isAnd: true);
            case Predicate.Or or:
                return Combine(or.Children, opaqueIs, depth, isAnd: false);
            case Predicate.Not not:
                return Compile(not.Child, !opaqueIs, depth + 1) switch
                {
                    Constant constant => constant.Value ? Constant.False : Constant.True,
                    var child => new Negation(child),
                };
            case Predicate.AtLeast atLeast:
                return new Counting(atLeast.Count, Children(atLeast.Children, opaqueIs, depth));
            case Predicate.Constant constant:
                return constant.Value ? Constant.True : Constant.False;
            case Predicate.Named named:
                return Compile(named.Child, opaqueIs, depth + 1);
            case Predicate.Leaf leaf:
                return HasOpaqueValue(leaf) ? (opaqueIs ? Constant.True : Constant.False) : new LeafNode(NumberOf(leaf), _leaves[NumberOf(leaf)].Cost);
            default:
                return opaqueIs ? Constant.True : Constant.False;
        }
    }

    private int NumberOf(Predicate.Leaf leaf)
    {
        if (!_leafNumbers.TryGetValue(leaf, out var number))
        {
            number = _leaves.Count;
            _leaves.Add(LeafTest.Create(leaf, fields, resolver));
            _leafNumbers.Add(leaf, number);
        }

        return number;
    }

    private Node Combine(IrList<Predicate> predicates, bool opaqueIs, int depth, bool isAnd)
    {
        var children = Children(predicates, opaqueIs, depth).Where(child => child is not Constant constant || constant.Value != isAnd).OrderBy(child => child.Cost).ToArray();
        return children.Length switch
        {
            0 => isAnd ? Constant.True : Constant.False,
            1 => children[0],
            _ when Array.Exists(children, child => child is Constant) => isAnd ? Constant.False : Constant.True,
            _ => isAnd ? new Conjunction(children) : new Disjunction(children),
        };
    }

    private Node[] Children(IrList<Predicate> predicates, bool opaqueIs, int depth)
        => [.. predicates.Select(child => Compile(child, opaqueIs, depth + 1))];

    private static bool HasOpaque(Predicate predicate)
        => predicate.DescendantsAndSelf().Any(node => node is Predicate.Opaque || (node is Predicate.Leaf leaf && HasOpaqueValue(leaf))) || IsTooDeep(predicate);

    private static string? ReasonOf(Predicate predicate)
    {
        foreach (var node in predicate.DescendantsAndSelf())
        {
            switch (node)
            {
                case Predicate.Opaque opaque:
                    return opaque.Reason;
                case Predicate.Leaf leaf when HasOpaqueValue(leaf):
                    return "a value has no meaning here";
            }
        }

        return IsTooDeep(predicate) ? $"nested more than {MaximumDepth} deep" : null;
    }

    private static bool HasOpaqueValue(Predicate.Leaf leaf)
        => ValueResolver.IsOpaque(leaf.Subject) || leaf.Operands.Any(ValueResolver.IsOpaque);

    private static bool IsTooDeep(Predicate predicate)
    {
        var pending = new Stack<(Predicate Node, int Depth)>();
        pending.Push((predicate, 0));
        while (pending.TryPop(out var item))
        {
            if (item.Depth > MaximumDepth)
            {
                return true;
            }

            foreach (var child in item.Node.Children())
            {
                pending.Push((child, item.Depth + 1));
            }
        }

        return false;
    }

    internal abstract class Node
    {
        public abstract int Cost { get; }

        public abstract bool Test(Matcher matcher, JsonEvent current);
    }

    private sealed class LeafNode(int number, int cost) : Node
    {
        public override int Cost => cost;

        public override bool Test(Matcher matcher, JsonEvent current) => matcher.Ask(number, current);
    }

    private sealed class Constant(bool value) : Node
    {
        public static readonly Constant True = new(true);
        public static readonly Constant False = new(false);

        public bool Value => value;

        public override int Cost => 0;

        public override bool Test(Matcher matcher, JsonEvent current) => value;
    }

    private sealed class Negation(Node child) : Node
    {
        public override int Cost => child.Cost;

        public override bool Test(Matcher matcher, JsonEvent current) => !child.Test(matcher, current);
    }

    private sealed class Conjunction(Node[] children) : Node
    {
        public override int Cost { get; } = children.Sum(child => child.Cost);

        public override bool Test(Matcher matcher, JsonEvent current)
        {
            foreach (var child in children)
            {
                if (!child.Test(matcher, current))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private sealed class Disjunction(Node[] children) : Node
    {
        public override int Cost { get; } = children.Sum(child => child.Cost);

        public override bool Test(Matcher matcher, JsonEvent current)
        {
            foreach (var child in children)
            {
                if (child.Test(matcher, current))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private sealed class Counting(int count, Node[] children) : Node
    {
        public override int Cost { get; } = children.Sum(child => child.Cost);

        public override bool Test(Matcher matcher, JsonEvent current)
        {
            var held = 0;
            for (var i = 0; i < children.Length && held < count; i++)
            {
                held += children[i].Test(matcher, current) ? 1 : 0;
            }

            return held >= count;
        }
    }
}

/// <param name="Lower">True: the event matches.</param>
/// <param name="Upper">False: it does not. The same object as <paramref name="Lower"/> where nothing is opaque.</param>
/// <param name="OpaqueReason">What has no meaning here; null where all has.</param>
internal sealed record CompiledPredicate(Matcher.Node Lower, Matcher.Node Upper, string? OpaqueReason);
