namespace Glossa.Languages.Common;

/// <summary>
/// Counts how deep a recursive reader stands. A stack overflow cannot be caught, and every tree built here is walked by
/// recursion later, so the limit is small: no rule of the public collections nests deeper than 15.
/// </summary>
internal struct NestingGuard(int limit)
{
    public const int DefaultLimit = 100;

    private int _depth;

    public readonly int Limit => limit;

    /// <summary>False when the limit is reached; then there is nothing to leave.</summary>
    public bool TryEnter()
    {
        if (_depth >= limit)
        {
            return false;
        }

        _depth++;
        return true;
    }

    public void Leave() => _depth--;
}
