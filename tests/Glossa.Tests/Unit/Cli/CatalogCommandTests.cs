using System.Diagnostics;
using System.Text.Json;
using Glossa.Cli;
using Glossa.Tests.Unit.Catalog;

namespace Glossa.Tests.Unit.Cli;

/// <summary>build, stats, show and search as a shell sees them.</summary>
public sealed class CatalogCommandTests
{
    private static readonly string[] StatsNames = ["rules", "elapsedMs", "families", "languages", "unsupported"];

    private static readonly string[] RecordNames =
    [
        "id", "title", "family", "file", "path", "fidelity", "reasons", "needs", "facts", "description", "sections", "attack", "body", "condition", "stages",
        "indicators", "exclusions", "outputs", "entities", "severityCases", "tests", "drilldowns", "data", "relations", "findings", "notModelled",
    ];

    [ExecutableFact]
    public async Task Build_killed_in_the_middle_leaves_the_old_catalog()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        var before = await File.ReadAllBytesAsync(folder.Catalog());
        for (var i = 2; i < 1000; i++)
        {
            folder.Write($"{i}.yml", RuleFolder.Rule(i, $"Number {i}", $@"\number-{i}.exe"));
        }

        using var process = Start("build", folder.Rules, "-o", folder.Catalog());
        var half = folder.Catalog(".glossa.db.building");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!process.HasExited && !(File.Exists(half) && new FileInfo(half).Length > 0))
        {
            await Task.Delay(5, limit.Token);
        }

        // SIGKILL: nothing of ours runs after it.
        process.Kill();
        await process.WaitForExitAsync(limit.Token);

        Assert.NotEqual(ExitCode.Done, process.ExitCode);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder.Catalog()));
        Assert.Single(folder.Records());
        Assert.Equal(999, folder.Build().Stats.Rules);
        Assert.Equal(["glossa.db"], folder.FilesBeside);
    }

    [ExecutableFact]
    public async Task Limit_of_file_sizes_is_one_sentence_and_leaves_the_old_catalog()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        var before = await File.ReadAllBytesAsync(folder.Catalog());
        for (var i = 2; i < 500; i++)
        {
            folder.Write($"{i}.yml", RuleFolder.Rule(i, $"Number {i}", $@"\number-{i}.exe"));
        }

        // The runtime's own code pages count as a file while writing to them is guarded; this limit is below what it needs for that.
        var start = new ProcessStartInfo("bash", ["-c", "ulimit -f 512; exec \"$0\" build \"$1\" -o \"$2\"", TestPaths.Executable!, folder.Rules, folder.Catalog()])
        {
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        };
        var (exitCode, _, error) = await RunAsync(start);

        Assert.Equal(ExitCode.Fault, exitCode);
        Assert.Contains("was not written", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder.Catalog()));
        Assert.Equal(["glossa.db"], folder.FilesBeside);
    }

    [ExecutableFact]
    public async Task Full_disk_is_one_sentence()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));

        var (exitCode, _, error) = await RunAsync("build", folder.Rules, "-o", folder.Catalog(), "--max-pages", "20");

        Assert.Equal(ExitCode.Fault, exitCode);
        Assert.Contains("there is no room for it", error, StringComparison.Ordinal);
        Assert.Empty(folder.FilesBeside);
    }

    [ExecutableFact]
    public async Task Bad_input_says_where_and_the_rest_goes_on()
    {
        using var folder = new RuleFolder();
        folder.Write("good.yml", RuleFolder.Rule(1, "Good", @"\one.exe"));
        var unclosed = folder.Write("unclosed.yml", "title: x\nid: 'open\n");
        var modifier = folder.Write("modifier.yml", RuleFolder.Rule(2, "Modifier", @"\one.exe").Replace("|endswith", "|soundslike", StringComparison.Ordinal));
        var large = folder.Write("large.yml", new string('#', (16 * 1024 * 1024) + 1));
        File.CreateSymbolicLink(Path.Combine(folder.Rules, "loop"), folder.Rules);
        File.CreateSymbolicLink(Path.Combine(folder.Rules, "dangling.yml"), Path.Combine(folder.Rules, "nowhere.yml"));

        var (exitCode, output, error) = await RunAsync("build", folder.Rules, "-o", folder.Catalog());

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains(folder.Catalog(), output, StringComparison.Ordinal);
        Assert.Contains($"{unclosed}:2:5: error ", error, StringComparison.Ordinal);
        Assert.Contains($"{modifier}:", error, StringComparison.Ordinal);
        Assert.Contains("16,777,216", Assert.Single(error.Split('\n'), line => line.StartsWith(large, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("loop", error, StringComparison.Ordinal);
        Assert.Contains("dangling.yml", error, StringComparison.Ordinal);
        Assert.Contains("sigma/good", folder.Records().Keys);

        Assert.Equal(ExitCode.Findings, (await RunAsync("build", folder.Rules, "-o", folder.Catalog(), "--strict")).ExitCode);
    }

    [ExecutableFact]
    public async Task Few_findings_come_with_the_line_they_are_about_and_many_without()
    {
        using var folder = new RuleFolder();
        var first = folder.Write("0.yml", "title: x\nid: 'open\n");

        foreach (var words in new[] { new[] { "build", folder.Rules, "-o", folder.Catalog() }, ["stats", folder.Rules] })
        {
            var lines = (await RunAsync(words)).Error.Split('\n');
            Assert.StartsWith($"{first}:2:5: error ", lines[0], StringComparison.Ordinal);
            Assert.Equal("2 | id: 'open", lines[1]);
            Assert.StartsWith("  |     ^", lines[2], StringComparison.Ordinal);
        }

        for (var i = 1; i < 20; i++)
        {
            folder.Write($"{i}.yml", "title: x\nid: 'open\n");
        }

        foreach (var words in new[] { new[] { "build", folder.Rules, "-o", folder.Catalog() }, ["stats", folder.Rules] })
        {
            var error = (await RunAsync(words)).Error;
            Assert.Equal(20, error.Split('\n').Count(line => line.Contains(".yml:2:5: error ", StringComparison.Ordinal)));
            Assert.DoesNotContain("2 | ", error, StringComparison.Ordinal);
        }
    }

    [ExecutableFact]
    public async Task Every_command_that_reads_rules_takes_values_for_placeholders()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", "%tools%").Replace("|endswith", "|expand", StringComparison.Ordinal));
        var values = folder.Catalog("values.yml");
        await File.WriteAllTextAsync(values, "tools:\n  - 'C:\\tool.exe'\n");
        var missing = folder.Catalog("missing.yml");

        Assert.Equal(ExitCode.Done, (await RunAsync("build", folder.Rules, "-o", folder.Catalog(), "--placeholders", values)).ExitCode);
        Assert.DoesNotContain("placeholder", Needs((await RunAsync("show", "sigma/one", "--db", folder.Catalog(), "--json")).Output), StringComparison.Ordinal);
        Assert.DoesNotContain("placeholder", Needs((await RunAsync("show", "sigma/one", "--rules", folder.Rules, "--placeholders", values, "--json")).Output), StringComparison.Ordinal);
        Assert.Contains("placeholder", Needs((await RunAsync("show", "sigma/one", "--rules", folder.Rules, "--json")).Output), StringComparison.Ordinal);

        // A catalog has its values already.
        Assert.Equal(ExitCode.Usage, (await RunAsync("stats", folder.Catalog(), "--placeholders", values)).ExitCode);
        Assert.Equal(ExitCode.Usage, (await RunAsync("serve", folder.Catalog(), "--placeholders", values)).ExitCode);
        Assert.Equal(ExitCode.Usage, (await RunAsync("show", "sigma/one", "--db", folder.Catalog(), "--placeholders", values)).ExitCode);

        var (exitCode, _, error) = await RunAsync("stats", folder.Rules, "--placeholders", missing, "--strict");
        Assert.Equal(ExitCode.Findings, exitCode);
        Assert.StartsWith($"{missing}: error VAL0001: ", error, StringComparison.Ordinal);

        static string Needs(string record)
        {
            using var json = JsonDocument.Parse(record);
            return json.RootElement.GetProperty("needs").GetRawText();
        }
    }

    [ExecutableFact]
    public async Task No_readable_path_is_wrong_usage()
    {
        using var folder = new RuleFolder();
        var missing = Path.Combine(folder.Rules, "nowhere");

        Assert.Equal(ExitCode.Usage, (await RunAsync("build", missing, "-o", folder.Catalog())).ExitCode);
        Assert.Equal(ExitCode.Usage, (await RunAsync("stats", missing)).ExitCode);
        Assert.Equal(ExitCode.Usage, (await RunAsync("show", "x", "--db", folder.Catalog())).ExitCode);
        Assert.Empty(folder.FilesBeside);
    }

    [ExecutableFact]
    public async Task Stats_has_the_documented_names_from_files_and_from_a_catalog()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();

        foreach (var source in new[] { folder.Rules, folder.Catalog() })
        {
            using var stats = JsonDocument.Parse((await RunAsync("stats", source, "--json")).Output);
            Assert.Equal(StatsNames, stats.RootElement.EnumerateObject().Select(property => property.Name));
            Assert.Equal(
                """{"family":"sigma","files":1,"rules":1,"queries":0,"exact":1,"approximate":0,"unsupported":0,"noLogic":0,"tests":0}""",
                Compact(stats.RootElement.GetProperty("families")[0]));
            Assert.Equal(
                """{"language":"sigma","queries":1,"parsed":1,"exact":1,"approximate":0,"unsupported":0}""",
                Compact(stats.RootElement.GetProperty("languages")[0]));
            using var files = JsonDocument.Parse((await RunAsync("stats", source, "--json", "--files")).Output);
            var file = files.RootElement.GetProperty("files")[0];
            Assert.Equal(["file", "query", "language", "parsed", "fidelity", "operators"], file.EnumerateObject().Select(property => property.Name));
            Assert.Equal("one.yml", file.GetProperty("file").GetString());
        }
    }

    [ExecutableFact]
    public async Task Show_has_the_documented_names_in_their_order()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Write("two.yml", RuleFolder.Rule(2, "Two", @"\one.exe"));
        folder.Build();

        using var record = JsonDocument.Parse((await RunAsync("show", "sigma/one", "--db", folder.Catalog(), "--json")).Output);
        Assert.Equal(RecordNames, record.RootElement.EnumerateObject().Select(property => property.Name).Take(RecordNames.Length));
        var indicator = record.RootElement.GetProperty("indicators")[0];
        Assert.Equal("""{"total":1,"byFamily":{"sigma":1}}""", Compact(indicator.GetProperty("others")));
        Assert.Equal(@"\one.exe", indicator.GetProperty("value").GetString());
        Assert.Equal("svc-backup", record.RootElement.GetProperty("exclusions")[0].GetProperty("value").GetString());

        // The span of a stage is a range of the file.
        var stage = record.RootElement.GetProperty("stages")[0];
        var text = record.RootElement.GetProperty("body")[0].GetProperty("text").GetString()!;
        var span = stage.GetProperty("span").EnumerateArray().Select(number => number.GetInt32()).ToList();
        Assert.Equal(stage.GetProperty("source").GetString(), text.Substring(span[0], span[1]));
    }

    [ExecutableFact]
    public async Task Show_of_an_ambiguous_word_names_the_rules()
    {
        using var folder = new RuleFolder();
        folder.Write("a/same.yml", RuleFolder.Rule(1, "Same title", @"\one.exe"));
        folder.Write("b/other.yml", RuleFolder.Rule(2, "Same title", @"\two.exe"));
        folder.Build();

        var (exitCode, _, error) = await RunAsync("show", "same title", "--db", folder.Catalog());

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("sigma/same", error, StringComparison.Ordinal);
        Assert.Contains("sigma/other", error, StringComparison.Ordinal);
    }

    [ExecutableFact]
    public async Task Show_fits_a_terminal_and_sends_it_no_control_characters()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "\"One \\e[31mred\\e[0m \\u202E [bold]\"", @"\" + new string('x', 300) + ".exe"));

        var (exitCode, output, _) = await RunAsync("show", "one", "--rules", folder.Rules);

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.DoesNotContain(output, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202E', output);
        Assert.Contains("[bold]", output, StringComparison.Ordinal);

        // The file itself is shown as it stands; all before it is laid out.
        var page = output[..output.IndexOf("one.yml (yaml)", StringComparison.Ordinal)];
        Assert.DoesNotContain(page.Split('\n'), line => line.Length > 100);
    }

    [ExecutableFact]
    public async Task Search_finds_and_puts_a_caret_under_a_fault()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe", level: "high"));
        folder.Build();

        var (exitCode, output, _) = await RunAsync("search", @"field:Image op:ends_with value:\one.exe severity:>=high", "--db", folder.Catalog());
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("sigma/one", output, StringComparison.Ordinal);
        Assert.Contains(@"Image ends_with \one.exe", output, StringComparison.Ordinal);

        var (wrong, _, error) = await RunAsync("search", "severity:loud", "--db", folder.Catalog());
        Assert.Equal(ExitCode.Usage, wrong);
        Assert.Contains("severity:loud\n         ^^^^", error, StringComparison.Ordinal);
    }

    [ExecutableFact]
    public async Task Reader_that_stops_early_is_no_error()
    {
        using var folder = new RuleFolder();
        for (var i = 1; i < 400; i++)
        {
            folder.Write($"{i}.yml", RuleFolder.Rule(i, $"Number {i}", $@"\number-{i}.exe"));
        }

        folder.Build();
        var (exitCode, output, error) = await RunAsync(new ProcessStartInfo(
            "bash", ["-c", "set -o pipefail; \"$0\" search status:test --limit 10000 --db \"$1\" | head -n 1", TestPaths.Executable!, folder.Catalog()]));

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.NotEmpty(output);
        Assert.Empty(error);
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private static Process Start(params string[] arguments) => Process.Start(Redirected(new ProcessStartInfo(TestPaths.Executable!, arguments)))!;

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
        => RunAsync(new ProcessStartInfo(TestPaths.Executable!, arguments));

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(Redirected(start))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }

    private static ProcessStartInfo Redirected(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }
}
