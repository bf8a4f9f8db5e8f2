using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Core.Rewrites;

/// <summary>
/// One text for one meaning: leaves of any rule and language that ask the same of an event have the same key. Case-folded text,
/// canonical numbers, addresses and prefixes; the written path and how it is looked up.
/// </summary>
public static class LeafKey
{
    /// <summary>The key of a leaf of a normal form. (Of any other leaf too, but two authored spellings of one meaning may differ.)</summary>
    public static string Of(Predicate.Leaf leaf)
    {
        var operands = leaf.Operands.Select(operand => OperandKey(leaf, operand)).Distinct(StringComparer.Ordinal).ToArray();
        Array.Sort(operands, StringComparer.Ordinal);
        return Compose(GroupOf(leaf), operands);
    }

    /// <summary>A leaf's key from its parts.</summary>
    /// <param name="operands">Their keys, each once, sorted.</param>
    internal static string Compose(string group, ReadOnlySpan<string> operands)
    {
        var key = new StringBuilder(group);
        foreach (var operand in operands)
        {
            key.Append(' ').Append(operand);
        }

        return key.Append(')').ToString();
    }

    /// <summary>The key of a field path: root, steps as written, and how it is looked up.</summary>
    public static string Of(FieldPath path) => IrText.Write(new ValueExpression.Field(path));

    /// <summary>Everything but the operands: leaves of the same group can become one with a list.</summary>
    internal static string GroupOf(Predicate.Leaf leaf) => GroupOf(leaf, SubjectKey(leaf));

    internal static string SubjectKey(Predicate.Leaf leaf) => ExpressionKey(leaf.Subject);

    internal static string GroupOf(Predicate.Leaf leaf, string subjectKey)
    {
        var key = new StringBuilder("(").Append(IrText.Word(leaf.Operator));
        if (leaf.Case == CaseRule.Fold && !LeafSemantics.AsksForPresence(leaf.Operator) && leaf.Operator != LeafOperator.Cidr)
        {
            key.Append('~');
        }

        if (leaf.Match == MatchMode.All)
        {
            key.Append(" :all");
        }

        if (TypingMatters(leaf) && leaf.Typing == Typing.Literal)
        {
            key.Append(" :as literal");
        }

        if (leaf is { Operator: LeafOperator.Regex, Regex: { Options: not RegexOptionSet.None } form })
        {
            key.Append(CultureInfo.InvariantCulture, $" :flags {(int)form.Options}");
        }

        return key.Append(' ').Append(subjectKey).ToString();
    }

    internal static string OperandKey(Predicate.Leaf leaf, ValueExpression operand)
        => operand is ValueExpression.Literal literal ? LiteralKey(leaf, literal.Value) : ExpressionKey(operand);

    internal static string Fold(string text) => text.ToUpperInvariant();

    /// <summary>A short name for a long key; keys of trees would grow with their depth.</summary>
    internal static string Digest(string kind, IEnumerable<string> keys)
        => kind + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', keys))).AsSpan(0, 16));

    private static string ExpressionKey(ValueExpression expression) => IrText.Write(expression);

    /// <summary>
    /// Order comparisons go by the operand's type whatever the typing, text operators by text; equality with a text that reads as
    /// neither number nor boolean is the same in every typing.
    /// </summary>
    internal static bool TypingMatters(Predicate.Leaf leaf) => leaf.Operator == LeafOperator.Eq
        && !leaf.Operands.All(operand => operand is ValueExpression.Literal { Value: Value.Text text } && !Numbers.TryParse(text.Content, out _)
            && !text.Content.Equals("true", StringComparison.OrdinalIgnoreCase) && !text.Content.Equals("false", StringComparison.OrdinalIgnoreCase));

    private static string LiteralKey(Predicate.Leaf leaf, Value value)
    {
        switch (leaf.Operator)
        {
            case LeafOperator.Regex when value.ToCanonicalText() is { } pattern:
                return IrText.Quote(pattern);
            case LeafOperator.Wildcard when value.ToCanonicalText() is { } pattern:
                var canonical = WildcardPattern.Write(WildcardPattern.Parse(pattern));
                return IrText.Quote(leaf.Case == CaseRule.Fold ? Fold(canonical) : canonical);
            case LeafOperator.Cidr when Cidr.TryConvert(value, out CidrBlock block):
                return string.Create(CultureInfo.InvariantCulture, $"{(block.Network.IsVersion4 ? "v4" : "v6")}:{block.Network.Bits:X}/{block.Length}");
            case LeafOperator.Lt or LeafOperator.Le or LeafOperator.Gt or LeafOperator.Ge:
            case LeafOperator.Eq when leaf.Typing == Typing.Literal && TypingMatters(leaf):
                return TypedKey(leaf, value);
            default:
                return value.ToCanonicalText() is { } text ? IrText.Quote(leaf.Case == CaseRule.Fold ? Fold(text) : text) : IrText.Write(new ValueExpression.Literal(value));
        }
    }

    private static string TypedKey(Predicate.Leaf leaf, Value value) => value switch
    {
        Value.Text text => IrText.Quote(leaf.Case == CaseRule.Fold ? Fold(text.Content) : text.Content),
        Value.Integer or Value.Decimal or Value.Real when Numbers.TryConvert(value, out var number) => number.IsReal && !IsWhole(number)
            ? number.ToDouble().ToString("R", CultureInfo.InvariantCulture)
            : number.ToDecimal().ToString("0.############################", CultureInfo.InvariantCulture),
        _ => IrText.Write(new ValueExpression.Literal(value)),
    };

    private static bool IsWhole(Number number) => Math.Abs(number.ToDouble()) < 1e15 && Math.Floor(number.ToDouble()) == number.ToDouble();
}
