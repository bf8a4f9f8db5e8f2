using Glossa.Core.Events;
using Glossa.Core.Ir;

namespace Glossa.Core.Semantics;

/// <summary>
/// Sequences. A sequence is found at the row that completes it, once a row: the last in time, and among equal times the last in the
/// input. Of several ways to fill the other steps the latest rows are taken. Rows without a time take no part. An event that fits
/// two steps may stand for both; the steps are then at the same time, which is no earlier.
/// </summary>
/// <remarks>
/// Ordered: each step's row is no earlier than that of the step before. A missing step between two others has no row from the one's
/// time to the other's, both included; before the first, none from the start of the span (completion − maxSpan) to the first step's row;
/// after the last, none from the last step's row to the end of the span (first step's row + maxSpan).
/// Unordered: a missing step has no row in [completion − maxSpan, completion]. Without a span, from the beginning.
/// A step without keys, beside steps with keys, belongs to every group.
/// </remarks>
internal static class SequenceEvaluation
{
    /// <summary>A row of a step, with its place among all rows of the group.</summary>
    private sealed record Placed(int Step, ReferenceRow Row, DateTimeOffset Time, int Position);

    public static IReadOnlyList<ReferenceRow> Run(Plan.Sequence sequence, IReadOnlyList<ReferenceRow>[] steps, Func<ReferenceRow, IrList<GroupKey>, string?> keyOf, Func<ValueExpression, ReferenceRow, Value?> valueOf)
    {
        var wanted = sequence.Steps.Select((step, index) => (step, index)).Where(item => !item.step.Missing).Select(item => item.index).ToArray();
        if (wanted.Length == 0)
        {
            return [];
        }

        var found = new List<(Placed Last, ReferenceRow Row)>();
        foreach (var group in Groups(sequence, steps, keyOf))
        {
            foreach (var completing in group.SelectMany(rows => rows).Where(placed => !sequence.Steps[placed.Step].Missing))
            {
                var chain = sequence.Order == SequenceOrder.Unordered
                    ? Unordered(sequence, group, wanted, completing)
                    : completing.Step == wanted[^1] ? new OrderedSearch(sequence, group, wanted, completing).Find() : null;
                if (chain is not null)
                {
                    found.Add((completing, RowOf(sequence, chain, valueOf)));
                }
            }
        }

        return [.. found.OrderBy(item => item.Last.Time).ThenBy(item => item.Last.Position).Select(item => item.Row)];
    }

    private static ReferenceRow RowOf(Plan.Sequence sequence, IReadOnlyList<Placed> chain, Func<ValueExpression, ReferenceRow, Value?> valueOf)
    {
        var keyed = chain.FirstOrDefault(placed => sequence.Steps[placed.Step].By.Count > 0);
        var columns = keyed is null ? (IEnumerable<KeyValuePair<string, Value?>>)[] : sequence.Steps[keyed.Step].By.Select(key => KeyValuePair.Create(key.Name, valueOf(key.Expression, keyed.Row)));
        return new ReferenceRow(null, columns, chain.Max(placed => placed.Time), chain.SelectMany(placed => placed.Row.BuildingEvents));
    }

    /// <summary>Per group and step the rows in order of time, then of input.</summary>
    private static IEnumerable<List<Placed>[]> Groups(Plan.Sequence sequence, IReadOnlyList<ReferenceRow>[] steps, Func<ReferenceRow, IrList<GroupKey>, string?> keyOf)
    {
        var isKeyed = sequence.Steps.Any(step => step.By.Count > 0);
        var groups = new Dictionary<string, List<Placed>[]>(StringComparer.Ordinal);
        var order = new List<string>();
        var everywhere = new List<Placed>();
        var position = 0;
        foreach (var (row, step) in steps.SelectMany((rows, step) => rows.Select(row => (row, step))).Where(item => item.row.Time is not null).OrderBy(item => item.row.Time))
        {
            var placed = new Placed(step, row, row.Time!.Value, position++);
            if (isKeyed && sequence.Steps[step].By.Count == 0)
            {
                everywhere.Add(placed);
                continue;
            }

            if (keyOf(row, sequence.Steps[step].By) is not { } key)
            {
                continue;
            }

            if (!groups.TryGetValue(key, out var lists))
            {
                lists = [.. sequence.Steps.Select(_ => new List<Placed>())];
                groups.Add(key, lists);
                order.Add(key);
            }

            lists[step].Add(placed);
        }

        foreach (var key in order)
        {
            foreach (var placed in everywhere)
            {
                groups[key][placed.Step].Add(placed);
            }

            yield return groups[key];
        }
    }

