namespace Glossa.Core.Ir;

/// <summary>Which events: true or false, never a third value. A leaf is false where its field is missing, unless it asks for absence.</summary>
public abstract record Predicate
{
    private protected Predicate()
    {
    }

    public Origin Origin { get; init; } = Origin.None;

    public abstract T Accept<T>(PredicateVisitor<T> visitor);

    // Origin stays out of equality: two languages that mean the same lower to equal IR.
    public virtual bool Equals(Predicate? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>True when it has no children.</summary>
    public sealed record And(IrList<Predicate> Children) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitAnd(this);
    }

    /// <summary>False when it has no children.</summary>
    public sealed record Or(IrList<Predicate> Children) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitOr(this);
    }

    public sealed record Not(Predicate Child) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitNot(this);
    }

    /// <summary>At least <paramref name="Count"/> of the children, each counted once.</summary>
    public sealed record AtLeast(int Count, IrList<Predicate> Children) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitAtLeast(this);
    }

    public sealed record Constant(bool Value) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitConstant(this);
    }

    /// <summary>A part the author gave a name; means its child. Only in authored trees.</summary>
    public sealed record Named(string Name, NameKind Kind, Predicate Child) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitNamed(this);
    }

    /// <summary>One comparison; <c>Semantics.LeafSemantics</c> says what each operator means.</summary>
    public sealed record Leaf(
        LeafOperator Operator,
        ValueExpression Subject,
        IrList<ValueExpression> Operands,
        MatchMode Match = MatchMode.Any,
        CaseRule Case = CaseRule.Exact,
        Quantifier Quantifier = Quantifier.Any,
        Typing Typing = Typing.Text,
        RegexForm? Regex = null) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitLeaf(this);
    }

    /// <summary>A construct without a meaning here. Neither true nor false is known; see IR.md, row 9, for its bounds.</summary>
    public sealed record Opaque(string Reason, IrList<FieldPath> Reads) : Predicate
    {
        public override T Accept<T>(PredicateVisitor<T> visitor) => visitor.VisitOpaque(this);
    }
}

/// <summary>Translates predicates. No defaults: a new node breaks the build wherever it must be handled.</summary>
public abstract class PredicateVisitor<T>
{
    public abstract T VisitAnd(Predicate.And and);

    public abstract T VisitOr(Predicate.Or or);

    public abstract T VisitNot(Predicate.Not not);

    public abstract T VisitAtLeast(Predicate.AtLeast atLeast);

    public abstract T VisitConstant(Predicate.Constant constant);

    public abstract T VisitNamed(Predicate.Named named);

    public abstract T VisitLeaf(Predicate.Leaf leaf);

    public abstract T VisitOpaque(Predicate.Opaque opaque);
}

public enum NameKind
{
    /// <summary>A Sigma search identifier.</summary>
    Selection,
}

/// <summary>What a leaf asks. Let B be the scalars its subject resolves to, after typing.</summary>
public enum LeafOperator
{
    Eq,
    Contains,
    StartsWith,
    EndsWith,

    /// <summary>The whole value fits a <see cref="Semantics.WildcardPattern"/>.</summary>
    Wildcard,

    /// <summary>The pattern as written, read as <see cref="Predicate.Leaf.Regex"/> says.</summary>
    Regex,

    /// <summary>An address inside one of the prefixes; anything else is false.</summary>
    Cidr,
    Lt,
    Le,
    Gt,
    Ge,

    /// <summary>The key exists, whatever its value, null included.</summary>
    Present,

    /// <summary>The key does not exist: an authored spelling of not present.</summary>
    Missing,

    /// <summary>B is not empty.</summary>
    HasValue,

    /// <summary>Missing, null, or an empty text.</summary>
    IsEmpty,
}

/// <summary>Over a leaf's operands: one that fits is enough, or each must (asked anew for each operand). No operands: false in both modes.</summary>
public enum MatchMode
{
    Any,
    All,
}

/// <summary>How letters are compared.</summary>
public enum CaseRule
{
    Exact,

    /// <summary>Unicode simple folding, the same in every culture.</summary>
    Fold,
}

/// <summary>Over the values of a multi-valued field.</summary>
public enum Quantifier
{
    /// <summary>Some value fits.</summary>
    Any,
}

/// <summary>How values of different types meet.</summary>
public enum Typing
{
    /// <summary>The event's value is rendered canonically and compared as text.</summary>
    Text,

    /// <summary>The operand's type decides; an event value that will not convert gives nothing.</summary>
    Literal,
}

public enum RegexDialect
{
    Pcre,
}

public enum RegexAnchor
{
    /// <summary>Anywhere in the value.</summary>
    Search,
}

[Flags]
public enum RegexOptionSet
{
    None = 0,

    /// <summary>m: <c>^</c> and <c>$</c> at every line.</summary>
    Multiline = 1,

    /// <summary>s: <c>.</c> also stands for a line break.</summary>
    DotAll = 2,
}

/// <summary>How a pattern is read. An outer i is the leaf's case rule; an inline <c>(?i)</c> stays in the pattern.</summary>
public sealed record RegexForm(RegexDialect Dialect, RegexAnchor Anchor, RegexOptionSet Options);
