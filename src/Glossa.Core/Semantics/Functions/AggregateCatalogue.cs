using System.Globalization;
using Glossa.Core.Events;

namespace Glossa.Core.Semantics.Functions;

/// <summary>An aggregate over the rows of a group or frame.</summary>
/// <param name="Evaluate">Gets a row's argument values, row by row; a missing field is null.</param>
public sealed record AggregateDescriptor(
    string Id, string Signature, string Meaning, int MinArguments, int MaxArguments, Func<IReadOnlyList<IReadOnlyList<Value?>>, Value?> Evaluate)
{
    public bool Takes(int arguments) => arguments >= MinArguments && (MaxArguments < 0 || arguments <= MaxArguments);
}

/// <summary>
/// The aggregates. Numbers are read as everywhere (<see cref="Numbers"/>); what is none is left out. Over no number at all, sum,
/// average, extremes and percentiles have no value, so that no comparison with them holds; counts are 0.
/// </summary>
public static class AggregateCatalogue
{
    private static readonly Dictionary<string, AggregateDescriptor> Aggregates = new AggregateDescriptor[]
    {
        new("count_rows", "count_rows()", "How many rows.", 0, 0, rows => new Value.Integer(rows.Count)),
        new("count_values", "count_values(value)", "How many values; a list gives each of its own.", 1, 1, rows => new Value.Integer(rows.Sum(row => (long)LeafSemantics.Bag(row[0]).Count))),
        new("count_distinct", "count_distinct(value, …)", "How many different values, or tuples of them; a row that lacks one of a tuple gives none. Texts are different when a letter's case is.", 1, -1, CountDistinct),
        new("sum", "sum(value)", "The numbers added.", 1, 1, Sum),
        new("avg", "avg(value)", "The arithmetic mean.", 1, 1, Average),
        new("min", "min(value)", "The least number.", 1, 1, rows => Sorted(rows) is [var first, ..] ? first.ToValue() : null),
        new("max", "max(value)", "The greatest number.", 1, 1, rows => Sorted(rows) is [.., var last] ? last.ToValue() : null),
        new("percentile", "percentile(value, p)", "Nearest rank: the least number that at least p percent of the numbers do not exceed; p from 0 (the least) to 100.", 2, 2, Percentile),
        new("median", "median(value)", "The middle number, or the mean of the two in the middle.", 1, 1, Median),
    }.ToDictionary(aggregate => aggregate.Id, StringComparer.Ordinal);

    public static IReadOnlyCollection<AggregateDescriptor> All => Aggregates.Values;

    /// <summary>The aggregate of an id, or null.</summary>
    public static AggregateDescriptor? Find(string id) => Aggregates.GetValueOrDefault(id);

    /// <summary>The distinct tuples of one row: every combination of the values of its arguments, as one unambiguous text each.</summary>
    public static IEnumerable<string> Tuples(IReadOnlyList<Value?> row)
    {
        IEnumerable<string> tuples = [""];
        foreach (var argument in row)
        {
            var texts = LeafSemantics.Bag(argument).Select(value => value.ToCanonicalText() ?? "").Distinct(StringComparer.Ordinal).ToArray();
            tuples = tuples.SelectMany(tuple => texts.Select(text => string.Create(CultureInfo.InvariantCulture, $"{tuple}{text.Length}:{text}")));
        }

        return tuples;
    }

    /// <summary>The number at a percentile of sorted numbers, by nearest rank: always one that was observed, the same in every engine.</summary>
    /// <param name="percent">Clamped to 0 … 100.</param>
    public static Number NearestRank(IReadOnlyList<Number> sorted, double percent)
    {
        var rank = (int)Math.Ceiling(Math.Clamp(percent, 0, 100) / 100 * sorted.Count);
        return sorted[Math.Clamp(rank, 1, sorted.Count) - 1];
    }

    private static Value.Integer CountDistinct(IReadOnlyList<IReadOnlyList<Value?>> rows)
        => new Value.Integer(rows.SelectMany(Tuples).Distinct(StringComparer.Ordinal).LongCount());

    private static Value? Sum(IReadOnlyList<IReadOnlyList<Value?>> rows)
    {
        var numbers = NumbersOf(rows);
        return numbers.Count > 0 ? SumOf(numbers)?.ToValue() : null;
    }

    private static Value? Average(IReadOnlyList<IReadOnlyList<Value?>> rows)
    {
        var numbers = NumbersOf(rows);
        return numbers.Count > 0 && SumOf(numbers) is { } sum
            ? (sum.IsReal ? Number.Of(sum.ToDouble() / numbers.Count) : Number.Of(sum.ToDecimal() / numbers.Count))?.ToValue()
            : null;
    }

    private static Value? Percentile(IReadOnlyList<IReadOnlyList<Value?>> rows)
    {
        var sorted = Sorted(rows);
        return sorted.Count > 0 && rows[0][1] is { } written && Numbers.TryConvert(written, out var percent)
            ? NearestRank(sorted, percent.ToDouble()).ToValue()
            : null;
    }

    private static Value? Median(IReadOnlyList<IReadOnlyList<Value?>> rows)
    {
        var sorted = Sorted(rows);
        if (sorted.Count == 0)
        {
            return null;
        }

        var upper = sorted[sorted.Count / 2];
        if (sorted.Count % 2 == 1)
        {
            return upper.ToValue();
        }

        var lower = sorted[(sorted.Count / 2) - 1];
        return (lower.IsReal || upper.IsReal
            ? Number.Of((lower.ToDouble() / 2) + (upper.ToDouble() / 2))
            : Number.Of((lower.ToDecimal() / 2) + (upper.ToDecimal() / 2)))?.ToValue();
    }

    private static List<Number> Sorted(IReadOnlyList<IReadOnlyList<Value?>> rows)
    {
        var numbers = NumbersOf(rows);
        numbers.Sort();
        return numbers;
    }

    private static List<Number> NumbersOf(IReadOnlyList<IReadOnlyList<Value?>> rows)
    {
        var numbers = new List<Number>(rows.Count);
        foreach (var row in rows)
        {
            foreach (var value in LeafSemantics.Bag(row[0]))
            {
                if (Numbers.TryConvert(value, out var number))
                {
                    numbers.Add(number);
                }
            }
        }

        return numbers;
    }

    /// <summary>Exact while all are exact and the sum fits a decimal; else by reals. Null where even those overflow.</summary>
    private static Number? SumOf(List<Number> numbers)
    {
        if (numbers.TrueForAll(number => !number.IsReal))
        {
            try
            {
                var exact = 0m;
                foreach (var number in numbers)
                {
                    exact += number.ToDecimal();
                }

                return Number.Of(exact);
            }
            catch (OverflowException)
            {
                // Beyond 28 digits a real's size matters more than its last digit.
            }
        }

        return Number.Of(numbers.Sum(number => number.ToDouble()));
    }
}
