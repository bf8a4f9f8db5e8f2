using Glossa.Core.Diagnostics;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Languages;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Tests.Robustness;

/// <summary>What holds for every rule of SigmaHQ, wherever their collection is at hand.</summary>
public class SigmaCorpusTests
{
    private const string Corpus = "corpora/sigma";

    [CorpusFact(Corpus)]
    public void Every_rule_is_read_and_nothing_is_dropped()
    {
        var results = ReadAll(SigmaReading.RulePaths);
        Assert.Equal(3780, results.Count);
        Assert.All(results, result => Assert.True(result.IsRuleFile, result.File.Path));
        Assert.All(results, result => Assert.Single(result.Rules));
        Assert.All(results, result => Assert.All(result.Queries, query => Assert.True(query.Parsed, result.File.Path)));
        Assert.DoesNotContain(results.SelectMany(result => result.Diagnostics), diagnostic => diagnostic.Severity != DiagnosticSeverity.Info);
        Assert.DoesNotContain(results.SelectMany(result => result.Rules), rule => rule.Fidelity.Level != FidelityLevel.Exact);
    }

    [CorpusFact(Corpus)]
    public void Every_unsupported_rule_is_parsed_and_marked()
    {
        var results = ReadAll([Path.Combine(TestPaths.Corpus(Corpus)!, "unsupported")]);
        Assert.Equal(87, results.Count);
        var documents = results.Sum(result => YamlReader.Read(new SourceFile("", File.ReadAllText(result.File.FullPath)), []).Count);
        Assert.Equal(92, documents);

        // Three of the 92 lie under the others of their file.
        Assert.Equal(89, results.Sum(result => result.Rules.Count));
        Assert.DoesNotContain(results.SelectMany(result => result.Diagnostics), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.All(results.SelectMany(result => result.Queries), query => Assert.True(query.Parsed));

        // Conditions in forms that were proposed once and never specified: sentences rather than expressions.
        var prose = results.Where(result => result.Diagnostics.Any(diagnostic => diagnostic.Id == "SIG0051")).ToList();
        Assert.Equal(
            ["net_dns_high_subdomain_rate.yml", "sysmon_always_install_elevated_parent_child_correlated.yml", "win_dumping_ntdsdit_via_dcsync.yml", "win_dumping_ntdsdit_via_netsync.yml"],
            prose.Select(result => Path.GetFileName(result.File.Path)).Order(StringComparer.Ordinal));
        Assert.All(prose, result => Assert.Equal(FidelityLevel.Unsupported, Assert.Single(result.Rules).Fidelity.Level));
        Assert.All(results.SelectMany(result => result.Rules), rule => Assert.Equal("unsupported", rule.Metadata.Status));
        Assert.Equal(
            results.Sum(result => result.Rules.Count),
            results.SelectMany(result => result.Rules).Select(rule => rule.Metadata.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [CorpusFact(Corpus)]
    public void Other_yaml_is_passed_over_without_a_word()
    {
        var results = ReadAll([Path.Combine(TestPaths.Corpus(Corpus)!, "regression_data")]);
        Assert.NotEmpty(results);
        Assert.All(results, result => Assert.False(result.IsRuleFile, result.File.Path));
        Assert.Empty(results.SelectMany(result => result.Diagnostics));
    }

    [CorpusFact(Corpus)]
    public void Every_name_stands_in_the_file_where_its_node_says()
    {
        var names = 0;
        var rules = ReadAll([.. SigmaReading.RulePaths, Path.Combine(TestPaths.Corpus(Corpus)!, "unsupported")]).SelectMany(result => result.Rules);
        foreach (var rule in rules)
        {
            foreach (var predicate in rule.Logic!.Root.Predicates().SelectMany(predicate => predicate.DescendantsAndSelf()))
            {
                if (predicate is Predicate.Named named)
                {
                    MustStand(rule, named.Name, named.Origin);
                }

                if (predicate is Predicate.Leaf leaf)
                {
                    foreach (var field in leaf.Operands.Prepend(leaf.Subject).OfType<ValueExpression.Field>())
                    {
                        // Columns that the reader computes (a count) have no name in the file.
                        if (field.Path.SimpleName is { } name && name != "n")
                        {
                            MustStand(rule, name, field.Origin);
                        }
                    }
                }
            }
        }

        // 12,433 items and 7,939 selections were counted by other means; a selection may be referred to more than once.
        Assert.True(names > 20_000, $"{names} names");

        void MustStand(DetectionRule rule, string name, Origin origin)
        {
            names++;
            var ranges = rule.Query.Locate(origin.Span);
            var text = string.Concat(ranges.Select(range => range.Text.ToString()));
            Assert.True(text == name, $"{rule.Metadata.File}: '{name}' is said to stand where '{text}' stands.");
        }
    }

    [CorpusFact(Corpus)]
    public void Written_and_read_again_every_rule_is_the_same()
    {
        foreach (var rule in ReadAll([.. SigmaReading.RulePaths, Path.Combine(TestPaths.Corpus(Corpus)!, "unsupported")]).SelectMany(result => result.Rules))
        {
            var text = IrText.Write(rule.Logic!);
            var again = IrText.ReadLogic(text);
            Assert.True(again.Value is not null, $"{rule.Metadata.File}: {string.Join(' ', again.Diagnostics.Select(diagnostic => diagnostic.Message))}");
            Assert.True(text == IrText.Write(again.Value), rule.Metadata.File);
            Assert.True(rule.Logic!.Root.Equals(again.Value.Root), rule.Metadata.File);
        }
    }

    [CorpusFact(Corpus)]
    public void Every_scalar_maps_to_its_characters() => Assert.True(Scalars(text => text) > 100_000);

    [CorpusFact(Corpus)]
    public void Every_scalar_maps_to_its_characters_with_line_breaks_of_two_characters()
        => Scalars(text => text.ReplaceLineEndings("\r\n"));

    [CorpusFact(Corpus)]
    public void Every_scalar_maps_to_its_characters_behind_characters_of_two_units()
        => Scalars(text => "# \U0001F511\U0001F511 é\n" + text.Replace("title: ", "title: \U0001F511 ", StringComparison.Ordinal));

    private static int Scalars(Func<string, string> change)
    {
        var count = 0;
        foreach (var path in SigmaReading.RulePaths.SelectMany(folder => Directory.EnumerateFiles(folder, "*.yml", SearchOption.AllDirectories)))
        {
            var file = new SourceFile(path, change(File.ReadAllText(path)));
            var diagnostics = new DiagnosticBag();
            var pending = new Stack<YamlNode>(YamlReader.Read(file, diagnostics).Select(document => document.Root!));
            Assert.Empty(diagnostics);
            while (pending.TryPop(out var node))
            {
                switch (node)
                {
                    case YamlMapping mapping:
                        foreach (var entry in mapping.Entries)
                        {
                            pending.Push(entry.Key);
                            pending.Push(entry.Value);
                        }

                        break;
                    case YamlSequence sequence:
                        foreach (var item in sequence.Items)
                        {
                            pending.Push(item);
                        }

                        break;
                    case YamlScalar scalar:
                        count++;
                        MustMap(file, scalar);
                        break;
                }
            }
        }

        return count;
    }

    private static void MustMap(SourceFile file, YamlScalar scalar)
    {
        Assert.True(scalar.Map.IsFaithful, $"{file.Path}: {scalar.Text}");
        Assert.Equal(scalar.Text, scalar.ToQueryText().Text);
        for (var i = 0; i < scalar.Text.Length; i++)
        {
            var place = scalar.Map.Locate(new SourceSpan(i, 1));
            if (char.IsWhiteSpace(scalar.Text[i]) || (scalar.Style == YamlScalarStyle.DoubleQuoted && file.Text[place.Start] == '\\'))
            {
                continue;
            }

            Assert.True(file.Text[place.Start] == scalar.Text[i], $"{file.Path}: character {i} of '{scalar.Text}' is said to stand where '{file.Text[place.Start]}' stands.");
        }
    }

    private static List<RuleFileResult> ReadAll(IReadOnlyList<string> paths)
    {
        var repository = RuleRepository.Open(paths);
        Assert.Empty(repository.Diagnostics);
        return [.. repository.Files.Select(repository.Read)];
    }
}
