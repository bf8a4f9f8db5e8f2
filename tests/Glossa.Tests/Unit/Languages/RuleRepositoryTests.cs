using Glossa.Core.Diagnostics;
using Glossa.Languages;
using Glossa.Tests.Unit.Catalog;

namespace Glossa.Tests.Unit.Languages;

/// <summary>Files and folders that are not as they should be: each costs itself, a message says where, and the rest is read.</summary>
public sealed class RuleRepositoryTests : IDisposable
{
    private readonly RuleFolder _folder = new();

    public RuleRepositoryTests() => _folder.Write("good.yml", RuleFolder.Rule(1, "Good", @"\good.exe"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Link_to_a_folder_it_stands_in_is_named_and_not_followed()
    {
        _folder.Write("a/b/deep.yml", RuleFolder.Rule(2, "Deep", @"\deep.exe"));
        Link("a/b/up", Path.Combine(_folder.Rules, "a"));

        MustSay("FIL0005", DiagnosticSeverity.Warning, "a/b/up", "leads back", expectedRules: 2);
    }

    [Fact]
    public void Links_that_lead_to_each_other_are_named()
    {
        Link("one.yml", Path.Combine(_folder.Rules, "two.yml"));
        Link("two.yml", Path.Combine(_folder.Rules, "one.yml"));

        var (diagnostics, rules) = ReadAll();
        Assert.Equal(["one.yml", "two.yml"], diagnostics.Select(diagnostic => Path.GetFileName(diagnostic.Path)).Order(StringComparer.Ordinal));
        Assert.All(diagnostics, diagnostic => Assert.Contains(diagnostic.Id, new[] { "FIL0005", "FIL0006" }));
        Assert.Equal(1, rules);
    }

    [Fact]
    public void Link_to_nothing_names_what_is_not_there()
    {
        Link("gone.yml", Path.Combine(_folder.Rules, "never.yml"));

        MustSay("FIL0006", DiagnosticSeverity.Warning, "gone.yml", "never.yml");
    }

    [Fact]
    public void Links_out_of_the_given_paths_are_not_followed()
    {
        using var outside = new RuleFolder();
        outside.Write("outside.yml", RuleFolder.Rule(3, "Outside", @"\outside.exe"));
        Link("file.yml", Path.Combine(outside.Rules, "outside.yml"));
        Link("folder", outside.Rules);

        var (diagnostics, rules) = ReadAll();
        Assert.Equal(["file.yml", "folder"], diagnostics.Select(diagnostic => Path.GetFileName(diagnostic.Path)).Order(StringComparer.Ordinal));
        Assert.All(diagnostics, diagnostic => Assert.Equal("FIL0007", diagnostic.Id));
        Assert.Equal(1, rules);
    }

    [Fact]
    public void Link_to_what_is_read_anyway_makes_no_second_rule()
    {
        _folder.Write("a/inner.yml", RuleFolder.Rule(2, "Inner", @"\inner.exe"));
        Link("again.yml", Path.Combine(_folder.Rules, "a", "inner.yml"));
        Link("b", Path.Combine(_folder.Rules, "a"));

        var (diagnostics, rules) = ReadAll();
        Assert.Empty(diagnostics);
        Assert.Equal(2, rules);
    }

    [Fact]
    public void Path_given_twice_or_inside_another_is_read_once()
    {
        var repository = RuleRepository.Open([_folder.Rules, _folder.Rules + "/", Path.Combine(_folder.Rules, "good.yml")]);
        Assert.Single(repository.Files);
        Assert.Empty(repository.Diagnostics);
    }

    [Fact]
    public void Paths_that_are_none_are_messages()
    {
        var repository = RuleRepository.Open(["", "a\0b", Path.Combine(_folder.Rules, "nowhere"), new string('x', 10_000), _folder.Rules]);
        Assert.Equal(4, repository.Diagnostics.Count(diagnostic => diagnostic.Id == "FIL0001"));
        Assert.Single(repository.Files);
        Assert.False(repository.NoPathReadable);
        Assert.True(RuleRepository.Open(["", "a\0b"]).NoPathReadable);
    }

    [Fact]
    public void File_that_goes_away_after_the_walk_costs_itself()
    {
        var gone = _folder.Write("gone.yml", RuleFolder.Rule(2, "Gone", @"\gone.exe"));
        var repository = RuleRepository.Open([_folder.Rules]);
        File.Delete(gone);
        var results = repository.Files.Select(repository.Read).ToList();

        Assert.Equal("FIL0002", Assert.Single(results.Single(result => result.File.FullPath == gone).Diagnostics).Id);
        Assert.Equal(1, results.Sum(result => result.Rules.Count));
    }

    [Fact]
    public void File_that_may_not_be_read_costs_itself()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            // Nothing is forbidden to root; a folder where a file was is the same to the reader.
            var file = _folder.Write("locked.yml", RuleFolder.Rule(2, "Locked", @"\locked.exe"));
            var repository = RuleRepository.Open([_folder.Rules]);
            File.Delete(file);
            Directory.CreateDirectory(file);
            Assert.Equal("FIL0002", Assert.Single(repository.Files.SelectMany(found => repository.Read(found).Diagnostics)).Id);
            return;
        }

        File.SetUnixFileMode(_folder.Write("locked.yml", RuleFolder.Rule(2, "Locked", @"\locked.exe")), UnixFileMode.None);
        MustSay("FIL0002", DiagnosticSeverity.Error, "locked.yml", "cannot be read");
    }