    private static List<Placed>? Unordered(Plan.Sequence sequence, List<Placed>[] group, int[] wanted, Placed completing)
    {
        var start = Before(completing.Time, sequence.MaxSpan);
        for (var step = 0; step < group.Length; step++)
        {
            if (sequence.Steps[step].Missing && AnyBetween(group[step], start, completing.Time))
            {
                return null;
            }
        }

        var chain = new List<Placed>();
        foreach (var step in wanted)
        {
            var candidate = step == completing.Step ? completing : group[step].FindLast(placed => placed.Position <= completing.Position);
            if (candidate is null || candidate.Time < start)
            {
                return null;
            }

            chain.Add(candidate);
        }

        return chain;
    }

    private static DateTimeOffset Before(DateTimeOffset time, TimeSpan? span)
        => span is { } length && time - DateTimeOffset.MinValue > length ? time - length : DateTimeOffset.MinValue;

    private static DateTimeOffset After(DateTimeOffset time, TimeSpan? span)
        => span is { } length && DateTimeOffset.MaxValue - time > length ? time + length : DateTimeOffset.MaxValue;

    private static bool AnyBetween(List<Placed> rows, DateTimeOffset from, DateTimeOffset to) => rows.Exists(placed => placed.Time >= from && placed.Time <= to);

    /// <summary>From the completing row backwards, the latest candidate first; what failed once for this row is not tried again.</summary>
    private sealed class OrderedSearch(Plan.Sequence sequence, List<Placed>[] group, int[] wanted, Placed completing)
    {
        private readonly HashSet<Placed> _failed = new(ReferenceEqualityComparer.Instance);
        private readonly DateTimeOffset _start = Before(completing.Time, sequence.MaxSpan);

        public List<Placed>? Find()
        {
            var chain = new List<Placed> { completing };
            if (!Extend(chain, wanted.Length - 1))
            {
                return null;
            }

            chain.Reverse();
            return chain;
        }

        private bool Extend(List<Placed> chain, int index)
        {
            var next = chain[^1];
            if (_failed.Contains(next))
            {
                return false;
            }

            if (index == 0 ? IsWhole(next) : Candidates(index, next).Any(candidate => Try(chain, candidate, index)))
            {
                return true;
            }

            _failed.Add(next);
            return false;
        }

        private bool Try(List<Placed> chain, Placed candidate, int index)
        {
            chain.Add(candidate);
            if (Extend(chain, index - 1))
            {
                return true;
            }

            chain.RemoveAt(chain.Count - 1);
            return false;
        }

        private IEnumerable<Placed> Candidates(int index, Placed next)
            => Enumerable.Reverse(group[wanted[index - 1]])
                .Where(candidate => candidate.Time <= next.Time && candidate.Time >= _start && NoneBetween(wanted[index - 1], wanted[index], candidate.Time, next.Time));

        private bool NoneBetween(int before, int after, DateTimeOffset from, DateTimeOffset to)
            => Enumerable.Range(before + 1, after - before - 1).All(step => !AnyBetween(group[step], from, to));

        private bool IsWhole(Placed first)
            => first.Time >= _start
                && NoneBetween(-1, wanted[0], _start, first.Time)
                && NoneBetween(wanted[^1], sequence.Steps.Count, completing.Time, After(first.Time, sequence.MaxSpan));
    }
}
