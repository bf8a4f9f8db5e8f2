using System.Net;
using Glossa.Catalog;
using Glossa.Web.Pages;

namespace Glossa.Web.Http;

/// <summary>Stands before every page: what may be asked, by which name, and what every answer says to the browser.</summary>
internal static class Guard
{
    /// <param name="style">A further source of styles, or null.</param>
    public static string ContentSecurityPolicy(string? style = null)
        => $"default-src 'none'; style-src 'self'{(style is null ? "" : " " + style)}; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UseGuard(this WebApplication site)
    {
        var options = site.Services.GetRequiredService<SiteOptions>();
        var names = options.Hosts.Append("localhost").Append(NameOf(options.Url)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var pages = site.Services.GetRequiredService<PageWriter>();

        site.Use(async (http, next) =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy();
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.CacheControl = "no-cache";

            if (!IsKnownName(http.Request.Host, names))
            {
                await PlainAsync(http, StatusCodes.Status400BadRequest, "This site does not answer to that name. Start it with --host NAME to allow one.");
                return;
            }

            if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            {
                if (!HttpMethods.IsPost(http.Request.Method) || http.Request.Path != Theme.Path)
                {
                    headers.Allow = "GET, HEAD";
                    await PlainAsync(http, StatusCodes.Status405MethodNotAllowed, "Only GET and HEAD are answered here.");
                    return;
                }

                // The server itself ends a body that is longer than it says.
                if (http.Request.ContentLength > RequestLimits.FormBytes)
                {
                    await PlainAsync(http, StatusCodes.Status413PayloadTooLarge, "That form is too long.");
                    return;
                }

                if (http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
                {
                    await PlainAsync(http, StatusCodes.Status415UnsupportedMediaType, "A form here is application/x-www-form-urlencoded.");
                    return;
                }
            }
            else if (http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0)
            {
                await PlainAsync(http, StatusCodes.Status413PayloadTooLarge, "A request here has no body.");
                return;
            }

            try
            {
                await next(http);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                // The reader has left.
            }
            catch (CatalogException unavailable) when (!http.Response.HasStarted)
            {
                options.Faults?.WriteLine($"glossa: {unavailable.Message}");
                headers.RetryAfter = "5";
                await pages.MessageAsync(http, StatusCodes.Status503ServiceUnavailable, "The catalog cannot be read just now", unavailable.Message);
            }
#pragma warning disable CA1031 // The last stop of a request: the fault is told where we run, not to the reader.
            catch (Exception fault) when (!http.Response.HasStarted)
#pragma warning restore CA1031
            {
                options.Faults?.WriteLine($"glossa: internal error at {Core.Text.HiddenCharacters.Show(http.Request.Path)}: {fault}");
                await PlainAsync(http, StatusCodes.Status500InternalServerError, "Something went wrong here; it is our fault.");
            }
        });
    }

    /// <summary>
    /// A name we were told of, or a plain address. An address cannot be made to point at another machine, so nobody's
    /// page can have it as its own origin.
    /// </summary>
    private static bool IsKnownName(HostString host, HashSet<string> names)
        => host.HasValue && (names.Contains(host.Host) || IPAddress.TryParse(host.Host.Trim('[', ']'), out _));

    private static string NameOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host : "localhost";

    private static Task PlainAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text + "\n", http.RequestAborted);
    }
}
