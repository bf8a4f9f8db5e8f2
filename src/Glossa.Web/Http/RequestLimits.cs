namespace Glossa.Web.Http;

internal static class RequestLimits
{
    /// <summary>Characters of a search query.</summary>
    public const int QueryLength = 2000;

    public const int PageSize = 25;

    /// <summary>A page number beyond this is a typing mistake.</summary>
    public const int HighestPage = 100_000;
}
