using Glossa.Catalog;
using Glossa.Core.Taxonomy;

namespace Glossa.Web.Text;

/// <summary>A query's keys and values as a reader is told them.</summary>
internal static class QueryWords
{
    private const int MaxShown = 160;

    public static string Key(string key) => key switch
    {
        "" => "word",
        "op" => "operator",
        "attack" => "ATT&CK",
        "id" => "rule's id",
        _ => key,
    };

    public static string Value(string key, string value, string comparison, bool isQuoted)
    {
        var said = key switch
        {
            "" when isQuoted => $"“{value}”",
            "field" or "value" when value.Length == 0 => "(nothing)",
            "op" => Names.Operator(value.ToLowerInvariant()),
            "fidelity" or "tested" or "family" or "status" => Choice(new FacetChoice(key, value)),
            "attack" => Attack(value),
            _ => value,
        };
        return comparison switch
        {
            ">=" => "≥ " + said,
            "<=" => "≤ " + said,
            ">" or "<" => comparison + " " + said,
            _ => said,
        };
    }

    /// <summary>Enough of a text to know it by.</summary>
    public static string Cut(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";

    public static string Choice(FacetChoice choice) => choice.Key switch
    {
        "family" => Names.Family(choice.Value),
        "severity" => "≥ " + choice.Value,
        "fidelity" => Names.Fidelity(choice.Value),
        "tactic" => AttackMatrix.Instance.FindTactic(choice.Value)?.Name ?? choice.Value,
        "product" when choice.Value == "any" => "none named",
        "tested" => choice.Value.ToUpperInvariant() switch
        {
            "FIRES" => "fires on an event",
            "VENDOR" => "vendor's own tests",
            _ => "untested",
        },
        _ => choice.Value,
    };

    private static string Attack(string value)
        => AttackMatrix.Instance.FindTechnique(value) is { } technique ? $"{technique.Id} {technique.Name}"
            : AttackMatrix.Instance.FindTactic(value) is { } tactic ? tactic.Name
            : value;
}
