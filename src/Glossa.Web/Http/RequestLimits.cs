namespace Glossa.Web.Http;

internal static class RequestLimits
{
    /// <summary>Characters of a search query.</summary>
    public const int QueryLength = 2000;

    /// <summary>The longest body: the form that chooses the theme, with the longest address to come back to, percent-encoded once more.</summary>
    public const int FormBytes = 64 * 1024;

    public const int PageSize = Catalog.RuleList.PageSize;

    /// <summary>A page number beyond this is a typing mistake.</summary>
    public const int HighestPage = 100_000;
}
