using Glossa.Core.Events;

namespace Glossa.Core.Ir;

/// <summary>A value computed from an event or a row. One family serves predicates and plans.</summary>
public abstract record ValueExpression
{
    private protected ValueExpression()
    {
    }

    public Origin Origin { get; init; } = Origin.None;

    public abstract T Accept<T>(ValueExpressionVisitor<T> visitor);

    // Origin stays out of equality: two languages that mean the same lower to equal IR.
    public virtual bool Equals(ValueExpression? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>A constant.</summary>
    /// <param name="Text">How it was written, where that says more than the value (<c>0010</c>); not part of its meaning.</param>
    public sealed record Literal(Value Value, string? Text = null) : ValueExpression
    {
        public bool Equals(Literal? other) => base.Equals(other) && Value.Equals(other!.Value);

        public override int GetHashCode() => Value.GetHashCode();

        public override T Accept<T>(ValueExpressionVisitor<T> visitor) => visitor.VisitLiteral(this);
    }

    /// <summary>What stands at a path of the event or row.</summary>
    public sealed record Field(FieldPath Path) : ValueExpression
    {
        public override T Accept<T>(ValueExpressionVisitor<T> visitor) => visitor.VisitField(this);
    }

    /// <summary>A value that a run supplies: <c>RunTime</c>, <c>WindowStart</c>, <c>WindowEnd</c>, or a name of the rule.</summary>
    public sealed record Parameter(string Name) : ValueExpression
    {
        public override T Accept<T>(ValueExpressionVisitor<T> visitor) => visitor.VisitParameter(this);
    }

    /// <summary>A function of the catalogue; an id is a meaning. An argument that is a list is spread where the function says so.</summary>
    public sealed record Call(string Function, IrList<ValueExpression> Arguments) : ValueExpression
    {
        public override T Accept<T>(ValueExpressionVisitor<T> visitor) => visitor.VisitCall(this);
    }

    /// <summary>A list or a piece of host state from outside: an <see cref="Rules.ExternalInput"/> by its id. A list spreads.</summary>
    public sealed record ExternalValue(string Input, IrList<ValueExpression> Arguments) : ValueExpression
    {
        public override T Accept<T>(ValueExpressionVisitor<T> visitor) => visitor.VisitExternalValue(this);
    }

    /// <summary>A value the reader could not give a meaning; it resolves to nothing.</summary>
    public sealed record Opaque(string Reason, IrList<FieldPath> Reads) : ValueExpression
    {
        public override T Accept<T>(ValueExpressionVisitor<T> visitor) => visitor.VisitOpaque(this);
    }
}

/// <summary>Translates value expressions. No defaults: a new form breaks the build wherever it must be handled.</summary>
public abstract class ValueExpressionVisitor<T>
{
    public abstract T VisitLiteral(ValueExpression.Literal literal);

    public abstract T VisitField(ValueExpression.Field field);

    public abstract T VisitParameter(ValueExpression.Parameter parameter);

    public abstract T VisitCall(ValueExpression.Call call);

    public abstract T VisitExternalValue(ValueExpression.ExternalValue external);

    public abstract T VisitOpaque(ValueExpression.Opaque opaque);
}

/// <summary>Where a value stands: a root, steps from it, and how the event resolver may take the written name apart.</summary>
public sealed record FieldPath(PathRoot Root, IrList<PathStep> Steps, FieldLookup Lookup)
{
    /// <summary>The event's time: a synthetic column of every scan.</summary>
    public const string TimeColumn = "#time";

    /// <summary>A field by the name that was written: one key, dots and all.</summary>
    public static FieldPath Named(string name, FieldLookup? lookup = null)
        => new(PathRoot.Row.Instance, [new PathStep.Key(name)], lookup ?? FieldLookup.Lenient);

    /// <summary>Keywords: every scalar at any depth, the raw text, or both.</summary>
    public static FieldPath Anywhere(AnywhereScope scope) => new(new PathRoot.Anywhere(scope), [], default);

    /// <summary>The written name where the path is one key of the row; else null.</summary>
    public string? SimpleName => Root is PathRoot.Row && Steps is [PathStep.Key key] ? key.Name : null;
}

public abstract record PathRoot
{
    private protected PathRoot()
    {
    }

    /// <summary>The event, or the columns of a row.</summary>
    public sealed record Row : PathRoot
    {
        public static Row Instance { get; } = new();
    }

    public sealed record Anywhere(AnywhereScope Scope) : PathRoot;
}

public enum AnywhereScope
{
    Values,
    Raw,
    Both,
}

public abstract record PathStep
{
    private protected PathStep()
    {
    }

    public sealed record Key(string Name) : PathStep;
}
