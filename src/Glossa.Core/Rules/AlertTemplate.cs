using Glossa.Core.Ir;

namespace Glossa.Core.Rules;

public enum Severity
{
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>How rows become alerts. The parts of other families (dedup, threshold, entities, scores) enter with them.</summary>
/// <param name="Title">A text with values of the row in it.</param>
/// <param name="Suppression">Folds the rows of one key within a span into one alert; null keeps every row.</param>
/// <param name="Context">Fields of the event that are put into the alert.</param>
/// <param name="Techniques">ATT&amp;CK ids.</param>
public sealed record AlertTemplate(
    ValueExpression Title,
    Severity Severity,
    Suppression? Suppression,
    IrList<NamedExpression> Context,
    IrList<string> Techniques);

public sealed record Suppression(IrList<GroupKey> Keys, TimeSpan Duration);
