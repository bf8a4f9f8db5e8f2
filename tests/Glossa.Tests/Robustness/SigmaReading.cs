using Glossa.Core.Diagnostics;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Languages;
using Glossa.Languages.Formats;

namespace Glossa.Tests.Robustness;

/// <summary>Reads a text as a file of its own, and asks of the result what must hold for any text.</summary>
internal static class SigmaReading
{
    private static readonly string[] RuleFolders =
        ["rules", "rules-emerging-threats", "rules-threat-hunting", "rules-placeholder", "rules-compliance", "rules-dfir"];

    public static IReadOnlyList<string> RulePaths
        => [.. RuleFolders.Select(folder => Path.Combine(TestPaths.Corpus("corpora/sigma")!, folder)).Where(Directory.Exists)];

    public static (IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<DetectionRule> Rules) Read(string text)
    {
        var content = new SigmaYaml().Open(new RuleFile("/text.yml", "text.yml", "", text.Length, 0), new SourceFile("text.yml", text));
        var reading = content.Read(new OwnDefinitions(content.Definitions));
        return ([.. content.Diagnostics, .. reading.Diagnostics], reading.Rules);
    }

    /// <summary>No exception, every place inside its text, and a result no larger than the text lets it be.</summary>
    public static void MustHold(string text)
    {
        var (diagnostics, rules) = Read(text);
        foreach (var label in diagnostics.SelectMany(diagnostic => diagnostic.Labels))
        {
            Assert.InRange(label.Range.Span.Start, 0, text.Length);
            Assert.InRange(label.Range.Span.End, label.Range.Span.Start, text.Length);
        }

        foreach (var rule in rules)
        {
            var nodes = 0;
            foreach (var origin in Origins(rule.Logic!))
            {
                nodes++;
                Assert.InRange(origin.Span.Start, 0, rule.Query.Length);
                Assert.InRange(origin.Span.End, origin.Span.Start, rule.Query.Length);
            }

            // The budget: what a value may be varied into is bounded, and no construct multiplies another.
            Assert.True(nodes <= 20_000 + (20 * rule.Query.Length), $"{nodes} nodes from {rule.Query.Length} characters.");
        }
    }

    public static IEnumerable<Origin> Origins(DetectionLogic logic)
    {
        foreach (var plan in logic.Bindings.Select(binding => binding.Plan).Append(logic.Root).SelectMany(plan => plan.InputsFirst()))
        {
            yield return plan.Origin;
            foreach (var predicate in plan switch { Plan.Filter filter => filter.Predicate.DescendantsAndSelf(), Plan.Scan { Gate: { } gate } => gate.DescendantsAndSelf(), _ => [] })
            {
                yield return predicate.Origin;
                if (predicate is Predicate.Leaf leaf)
                {
                    yield return leaf.Subject.Origin;
                    foreach (var operand in leaf.Operands)
                    {
                        yield return operand.Origin;
                    }
                }
            }
        }
    }

    private sealed class OwnDefinitions(IReadOnlyList<Definition> definitions) : IDefinitions
    {
        public IReadOnlyList<Definition> Find(DefinitionKey key) => [.. definitions.Where(definition => definition.Key == key)];
    }
}
