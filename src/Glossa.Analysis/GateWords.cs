using System.Runtime.CompilerServices;
using Glossa.Core.Ir;

namespace Glossa.Analysis;

/// <summary>A gate in one line: <c>Channel is Security and EventID is 4688</c>.</summary>
internal static class GateWords
{
    public static string Of(Predicate gate) => Write(gate, isInner: false);

    private static string Write(Predicate gate, bool isInner)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return "…";
        }

        var text = gate switch
        {
            Predicate.And and => string.Join(" and ", and.Children.Select(child => Write(child, isInner: true))),
            Predicate.Or or => string.Join(" or ", or.Children.Select(child => Write(child, isInner: true))),
            Predicate.Not not => $"not {Write(not.Child, isInner: true)}",
            Predicate.Named named => Write(named.Child, isInner),
            Predicate.Leaf leaf => Leaf(leaf),
            Predicate.Constant constant => constant.Value ? "always" : "never",
            _ => "…",
        };
        return isInner && gate is Predicate.Or { Children.Count: > 1 } ? $"({text})" : text;
    }

    private static string Leaf(Predicate.Leaf leaf)
    {
        var op = leaf.Operator == LeafOperator.Eq && leaf.Operands.Count > 1 ? "in" : IrText.Word(leaf.Operator);
        var values = string.Join(", ", leaf.Operands.Select(ValueText.Of));
        return values.Length == 0
            ? $"{ValueText.Of(leaf.Subject)} {OperatorWords.Words(op, leaf.Match)}"
            : $"{ValueText.Of(leaf.Subject)} {OperatorWords.Words(op, leaf.Match)} {values}";
    }
}
