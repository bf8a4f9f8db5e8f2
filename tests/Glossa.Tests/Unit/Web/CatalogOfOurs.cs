using Glossa.Catalog;
using Glossa.Web;
using Microsoft.AspNetCore.Builder;

namespace Glossa.Tests.Unit.Web;

/// <summary>Rule files written for a test, their catalog, and the site that shows it on a free port of loopback.</summary>
public sealed class CatalogOfOurs : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("glossa-test-");
    private readonly WebApplication _site;

    private CatalogOfOurs(IReadOnlyDictionary<string, string> files)
    {
        Write(files);
        Build();
        _site = CatalogSite.Create(new SiteOptions { CatalogPath = CatalogPath, Faults = Faults, Hosts = ["glossa.test"] });
    }

    public string CatalogPath => Path.Combine(_folder.FullName, "catalog.db");

    /// <summary>What the site complained of.</summary>
    public StringWriter Faults { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public static async Task<CatalogOfOurs> StartAsync(IReadOnlyDictionary<string, string> files)
    {
        var catalog = new CatalogOfOurs(files);
        await catalog._site.StartAsync();
        catalog.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(CatalogSite.AddressOf(catalog._site)),
        };
        return catalog;
    }

    public void Write(IReadOnlyDictionary<string, string> files)
    {
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(_folder.FullName, "rules", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    public BuildReport Build() => RuleImporter.Build([Path.Combine(_folder.FullName, "rules")], CatalogPath);

    public async Task<string> GetAsync(string address, int status = 200)
    {
        using var response = await Client.GetAsync(address);
        Assert.Equal(status, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _site.DisposeAsync();
        _folder.Delete(recursive: true);
        Faults.Dispose();
    }
}
