using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using Glossa.Execution.Reading;

namespace Glossa.Execution.Matching;

/// <summary>A source that rules read from: the log source they name, and its gate.</summary>
internal sealed class Route(ScanSource source, Predicate? gate, CompiledPredicate? compiledGate)
{
    public ScanSource Source { get; } = source;

    public Predicate? Gate { get; } = gate;

    public CompiledPredicate? CompiledGate { get; } = compiledGate;

    public List<Feed> Feeds { get; } = [];

    /// <summary>Of each feed, the whole of what its events must fit.</summary>
    public List<Predicate> Predicates { get; } = [];

    /// <summary>Null where there are few feeds.</summary>
    public CandidateIndex? Index { get; set; }

    /// <summary>Events that came through.</summary>
    public long Events { get; set; }

    /// <summary>The source in words, as the run report names it.</summary>
    public override string ToString()
    {
        if (Source is not ScanSource.LogSource log)
        {
            return Source.ToString() ?? "";
        }

        var parts = new[] { ("product", log.Product), ("category", log.Category), ("service", log.Service) }
            .Where(part => part.Item2 is not null)
            .Select(part => $"{part.Item1} {part.Item2}");
        return string.Join(", ", parts) is { Length: > 0 } said ? said : "any source";
    }
}

/// <summary>Which events a rule sees, by its log source. The slow form is the judge of the table that <see cref="RoutingTable"/> makes of it.</summary>
public static class LogSourceRouting
{
    /// <summary>
    /// A log source that stands for Windows channels (it has a gate) sees the events the gate lets through; and, of records that name no channel, those whose
    /// source is known to be the product and category. A log source without a gate sees the records whose source is known to be all that it says.
    /// </summary>
    /// <param name="gate">Whether the gate lets the event through; null where there is no gate.</param>
    /// <param name="namesChannel">Whether the event has a field Channel.</param>
    public static bool Admits(ScanSource source, Truth? gate, SourceFacts facts, bool namesChannel)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (source is not ScanSource.LogSource log)
        {
            return gate is null or Truth.True;
        }

        if (gate is null)
        {
            return Agrees(log.Product, facts.Product) && Agrees(log.Category, facts.Category) && Agrees(log.Service, facts.Service);
        }

        if (log.Product is not null && facts.Product is not null && !Agrees(log.Product, facts.Product))
        {
            return false;
        }

