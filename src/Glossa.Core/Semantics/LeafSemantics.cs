using System.Collections.Concurrent;
using Glossa.Core.Events;
using Glossa.Core.Ir;

namespace Glossa.Core.Semantics;

/// <summary>
/// What a leaf means, said once: the tables of the IR's operators, typings and missing values. The slow evaluator calls
/// <see cref="Test(Predicate.Leaf, Value?, IReadOnlyList{Value})"/>; a fast matcher calls the pieces on spans. Nothing here throws
/// at a value: what cannot be read as a number, an address or a time makes the comparison false.
/// </summary>
/// <remarks>
/// <para>The bag B of a subject: its scalars, lists taken apart at any depth. Missing, null, an empty list and an object give nothing.</para>
/// <para><c>present</c>: the key is there, whatever its value. <c>has_value</c>: B is not empty, and an object counts.
/// <c>is_empty</c>: nothing but empty texts, so missing, null, <c>[]</c>, <c>""</c> and <c>[""]</c>. Every other operator needs a value
/// of B and an operand: without either it is false, in both match modes.</para>
/// </remarks>
public static class LeafSemantics
{
    /// <summary>Parsed wildcard patterns; a bound keeps patterns computed from events from filling the memory.</summary>
    private const int MaxCachedPatterns = 65_536;

    private static readonly ConcurrentDictionary<string, WildcardToken[]> WildcardPatterns = new(StringComparer.Ordinal);

    /// <summary>Operators that ask about presence; they have no operands, and they alone can be true of a missing field.</summary>
    public static bool AsksForPresence(LeafOperator leafOperator)
        => leafOperator is LeafOperator.Present or LeafOperator.Missing or LeafOperator.HasValue or LeafOperator.IsEmpty;

    /// <summary>Operators whose operand is compared as text.</summary>
    public static bool ComparesText(LeafOperator leafOperator)
        => leafOperator is LeafOperator.Contains or LeafOperator.StartsWith or LeafOperator.EndsWith or LeafOperator.Wildcard or LeafOperator.Regex;

    /// <summary>A leaf over what its subject and its operands resolved to.</summary>
    /// <param name="subject">Null where the field is missing.</param>
    /// <param name="operands">
    /// Each operand's value; a list stands for "some element of it" (a field with several values). Operands that spread (lists
    /// from outside, constant lists) come spread, an operand a value.
    /// </param>
    public static bool Test(Predicate.Leaf leaf, Value? subject, IReadOnlyList<Value> operands)
    {
        switch (leaf.Operator)
        {
            case LeafOperator.Present:
                return subject is not null;
            case LeafOperator.Missing:
                return subject is null;
            case LeafOperator.HasValue:
                return HasValue(subject);
            case LeafOperator.IsEmpty:
                return IsEmpty(subject);
        }

        if (operands.Count == 0)
        {
            return false;
        }

        var bag = Bag(subject);
        foreach (var operand in operands)
        {
            var holds = HoldsForSome(leaf, bag, operand);
            if (holds != (leaf.Match == MatchMode.All))
            {
                return holds;
            }
        }

        return leaf.Match == MatchMode.All;
    }

    /// <summary>The bag B: the scalars of a value, lists taken apart, nulls and objects left out.</summary>
    public static IReadOnlyList<Value> Bag(Value? value)
    {
        switch (value)
        {
            case null or Value.Null or Value.Map:
                return [];
            case Value.List list:
                var scalars = new List<Value>(list.Items.Count);
                Collect(list, scalars);
                return scalars;
            default:
                return [value];
        }
    }

    /// <summary>Some value: a scalar, or an object, in a list or not.</summary>
    public static bool HasValue(Value? value) => value switch
    {
        null or Value.Null => false,
        Value.List list => Elements(list).Any(),
        _ => true,
    };

    /// <summary>Missing, null, or nothing but empty texts.</summary>
    public static bool IsEmpty(Value? value) => value switch
    {
        null or Value.Null => true,
        Value.Text text => text.Content.Length == 0,
        Value.List list => Elements(list).All(IsEmpty),
        _ => false,
    };

    /// <summary>One value of B against one scalar operand.</summary>
    public static bool Holds(Predicate.Leaf leaf, Value value, Value operand)
    {
        if (!value.IsScalar || !operand.IsScalar)
        {
            return false;
        }

        switch (leaf.Operator)
        {
            case LeafOperator.Eq:
                return leaf.Typing == Typing.Literal ? EqualsByLiteral(value, operand, leaf.Case) : TextEquals(value.ToCanonicalText(), operand.ToCanonicalText(), leaf.Case);
            case LeafOperator.Contains or LeafOperator.StartsWith or LeafOperator.EndsWith or LeafOperator.Wildcard or LeafOperator.Regex:
                return TextHolds(leaf.Operator, value.ToCanonicalText(), operand.ToCanonicalText() ?? "", leaf.Case, leaf.Regex);
            case LeafOperator.Cidr:
                return Cidr.TryConvert(operand, out CidrBlock block) && Cidr.TryConvert(value, out AddressBits address) && block.Contains(address);
            case LeafOperator.Lt or LeafOperator.Le or LeafOperator.Gt or LeafOperator.Ge:
                return CompareByLiteral(value, operand, leaf.Case) is { } order && leaf.Operator switch
                {
                    LeafOperator.Lt => order < 0,
                    LeafOperator.Le => order <= 0,
                    LeafOperator.Gt => order > 0,
                    _ => order >= 0,
                };
            default:
                return false;
        }
    }

