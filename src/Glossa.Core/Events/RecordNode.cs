namespace Glossa.Core.Events;

public enum RecordKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Map,
}

/// <summary>
/// A place in a log record, whatever holds it: a <see cref="Value"/>, or the tape of a JSON reader. <see cref="EventShapes"/> is written
/// over it, so that the slow event and the fast one cannot come apart.
/// </summary>
public interface IRecordNode<TSelf>
    where TSelf : struct, IRecordNode<TSelf>
{
    RecordKind Kind { get; }

    /// <summary>Its key in the map it stands in; empty elsewhere.</summary>
    ReadOnlySpan<char> Name { get; }

    /// <summary>What a text says; empty for everything else.</summary>
    ReadOnlySpan<char> Text { get; }

    /// <summary>A whole number of 64 bits; false for everything else, texts too.</summary>
    bool TryGetInteger(out long number);

    /// <summary>A number with a fraction or an exponent; false for everything else, texts too.</summary>
    bool TryGetReal(out double number);

    /// <summary>The first entry or item; false where there is none, and for scalars.</summary>
    bool TryGetFirst(out TSelf child);

    /// <summary>What stands after it in the same map or list.</summary>
    bool TryGetNext(out TSelf sibling);
}

/// <summary>Takes the fields of an event in order. Where a name comes twice, both are kept and the first is found.</summary>
public interface IFieldSink<TNode>
{
    /// <summary>Under the node's own name.</summary>
    void Add(TNode node);

    void Add(ReadOnlySpan<char> name, TNode node);
}

/// <summary>A <see cref="Value"/> with the place it was found at.</summary>
public readonly struct ValueNode : IRecordNode<ValueNode>
{
    private readonly Value? _container;
    private readonly int _index;

    public ValueNode(Value value)
        : this(value, container: null, index: 0)
    {
    }

    private ValueNode(Value value, Value? container, int index)
    {
        Value = value;
        _container = container;
        _index = index;
    }

    public Value Value { get; }

    public RecordKind Kind => Value switch
    {
        Value.Null => RecordKind.Null,
        Value.Boolean => RecordKind.Boolean,
        Value.Integer or Value.Decimal or Value.Real => RecordKind.Number,
        Value.List => RecordKind.List,
        Value.Map => RecordKind.Map,
        _ => RecordKind.Text,
    };

    /// <summary>Null where it stands in no map.</summary>
    public string? Key => _container is Value.Map map ? map.Entries[_index].Key : null;

    public ReadOnlySpan<char> Name => Key;

    public ReadOnlySpan<char> Text => Value is Value.Null or Value.Boolean or Value.Integer or Value.Decimal or Value.Real ? [] : Value.ToCanonicalText();

    public bool TryGetInteger(out long number)
    {
        number = Value is Value.Integer integer ? integer.Content : 0;
        return Value is Value.Integer;
    }

    public bool TryGetReal(out double number)
    {
        number = Value is Value.Real real ? real.Content : 0;
        return Value is Value.Real;
    }

    public bool TryGetFirst(out ValueNode child) => At(Value, 0, out child);

    public bool TryGetNext(out ValueNode sibling) => At(_container, _index + 1, out sibling);

    private static bool At(Value? container, int index, out ValueNode node)
    {
        switch (container)
        {
            case Value.Map map when index < map.Entries.Count:
                node = new ValueNode(map.Entries[index].Value, container, index);
                return true;
            case Value.List list when index < list.Items.Count:
                node = new ValueNode(list.Items[index], container, index);
                return true;
            default:
                node = default;
                return false;
        }
    }
}