        return gate == Truth.True
            || (!namesChannel
                && (log.Category is not null || log.Service is not null)
                && Agrees(log.Product, facts.Product) && Agrees(log.Category, facts.Category) && Agrees(log.Service, facts.Service));
    }

    private static bool Agrees(string? said, string? known) => said is null || string.Equals(said, known, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// From what is known of an event's source to the feeds that may see it, computed once for each channel, event id and set of facts. Nothing is lost: a gate that
/// asks for other fields is asked again for every event.
/// </summary>
internal sealed class RoutingTable
{
    private const int MaximumDestinations = 10_000;
    private const int MaximumKey = 256;

    private readonly IReadOnlyList<Route> _routes;
    private readonly Matcher _matcher;
    private readonly int _channel;
    private readonly int _eventId;
    private readonly bool _isOn;
    private readonly Dictionary<SourceFacts, Dictionary<string, Destination>> _bySource = new(ReferenceEqualityComparer.Instance);
    private readonly bool[] _isSettledByKey;
    private Destination? _everywhere;
    private int _count;

    public RoutingTable(IReadOnlyList<Route> routes, Matcher matcher, FieldTable fields, bool isOn)
    {
        _routes = routes;
        _matcher = matcher;
        _isOn = isOn;
        _channel = fields.IdOf("Channel", FieldLookup.Lenient);
        _eventId = fields.IdOf("EventID", FieldLookup.Lenient);
        _isSettledByKey = [.. routes.Select(route => route.Gate is null || route.Gate.FieldPaths().All(IsKey))];
    }

    /// <summary>The feeds that an event may go to, with the gates that are still to be asked.</summary>
    public Destination Find(JsonEvent current)
    {
        if (!_isOn)
        {
            return _everywhere ??= new Destination([.. _routes.Select(route => (route, false))]);
        }

        if (!_bySource.TryGetValue(current.Source, out var byKey))
        {
            byKey = new Dictionary<string, Destination>(StringComparer.Ordinal);
            if (_bySource.Count < MaximumDestinations)
            {
                _bySource.Add(current.Source, byKey);
            }
        }

        Span<char> key = stackalloc char[MaximumKey];
        var length = 0;
        if (!Append(current, _channel, key, ref length) || !Append(current, _eventId, key, ref length))
        {
            return Compute(current);
        }

        var lookup = byKey.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(key[..length], out var destination))
        {
            destination = Compute(current);
            if (_count < MaximumDestinations)
            {
                _count++;
                lookup[key[..length]] = destination;
            }
        }

        return destination;
    }

    /// <summary>Whether a gate lets an event through that its channel and id did not settle.</summary>
    public bool Admits(Route route, JsonEvent current)
    {
        Truth? gate = route.CompiledGate is null ? null : _matcher.Test(route.CompiledGate, current) == MatchResult.Yes ? Truth.True : Truth.False;
        return LogSourceRouting.Admits(route.Source, gate, current.Source, !current.Slot(_channel).IsMissing);
    }

    private Destination Compute(JsonEvent current)
    {
        var reached = new List<(Route Route, bool AskGate)>();
        for (var i = 0; i < _routes.Count; i++)
        {
            var route = _routes[i];
            if (!_isSettledByKey[i])
            {
                if (Possible(route.Gate!, current) != Truth.False || LogSourceRouting.Admits(route.Source, Truth.False, current.Source, !current.Slot(_channel).IsMissing))
                {
                    reached.Add((route, true));
                }
            }
            else if (Admits(route, current))
            {
                reached.Add((route, false));
            }
        }

        return new Destination([.. reached]);
    }

    /// <summary>The gate with everything open that is not the channel or the event id.</summary>
    private Truth Possible(Predicate gate, JsonEvent current)
    {
        switch (gate)
        {
            case Predicate.And and:
                var all = and.Children.Select(child => Possible(child, current)).ToArray();
                return all.Contains(Truth.False) ? Truth.False : all.Contains(Truth.Undecided) ? Truth.Undecided : Truth.True;
            case Predicate.Or or:
                var any = or.Children.Select(child => Possible(child, current)).ToArray();
                return any.Contains(Truth.True) ? Truth.True : any.Contains(Truth.Undecided) ? Truth.Undecided : Truth.False;
            case Predicate.Leaf leaf when leaf.FieldPaths().All(IsKey):
                return _matcher.Test(_matcher.Compile(leaf), current) == MatchResult.Yes ? Truth.True : Truth.False;
            case Predicate.Constant constant:
                return constant.Value ? Truth.True : Truth.False;
            default:
                return Truth.Undecided;
        }
    }

    // Facts (#product) are the same for all events of the table that is looked into; #time is not.
    private static bool IsKey(FieldPath path)
        => path.SimpleName is { } name && (path.Lookup == FieldLookup.Lenient ? name is "Channel" or "EventID" || (name.StartsWith('#') && name != FieldPath.TimeColumn) : name.StartsWith('#') && name != FieldPath.TimeColumn);

    private static bool Append(JsonEvent current, int field, Span<char> key, ref int length)
    {
        var slot = current.Slot(field);
        if (slot.IsGathered)
        {
            return false;
        }

        if (slot.Node < 0)
        {
            key[length++] = '\u0001';
            return true;
        }

        if (current.Tape[slot.Node].Kind is not (RecordKind.Text or RecordKind.Number))
        {
            return false;
        }

        var text = current.Tape.CanonicalText(slot.Node);
        if (text.Length > (MaximumKey / 2) - 2)
        {
            return false;
        }

        text.CopyTo(key[length..]);
        length += text.Length;
        key[length++] = '\0';
        return true;
    }

    internal sealed class Destination((Route Route, bool AskGate)[] routes)
    {
        public (Route Route, bool AskGate)[] Routes => routes;

        public long Events { get; set; }
    }
}
