using System.Security.Cryptography;
using System.Text;

namespace Glossa.Web.Http;

/// <summary>The style sheet, the script and the mark, out of the assembly. Their addresses carry a hash, so they may be kept for ever.</summary>
internal static class SiteAssets
{
    private static readonly byte[] Sheet = Encoding.UTF8.GetBytes(string.Concat(Names("wwwroot/css/").Select(name => StyleSheet.Compact(Text(name)))));
    private static readonly byte[] Script = Encoding.UTF8.GetBytes(CompactScript(Text("wwwroot/glossa.js")));
    private static readonly byte[] Mark = Encoding.UTF8.GetBytes(Text("wwwroot/mark.svg"));

    public static string SheetAddress { get; } = "/glossa.css?v=" + Hash(Sheet);

    public static string ScriptAddress { get; } = "/glossa.js?v=" + Hash(Script);

    public static string MarkAddress { get; } = "/mark.svg?v=" + Hash(Mark);

    public static void MapAssets(this WebApplication site)
    {
        Map("/glossa.css", Sheet, "text/css; charset=utf-8");
        Map("/glossa.js", Script, "text/javascript; charset=utf-8");
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

    private static IEnumerable<string> Names(string folder)
        => typeof(SiteAssets).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Text(string name)
    {
        using var stream = typeof(SiteAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Without indents and lines that are comments: the script has no text that goes over several lines, where they would mean something.</summary>
    private static string CompactScript(string script)
        => string.Join('\n', script.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))) + "\n";

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
}
