using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Glossa.Core.Ir;
using Glossa.Core.Rules;

namespace Glossa.Core.Rewrites;

/// <summary>A rule's meaning as a number: equal for two normal forms that say the same, whatever their languages, names of bindings and spans.</summary>
public static class LogicHash
{
    /// <summary>SHA-256 in lower-case hexadecimal, 64 digits. The alert template is no part of it.</summary>
    public static string Of(DetectionLogic normal)
    {
        var key = new StringBuilder();
        var writer = new PlanKey(normal.Bindings.Select((binding, index) => (binding.Id, index)).DistinctBy(item => item.Id).ToDictionary(item => item.Id, item => item.index, StringComparer.Ordinal));
        foreach (var binding in normal.Bindings)
        {
            key.Append(writer.Of(binding.Plan)).Append('\n');
        }

        key.Append(writer.Of(normal.Root));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())));
    }

    private sealed class PlanKey(Dictionary<string, int> bindings) : PlanVisitor<string>
    {
        public string Of(Plan plan)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return plan.Accept(this);
        }

        public override string VisitScan(Plan.Scan scan) => scan.Gate is null
            ? IrText.Write(scan)
            : $"(gate {IrText.Write(scan with { Gate = null })} {PredicateKey.Of(scan.Gate)})";

        public override string VisitFilter(Plan.Filter filter) => $"(filter {Of(filter.Input)} {PredicateKey.Of(filter.Predicate)})";

        public override string VisitExtend(Plan.Extend extend) => $"(extend {Of(extend.Input)} {Rest(extend with { Input = Nothing })})";

        public override string VisitUnion(Plan.Union union) => $"(union {string.Join(' ', union.Inputs.Select(Of))})";

        public override string VisitReference(Plan.Reference reference)
            => string.Create(CultureInfo.InvariantCulture, $"(reference {bindings.GetValueOrDefault(reference.Binding, -1)})");

        public override string VisitWindow(Plan.Window window) => $"(window {Of(window.Input)} {Rest(window with { Input = Nothing })})";

        public override string VisitSummarize(Plan.Summarize summarize) => $"(summarize {Of(summarize.Input)} {Rest(summarize with { Input = Nothing })})";

        public override string VisitSequence(Plan.Sequence sequence)
            => $"(sequence {string.Join(' ', sequence.Steps.Select(step => Of(step.Plan)))} {Rest(sequence with { Steps = [.. sequence.Steps.Select(step => step with { Plan = Nothing, Name = "" })] })})";

        public override string VisitOpaque(Plan.Opaque opaque) => $"(opaque {string.Join(' ', opaque.Inputs.Select(Of))} {Rest(opaque with { Inputs = [] })})";

        private static Plan.Reference Nothing { get; } = new("");

        private static string Rest(Plan plan) => IrText.Write(plan with { Origin = Origin.None });
    }
}
