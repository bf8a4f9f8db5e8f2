using System.Text;
using Glossa.Core.Events;
using Glossa.Core.Ir;

namespace Glossa.Analysis;

/// <summary>Kinds of comparisons in words for people.</summary>
internal static class OperatorWords
{
    /// <summary>What a kind says between field and values.</summary>
    public static string Words(string kind, MatchMode match) => (kind, match) switch
    {
        ("eq", _) => "is",
        ("in", MatchMode.Any) => "is one of",
        ("in", _) => "is each of",
        ("contains", MatchMode.All) => "contains all of",
        ("contains", _) => "contains",
        ("starts_with", _) => "starts with",
        ("ends_with", _) => "ends with",
        ("wildcard", _) => "is like",
        ("regex", _) => "matches",
        ("cidr", _) => "is in network",
        ("lt", _) => "<",
        ("le", _) => "<=",
        ("gt", _) => ">",
        ("ge", _) => ">=",
        ("keyword", MatchMode.All) => "has all of",
        ("keyword", _) => "has",
        ("in_list", _) => "is in list",
        ("present", _) => "exists",
        ("missing", _) => "does not exist",
        ("has_value", _) => "has a value",
        ("is_empty", _) => "is empty",
        ("field_compare", _) => "compares with field",
        _ => kind.Replace('_', ' '),
    };

    /// <summary>Blanks at an end would not be seen.</summary>
    private static string Quoted(string value)
        => value.Length == 0 || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]) ? $"\"{value}\"" : value;

    /// <summary>A row in one line: <c>Image ends with \a.exe, \b.exe and 12 more</c>.</summary>
    public static string Line(PredicateRow row, int mostValues = 8)
    {
        var line = new StringBuilder();
        if (row.IsNegated)
        {
            line.Append("not ");
        }

        line.Append(row.Field.Length > 0 ? row.Field : "any field").Append(' ').Append(Words(row.Kind, row.Match));
        if (row.Values is [{ Text.Length: 0 }] && row.Kind is "present" or "missing" or "has_value" or "is_empty")
        {
            return line.ToString();
        }

        line.Append(' ').AppendJoin(", ", row.Values.Take(mostValues).Select(value => Quoted(value.Text)));
        if (row.Values.Count > mostValues)
        {
            line.Append(" and ").Append(row.Values.Count - mostValues).Append(" more");
        }

        // A pattern may set its case itself.
        if (row.Case == CaseRule.Exact && row.Kind is not ("cidr" or "lt" or "le" or "gt" or "ge")
            && !(row.Kind == "regex" && row.Values.All(value => value.Text.StartsWith("(?i)", StringComparison.Ordinal))))
        {
            line.Append(" (case counts)");
        }

        return line.ToString();
    }
}

/// <summary>Values and expressions as text.</summary>
internal static class ValueText
{
    /// <summary>As it was written, where that is known; else what it means.</summary>
    public static string Of(ValueExpression expression) => expression switch
    {
        ValueExpression.Literal literal => literal.Text ?? Literal(literal.Value),
        ValueExpression.Field field => Path(field.Path),
        ValueExpression.Parameter parameter => parameter.Name,
        ValueExpression.Call { Function: "concat" } call => string.Concat(call.Arguments.Select(Of)),
        ValueExpression.Call call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Of))})",
        ValueExpression.ExternalValue external => $"%{external.Input}%",
        ValueExpression.Opaque opaque => opaque.Reason,
        _ => "",
    };

    /// <summary>What is compared: two spellings of one value give one text.</summary>
    public static string Canonical(ValueExpression expression)
        => expression is ValueExpression.Literal literal ? Literal(literal.Value) : Of(expression);

    /// <summary>The written name; <c>""</c> for "anywhere".</summary>
    public static string Path(FieldPath path)
        => path.Root is PathRoot.Anywhere ? "" : string.Join('.', path.Steps.OfType<PathStep.Key>().Select(key => key.Name));

    /// <summary>A span of time as rules write it: <c>15m</c>, <c>1h30m</c>.</summary>
    public static string Duration(TimeSpan span)
    {
        if (span <= TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder();
        foreach (var (amount, unit) in new[] { (span.Days, "d"), (span.Hours, "h"), (span.Minutes, "m"), (span.Seconds, "s"), (span.Milliseconds, "ms") })
        {
            if (amount != 0)
            {
                text.Append(amount).Append(unit);
            }
        }

        return text.ToString();
    }

    private static string Literal(Value value) => value switch
    {
        Value.Null => "null",
        _ => value.ToCanonicalText() ?? "",
    };
}
