namespace Glossa.Web;

/// <summary>What <see cref="CatalogSite"/> shows, and to whom.</summary>
public sealed record SiteOptions
{
    /// <summary>The catalog file. It may be replaced while the site runs: the next request reads the new one.</summary>
    public required string CatalogPath { get; init; }

    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>
    /// Names, beside <c>localhost</c> and plain addresses, by which the site may be called. Any other name in a request
    /// is refused: a page of somebody else could point its own name at this machine and read the answers.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Where faults of ours are told, one line each; null tells them to nobody.</summary>
    public TextWriter? Faults { get; init; }
}
