using Glossa.Catalog;
using Glossa.Web;
using Microsoft.AspNetCore.Builder;

namespace Glossa.Tests.Unit.Web;

/// <summary>A catalog of rules that lie on disk, and the site that shows it on a free port of loopback.</summary>
internal sealed class ServedRules : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("glossa-test-");
    private readonly WebApplication _site;

    private ServedRules(string path)
    {
        RuleImporter.Build([path], CatalogPath);
        _site = CatalogSite.Create(new SiteOptions { CatalogPath = CatalogPath, Faults = Faults });
    }

    public static string Samples => Path.Combine(TestPaths.Root, "samples", "rules");

    public static string Sigma => Path.Combine(TestPaths.Shared, "corpora", "sigma");

    /// <summary>What the site complained of.</summary>
    public StringWriter Faults { get; } = new();

    /// <summary>Follows no redirect.</summary>
    public HttpClient Client { get; private set; } = null!;

    private string CatalogPath => Path.Combine(_folder.FullName, "catalog.db");

    public static async Task<ServedRules> StartAsync(string path)
    {
        var served = new ServedRules(path);
        await served._site.StartAsync();
        served.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(CatalogSite.AddressOf(served._site)),
        };
        return served;
    }

    /// <summary>The address of every rule's page.</summary>
    public List<string> Rules()
    {
        using var database = CatalogDatabase.Open(CatalogPath);
        return [.. new RuleRecordReader(database).All().Select(rule => $"/rules/{Uri.EscapeDataString(rule.Family)}/{Uri.EscapeDataString(rule.Slug)}")];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _site.DisposeAsync();
        _folder.Delete(recursive: true);
        Faults.Dispose();
    }
}
