namespace Glossa.Core.Events;

/// <summary>
/// One log record as rules see it: the fields after the envelope of its shape is taken off, and the facts of its source.
/// Whatever holds the bytes, the answers are those of <see cref="MapEvent"/>, which is the slow and obvious implementation.
/// </summary>
public interface IEvent
{
    SourceFacts Source { get; }

    /// <summary>When it happened, where the record says so.</summary>
    DateTimeOffset? Time { get; }

    /// <summary>
    /// The value at a written field name, found as <paramref name="lookup"/> says; null when the event has no such field
    /// (a present null is <see cref="Value.Null"/>). Names that begin with <c>#</c> are source facts (<c>#time</c>, <c>#product</c>).
    /// </summary>
    Value? Find(string name, FieldLookup lookup);

    /// <summary>Every scalar at any depth, names left out: what a keyword looks through.</summary>
    IEnumerable<Value> Scalars();

    /// <summary>The record as it was written, where it is still at hand; else empty.</summary>
    string RawText { get; }
}

/// <summary>How the written name of a field is found in a record.</summary>
/// <param name="IgnoreCaseNext">The exact spelling first, then any other casing of it.</param>
/// <param name="DottedNested"><c>a.b</c> as one name first, then as <c>b</c> inside <c>a</c>.</param>
/// <param name="FlattenLists">A list of objects on the way is looked through, each element giving its values; else it stops the walk.</param>
public readonly record struct FieldLookup(bool IgnoreCaseNext, bool DottedNested, bool FlattenLists)
{
    /// <summary>What Sigma's rules need: census of 3,780 rules, 19 field names differ only in case between log sources.</summary>
    public static FieldLookup Lenient => new(IgnoreCaseNext: true, DottedNested: true, FlattenLists: true);
}
