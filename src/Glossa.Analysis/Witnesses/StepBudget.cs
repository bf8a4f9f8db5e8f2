namespace Glossa.Analysis.Witnesses;

/// <summary>Counts judged candidates. Steps and not time, so that the same rule gives the same witness on every machine.</summary>
internal sealed class StepBudget(int limit)
{
    public int Used { get; private set; }

    public bool Exhausted => Used >= limit;

    public void Take() => Used++;
}
