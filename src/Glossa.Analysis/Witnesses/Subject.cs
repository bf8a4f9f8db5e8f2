using Glossa.Core.Ir;

namespace Glossa.Analysis.Witnesses;

internal enum SubjectKind
{
    /// <summary>A field of the record, by its written name.</summary>
    Field,

    /// <summary>Any value of the record: keywords.</summary>
    Anywhere,

    /// <summary>The record's raw text.</summary>
    Raw,

    /// <summary>The event's time.</summary>
    Time,

    /// <summary>A fact of the source, such as <c>#product</c>; the name is without its <c>#</c>.</summary>
    Fact,
}

/// <summary>The one place of an event that a leaf's answer hangs on.</summary>
internal readonly record struct SubjectKey(SubjectKind Kind, string Name)
{
    /// <summary>Null where a leaf reads several places, or none, on its left side.</summary>
    public static SubjectKey? Of(ValueExpression expression)
    {
        switch (expression)
        {
            case ValueExpression.Field { Path: var path }:
                return Of(path);
            case ValueExpression.Call:
                var paths = expression.FieldPaths().Distinct().Take(2).ToArray();
                return paths.Length == 1 ? Of(paths[0]) : null;
            default:
                return null;
        }
    }

    private static SubjectKey? Of(FieldPath path) => path switch
    {
        { SimpleName: FieldPath.TimeColumn } => new(SubjectKind.Time, ""),
        { SimpleName: { } name } => name.StartsWith('#') ? new(SubjectKind.Fact, name[1..]) : new(SubjectKind.Field, name),
        { Root: PathRoot.Anywhere { Scope: AnywhereScope.Raw } } => new(SubjectKind.Raw, ""),
        { Root: PathRoot.Anywhere } => new(SubjectKind.Anywhere, ""),
        _ => null,
    };

    public override string ToString() => Kind switch
    {
        SubjectKind.Field => Name,
        SubjectKind.Fact => "#" + Name,
        SubjectKind.Time => FieldPath.TimeColumn,
        SubjectKind.Raw => "the raw text",
        _ => "the event's values",
    };
}

/// <summary>A leaf that must come out true, or false.</summary>
internal readonly record struct Literal(Predicate.Leaf Leaf, bool Positive)
{
    /// <summary>Whether it can only hold of a value that is there.</summary>
    public bool Compares => Positive && Leaf.Operator is not (LeafOperator.Present or LeafOperator.Missing or LeafOperator.HasValue or LeafOperator.IsEmpty);

    public override string ToString()
    {
        var operand = Leaf.Operands.Count > 0 && Leaf.Operands[0] is ValueExpression.Literal { Value: var value } ? $" '{Shorten(value.ToCanonicalText() ?? "null")}'" : "";
        var more = Leaf.Operands.Count > 1 ? $" (and {Leaf.Operands.Count - 1} more)" : "";
        return $"{(Positive ? "" : "not ")}{Leaf.Operator}{operand}{more}";
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;
}

/// <summary>What is asked of one place, and the value found for it so far.</summary>
/// <param name="Solved">Whether <paramref name="Value"/> fits the literals; null is an answer too: the place stays empty.</param>
internal sealed record Subject(SubjectKey Key, IReadOnlyList<Literal> Literals, bool Solved = false, Glossa.Core.Events.Value? Value = null)
{
    public Subject With(Literal literal) => new(Key, [.. Literals, literal]);
}
