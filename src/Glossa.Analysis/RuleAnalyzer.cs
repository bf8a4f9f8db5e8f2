using Glossa.Core.Rules;
using Glossa.Core.Taxonomy;

namespace Glossa.Analysis;

/// <summary>Looks at one rule by itself. Never throws at a rule.</summary>
public static class RuleAnalyzer
{
    public static RuleAnalysis Analyze(DetectionRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new RuleAnalysis(null, null, [], [], [], AttackCoverage.Of(rule.Metadata.Tags), [], [], []);
    }
}
