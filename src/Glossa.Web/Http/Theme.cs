using Microsoft.AspNetCore.Http.Features;

namespace Glossa.Web.Http;

/// <summary>Light or dark, as the reader chose; a cookie without an identity, and the only one we set.</summary>
internal static class Theme
{
    public const string Cookie = "theme";

    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = 4,
        KeyLengthLimit = 16,
        ValueLengthLimit = RequestLimits.FormBytes,
        BufferBodyLengthLimit = RequestLimits.FormBytes,
    };

    /// <summary><c>light</c>, <c>dark</c>, or empty where the system decides.</summary>
    public static string Of(HttpRequest request) => request.Cookies[Cookie] is "light" or "dark" ? request.Cookies[Cookie]! : "";

    public const string Path = "/theme";

    /// <summary>The form of the frame, <c>set=dark&amp;back=/rules</c>: it works without scripts. No address that is only read changes anything.</summary>
    public static void MapTheme(this WebApplication site)
        => site.MapPost(Path, async (HttpContext http) =>
        {
            IFormCollection form;
            try
            {
                form = await new FormFeature(http.Request, Limits).ReadFormAsync(http.RequestAborted);
            }
            catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException)
            {
                http.Response.StatusCode = fault is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
                http.Response.ContentType = "text/plain; charset=utf-8";
                await http.Response.WriteAsync("That is not the form of the theme.\n", http.RequestAborted);
                return;
            }

            var options = new CookieOptions { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true };
            if ((string?)form["set"] is "light" or "dark")
            {
                options.MaxAge = TimeSpan.FromDays(365);
                http.Response.Cookies.Append(Cookie, form["set"]!, options);
            }
            else
            {
                http.Response.Cookies.Delete(Cookie, options);
            }

            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = BackTo(form["back"]);
        }).ExcludeFromDescription();

    /// <summary>A place on this site, or the front page: what the address says must not lead anywhere else.</summary>
    internal static string BackTo(string? back)
        => back is ['/', ..] and not ['/', '/' or '\\', ..] && back.All(c => c is > ' ' and < '\u007F') ? back : "/";
}
