namespace Glossa.Web.Http;

/// <summary>Light or dark, as the reader chose; a cookie without an identity, and the only one we set.</summary>
internal static class Theme
{
    public const string Cookie = "theme";

    /// <summary><c>light</c>, <c>dark</c>, or empty where the system decides.</summary>
    public static string Of(HttpRequest request) => request.Cookies[Cookie] is "light" or "dark" ? request.Cookies[Cookie]! : "";

    /// <summary><c>/theme?set=dark&amp;back=/rules</c>: a plain link, so it works without scripts.</summary>
    public static void MapTheme(this WebApplication site)
        => site.MapMethods("/theme", ["GET", "HEAD"], (HttpContext http) =>
        {
            string? choice = http.Request.Query["set"];
            if (choice is "light" or "dark")
            {
                http.Response.Cookies.Append(Cookie, choice, new CookieOptions
                {
                    Path = "/",
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    IsEssential = true,
                    MaxAge = TimeSpan.FromDays(365),
                });
            }
            else
            {
                http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax });
            }

            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = BackTo(http.Request.Query["back"]);
            return Task.CompletedTask;
        }).ExcludeFromDescription();

    /// <summary>A place on this site, or the front page: what the address says must not lead anywhere else.</summary>
    internal static string BackTo(string? back)
        => back is ['/', ..] and not ['/', '/' or '\\', ..] && back.All(c => c is > ' ' and < '\u007F') ? back : "/";
}
