using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Glossa.Web.Http;

/// <summary>The style sheet and the mark, out of the assembly. Their addresses carry a hash, so they may be kept for ever.</summary>
internal static class StyleSheet
{
    /// <summary>How many predicates light up together with their words; beyond it only what was clicked does.</summary>
    public const int LitPredicates = 64;

    private static readonly byte[] Sheet = Encoding.UTF8.GetBytes(Text("glossa.css") + LightRules());
    private static readonly byte[] Mark = Encoding.UTF8.GetBytes(Text("mark.svg"));

    public static string Address { get; } = "/glossa.css?v=" + Hash(Sheet);

    public static string MarkAddress { get; } = "/mark.svg?v=" + Hash(Mark);

    public static void MapStyleSheet(this WebApplication site)
    {
        Map("/glossa.css", Sheet, "text/css; charset=utf-8");
        Map("/mark.svg", Mark, "image/svg+xml");

        void Map(string path, byte[] content, string type)
            => site.MapMethods(path, ["GET", "HEAD"], (HttpContext http) =>
            {
                http.Response.ContentType = type;
                http.Response.ContentLength = content.Length;
                http.Response.Headers.CacheControl = http.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
                return http.Response.Body.WriteAsync(content, http.RequestAborted).AsTask();
            }).ExcludeFromDescription();
    }

    /// <summary>
    /// A click on a predicate's number moves to its words, and a click on the words to the predicate; both sides are to
    /// light up, without a script. One rule a number, the same for every page: no page needs a style of its own.
    /// </summary>
    private static string LightRules()
    {
        var rules = new StringBuilder();
        for (var i = 1; i <= LitPredicates; i++)
        {
            rules.Append(CultureInfo.InvariantCulture, $":root:has(#s{i}:target) :is(#p{i},.s{i}),:root:has(#p{i}:target) .s{i}{{background:var(--mark)}}\n");
        }

        return rules.ToString();
    }

    private static string Text(string name)
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream("wwwroot/" + name)
            ?? throw new InvalidOperationException($"wwwroot/{name} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
}
