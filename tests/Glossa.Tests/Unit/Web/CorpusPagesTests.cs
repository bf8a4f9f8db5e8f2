using System.Text;
using Glossa.Catalog;
using Glossa.Web;

namespace Glossa.Tests.Unit.Web;

/// <summary>Every page of every rule of a real repository.</summary>
public sealed class CorpusPagesTests
{
    private const int MostBytes = 100 * 1024;

    [CorpusFact("corpora/sigma")]
    public async Task Every_page_of_every_rule_is_well_formed_and_under_100_KB()
    {
        var folder = Directory.CreateTempSubdirectory("glossa-test-");
        try
        {
            var path = Path.Combine(folder.FullName, "catalog.db");
            RuleImporter.Build([Path.Combine(TestPaths.Shared, "corpora", "sigma")], path);
            using var faults = new StringWriter();
            await using var site = CatalogSite.Create(new SiteOptions { CatalogPath = path, Faults = faults });
            await site.StartAsync();
            using var database = CatalogDatabase.Open(path);
            var addresses = new RuleRecordReader(database).All().Select(rule => $"/rules/{Uri.EscapeDataString(rule.Family)}/{Uri.EscapeDataString(rule.Slug)}").ToList();
            Assert.True(addresses.Count > 3000);

            List<string> wrong = [];
            using var client = new HttpClient { BaseAddress = new Uri(CatalogSite.AddressOf(site)) };
            await Parallel.ForEachAsync(addresses, async (address, cancellation) =>
            {
                var page = await client.GetStringAsync(new Uri(address, UriKind.Relative), cancellation);
                try
                {
                    Assert.InRange(Encoding.UTF8.GetByteCount(page), 1000, MostBytes);
                    using var document = HtmlCheck.Parse(page);
                    foreach (var further in document.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!)
                        .Where(href => href.StartsWith(address + "/values", StringComparison.Ordinal) || href.StartsWith(address + "/source", StringComparison.Ordinal)).Distinct())
                    {
                        using var more = HtmlCheck.Parse(await client.GetStringAsync(new Uri(further, UriKind.Relative), cancellation));
                    }
                }
#pragma warning disable CA1031 // Whatever is wrong with one page is told with its address, beside the others.
                catch (Exception problem) when (problem is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    lock (wrong)
                    {
                        wrong.Add($"{address}: {problem.Message}");
                    }
                }
            });
            Assert.Empty(wrong);
            Assert.Empty(faults.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
