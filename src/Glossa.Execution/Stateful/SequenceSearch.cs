using Glossa.Core.Ir;

namespace Glossa.Execution.Stateful;

/// <summary>A row of a step, with its place among all rows of the sequence.</summary>
internal sealed record PlacedRow(int Step, StreamRow Row, DateTimeOffset Time, int Position);

/// <summary>
/// Finds the rows that belong together in one group of a sequence. The answers are those of the reference evaluator; the steps are searched
/// by bisection instead of from end to end.
/// </summary>
internal sealed class SequenceSearch
{
    // Only sequences with missing steps ever try more than one row a step.
    private const int MaximumTries = 20_000;

    private readonly Plan.Sequence _sequence;
    private readonly List<PlacedRow>[] _steps;
    private readonly int[] _wanted;
    private readonly bool _hasMissing;
    private int _tries;

    public SequenceSearch(Plan.Sequence sequence, List<PlacedRow>[] steps)
    {
        _sequence = sequence;
        _steps = steps;
        _wanted = [.. Enumerable.Range(0, steps.Length).Where(step => !sequence.Steps[step].Missing)];
        _hasMissing = _wanted.Length < steps.Length;
    }

    /// <summary>Whether some completing row was given up on.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Each row that completes the sequence, with the rows of all wanted steps.</summary>
    public IEnumerable<(PlacedRow Last, List<PlacedRow> Chain)> Run()
    {
        if (_wanted.Length == 0)
        {
            yield break;
        }

        if (_sequence.Order == SequenceOrder.Ordered)
        {
            foreach (var completing in _steps[_wanted[^1]])
            {
                if (Ordered(completing) is { } chain)
                {
                    yield return (completing, chain);
                }
            }

            yield break;
        }

        var last = new PlacedRow?[_steps.Length];
        foreach (var completing in _wanted.SelectMany(step => _steps[step]).OrderBy(row => row.Position))
        {
            last[completing.Step] = completing;
            if (Unordered(completing, last) is { } chain)
            {
                yield return (completing, chain);
            }
        }
    }

    private List<PlacedRow>? Unordered(PlacedRow completing, PlacedRow?[] last)
    {
        var start = Before(completing.Time);
        var chain = new List<PlacedRow>(_wanted.Length);
        foreach (var step in _wanted)
        {
            if (last[step] is not { } row || row.Time < start)
            {
                return null;
            }

            chain.Add(row);
        }

        for (var step = 0; _hasMissing && step < _steps.Length; step++)
        {
            if (_sequence.Steps[step].Missing && AnyBetween(step, start, completing.Time))
            {
                return null;
            }
        }

        return chain;
    }

    private List<PlacedRow>? Ordered(PlacedRow completing)
    {
        var chain = new List<PlacedRow> { completing };
        var start = Before(completing.Time);
        if (_hasMissing)
        {
            _tries = 0;
            if (!Extend(chain, _wanted.Length - 1, start, completing, new HashSet<PlacedRow>(ReferenceEqualityComparer.Instance)))
            {
                return null;
            }
        }
        else
        {
            // The latest row of a step leaves most room to the steps before it, so that no other need be tried.
            for (var index = _wanted.Length - 2; index >= 0; index--)
            {
                var rows = _steps[_wanted[index]];
                var at = CountUpTo(rows, chain[^1].Time) - 1;
                if (at < 0 || rows[at].Time < start)
                {
                    return null;
                }

                chain.Add(rows[at]);
            }
        }

        chain.Reverse();
        return chain;
    }

    // The depth is the number of steps, which the rule's author wrote.
    private bool Extend(List<PlacedRow> chain, int index, DateTimeOffset start, PlacedRow completing, HashSet<PlacedRow> failed)
    {
        var next = chain[^1];
        if (failed.Contains(next))
        {
            return false;
        }

        if (++_tries > MaximumTries)
        {
            HasGivenUp = true;
            return false;
        }

        if (index == 0)
        {
            if (next.Time >= start && NoneBetween(-1, _wanted[0], start, next.Time) && NoneBetween(_wanted[^1], _steps.Length, completing.Time, After(next.Time)))
            {
                return true;
            }
        }
        else
        {
            var rows = _steps[_wanted[index - 1]];
            for (var at = CountUpTo(rows, next.Time) - 1; at >= 0 && rows[at].Time >= start; at--)
            {
                // What stands between a later candidate and the next row also stands between an earlier one and it.
                if (!NoneBetween(_wanted[index - 1], _wanted[index], rows[at].Time, next.Time))
                {
                    break;
                }

                chain.Add(rows[at]);
                if (Extend(chain, index - 1, start, completing, failed))
                {
                    return true;
                }

                chain.RemoveAt(chain.Count - 1);
            }
        }

        failed.Add(next);
        return false;
    }

    private bool NoneBetween(int before, int after, DateTimeOffset from, DateTimeOffset to)
    {
        for (var step = before + 1; step < after; step++)
        {
            if (AnyBetween(step, from, to))
            {
                return false;
            }
        }

        return true;
    }

    private bool AnyBetween(int step, DateTimeOffset from, DateTimeOffset to)
    {
        var rows = _steps[step];
        var at = CountUpTo(rows, to) - 1;
        return at >= 0 && rows[at].Time >= from;
    }

    /// <summary>How many rows, in order of time, are no later.</summary>
    private static int CountUpTo(List<PlacedRow> rows, DateTimeOffset time)
    {
        int low = 0, high = rows.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].Time <= time)
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

    private DateTimeOffset Before(DateTimeOffset time)
        => _sequence.MaxSpan is { } length && time - DateTimeOffset.MinValue > length ? time - length : DateTimeOffset.MinValue;

    private DateTimeOffset After(DateTimeOffset time)
        => _sequence.MaxSpan is { } length && DateTimeOffset.MaxValue - time > length ? time + length : DateTimeOffset.MaxValue;
}
