using Glossa.Core.Ir;

namespace Glossa.Core.Semantics;

/// <summary>
/// Case rules as .NET comparisons. <see cref="StringComparison.OrdinalIgnoreCase"/> maps single characters to upper case without a
/// culture: Unicode's simple mapping, character by character, so lengths never change.
/// </summary>
public static class CaseRules
{
    public static StringComparison Comparison(CaseRule caseRule) => caseRule switch
    {
        CaseRule.Exact => StringComparison.Ordinal,
        CaseRule.Fold => StringComparison.OrdinalIgnoreCase,
        _ => throw new ArgumentOutOfRangeException(nameof(caseRule), caseRule, null),
    };
}
