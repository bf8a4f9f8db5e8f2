using System.Text.Encodings.Web;
using System.Text.Unicode;
using Glossa.Web.Api;
using Glossa.Web.Http;
using Glossa.Web.Pages;
using Glossa.Web.Pages.Attack;
using Glossa.Web.Pages.Fields;
using Glossa.Web.Pages.Home;
using Glossa.Web.Pages.Rules;
using Glossa.Web.Pages.Search;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.ResponseCompression;

namespace Glossa.Web;

/// <summary>The catalog's pages and their JSON. Reads the catalog and nothing else; answers GET and HEAD, and one form that chooses the theme.</summary>
public static class CatalogSite
{
    /// <summary>The longest request line, in bytes: a search of <see cref="RequestLimits.QueryLength"/> characters, percent-encoded, fits.</summary>
    private const int RequestLineBytes = 32 * 1024;

    /// <summary>Built, not started.</summary>
    public static WebApplication Create(SiteOptions options)
    {
        // The empty builder: no configuration files, no environment, no logging, nothing that is not asked for here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Glossa" });
        builder.WebHost.UseKestrelCore().UseUrls(options.Url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestLimits.FormBytes;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = RequestLineBytes;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
            kestrel.Limits.MaxConcurrentConnections = 512;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<CatalogReader>();
        builder.Services.AddSingleton<PageWriter>();

        // Letters of other scripts stay letters: as entities a page of them is several times as long. What has a meaning in HTML is always encoded.
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        builder.Services.AddApiDescription();
        builder.Services.AddResponseCompression(compression => compression.MimeTypes =
        [
            .. ResponseCompressionDefaults.MimeTypes, "image/svg+xml", "application/problem+json",
        ]);

        var site = builder.Build();
        site.UseGuard();
        site.UseResponseCompression();
        site.UseRouting();
        site.MapPages();
        site.MapRules();
        site.MapFields();
        site.MapHome();
        site.MapAttack();
        site.MapSearch();
        site.MapApi();
        site.MapAssets();
        return site;
    }

    /// <summary>Where a started site listens; the port is the real one also where 0 was asked for.</summary>
    public static string AddressOf(WebApplication site)
        => site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}