    [Fact]
    public void File_over_the_limit_is_refused_with_the_limit_named()
    {
        _folder.Write("large.yml", RuleFolder.Rule(2, "Large", @"\large.exe") + "\n#" + new string('x', 16 * 1024 * 1024));

        MustSay("FIL0003", DiagnosticSeverity.Error, "large.yml", "16,777,216");
    }

    [Fact]
    public void File_at_the_limit_is_read()
    {
        var text = RuleFolder.Rule(2, "Limit", @"\limit.exe") + "\n#";
        _folder.Write("limit.yml", text + new string('x', (16 * 1024 * 1024) - text.Length));

        var (diagnostics, rules) = ReadAll();
        Assert.Empty(diagnostics);
        Assert.Equal(2, rules);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'t', (byte)':', (byte)' ', 0xC3, 0x28 }, "byte 3")]
    [InlineData(new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0 }, "byte 7")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'a', 0xFF }, "byte 4")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 }, "byte 0")]
    public void What_is_no_text_costs_itself_and_the_byte_is_named(byte[] content, string place)
    {
        File.WriteAllBytes(Path.Combine(_folder.Rules, "binary.yml"), content);

        MustSay("FIL0004", DiagnosticSeverity.Error, "binary.yml", place);
    }

    [Fact]
    public void Byte_order_mark_is_no_part_of_the_text()
    {
        File.WriteAllText(Path.Combine(_folder.Rules, "mark.yml"), RuleFolder.Rule(2, "Mark", @"\mark.exe"), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        var (diagnostics, rules) = ReadAll();
        Assert.Empty(diagnostics);
        Assert.Equal(2, rules);
    }

    [Theory]
    [InlineData("title: 'open\n", "YML0001", 1, 8, "quoted")]
    [InlineData("detection:\n  selection: {A: 1\n  condition: selection\n", "YML0001", 2, 16, "bracket")]
    [InlineData("detection: &all\n  selection: *all\n  condition: selection\n", "YML0006", 2, 14, "all")]
    [InlineData("a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\ng: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]\ndetection:\n  selection:\n    A: *g\n  condition: selection\n", "YML0004", 0, 0, "alias")]
    [InlineData("detection:\n  selection:\n    A|soundslike: 1\n  condition: selection\n", "SIG0020", 3, 7, "soundslike")]
    [InlineData("detection:\n  selection:\n    A: 1\n  condition: selection and other\n", "SIG0041", 4, 28, "other")]
    public void Text_that_cannot_be_read_whole_is_named_with_line_and_column(string text, string id, int line, int column, string word)
    {
        var path = _folder.Write("bad.yml", $"{text}\n");

        var (diagnostics, _) = ReadAll();
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        var diagnostic = errors.First(error => error.Id.StartsWith(id, StringComparison.Ordinal));
        Assert.Equal(path, diagnostic.Path);
        Assert.Contains(word, diagnostic.Message, StringComparison.Ordinal);
        var position = diagnostic.Position!.Value;
        if (line > 0)
        {
            Assert.Equal((line, column), (position.Line, position.Column));
        }

        Assert.Contains($"{path}:{position.Line}:{position.Column}: error {diagnostic.Id}", DiagnosticFormatter.ToText(diagnostic), StringComparison.Ordinal);
    }

    [Fact]
    public void Good_rules_are_read_beside_every_bad_file()
    {
        _folder.Write("cyclic.yml", "detection: &all\n  selection: *all\n  condition: selection\n");
        _folder.Write("broken.yml", "title: 'open\n");
        _folder.Write("empty.yml", "");
        _folder.Write("other.yml", "just: yaml\n");
        var repository = RuleRepository.Open([_folder.Rules]);
        var results = repository.Files.Select(repository.Read).ToDictionary(result => result.File.Path);

        Assert.Equal("Good", Assert.Single(results["good.yml"].Rules).Metadata.Title);
        Assert.Empty(results["good.yml"].Diagnostics);
        Assert.NotEmpty(results["broken.yml"].Diagnostics);
        Assert.NotEmpty(results["cyclic.yml"].Diagnostics);

        // YAML of another kind is nobody's mistake, unless it was given by name.
        Assert.Empty(results["other.yml"].Diagnostics);
        Assert.False(results["other.yml"].IsRuleFile);
        var given = RuleRepository.Open([Path.Combine(_folder.Rules, "other.yml")]);
        Assert.Equal("FIL0008", Assert.Single(given.Read(Assert.Single(given.Files)).Diagnostics).Id);
    }

    private void MustSay(string id, DiagnosticSeverity severity, string path, string word, int expectedRules = 1)
    {
        var (diagnostics, rules) = ReadAll();
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal((id, severity), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal(Path.Combine(_folder.Rules, path), diagnostic.Path);
        Assert.Null(diagnostic.Position);
        Assert.Contains(word, diagnostic.Message, StringComparison.Ordinal);
        Assert.Equal(expectedRules, rules);
    }

    private (IReadOnlyList<Diagnostic> Diagnostics, int Rules) ReadAll()
    {
        var repository = RuleRepository.Open([_folder.Rules]);
        var results = repository.Files.Select(repository.Read).ToList();
        return ([.. repository.Diagnostics, .. results.SelectMany(result => result.Diagnostics)], results.Sum(result => result.Rules.Count));
    }

    private void Link(string path, string target) => File.CreateSymbolicLink(Path.Combine(_folder.Rules, path), target);
}
