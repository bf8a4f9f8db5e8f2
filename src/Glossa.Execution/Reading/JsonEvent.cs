using Glossa.Core.Events;

namespace Glossa.Execution.Reading;

/// <summary>
/// The fast event: a JSON record on a tape, its envelope taken off, fields found by number. The same object holds one record after the other.
/// <see cref="Find(string, FieldLookup)"/> gives what <see cref="MapEvent"/> gives for the same record; a differential test holds them together.
/// </summary>
internal sealed class JsonEvent(FieldTable fields) : IEvent
{
    private readonly SourceFactsCache _sources = new();
    private readonly Dictionary<FieldAliases, List<int[]?>> _aliasIds = new(ReferenceEqualityComparer.Instance);
    private EntrySlot[] _entries = new EntrySlot[64];
    private int _entryCount;
    private FieldSlot[] _slots = [];
    private int[] _firstEntryOfKey = [];
    private int[] _keyStamps = [];
    private int[] _found = new int[64];
    private int _foundCount;
    private int _keyCount;
    private int _stamp;
    private EventEnvelope _envelope;
    private FieldAliases? _aliases;
    private List<int[]?> _currentAliasIds = [];

    public JsonTape Tape { get; } = new();

    public FieldTable Fields => fields;

    public SourceFacts Source => _envelope.Source;

    public DateTimeOffset? Time => _envelope.Time;

    /// <summary>Empty: a JSON record has no text beside its values.</summary>
    public string RawText => "";

    /// <summary>Which record this is: moves on with every record, and is never 0.</summary>
    public int Stamp => _stamp;

    public int EntryCount => _entryCount;

    /// <summary>The node of a field at the top, in order.</summary>
    public int EntryNode(int entry) => _entries[entry].Node;

    /// <summary>Takes the record on the tape, or the part of it that begins at a node, as the event.</summary>
    public void Present(SourceFacts? asFacts, int root = 0)
    {
        if (++_stamp == int.MaxValue)
        {
            _stamp = 1;
            Array.Clear(_slots);
            Array.Clear(_keyStamps);
        }

        _entryCount = 0;
        _foundCount = 0;
        _envelope = EventShapes.Present(new JsonNode(Tape, root), new EntrySink(this), asFacts, _sources);
        _keyCount = fields.KeyCount;
        Grow();
        for (var i = 0; i < _entryCount; i++)
        {
            var key = fields.FindKey(EntryName(i));
            if (key >= 0 && _keyStamps[key] != _stamp)
            {
                _keyStamps[key] = _stamp;
                _firstEntryOfKey[key] = i;
            }
        }

        if (!ReferenceEquals(_aliases, _envelope.Aliases))
        {
            _aliases = _envelope.Aliases;
            if (!_aliasIds.TryGetValue(_aliases, out var ids))
            {
                ids = [];
                _aliasIds.Add(_aliases, ids);
            }

            _currentAliasIds = ids;
        }
    }

    /// <summary>What stands at a field; found once an event.</summary>
    public FieldSlot Slot(int field)
    {
        if (field < _slots.Length && _slots[field].Stamp == _stamp)
        {
            return _slots[field];
        }

        var slot = Resolve(field);
        if (field >= _slots.Length)
        {
            Array.Resize(ref _slots, Math.Max(fields.Count, (field + 1) * 2));
        }

        slot.Stamp = _stamp;
        _slots[field] = slot;
        return slot;
    }

    /// <summary>An item of a slot that is a list gathered from several places.</summary>
    public int FoundNode(int index) => _found[index];

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

