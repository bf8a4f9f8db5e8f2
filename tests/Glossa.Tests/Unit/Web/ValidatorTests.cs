using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit.Abstractions;

namespace Glossa.Tests.Unit.Web;

/// <summary>Pages before html-validate, which knows what HtmlCheck does not: content models, roles, names, forms.</summary>
public sealed class ValidatorTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261124;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("glossa-html-");
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    [NodeFact]
    public async Task Validator_passes_a_good_page_and_finds_planted_faults()
    {
        const string Good = """<!doctype html><html lang="en"><head><title>t</title></head><body><main><h1>Rules</h1></main></body></html>""";
        Save("good", Good);
        Save("nested", Good.Replace("</main>", "<p><a href=\"/\">x <a href=\"/\">y</a></a></p></main>", StringComparison.Ordinal));
        Save("list", Good.Replace("</main>", "<ul><p>x</p></ul></main>", StringComparison.Ordinal));

        var found = await ValidateAsync();

        Assert.Equal(["list", "nested"], found.Select(line => line.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [NodeFact]
    public async Task Pages_of_every_kind_are_valid()
    {
        await using var served = await ServedRules.StartAsync(ServedRules.Samples);
        await new Crawl(served.Client) { OnPage = (address, text) => Save("samples " + address, text) }
            .SpreadAsync(["/", "/changes", "/rules?q=nothingatall+powershell", "/attack/T1086", .. served.Rules()], ofShape: 3, most: 250);
        foreach (var address in new[] { "/nothing", "/rules?q=nosuchkey:x", "/rules?page=0", "/indicators/eq/process.executable.path?v=nothing", "/fields/sigma/Imag", "/attack/T9999" })
        {
            using var response = await served.Client.GetAsync(new Uri(address, UriKind.Relative));
            Save("samples " + address, await response.Content.ReadAsStringAsync());
        }

        await using var hostile = await CatalogOfOurs.StartAsync(HostileCatalogTests.Site.Files);
        await new Crawl(hostile.Client) { OnPage = (address, text) => Save("hostile " + address, text) }.SpreadAsync(["/", "/rules", "/changes"], ofShape: 3, most: 100);

        await AssertValidAsync(least: 200);
    }

    [NodeFact]
    public async Task Pages_of_rules_of_the_corpus_are_valid()
    {
        if (TestPaths.Corpus("corpora/sigma") is null)
        {
            // Nothing but the samples here: those have a test of their own.
            return;
        }

        await using var served = await ServedRules.StartAsync(ServedRules.Sigma);
        var rules = served.Rules().ToArray();
        new Random(Seed).Shuffle(rules);
        await new Crawl(served.Client) { OnPage = Save }.ReadAsync(["/", "/attack", "/fields", "/coverage", "/sources", "/rules", .. rules.Take(300)]);

        await AssertValidAsync(least: 300);
    }

    private async Task AssertValidAsync(int least)
    {
        var time = Stopwatch.StartNew();
        var found = await ValidateAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_addresses.Count} pages, {time.Elapsed.TotalSeconds:N1} s"));
        Assert.True(found.Count == 0, string.Join('\n', found.Take(30)));
        Assert.True(_addresses.Count >= least, $"{_addresses.Count} pages");
    }

    private void Save(string name, string html)
    {
        lock (_addresses)
        {
            var file = Path.Combine(_folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{_addresses.Count}.html"));
            File.WriteAllText(file, html);
            _addresses.Add(file, name);
        }
    }

    /// <summary>What is wrong, with the names that pages were saved under.</summary>
    private async Task<List<string>> ValidateAsync()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(TestPaths.Root, "tests", "node", "validate.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var node = Process.Start(start)!;
        var found = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(string.Join('\n', _addresses.Keys) + "\n");
        node.StandardInput.Close();
        var lines = await found;
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                var end = line.IndexOf(".html:", StringComparison.Ordinal) + ".html".Length;
                return _addresses[line[..end]] + " " + line[(end + 1)..];
            }),
        ];
    }
}
