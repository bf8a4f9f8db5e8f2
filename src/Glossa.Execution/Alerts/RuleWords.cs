using Glossa.Core.Ir;

namespace Glossa.Execution.Alerts;

/// <summary>A comparison in words.</summary>
public static class RuleWords
{
    /// <summary>As written; <c>keyword</c> where the rule names none.</summary>
    public static string FieldOf(Predicate.Leaf leaf) => FieldOf(leaf.Subject);

    private static string FieldOf(ValueExpression subject) => subject switch
    {
        ValueExpression.Field { Path: { Root: PathRoot.Anywhere } } => "keyword",
        ValueExpression.Field { Path: var path } => string.Join('.', path.Steps.OfType<PathStep.Key>().Select(step => step.Name)),
        ValueExpression.Call call when call.Arguments.Count > 0 => FieldOf(call.Arguments[0]),
        _ => "",
    };

    /// <summary>As pages and alerts name the kind of a comparison.</summary>
    public static string KindOf(Predicate.Leaf leaf)
    {
        if (leaf.Subject is ValueExpression.Field { Path.Root: PathRoot.Anywhere })
        {
            return "keyword";
        }

        if (leaf.Operands.Any(operand => operand is ValueExpression.Field))
        {
            return "field_compare";
        }

        if (leaf.Subject is not ValueExpression.Field)
        {
            return "computed";
        }

        return leaf.Operator switch
        {
            LeafOperator.Eq when leaf.Operands.Any(operand => operand is ValueExpression.ExternalValue) => "in_list",
            LeafOperator.Eq when leaf.Operands.Count > 1 => "in",
            LeafOperator.Eq => "eq",
            LeafOperator.Contains => "contains",
            LeafOperator.StartsWith => "starts_with",
            LeafOperator.EndsWith => "ends_with",
            LeafOperator.Wildcard => "wildcard",
            LeafOperator.Regex => "regex",
            LeafOperator.Cidr => "cidr",
            LeafOperator.Lt => "lt",
            LeafOperator.Le => "le",
            LeafOperator.Gt => "gt",
            LeafOperator.Ge => "ge",
            LeafOperator.Present => "present",
            LeafOperator.Missing => "missing",
            LeafOperator.HasValue => "has_value",
            _ => "is_empty",
        };
    }
}
