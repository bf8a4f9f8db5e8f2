namespace Glossa.Core.Semantics;

/// <summary>
/// What is known of a predicate on an event. Predicates have two values; an opaque part makes the answer unknown only where the
/// answer hangs on it: true if even the lower bound holds, false if not even the upper bound does.
/// </summary>
public enum Truth
{
    False,
    True,

    /// <summary>It hangs on a part without a meaning here: no alert, and counted.</summary>
    Undecided,
}
