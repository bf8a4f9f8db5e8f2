using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Execution.Stateful;

/// <summary>An event kept beyond its record, for rows that wait for others.</summary>
/// <param name="Raw">The record as one line of JSON.</param>
/// <param name="Log">Which log of the run, from 0.</param>
/// <param name="Record">In that log, from 1.</param>
internal sealed record CapturedEvent(MapEvent Event, byte[] Raw, int Log, long Record);

/// <summary>A row of a stateful plan: computed columns over an event, and the events it was built from.</summary>
internal sealed class StreamRow : IEvent
{
    public const int MaximumBuildingEvents = ReferenceRow.MaxBuildingEvents;

    private readonly KeyValuePair<string, Value?>[] _columns;
    private readonly Func<IEnumerable<CapturedEvent>> _events;
    private IReadOnlyList<CapturedEvent>? _buildingEvents;

    /// <param name="events">Asked only for rows that become alerts: a window's frame can be large.</param>
    public StreamRow(CapturedEvent? underlying, KeyValuePair<string, Value?>[] columns, DateTimeOffset? time, Func<IEnumerable<CapturedEvent>> events)
    {
        Underlying = underlying;
        _columns = columns;
        Time = time;
        _events = events;
    }

    public CapturedEvent? Underlying { get; }

    public IReadOnlyList<KeyValuePair<string, Value?>> Columns => _columns;

    public DateTimeOffset? Time { get; }

    /// <summary>At most <see cref="MaximumBuildingEvents"/>, the latest.</summary>
    public IReadOnlyList<CapturedEvent> BuildingEvents
    {
        get
        {
            if (_buildingEvents is null)
            {
                var all = _events().Distinct(ReferenceEqualityComparer.Instance).Cast<CapturedEvent>().ToList();
                _buildingEvents = all.Count > MaximumBuildingEvents ? all[^MaximumBuildingEvents..] : all;
            }

            return _buildingEvents;
        }
    }

    public SourceFacts Source => Underlying?.Event.Source ?? (BuildingEvents.Count > 0 ? BuildingEvents[^1].Event.Source : SourceFacts.Unknown);

    public string RawText => Underlying?.Event.RawText ?? "";

    public Value? Find(string name, FieldLookup lookup)
    {
        foreach (var (column, value) in _columns)
        {
            if (string.Equals(column, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        if (Underlying is not null)
        {
            return Underlying.Event.Find(name, lookup);
        }

        return name == FieldPath.TimeColumn && Time is { } time ? new Value.Instant(time) : null;
    }

    public IEnumerable<Value> Scalars() => Underlying?.Event.Scalars() ?? _columns.SelectMany(column => LeafSemantics.Bag(column.Value));

    public StreamRow With(IReadOnlyCollection<KeyValuePair<string, Value?>> added, Func<IEnumerable<CapturedEvent>>? events = null)
        => new(Underlying, [.. _columns.Where(column => added.All(other => other.Key != column.Key)), .. added], Time, events ?? (() => BuildingEvents));
}
