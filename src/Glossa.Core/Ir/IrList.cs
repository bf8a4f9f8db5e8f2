using System.Collections;
using System.Runtime.CompilerServices;

namespace Glossa.Core.Ir;

/// <summary>An immutable list that compares by its elements, so that IR records do.</summary>
[CollectionBuilder(typeof(IrList), nameof(IrList.Create))]
public sealed class IrList<T> : IReadOnlyList<T>, IEquatable<IrList<T>>
{
    private readonly T[] _items;

    internal IrList(T[] items) => _items = items;

    public static IrList<T> Empty { get; } = new([]);

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public ReadOnlySpan<T> AsSpan() => _items;

    public bool Equals(IrList<T>? other)
        => other is not null && (ReferenceEquals(this, other) || _items.AsSpan().SequenceEqual(other._items));

    public override bool Equals(object? obj) => Equals(obj as IrList<T>);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public static class IrList
{
    public static IrList<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? IrList<T>.Empty : new IrList<T>(items.ToArray());

    public static IrList<T> ToIrList<T>(this IEnumerable<T> items)
    {
        var array = items.ToArray();
        return array.Length == 0 ? IrList<T>.Empty : new IrList<T>(array);
    }
}
