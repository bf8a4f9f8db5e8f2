namespace Glossa.Core.Ir;

/// <summary>
/// What pages, counts and alerts call a comparison: an operator's own word, or one of the kinds that many operators share
/// (<c>in</c>, <c>in_list</c>, <c>keyword</c>, <c>field_compare</c>, <c>computed</c>).
/// </summary>
public static class LeafKinds
{
    public static string Of(Predicate.Leaf leaf)
    {
        if (leaf.Operands.Any(ReadsList))
        {
            return "in_list";
        }

        if (leaf.Operands.Any(operand => operand is ValueExpression.Field))
        {
            return "field_compare";
        }

        if (leaf.Subject is not ValueExpression.Field field)
        {
            return "computed";
        }

        if (field.Path.Root is PathRoot.Anywhere && leaf.Operator is (LeafOperator.Eq or LeafOperator.Contains or LeafOperator.Wildcard))
        {
            return "keyword";
        }

        return leaf.Operator == LeafOperator.Eq && leaf.Operands.Count > 1 ? "in" : IrText.Word(leaf.Operator);
    }

    /// <summary>A list from outside, alone or with text around it.</summary>
    private static bool ReadsList(ValueExpression operand)
        => operand is ValueExpression.ExternalValue || (operand is ValueExpression.Call call && call.Arguments.Any(argument => argument is ValueExpression.ExternalValue));
}
