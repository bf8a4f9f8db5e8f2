namespace Glossa.Core.Ir;

/// <summary>What becomes of events: a relation, built up node by node. A single-event rule is a Filter over a Scan.</summary>
public abstract record Plan
{
    private protected Plan()
    {
    }

    public Origin Origin { get; init; } = Origin.None;

    public abstract T Accept<T>(PlanVisitor<T> visitor);

    // Origin stays out of equality: two languages that mean the same lower to equal IR.
    public virtual bool Equals(Plan? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>The events of a source.</summary>
    /// <param name="TimeColumn">The column that is event time; <see cref="FieldPath.TimeColumn"/> where the language names none.</param>
    /// <param name="Gate">What the source stands for in the log (Channel, EventID); null when it stands for nothing we know.</param>
    public sealed record Scan(ScanSource Source, string TimeColumn, Predicate? Gate) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitScan(this);
    }

    public sealed record Filter(Plan Input, Predicate Predicate) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitFilter(this);
    }

    /// <summary>Adds or replaces columns; all expressions read the row as it came in.</summary>
    public sealed record Extend(Plan Input, IrList<NamedExpression> Assignments) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitExtend(this);
    }

    /// <summary>All rows of all inputs, in order of time.</summary>
    public sealed record Union(IrList<Plan> Inputs) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitUnion(this);
    }

    /// <summary>The rows of a binding of the same <see cref="Rules.DetectionLogic"/>.</summary>
    public sealed record Reference(string Binding) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitReference(this);
    }

    /// <summary>Adds to every row what is true of the rows of its partition in its frame, itself included; keeps all rows.</summary>
    /// <param name="Order">The column that orders the rows; the frame looks back along it.</param>
    /// <param name="Range">The frame: rows whose order value lies in <c>[own − range, own]</c>, both ends included; of equal times, those that stand earlier in the input too.</param>
    public sealed record Window(Plan Input, IrList<GroupKey> Partition, string Order, TimeSpan Range, IrList<NamedAggregate> Calls) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitWindow(this);
    }

    /// <summary>One row a group.</summary>
    public sealed record Summarize(Plan Input, IrList<GroupKey> Keys, IrList<NamedAggregate> Aggregates) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitSummarize(this);
    }

    /// <summary>Rows of several plans that belong together: one of each step, within a span.</summary>
    /// <param name="MaxSpan">From the first to the last row; null without a limit.</param>
    public sealed record Sequence(SequenceOrder Order, IrList<SequenceStep> Steps, TimeSpan? MaxSpan) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitSequence(this);
    }

    /// <summary>A stage without a meaning here.</summary>
    public sealed record Opaque(IrList<Plan> Inputs, string Construct, string Reason) : Plan
    {
        public override T Accept<T>(PlanVisitor<T> visitor) => visitor.VisitOpaque(this);
    }
}

/// <summary>Translates plans. No defaults: a new node breaks the build wherever it must be handled.</summary>
public abstract class PlanVisitor<T>
{
    public abstract T VisitScan(Plan.Scan scan);

    public abstract T VisitFilter(Plan.Filter filter);

    public abstract T VisitExtend(Plan.Extend extend);

    public abstract T VisitUnion(Plan.Union union);

    public abstract T VisitReference(Plan.Reference reference);

    public abstract T VisitWindow(Plan.Window window);

    public abstract T VisitSummarize(Plan.Summarize summarize);

    public abstract T VisitSequence(Plan.Sequence sequence);

    public abstract T VisitOpaque(Plan.Opaque opaque);
}

/// <summary>Where events come from.</summary>
public abstract record ScanSource
{
    private protected ScanSource()
    {
    }

    /// <summary>A log source by the field's words; null where the rule does not say.</summary>
    /// <param name="Definition">What the author says must be configured for the log to exist; shown, not part of the meaning.</param>
    public sealed record LogSource(string? Product, string? Category, string? Service, string? Definition = null) : ScanSource
    {
        public bool Equals(LogSource? other)
            => other is not null && Product == other.Product && Category == other.Category && Service == other.Service;

        public override int GetHashCode() => HashCode.Combine(Product, Category, Service);
    }
}

public sealed record NamedExpression(string Name, ValueExpression Expression);

public enum NullKeys
{
    /// <summary>Rows without a value form a group of their own.</summary>
    Group,

    /// <summary>Rows without a value are left out.</summary>
    Drop,
}

public sealed record GroupKey(string Name, ValueExpression Expression, NullKeys OnNull);

/// <summary>An aggregate function of the catalogue over the rows of a group or frame: <c>count_rows</c>, <c>count_distinct</c>, <c>sum</c>, <c>avg</c>, <c>min</c>, <c>max</c>, <c>percentile</c>, <c>median</c>.</summary>
public sealed record AggregateCall(string Function, IrList<ValueExpression> Arguments);

public sealed record NamedAggregate(string Name, AggregateCall Call);

public enum SequenceOrder
{
    /// <summary>Each step no earlier than the one before.</summary>
    Ordered,

    Unordered,
}

/// <param name="By">Keys whose values are equal in all steps, position by position.</param>
/// <param name="Missing">The sequence holds only where no such row is in its span.</param>
public sealed record SequenceStep(string Name, Plan Plan, IrList<GroupKey> By, bool Missing);
