namespace Glossa.Web.Pages;

/// <summary>What every page's frame needs to know of the request.</summary>
/// <param name="Address">Path and query as asked for, to come back to.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c> or empty.</param>
/// <param name="BuiltAt">When the catalog was built; null where there is none to speak of.</param>
public sealed record PageRequest(string Address, string Theme, string? BuiltAt);
