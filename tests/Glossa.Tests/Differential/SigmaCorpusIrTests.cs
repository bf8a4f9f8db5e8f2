using Glossa.Core.Ir;
using Glossa.Core.Rewrites;
using Glossa.Core.Rules;
using Glossa.Languages;

namespace Glossa.Tests.Differential;

/// <summary>What holds of generated IR, on the IR of every public rule.</summary>
public sealed class SigmaCorpusIrTests
{
    [CorpusFact("corpora/sigma")]
    public void Every_rule_keeps_the_invariants_in_both_forms_and_reads_as_it_is_written()
    {
        var count = 0;
        var faults = new List<string>();
        foreach (var rule in Rules())
        {
            count++;
            var logic = rule.Logic!;
            var normal = Normalizer.Normalize(logic);
            faults.AddRange(IrInvariants.Check(logic, rule.Query).Select(violation => $"{rule.Metadata.File}: {violation.Invariant}: {violation.Message}"));
            faults.AddRange(IrInvariants.CheckNormal(normal, rule.Query).Select(violation => $"{rule.Metadata.File}: normal: {violation.Invariant}: {violation.Message}"));
            foreach (var form in new[] { logic, normal })
            {
                var text = IrText.Write(form);
                var read = IrText.ReadLogic(text).Value;
                if (read is null || !HasSamePlans(read, form) || IrText.Write(read) != text || IrText.Write(IrText.ReadLogic(IrText.WriteIndented(form)).Value!) != text)
                {
                    faults.Add($"{rule.Metadata.File}: does not read as it is written: {text}");
                }
            }

            if (!HasSamePlans(Normalizer.Normalize(normal), normal))
            {
                faults.Add($"{rule.Metadata.File}: its normal form has another normal form");
            }

            var nodes = Normalizer.NodesOf(logic);
            faults.AddRange(normal.Bindings.Select(binding => binding.Plan).Append(normal.Root)
                .SelectMany(plan => plan.Predicates()).SelectMany(predicate => predicate.DescendantsAndSelf()).OfType<Predicate.Leaf>()
                .Where(leaf => leaf.Origin.StandsFor.Count == 0 || leaf.Origin.StandsFor.Any(number => nodes[number] is not Predicate.Leaf))
                .Select(leaf => $"{rule.Metadata.File}: stands for no authored leaf: {IrText.Write(leaf)}"));
        }

        Assert.True(faults.Count == 0, $"{faults.Count} faults in {count} rules:\n{string.Join('\n', faults.Take(20))}");
        Assert.True(count >= 3_780, $"only {count} rules carry a logic");
    }

    private static IEnumerable<DetectionRule> Rules()
    {
        var corpus = TestPaths.Corpus("corpora/sigma")!;
        var repository = RuleRepository.Open([.. Directory.EnumerateDirectories(corpus, "rules*").Order(StringComparer.Ordinal)]);
        return repository.Files.SelectMany(file => repository.Read(file).Rules).Where(rule => rule.Logic is not null);
    }

    private static bool HasSamePlans(DetectionLogic left, DetectionLogic right)
        => left.Bindings.Equals(right.Bindings) && left.Root.Equals(right.Root) && left.Inputs.Equals(right.Inputs) && left.Parameters.Equals(right.Parameters);
}
