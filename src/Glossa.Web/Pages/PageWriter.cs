using System.Security.Cryptography;
using System.Text;
using Glossa.Web.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Glossa.Web.Pages;

/// <summary>
/// Renders a page whole and only then sends it: a page that fails half-way is an error, not half a page. The component
/// renderer is used by itself, without the hosting of interactive components, so no key ring, no script and no socket comes along.
/// </summary>
internal sealed class PageWriter(IServiceProvider services, ILoggerFactory loggers, CatalogReader catalog)
{
    /// <param name="parameters">The page's own parameters; <c>Request</c> is added.</param>
    public async Task WriteAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        parameters["Request"] = new PageRequest(
            http.Request.Path.ToUriComponent() + http.Request.QueryString.ToUriComponent(),
            Theme.Of(http.Request),
            catalog.BuiltAt);
        byte[] page;
        await using (var renderer = new HtmlRenderer(services, loggers))
        {
            page = await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var root = await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters));
                return Encoding.UTF8.GetBytes(root.ToHtmlString());
            });
        }

        http.Response.Headers.Vary = "Cookie";
        if (status == StatusCodes.Status200OK)
        {
            // The same catalog gives the same page byte for byte; a reader who has it is told so. Weak, because it may be sent compressed.
            var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(page).AsSpan(0, 10))}\"";
            http.Response.Headers.ETag = tag;
            if (http.Request.Headers.IfNoneMatch.Contains(tag))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = page.Length;
        await http.Response.Body.WriteAsync(page, http.RequestAborted);
    }

    /// <summary>A page that says what is the matter.</summary>
    public Task MessageAsync(HttpContext http, int status, string title, string text, string? query = null)
        => WriteAsync<MessagePage>(http, status, new() { ["Title"] = title, ["Text"] = text, ["Query"] = query });
}
