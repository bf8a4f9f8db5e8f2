using Glossa.Web.Text;

namespace Glossa.Web.Components.Attack;

/// <summary>Words, classes and queries for places of ATT&amp;CK.</summary>
internal static class AttackNames
{
    public static string State(string state) => state switch
    {
        "tested" => "tested",
        "exact" => "exact, not tested",
        "tagged" => "tagged only",
        _ => "no rule",
    };

    public static string StateClass(string state) => state switch
    {
        "tested" => "g3",
        "exact" => "g2",
        "tagged" => "g1",
        _ => "g0",
    };

    /// <summary>The search that finds a place's rules; families are alternatives there.</summary>
    public static string Query(string id, IEnumerable<string> families, string more = "")
        => string.Join(' ', families.Select(family => Addresses.Term("family", family)).Prepend(Addresses.Term("attack", id))) + more;

    public static string Domain(string? domain) => domain switch
    {
        "enterprise" => "ATT&CK enterprise",
        "mobile" => "ATT&CK mobile",
        "ics" => "ATT&CK for ICS",
        "atlas" => "ATLAS",
        "pre-attack" => "PRE-ATT&CK, which ATT&CK no longer has",
        _ => "nobody's",
    };
}
