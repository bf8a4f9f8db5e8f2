using Microsoft.AspNetCore.Http.Features;

namespace Glossa.Web.Http;

/// <summary>
/// Names in a path as they were sent. The server decodes a path before it is routed, all but <c>%2F</c>; after that a slash in a name and the text
/// <c>%2F</c> in one look the same.
/// </summary>
internal static class RawPath
{
    private const string Json = ".json";

    /// <summary>What follows the first <paramref name="segments"/> of the path, decoded once; empty where nothing does. A further slash belongs to it.</summary>
    public static string After(HttpRequest request, int segments)
    {
        var path = Path(request);
        var start = 0;
        for (var i = 0; i <= segments; i++)
        {
            start = path.IndexOf('/', start) + 1;
            if (start == 0)
            {
                return "";
            }
        }

        return Uri.UnescapeDataString(path[start..]);
    }

    /// <summary>The segment at a place from 0, decoded once.</summary>
    public static string At(HttpRequest request, int place)
    {
        var parts = Path(request).Split('/');
        return place + 1 < parts.Length ? Uri.UnescapeDataString(parts[place + 1]) : "";
    }

    /// <summary>The name without the ending that asks for JSON; null where it has none.</summary>
    public static string? WithoutJson(string name)
        => name.EndsWith(Json, StringComparison.Ordinal) ? name[..^Json.Length] : null;

    private static string Path(HttpRequest request)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = raw.Split('?', 2)[0];

        // With ways in it, or a host before it, the address was rewritten before it was routed; then what was routed counts.
        return path is ['/', ..] && !path.Split('/').Any(IsWay) ? path : request.Path.ToUriComponent();
    }

    private static bool IsWay(string segment) => Uri.UnescapeDataString(segment) is "." or "..";
}
