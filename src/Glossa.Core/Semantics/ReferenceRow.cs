using System.Collections;
using Glossa.Core.Events;

namespace Glossa.Core.Semantics;

/// <summary>A row of a plan: computed columns over the event it stands for, and the events it was built from.</summary>
public sealed class ReferenceRow : IEvent
{
    /// <summary>A row remembers the last of its building events, and how many there were.</summary>
    public const int MaxBuildingEvents = 100;

    private readonly List<KeyValuePair<string, Value?>> _columns;

    internal ReferenceRow(IEvent? underlying, IEnumerable<KeyValuePair<string, Value?>> columns, DateTimeOffset? time, IEnumerable<IEvent> events)
    {
        Event = underlying;
        _columns = [.. columns];
        Time = time;
        var all = events.Distinct(ReferenceEqualityComparer.Instance).Cast<IEvent>().ToList();
        BuildingEventCount = all.Count;
        BuildingEvents = all.Count > MaxBuildingEvents ? all[^MaxBuildingEvents..] : all;
    }

    /// <summary>The event the row stands for; null for a row that stands for several (a group, a sequence).</summary>
    public IEvent? Event { get; }

    /// <summary>The computed columns in order; null where an expression gave nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, Value?>> Columns => _columns;

    /// <summary>At most <see cref="MaxBuildingEvents"/>, the latest, in the order of the log or of the steps.</summary>
    public IReadOnlyList<IEvent> BuildingEvents { get; }

    public int BuildingEventCount { get; }

    /// <summary>Of the event; of a group or sequence the latest of its events.</summary>
    public DateTimeOffset? Time { get; }

    public SourceFacts Source => Event?.Source ?? (BuildingEvents.Count > 0 ? BuildingEvents[^1].Source : SourceFacts.Unknown);

    public string RawText => Event?.RawText ?? "";

    /// <summary>A computed column by its exact name, else what the event has.</summary>
    public Value? Find(string name, FieldLookup lookup)
    {
        foreach (var (column, value) in _columns)
        {
            if (string.Equals(column, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        if (Event is not null)
        {
            return Event.Find(name, lookup);
        }

        return name == Ir.FieldPath.TimeColumn && Time is { } time ? new Value.Instant(time) : null;
    }

    public IEnumerable<Value> Scalars() => Event?.Scalars() ?? _columns.SelectMany(column => LeafSemantics.Bag(column.Value));
}

/// <summary>The rows of a run, and what could not be decided on the way.</summary>
public sealed class ReferenceRows : IReadOnlyList<ReferenceRow>
{
    private readonly IReadOnlyList<ReferenceRow> _rows;

    internal ReferenceRows(IReadOnlyList<ReferenceRow> rows, int undecided, IReadOnlyList<string> reasons)
    {
        _rows = rows;
        Undecided = undecided;
        Reasons = reasons;
    }

    /// <summary>How many rows a filter or gate could not decide on; they are left out.</summary>
    public int Undecided { get; }

    /// <summary>Why something was undecided or a stage gave no rows; each reason once.</summary>
    public IReadOnlyList<string> Reasons { get; }

    public int Count => _rows.Count;

    public ReferenceRow this[int index] => _rows[index];

    public IEnumerator<ReferenceRow> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
