using System.CommandLine;
using Glossa.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa serve [DB|PATH…]</c>: the catalog's pages and JSON, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    /// <summary>Where the pages are when nobody says otherwise, so that a bookmark lasts.</summary>
    private const string UsualUrl = "http://127.0.0.1:4747";

    private const string AnyUrl = "http://127.0.0.1:0";

    public static Command Create()
    {
        var paths = new Argument<string[]>("DB|PATH")
        {
            Description = "A catalog made by `glossa build`, or rule files and folders to read now. Without one: glossa.db here.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var placeholders = CatalogOptions.Placeholders();
        var url = new Option<string?>("--urls") { Description = $"Where to listen, as http://ADDRESS:PORT; port 0 takes a free one. Default: {UsualUrl}, this machine only." };
        var hosts = new Option<string[]>("--host") { Description = "A name, beside localhost and plain addresses, by which the pages may be called." };
        var command = new Command("serve", "Show the catalog as web pages and JSON.") { paths, placeholders, url, hosts };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(paths) ?? [], parsed.GetValue(placeholders) ?? [], parsed.GetValue(url), parsed.GetValue(hosts) ?? [], cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, string[] placeholders, string? url, string[] hosts, CancellationToken cancellation)
    {
        if (url is not null && !IsHttpAddress(url))
        {
            await Console.Error.WriteLineAsync("glossa: --urls is one address such as http://127.0.0.1:8080; https belongs to a proxy before it.");
            return ExitCode.Usage;
        }

        // The command line learns of this task when it is first given back; a signal before that would end the process as if nobody had listened.
        await Task.Yield();

        using var catalog = CatalogToServe.Open(paths, placeholders, Console.Error, cancellation);
        if (catalog is null)
        {
            return ExitCode.Usage;
        }

        var options = new SiteOptions { CatalogPath = catalog.Path, Url = url ?? UsualUrl, Hosts = hosts, Faults = Console.Error };
        var site = await StartAsync(options, mayMove: url is null, cancellation);
        if (site is null)
        {
            return ExitCode.Usage;
        }

        await using (site)
        {
            await Console.Out.WriteLineAsync($"Glossa is at {CatalogSite.AddressOf(site)} (Ctrl-C ends it)");
            await Console.Out.FlushAsync(cancellation);
            await site.WaitForShutdownAsync(cancellation);
        }

        return ExitCode.Done;
    }

    /// <param name="mayMove">Nobody asked for this port: when it is taken, any other will do.</param>
    private static async Task<WebApplication?> StartAsync(SiteOptions options, bool mayMove, CancellationToken cancellation)
    {
        var site = CatalogSite.Create(options);
        try
        {
            await site.StartAsync(cancellation);
            return site;
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException && mayMove)
        {
            await site.DisposeAsync();
            await Console.Error.WriteLineAsync($"glossa: {options.Url} is taken; using a free port.");
            return await StartAsync(options with { Url = AnyUrl }, mayMove: false, cancellation);
        }
        catch (IOException fault)
        {
            await site.DisposeAsync();
            await Console.Error.WriteLineAsync(fault.InnerException is AddressInUseException
                ? $"glossa: {options.Url} is taken. Choose another port with --urls, or port 0 for a free one."
                : $"glossa: cannot listen at {options.Url}: {fault.Message}");
            return null;
        }
        catch (System.Net.Sockets.SocketException fault)
        {
            await site.DisposeAsync();
            await Console.Error.WriteLineAsync($"glossa: cannot listen at {options.Url}: {fault.Message}");
            return null;
        }
    }

    private static bool IsHttpAddress(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri is { AbsolutePath: "/", Query: "" };
}
