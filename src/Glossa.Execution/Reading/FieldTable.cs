using Glossa.Core.Events;

namespace Glossa.Execution.Reading;

/// <summary>
/// Numbers the fields that rules read. Each knows under which keys at the top of a record it could stand, so that one pass over the keys of an
/// event tells of most fields that they are absent.
/// </summary>
internal sealed class FieldTable
{
    // A written name may be split at every dot; the keys of a hostile one with thousands of dots would fill the memory quadratically.
    private const int MaximumSplits = 32;

    private readonly Dictionary<(string Name, FieldLookup Lookup), int> _ids = [];
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _keysByText;

    public FieldTable() => _keysByText = _keys.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _entries.Count;

    public int KeyCount => _keys.Count;

    public Entry this[int id] => _entries[id];

    public int IdOf(string name, FieldLookup lookup)
    {
        if (_ids.TryGetValue((name, lookup), out var id))
        {
            return id;
        }

        var keys = new List<int> { KeyOf(name) };
        var always = false;
        if (lookup.DottedNested)
        {
            var splits = 0;
            for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
            {
                if (++splits > MaximumSplits)
                {
                    always = true;
                    break;
                }

                keys.Add(KeyOf(name[..dot]));
            }
        }

        id = _entries.Count;
        _entries.Add(new Entry(name, lookup, [.. keys], always ? int.MaxValue : keys.Max()));
        _ids.Add((name, lookup), id);
        return id;
    }

    /// <summary>The number of a key some field could stand under, or -1. Keys compare without case.</summary>
    public int FindKey(ReadOnlySpan<char> key) => _keysByText.TryGetValue(key, out var number) ? number : -1;

    private int KeyOf(string key)
    {
        if (!_keys.TryGetValue(key, out var number))
        {
            number = _keys.Count;
            _keys.Add(key, number);
        }

        return number;
    }

    /// <param name="Keys">The first is the whole name.</param>
    /// <param name="LargestKey">No key has a number so large where the name has too many dots to list its keys: it is searched for always.</param>
    public sealed record Entry(string Name, FieldLookup Lookup, int[] Keys, int LargestKey);
}
