using System.Globalization;

namespace Glossa.Core.Events;

/// <summary>A record with the envelope of its shape taken off.</summary>
/// <param name="Fields">What rules see, in order; the envelope's own entries are gone, or stand last.</param>
public sealed record PresentedEvent(Value.Map Fields, SourceFacts Source, DateTimeOffset? Time, FieldAliases Aliases);

/// <summary>What the envelope of a record says.</summary>
public readonly record struct EventEnvelope(SourceFacts Source, DateTimeOffset? Time, FieldAliases Aliases);

/// <summary>
/// Recognises the shape of a log record, and says which fields rules see in it, what is known of its source, and when it happened. A shape is
/// recognised by keys that only it has together; a record that fits none is taken as it is, with nothing known of its source.
/// </summary>
public static partial class EventShapes
{
    [ThreadStatic]
    private static SourceFactsCache? _cache;

    /// <summary>The slow form, over a <see cref="Value"/>.</summary>
    /// <param name="asFacts">What the user says of the source; it wins over what the shape says.</param>
    public static PresentedEvent Present(Value.Map record, SourceFacts? asFacts = null)
    {
        var sink = new MapSink();
        var envelope = Present(new ValueNode(record), sink, asFacts, _cache ??= new SourceFactsCache());
        return new PresentedEvent(new Value.Map(sink.Entries), envelope.Source, envelope.Time, envelope.Aliases);
    }

    /// <summary>The form every reader uses: the fields go into <paramref name="sink"/>.</summary>
    /// <param name="record">A map.</param>
    /// <param name="cache">One a thread: facts and aliases are the same objects for the same source.</param>
    public static EventEnvelope Present<TNode, TSink>(TNode record, TSink sink, SourceFacts? asFacts, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        ArgumentNullException.ThrowIfNull(cache);
        var keys = KeysOf(record);
        var envelope = Recognise(record, sink, keys, cache) ?? Plain(record, sink, keys);
        return asFacts is null ? envelope : envelope with { Source = cache.Overlay(envelope.Source, asFacts) };
    }

    private static EventEnvelope? Recognise<TNode, TSink>(TNode record, TSink sink, Keys keys, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (Has(keys, Keys.Event) && Get(record, "Event") is { Kind: RecordKind.Map } inner && Get(inner, "System") is { Kind: RecordKind.Map } system)
        {
            return WindowsNested(inner, system, sink, cache);
        }

        if (Has(keys, Keys.System) && (keys & (Keys.EventData | Keys.UserData)) != Keys.None && Get(record, "System") is { Kind: RecordKind.Map } bare)
        {
            return WindowsNested(record, bare, sink, cache);
        }

        if (Has(keys, Keys.Winlog) && Get(record, "winlog") is { Kind: RecordKind.Map } winlog)
        {
            return Winlogbeat(record, winlog, sink, cache);
        }

        if ((keys & Keys.EventIdAny) != Keys.None && (keys & Keys.ChannelAny) != Keys.None)
        {
            return WindowsFlat(record, sink, keys, cache);
        }

        if (Ecs(record, keys, cache) is { } ecs)
        {
            AddAll(record, sink);
            return ecs;
        }

        return Cloud(record, sink, keys, cache) ?? Hosts(record, sink, keys, cache);
    }

    private static EventEnvelope Plain<TNode, TSink>(TNode record, TSink sink, Keys keys)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        AddAll(record, sink);
        return new EventEnvelope(SourceFacts.Unknown, TimeOf(record, keys), FieldAliases.None);
    }

    private static void AddAll<TNode, TSink>(TNode map, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        for (var more = map.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            sink.Add(child);
        }
    }

    private static TNode? Get<TNode>(TNode map, ReadOnlySpan<char> name)
        where TNode : struct, IRecordNode<TNode>
    {
        if (map.Kind != RecordKind.Map)
        {
            return null;
        }

        for (var more = map.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            if (child.Name.SequenceEqual(name))
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>A path of two keys, nested or written as one dotted key.</summary>
    private static TNode? Get<TNode>(TNode map, string outer, string inner)
        where TNode : struct, IRecordNode<TNode>
    {
        for (var more = map.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            var name = child.Name;
            if (name.StartsWith(outer, StringComparison.Ordinal))
            {
                if (name.Length == outer.Length)
                {
                    if (Get(child, inner) is { } found)
                    {
                        return found;
                    }
                }
                else if (name.Length == outer.Length + 1 + inner.Length && name[outer.Length] == '.' && name.EndsWith(inner, StringComparison.Ordinal))
                {
                    return child;
                }
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> TextOf<TNode>(TNode? node)
        where TNode : struct, IRecordNode<TNode>
        => node is { } present ? present.Text : [];

    private static ReadOnlySpan<char> TextOf<TNode>(TNode map, string name)
        where TNode : struct, IRecordNode<TNode>
        => TextOf(Get<TNode>(map, name));

    /// <summary>A whole number, or a text that is one; else -1.</summary>
    private static int NumberOf<TNode>(TNode? node)
        where TNode : struct, IRecordNode<TNode>
        => node is not { } present ? -1
            : present.TryGetInteger(out var number) ? (number is >= 0 and <= int.MaxValue ? (int)number : -1)
            : int.TryParse(present.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;

    private static DateTimeOffset? TimeOf<TNode>(TNode? node)
        where TNode : struct, IRecordNode<TNode>
        => node is not { } present ? null
            : present.TryGetInteger(out var number) ? (EventTime.TryFromEpoch((decimal)number, out var epoch) ? epoch : null)
            : present.TryGetReal(out var real) ? (EventTime.TryFromEpoch(real, out epoch) ? epoch : null)
            : EventTime.TryParse(present.Text, out var time) ? time : null;

    /// <summary>The first of the names logs give the time of an event that holds a time.</summary>
    private static DateTimeOffset? TimeOf<TNode>(TNode record, Keys keys)
        where TNode : struct, IRecordNode<TNode>
    {
        if (!Has(keys, Keys.Time))
        {
            return null;
        }

        foreach (var name in TimeNames)
        {
            if (TimeOf(Get<TNode>(record, name)) is { } time)
            {
                return time;
            }
        }

        return null;
    }

    private static bool Has(Keys keys, Keys wanted) => (keys & wanted) == wanted;

    private static bool IsOneOf(ReadOnlySpan<char> text, params ReadOnlySpan<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (text.Equals(candidate, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class MapSink : IFieldSink<ValueNode>
    {
        public List<KeyValuePair<string, Value>> Entries { get; } = [];

        public void Add(ValueNode node) => Entries.Add(new(node.Key ?? "", node.Value));

        public void Add(ReadOnlySpan<char> name, ValueNode node) => Entries.Add(new(name.ToString(), node.Value));
    }
}
