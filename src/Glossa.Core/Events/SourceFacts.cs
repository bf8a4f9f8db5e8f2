namespace Glossa.Core.Events;

/// <summary>
/// What is known of where a record comes from. Set by the user (<c>--as product=windows</c>) or found by the record's shape;
/// rules are routed by it, and predicates read it as <c>#product</c>, <c>#service</c>, <c>#category</c>.
/// </summary>
/// <param name="Product">Of the Sigma taxonomy: <c>windows</c>, <c>linux</c>, <c>aws</c>; null when not known.</param>
/// <param name="Service"><c>sysmon</c>, <c>cloudtrail</c>.</param>
/// <param name="Category"><c>process_creation</c>, <c>webserver</c>.</param>
/// <param name="Others">Facts other languages route by: <c>sourcetype</c>, <c>host</c>, <c>index</c>, <c>p_log_type</c>.</param>
/// <param name="DetectedBy">Null when the user said so; else the shape that was recognised.</param>
public sealed record SourceFacts(
    string? Product = null,
    string? Service = null,
    string? Category = null,
    IReadOnlyDictionary<string, string>? Others = null,
    string? DetectedBy = null)
{
    public static SourceFacts Unknown { get; } = new();

    /// <summary>The fact of a name (without its <c>#</c>), or null.</summary>
    public string? Find(string name) => name switch
    {
        "product" => Product,
        "service" => Service,
        "category" => Category,
        _ => Others is not null && Others.TryGetValue(name, out var value) ? value : null,
    };
}
