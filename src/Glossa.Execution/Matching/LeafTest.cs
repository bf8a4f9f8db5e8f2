using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using Glossa.Execution.Reading;

namespace Glossa.Execution.Matching;

/// <summary>A leaf prepared for many events. Where a leaf has a form that no fast test is written for, <see cref="LeafSemantics"/> answers itself.</summary>
internal abstract class LeafTest
{
    /// <summary>The order in which the parts of a conjunction are tried.</summary>
    public abstract int Cost { get; }

    public abstract bool Test(JsonEvent current);

    public static LeafTest Create(Predicate.Leaf leaf, FieldTable fields, ValueResolver resolver)
    {
        if (leaf.Subject is not ValueExpression.Field { Path: var path })
        {
            return new AnyLeaf(leaf, resolver);
        }

        if (path.SimpleName is { } name && !name.StartsWith('#'))
        {
            var field = fields.IdOf(name, path.Lookup);
            if (LeafSemantics.AsksForPresence(leaf.Operator))
            {
                return new PresenceLeaf(leaf.Operator, field);
            }

            if (Constants(leaf) is { Count: > 0 } constants)
            {
                if (IsText(leaf))
                {
                    return new TextLeaf(leaf, field, Texts(constants));
                }

                if (leaf.Operator == LeafOperator.Cidr && leaf.Match == MatchMode.Any)
                {
                    return new CidrLeaf(field, constants);
                }

                return new ValueLeaf(leaf, field, constants);
            }

            return new AnyLeaf(leaf, resolver);
        }

        return path is { Root: PathRoot.Anywhere { Scope: AnywhereScope.Values or AnywhereScope.Both }, Steps.Count: 0 } && IsText(leaf) && Constants(leaf) is { Count: > 0 } keywords
            ? new AnywhereLeaf(leaf, Texts(keywords))
            : new AnyLeaf(leaf, resolver);
    }

    /// <summary>Operands that are the same for every event, lists spread; null where one is not.</summary>
    private static List<Value>? Constants(Predicate.Leaf leaf)
    {
        var constants = new List<Value>(leaf.Operands.Count);
        foreach (var operand in leaf.Operands)
        {
            switch (operand)
            {
                case ValueExpression.Literal { Value: Value.List list }:
                    constants.AddRange(list.Items);
                    break;
                case ValueExpression.Literal literal:
                    constants.Add(literal.Value);
                    break;
                default:
                    return null;
            }
        }

        return constants.TrueForAll(constant => constant.IsScalar) ? constants : null;
    }

    private static bool IsText(Predicate.Leaf leaf)
        => LeafSemantics.ComparesText(leaf.Operator) || (leaf.Operator == LeafOperator.Eq && leaf.Typing == Typing.Text);

    private static string[] Texts(List<Value> constants) => [.. constants.Select(constant => constant.ToCanonicalText() ?? "")];

    private static TextTest[] Tests(Predicate.Leaf leaf, string[] operands) => leaf.Match == MatchMode.Any
        ? [TextTest.Create(leaf.Operator, operands, leaf.Case, leaf.Regex)]
        : [.. operands.Select(operand => TextTest.Create(leaf.Operator, [operand], leaf.Case, leaf.Regex))];

    private static int CostOf(LeafOperator leafOperator, int operands) => leafOperator switch
    {
        LeafOperator.Eq => 2,
        LeafOperator.StartsWith or LeafOperator.EndsWith => 2 + Math.Min(operands, 10),
        LeafOperator.Contains => 20 + Math.Min(operands, 30),
        LeafOperator.Wildcard => 60 + Math.Min(operands, 1000),
        _ => 1000 + Math.Min(operands, 100_000),
    };

