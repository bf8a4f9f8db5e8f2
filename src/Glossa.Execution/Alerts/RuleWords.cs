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
}
