using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using Glossa.Core.Semantics.Functions;

namespace Glossa.Execution.Stateful;

/// <summary>
/// An aggregate over rows that come at one end and go at the other. The answers are those of <see cref="AggregateCatalogue"/> over the rows inside;
/// the work for a row does not grow with the rows inside, except for sums of reals, which are added anew so that no rounding stays behind.
/// </summary>
internal abstract class SlidingAggregate
{
    public static SlidingAggregate? Create(AggregateCall call)
    {
        if (AggregateCatalogue.Find(call.Function) is not { } descriptor || !descriptor.Takes(call.Arguments.Count))
        {
            return null;
        }

        return call.Function switch
        {
            "count_rows" => new Rows(),
            "count_values" => new Values(),
            "count_distinct" => new Distinct(),
            "sum" or "avg" => new Sum(isAverage: call.Function == "avg"),
            "min" or "max" or "percentile" or "median" => new Ordered(call.Function),
            _ => new Whole(descriptor),
        };
    }

    /// <param name="arguments">The call's arguments at the row.</param>
    public abstract void Add(Value?[] arguments);

    /// <summary>The row that has been inside longest.</summary>
    public abstract void Remove(Value?[] arguments);

    public abstract Value? Current();

    private static IEnumerable<Number> NumbersOf(Value? value)
    {
        foreach (var item in LeafSemantics.Bag(value))
        {
            if (Numbers.TryConvert(item, out var number))
            {
                yield return number;
            }
        }
    }

    private sealed class Rows : SlidingAggregate
    {
        private long _count;

        public override void Add(Value?[] arguments) => _count++;

        public override void Remove(Value?[] arguments) => _count--;

        public override Value Current() => new Value.Integer(_count);
    }

    private sealed class Values : SlidingAggregate
    {
        private long _count;

        public override void Add(Value?[] arguments) => _count += LeafSemantics.Bag(arguments[0]).Count;

        public override void Remove(Value?[] arguments) => _count -= LeafSemantics.Bag(arguments[0]).Count;

        public override Value Current() => new Value.Integer(_count);
    }

    private sealed class Distinct : SlidingAggregate
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

        public override void Add(Value?[] arguments)
        {
            foreach (var tuple in AggregateCatalogue.Tuples(arguments))
            {
                _counts[tuple] = _counts.GetValueOrDefault(tuple) + 1;
            }
        }

        public override void Remove(Value?[] arguments)
        {
            foreach (var tuple in AggregateCatalogue.Tuples(arguments))
            {
                if (--_counts[tuple] == 0)
                {
                    _counts.Remove(tuple);
                }
            }
        }

        public override Value Current() => new Value.Integer(_counts.Count);
    }

    private sealed class Sum(bool isAverage) : SlidingAggregate
    {
        private readonly Queue<Number> _numbers = new();
        private decimal _exact;
        private int _reals;
        private bool _overflowed;

        public override void Add(Value?[] arguments)
        {
            foreach (var number in NumbersOf(arguments[0]))
            {
                _numbers.Enqueue(number);
                _reals += number.IsReal ? 1 : 0;
                if (!number.IsReal && !_overflowed)
                {
                    try
                    {
                        _exact += number.ToDecimal();
                    }
                    catch (OverflowException)
                    {
                        _overflowed = true;
                    }
                }
            }
        }

        public override void Remove(Value?[] arguments)
        {
            foreach (var number in NumbersOf(arguments[0]))
            {
                _numbers.Dequeue();
                _reals -= number.IsReal ? 1 : 0;
                if (!number.IsReal && !_overflowed)
                {
                    try
                    {
                        _exact -= number.ToDecimal();
                    }
                    catch (OverflowException)
                    {
                        _overflowed = true;
                    }
                }
            }
        }

        public override Value? Current()
        {
            if (_numbers.Count == 0)
            {
                return null;
            }

            if (_reals > 0 || _overflowed)
            {
                return AggregateCatalogue.Find(isAverage ? "avg" : "sum")!.Evaluate([.. _numbers.Select(number => (IReadOnlyList<Value?>)[number.ToValue()])]);
            }

            return (isAverage ? Number.Of(_exact / _numbers.Count) : Number.Of(_exact)).ToValue();
        }
    }

    /// <summary>Numbers in order, in pieces, so that one goes in or out without moving all.</summary>
    private sealed class Ordered(string function) : SlidingAggregate
    {
        private const int PieceSize = 512;

        private readonly List<List<Number>> _pieces = [[]];
        private readonly Queue<Value?[]> _rows = new();
        private int _count;

        public override void Add(Value?[] arguments)
        {
            _rows.Enqueue(arguments);
            foreach (var number in NumbersOf(arguments[0]))
            {
                var piece = PieceOf(number);
                var at = _pieces[piece].BinarySearch(number);
                _pieces[piece].Insert(at < 0 ? ~at : at, number);
                _count++;
                if (_pieces[piece].Count > PieceSize)
                {
                    _pieces.Insert(piece + 1, _pieces[piece][(PieceSize / 2)..]);
                    _pieces[piece].RemoveRange(PieceSize / 2, _pieces[piece].Count - (PieceSize / 2));
                }
            }
        }

        public override void Remove(Value?[] arguments)
        {
            _rows.Dequeue();
            foreach (var number in NumbersOf(arguments[0]))
            {
                for (var piece = PieceOf(number); piece < _pieces.Count; piece++)
                {
                    var at = _pieces[piece].BinarySearch(number);
                    if (at >= 0)
                    {
                        _pieces[piece].RemoveAt(at);
                        _count--;
                        if (_pieces[piece].Count == 0 && _pieces.Count > 1)
                        {
                            _pieces.RemoveAt(piece);
                        }

                        break;
                    }
                }
            }
        }

        public override Value? Current()
        {
            if (_count == 0)
            {
                return null;
            }

            switch (function)
            {
                case "min":
                    return At(0).ToValue();
                case "max":
                    return At(_count - 1).ToValue();
                case "percentile":
                    // The percentage is the first row's, as over a whole group.
                    if (_rows.Peek()[1] is not { } written || !Numbers.TryConvert(written, out var percent))
                    {
                        return null;
                    }

                    var rank = (int)Math.Ceiling(Math.Clamp(percent.ToDouble(), 0, 100) / 100 * _count);
                    return At(Math.Clamp(rank, 1, _count) - 1).ToValue();
                default:
                    return AggregateCatalogue.Find("median")!.Evaluate(_count % 2 == 1
                        ? [[At(_count / 2).ToValue()]]
                        : [[At((_count / 2) - 1).ToValue()], [At(_count / 2).ToValue()]]);
            }
        }

        private int PieceOf(Number number)
        {
            int low = 0, high = _pieces.Count - 1;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_pieces[middle].Count > 0 && _pieces[middle][^1].CompareTo(number) < 0)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }

        private Number At(int rank)
        {
            foreach (var piece in _pieces)
            {
                if (rank < piece.Count)
                {
                    return piece[rank];
                }

                rank -= piece.Count;
            }

            return _pieces[^1][^1];
        }
    }

    /// <summary>Of a function that is new to this file: computed anew for every frame.</summary>
    private sealed class Whole(AggregateDescriptor descriptor) : SlidingAggregate
    {
        private readonly Queue<IReadOnlyList<Value?>> _rows = new();

        public override void Add(Value?[] arguments) => _rows.Enqueue(arguments);

        public override void Remove(Value?[] arguments) => _rows.Dequeue();

        public override Value? Current() => descriptor.Evaluate([.. _rows]);
    }
}