    /// <summary>The scalars of a field, one after the other.</summary>
    private static bool AnyText(JsonEvent current, FieldSlot slot, TextTest test)
    {
        var tape = current.Tape;
        if (!slot.IsGathered)
        {
            return slot.Node >= 0 && AnyText(tape, slot.Node, test);
        }

        for (var i = 0; i < slot.Count; i++)
        {
            if (AnyText(tape, current.FoundNode(slot.Node + i), test))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyText(JsonTape tape, int node, TextTest test)
    {
        switch (tape[node].Kind)
        {
            case RecordKind.Text or RecordKind.Number or RecordKind.Boolean:
                return test.Test(tape.CanonicalText(node));
            case RecordKind.List:
                var end = tape[node].End;
                for (var child = node + 1; child < end; child = tape[child].Kind == RecordKind.List ? child + 1 : tape[child].End)
                {
                    if (tape[child].Kind is RecordKind.Text or RecordKind.Number or RecordKind.Boolean && test.Test(tape.CanonicalText(child)))
                    {
                        return true;
                    }
                }

                return false;
            default:
                return false;
        }
    }

    private sealed class TextLeaf(Predicate.Leaf leaf, int field, string[] operands) : LeafTest
    {
        private readonly TextTest[] _tests = Tests(leaf, operands);

        public override int Cost { get; } = CostOf(leaf.Operator, operands.Length);

        public override bool Test(JsonEvent current)
        {
            var slot = current.Slot(field);
            if (slot.IsMissing)
            {
                return false;
            }

            foreach (var test in _tests)
            {
                if (!AnyText(current, slot, test))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private sealed class AnywhereLeaf(Predicate.Leaf leaf, string[] operands) : LeafTest
    {
        private readonly TextTest[] _tests = Tests(leaf, operands);

        public override int Cost { get; } = 100 + (10 * CostOf(leaf.Operator, operands.Length));

        public override bool Test(JsonEvent current)
        {
            foreach (var test in _tests)
            {
                if (!Anywhere(current, test))
                {
                    return false;
                }
            }

            return true;
        }

        private static bool Anywhere(JsonEvent current, TextTest test)
        {
            var tape = current.Tape;
            for (var i = 0; i < current.EntryCount; i++)
            {
                var node = current.EntryNode(i);
                for (var end = tape[node].End; node < end; node++)
                {
                    if (tape[node].Kind is RecordKind.Text or RecordKind.Number or RecordKind.Boolean && test.Test(tape.CanonicalText(node)))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    private sealed class PresenceLeaf(LeafOperator leafOperator, int field) : LeafTest
    {
        public override int Cost => 1;

        public override bool Test(JsonEvent current)
        {
            var slot = current.Slot(field);
            return leafOperator switch
            {
                LeafOperator.Present => !slot.IsMissing,
                LeafOperator.Missing => slot.IsMissing,
                _ when !slot.IsGathered && (slot.Node < 0 || current.Tape[slot.Node].Kind is not RecordKind.List) => OfScalar(current, slot.Node),
                LeafOperator.HasValue => LeafSemantics.HasValue(current.ToValue(slot)),
                _ => LeafSemantics.IsEmpty(current.ToValue(slot)),
            };
        }

        private bool OfScalar(JsonEvent current, int node)
        {
            var kind = node < 0 ? RecordKind.Null : current.Tape[node].Kind;
            return leafOperator == LeafOperator.HasValue
                ? kind != RecordKind.Null
                : kind == RecordKind.Null || (kind == RecordKind.Text && current.Tape[node].Length == 0);
        }
    }

    private sealed class CidrLeaf : LeafTest
    {
        private readonly int _field;
        private readonly Networks _networks;

        public CidrLeaf(int field, List<Value> operands)
        {
            _field = field;
            _networks = new Networks(operands);
        }

        public override int Cost => 8;

        public override bool Test(JsonEvent current)
        {
            var slot = current.Slot(_field);
            return !slot.IsMissing && AnyText(current, slot, _networks);
        }

        private sealed class Networks : TextTest
        {
            private readonly List<CidrBlock> _blocks = [];

            public Networks(List<Value> operands)
            {
                foreach (var operand in operands)
                {
                    if (Cidr.TryConvert(operand, out CidrBlock block))
                    {
                        _blocks.Add(block);
                    }
                }
            }

            public override bool Test(ReadOnlySpan<char> value)
            {
                if (!AddressBits.TryParse(value, out var address))
                {
                    return false;
                }

                foreach (var block in _blocks)
                {
                    if (block.Contains(address))
                    {
                        return true;
                    }
                }

                return false;
            }
        }
    }

    /// <summary>Typed comparisons: on the value itself.</summary>
    private sealed class ValueLeaf(Predicate.Leaf leaf, int field, List<Value> operands) : LeafTest
    {
        public override int Cost => 30;

        public override bool Test(JsonEvent current)
        {
            var slot = current.Slot(field);
            return !slot.IsMissing && LeafSemantics.Test(leaf, current.ToValue(slot), operands);
        }
    }

    private sealed class AnyLeaf(Predicate.Leaf leaf, ValueResolver resolver) : LeafTest
    {
        public override int Cost => 500;

        public override bool Test(JsonEvent current)
            => LeafSemantics.Test(leaf, resolver.Resolve(leaf.Subject, current), resolver.ResolveOperands(leaf, current));
    }
}
