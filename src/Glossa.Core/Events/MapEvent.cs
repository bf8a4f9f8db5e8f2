namespace Glossa.Core.Events;

/// <summary>
/// An event over a <see cref="Value.Map"/>: slow, obvious, and the judge of every faster <see cref="IEvent"/>.
/// The map is the record after its shape's envelope was taken off.
/// </summary>
public sealed class MapEvent(Value.Map fields, SourceFacts? source = null, DateTimeOffset? time = null, string rawText = "", FieldAliases? aliases = null) : IEvent
{
    /// <summary>A record with the envelope of its shape taken off.</summary>
    public MapEvent(PresentedEvent presented)
        : this(presented.Fields, presented.Source, presented.Time, aliases: presented.Aliases)
    {
    }


    public Value.Map Fields { get; } = fields;

    public SourceFacts Source { get; } = source ?? SourceFacts.Unknown;

    public DateTimeOffset? Time { get; } = time;

    public string RawText { get; } = rawText;

    public FieldAliases Aliases { get; } = aliases ?? FieldAliases.None;

    public Value? Find(string name, FieldLookup lookup)
    {
        if (name.StartsWith('#'))
        {
            if (name == "#time")
            {
                return Time is { } instant ? new Value.Instant(instant) : null;
            }

            return Source.Find(name[1..]) is { } fact ? new Value.Text(fact) : null;
        }

        var direct = FindDirect(name, lookup);
        if (direct is null or Value.Map)
        {
            foreach (var alias in Aliases.For(name))
            {
                if (FindDirect(alias, FieldLookup.Lenient) is { } other and not Value.Map)
                {
                    return other;
                }
            }
        }

        return direct;
    }

    public IEnumerable<Value> Scalars()
    {
        var pending = new Stack<Value>();
        pending.Push(Fields);
        while (pending.TryPop(out var value))
        {
            switch (value)
            {
                case Value.Map map:
                    for (var i = map.Entries.Count - 1; i >= 0; i--)
                    {
                        pending.Push(map.Entries[i].Value);
                    }

                    break;
                case Value.List list:
                    for (var i = list.Items.Count - 1; i >= 0; i--)
                    {
                        pending.Push(list.Items[i]);
                    }

                    break;
                case Value.Null:
                    break;
                default:
                    yield return value;
                    break;
            }
        }
    }

    private Value? FindDirect(string name, FieldLookup lookup)
        => Find(Fields, name, lookup, StringComparison.Ordinal)
            ?? (lookup.IgnoreCaseNext ? Find(Fields, name, lookup, StringComparison.OrdinalIgnoreCase) : null);

    // The whole name as a key first, then split at its first dot, its second, …: a record may hold `a.b` as a key, or b inside a.
    private static Value? Find(Value container, string name, FieldLookup lookup, StringComparison comparison)
    {
        switch (container)
        {
            case Value.Map map:
                if (map.TryGet(name, comparison, out var value))
                {
                    return value;
                }

                for (var dot = lookup.DottedNested ? name.IndexOf('.', StringComparison.Ordinal) : -1; dot >= 0; dot = name.IndexOf('.', dot + 1))
                {
                    if (map.TryGet(name[..dot], comparison, out var inner) && Find(inner, name[(dot + 1)..], lookup, comparison) is { } found)
                    {
                        return found;
                    }
                }

                return null;
            case Value.List list when lookup.FlattenLists:
                var values = new List<Value>();
                foreach (var item in list.Items)
                {
                    switch (Find(item, name, lookup, comparison))
                    {
                        case Value.List inner:
                            values.AddRange(inner.Items);
                            break;
                        case { } scalar:
                            values.Add(scalar);
                            break;
                    }
                }

                return values.Count > 0 ? new Value.List(values) : null;
            default:
                return null;
        }
    }
}