        return ToValue(Slot(fields.IdOf(name, lookup)));
    }

    public Value? ToValue(FieldSlot slot)
    {
        if (slot.IsGathered)
        {
            var items = new List<Value>(slot.Count);
            for (var i = 0; i < slot.Count; i++)
            {
                items.Add(Tape.ToValue(_found[slot.Node + i]));
            }

            return new Value.List(items);
        }

        return slot.Node < 0 ? null : Tape.ToValue(slot.Node);
    }

    public IEnumerable<Value> Scalars()
    {
        for (var i = 0; i < _entryCount; i++)
        {
            var end = Tape[_entries[i].Node].End;
            for (var node = _entries[i].Node; node < end; node++)
            {
                if (Tape[node].Kind is RecordKind.Boolean or RecordKind.Number or RecordKind.Text)
                {
                    yield return Tape.ToValue(node);
                }
            }
        }
    }

    /// <summary>An event that outlives the record: for rows that wait for others, and for alerts.</summary>
    public MapEvent ToMapEvent()
    {
        var entries = new KeyValuePair<string, Value>[_entryCount];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(EntryName(i).ToString(), Tape.ToValue(_entries[i].Node));
        }

        return new MapEvent(new Value.Map(entries), Source, Time, aliases: _envelope.Aliases);
    }

    private ReadOnlySpan<char> EntryName(int entry)
        => Tape.Characters(_entries[entry].NameStart, _entries[entry].NameLength);

    private void Grow()
    {
        if (_keyStamps.Length < fields.KeyCount)
        {
            Array.Resize(ref _keyStamps, fields.KeyCount * 2);
            Array.Resize(ref _firstEntryOfKey, fields.KeyCount * 2);
        }
    }

    private FieldSlot Resolve(int field)
    {
        var direct = ResolveDirect(field);
        if (ReferenceEquals(_aliases, FieldAliases.None) || !(direct.IsMissing || IsMap(direct)))
        {
            return direct;
        }

        foreach (var alias in AliasesOf(field))
        {
            var other = ResolveDirect(alias);
            if (!other.IsMissing && !IsMap(other))
            {
                return other;
            }
        }

        return direct;
    }

    private bool IsMap(FieldSlot slot) => !slot.IsGathered && slot.Node >= 0 && Tape[slot.Node].Kind == RecordKind.Map;

    private int[] AliasesOf(int field)
    {
        while (_currentAliasIds.Count <= field)
        {
            _currentAliasIds.Add(null);
        }

        if (_currentAliasIds[field] is { } known)
        {
            return known;
        }

        var ids = _aliases!.For(fields[field].Name).Select(name => fields.IdOf(name, FieldLookup.Lenient)).ToArray();
        return _currentAliasIds[field] = ids;
    }

    private FieldSlot ResolveDirect(int field)
    {
        var entry = fields[field];
        var whole = entry.Keys[0];

        // A key that was added while this event is looked at has not been looked for.
        if (entry.LargestKey < _keyCount)
        {
            if (_keyStamps[whole] == _stamp)
            {
                var first = _firstEntryOfKey[whole];
                if (EntryName(first).SequenceEqual(entry.Name))
                {
                    return FieldSlot.At(_entries[first].Node);
                }
            }
            else if (!Array.Exists(entry.Keys, key => _keyStamps[key] == _stamp))
            {
                return FieldSlot.Missing;
            }
        }

        var found = FindInEntries(entry.Name, entry.Lookup, StringComparison.Ordinal);
        return found.IsMissing && entry.Lookup.IgnoreCaseNext ? FindInEntries(entry.Name, entry.Lookup, StringComparison.OrdinalIgnoreCase) : found;
    }

    private FieldSlot FindInEntries(ReadOnlySpan<char> name, FieldLookup lookup, StringComparison comparison)
    {
        var whole = EntryNamed(name, comparison);
        if (whole >= 0)
        {
            return FieldSlot.At(_entries[whole].Node);
        }

        if (lookup.DottedNested)
        {
            for (var dot = name.IndexOf('.'); dot >= 0; dot = NextDot(name, dot))
            {
                var outer = EntryNamed(name[..dot], comparison);
                if (outer >= 0)
                {
                    var found = FindIn(_entries[outer].Node, name[(dot + 1)..], lookup, comparison);
                    if (!found.IsMissing)
                    {
                        return found;
                    }
                }
            }
        }

        return FieldSlot.Missing;
    }

    // The depth of a record is bounded by its reader.
    private FieldSlot FindIn(int container, ReadOnlySpan<char> name, FieldLookup lookup, StringComparison comparison)
    {
        switch (Tape[container].Kind)
        {
            case RecordKind.Map:
                var whole = ChildNamed(container, name, comparison);
                if (whole >= 0)
                {
                    return FieldSlot.At(whole);
                }

                for (var dot = lookup.DottedNested ? name.IndexOf('.') : -1; dot >= 0; dot = NextDot(name, dot))
                {
                    var inner = ChildNamed(container, name[..dot], comparison);
                    if (inner >= 0)
                    {
                        var found = FindIn(inner, name[(dot + 1)..], lookup, comparison);
                        if (!found.IsMissing)
                        {
                            return found;
                        }
                    }
                }

                return FieldSlot.Missing;
            case RecordKind.List when lookup.FlattenLists:
                return Gather(container, name, lookup, comparison);
            default:
                return FieldSlot.Missing;
        }
    }

    private FieldSlot Gather(int list, ReadOnlySpan<char> name, FieldLookup lookup, StringComparison comparison)
    {
        var start = _foundCount;
        var end = Tape[list].End;
        for (var item = list + 1; item < end; item = Tape[item].End)
        {
            var mark = _foundCount;
            var found = FindIn(item, name, lookup, comparison);
            if (found.IsGathered)
            {
                // What an inner list gathered may not lie right after ours: a search that came to nothing can have left items between.
                if (found.Node != mark)
                {
                    Array.Copy(_found, found.Node, _found, mark, found.Count);
                    _foundCount = mark + found.Count;
                }
            }
            else if (found.Node >= 0 && Tape[found.Node].Kind == RecordKind.List)
            {
                _foundCount = mark;
                for (var child = found.Node + 1; child < Tape[found.Node].End; child = Tape[child].End)
                {
                    PutFound(child);
                }
            }
            else if (found.Node >= 0)
            {
                _foundCount = mark;
                PutFound(found.Node);
            }
            else
            {
                _foundCount = mark;
            }
        }

        return _foundCount > start ? new FieldSlot { Node = start, Count = _foundCount - start, IsGathered = true } : FieldSlot.Missing;
    }

    private void PutFound(int node)
    {
        if (_foundCount == _found.Length)
        {
            Array.Resize(ref _found, _found.Length * 2);
        }

        _found[_foundCount++] = node;
    }

    private int EntryNamed(ReadOnlySpan<char> name, StringComparison comparison)
    {
        for (var i = 0; i < _entryCount; i++)
        {
            if (_entries[i].NameLength == name.Length && EntryName(i).Equals(name, comparison))
            {
                return i;
            }
        }

        return -1;
    }

    private int ChildNamed(int map, ReadOnlySpan<char> name, StringComparison comparison)
    {
        var end = Tape[map].End;
        for (var child = map + 1; child < end; child = Tape[child].End)
        {
            if (Tape[child].NameLength == name.Length && Tape.NameOf(child).Equals(name, comparison))
            {
                return child;
            }
        }

        return -1;
    }

    private static int NextDot(ReadOnlySpan<char> name, int dot)
    {
        var next = name[(dot + 1)..].IndexOf('.');
        return next < 0 ? -1 : dot + 1 + next;
    }

    private void Put(int node, int nameStart, int nameLength)
    {
        if (_entryCount == _entries.Length)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
        }

        _entries[_entryCount++] = new EntrySlot(node, nameStart, nameLength);
    }

    private readonly record struct EntrySlot(int Node, int NameStart, int NameLength);

    private readonly struct EntrySink(JsonEvent target) : IFieldSink<JsonNode>
    {
        public void Add(JsonNode node)
        {
            ref readonly var taped = ref target.Tape[node.Index];
            target.Put(node.Index, taped.NameStart, taped.NameLength);
        }

        public void Add(ReadOnlySpan<char> name, JsonNode node)
        {
            var (start, length) = target.Tape.Append(name);
            target.Put(node.Index, start, length);
        }
    }
}

/// <summary>Where a field's value stands in the current record.</summary>
internal struct FieldSlot
{
    /// <summary>A node; or, where it was gathered from the elements of a list, the first of <see cref="Count"/> items; -1 where there is none.</summary>
    public int Node;
    public int Count;
    public int Stamp;
    public bool IsGathered;

    public static FieldSlot Missing => new() { Node = -1 };

    public readonly bool IsMissing => !IsGathered && Node < 0;

    public static FieldSlot At(int node) => new() { Node = node };
}