    /// <summary>The text operators over canonical text; false for an operator that is none.</summary>
    /// <param name="form">How a regex operand is read; without one nothing fits.</param>
    public static bool TextHolds(LeafOperator leafOperator, ReadOnlySpan<char> value, string operand, CaseRule caseRule, RegexForm? form = null) => leafOperator switch
    {
        LeafOperator.Eq => value.Equals(operand, CaseRules.Comparison(caseRule)),
        LeafOperator.Contains => value.Contains(operand, CaseRules.Comparison(caseRule)),
        LeafOperator.StartsWith => value.StartsWith(operand, CaseRules.Comparison(caseRule)),
        LeafOperator.EndsWith => value.EndsWith(operand, CaseRules.Comparison(caseRule)),
        LeafOperator.Wildcard => WildcardPattern.IsMatch(WildcardTokens(operand), value, caseRule),
        LeafOperator.Regex => form is not null && RegexPatterns.Compile(form, caseRule, operand).IsMatch(value),
        _ => false,
    };

    /// <summary>
    /// The order of an event's value against an operand whose type decides: numbers, times, durations, or text in ordinal order.
    /// Null where the value will not convert.
    /// </summary>
    public static int? CompareByLiteral(Value value, Value operand, CaseRule caseRule)
    {
        switch (operand)
        {
            case Value.Integer or Value.Decimal or Value.Real:
                return Numbers.TryConvert(operand, out var limit) && Numbers.TryConvert(value, out var number) ? number.CompareTo(limit) : null;
            case Value.Instant instant:
                return Instants.TryConvert(value, out var time) ? time.CompareTo(instant.Content) : null;
            case Value.Duration duration:
                return value is Value.Duration own ? own.Content.CompareTo(duration.Content) : null;
            case Value.Text text:
                return value.ToCanonicalText() is { } written ? string.Compare(written, text.Content, CaseRules.Comparison(caseRule)) : null;
            default:
                return null;
        }
    }

    /// <summary>Equality where the operand's type decides; a value that will not convert equals nothing.</summary>
    public static bool EqualsByLiteral(Value value, Value operand, CaseRule caseRule)
    {
        switch (operand)
        {
            case Value.Boolean boolean:
                return value switch
                {
                    Value.Boolean own => own.Content == boolean.Content,
                    Value.Text text => string.Equals(text.Content, boolean.Content ? "true" : "false", StringComparison.OrdinalIgnoreCase),
                    _ => false,
                };
            case Value.Address:
                return Cidr.TryConvert(operand, out AddressBits wanted) && Cidr.TryConvert(value, out AddressBits address) && address == wanted;
            case Value.Prefix:
                return Cidr.TryConvert(operand, out CidrBlock network) && Cidr.TryConvert(value, out CidrBlock block) && block == network;
            case Value.Duration duration:
                return value is Value.Duration span && span.Content == duration.Content;
            default:
                return CompareByLiteral(value, operand, caseRule) == 0;
        }
    }

    /// <summary>The tokens of a pattern, parsed once.</summary>
    public static ReadOnlySpan<WildcardToken> WildcardTokens(string pattern)
    {
        if (WildcardPatterns.TryGetValue(pattern, out var tokens))
        {
            return tokens;
        }

        tokens = [.. WildcardPattern.Parse(pattern)];
        if (WildcardPatterns.Count < MaxCachedPatterns)
        {
            WildcardPatterns.TryAdd(pattern, tokens);
        }

        return tokens;
    }

    private static bool HoldsForSome(Predicate.Leaf leaf, IReadOnlyList<Value> bag, Value operand)
    {
        var candidates = Bag(operand);
        foreach (var value in bag)
        {
            foreach (var candidate in candidates)
            {
                if (Holds(leaf, value, candidate))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool TextEquals(string? value, string? operand, CaseRule caseRule)
        => value is not null && operand is not null && string.Equals(value, operand, CaseRules.Comparison(caseRule));

    private static void Collect(Value.List list, List<Value> scalars)
    {
        foreach (var element in Elements(list))
        {
            if (element.IsScalar)
            {
                scalars.Add(element);
            }
        }
    }

    /// <summary>Everything in a list and the lists in it, in order, that is neither a list nor null.</summary>
    private static IEnumerable<Value> Elements(Value.List list)
    {
        var pending = new Stack<Value>();
        pending.Push(list);
        while (pending.TryPop(out var value))
        {
            switch (value)
            {
                case Value.List inner:
                    for (var i = inner.Items.Count - 1; i >= 0; i--)
                    {
                        pending.Push(inner.Items[i]);
                    }

                    break;
                case Value.Null:
                    break;
                default:
                    yield return value;
                    break;
            }
        }
    }
}
