using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Text;

namespace Glossa.Tests.Unit.Analysis;

/// <summary>Rules without a file, made of IR text.</summary>
internal static class Rules
{
    public const string WindowsProcess = "(log_source :product windows :category process_creation)";

    /// <summary>A single-event rule.</summary>
    public static DetectionRule Of(string predicate) => OfPlan($"(filter (scan {WindowsProcess}) {predicate})");

    public static DetectionRule OfPlan(string logic)
    {
        var reading = IrText.ReadLogic(logic);
        Assert.True(reading.Value is not null, $"The IR of the test cannot be read: {string.Join(" ", reading.Diagnostics.Select(diagnostic => diagnostic.Message))}");
        return new DetectionRule(
            new RuleMetadata { Id = "00000000-0000-4000-8000-000000000001", Title = "A rule of the tests", Family = "sigma", File = "rules/a_rule.yml" },
            new ScanSource.LogSource("windows", "process_creation", null),
            QueryText.FromText(""),
            "sigma",
            reading.Value,
            Normal: null,
            new AlertTemplate(new ValueExpression.Literal(new Value.Text("A rule of the tests")), Severity.Low, null, [], []),
            Correlates: null,
            Fidelity.Exact,
            [],
            []);
    }
}
