namespace Glossa.Web.Text;

/// <summary>What pages call the words of the record. Classes are picked from these lists only: no text of a rule becomes one.</summary>
internal static class Names
{
    public static string Family(string id) => id switch
    {
        "sigma" => "Sigma",
        "splunk" => "Splunk",
        "elastic" => "Elastic",
        "panther" => "Panther",
        "microsoft" => "Microsoft",
        "chronicle" => "Chronicle",
        _ => id,
    };

    public static string FamilyClass(string id)
        => id is "sigma" or "splunk" or "elastic" or "panther" or "microsoft" or "chronicle" ? id : "other";

    public static string Fidelity(string id) => id == "noLogic" ? "no logic" : id;

    public static string FidelityClass(string id) => id is "exact" or "approximate" or "unsupported" or "noLogic" ? id : "noLogic";

    public static string SeverityClass(string level) => level is "info" or "low" or "medium" or "high" or "critical" ? level : "info";

    public static string Section(string name) => name switch
    {
        "runbook" => "Runbook",
        "falsePositives" => "Known false positives",
        "howToImplement" => "How to implement",
        "references" => "References",
        _ => name,
    };

    /// <summary>An operator of the IR in words, without its field and values.</summary>
    public static string Operator(string kind) => kind switch
    {
        "eq" or "in" => "equals",
        "contains" => "contains",
        "starts_with" => "starts with",
        "ends_with" => "ends with",
        "wildcard" => "fits the pattern",
        "regex" => "matches regex",
        "cidr" => "is in network",
        "lt" => "is less than",
        "le" => "is at most",
        "gt" => "is greater than",
        "ge" => "is at least",
        "present" => "exists",
        "missing" => "does not exist",
        "has_value" => "has a value",
        "is_empty" => "is empty or missing",
        "is_null" => "is null",
        "keyword" => "anywhere in the event",
        "in_list" => "is in the list",
        "field_compare" => "compared with field",
        "computed" => "computed",
        "term" => "has the word",
        _ => kind.Replace('_', ' '),
    };

    /// <summary>A concept in words: <c>process.command_line</c> reads "process command line".</summary>
    public static string Concept(string concept) => concept.Replace('.', ' ').Replace('_', ' ');

    /// <summary>The shape that says the same at a glance; empty where there is none.</summary>
    public static string Shape(string kind) => kind switch
    {
        "eq" or "in" => "=",
        "contains" or "keyword" => "*x*",
        "starts_with" => "x*",
        "ends_with" => "*x",
        "wildcard" => "x?*",
        "regex" => "/x/",
        "cidr" => "x/n",
        "lt" => "<",
        "le" => "≤",
        "gt" => ">",
        "ge" => "≥",
        _ => "",
    };

    /// <summary>Whether the operator compares letters at all.</summary>
    public static bool ComparesLetters(string kind)
        => kind is "eq" or "in" or "contains" or "starts_with" or "ends_with" or "wildcard" or "regex" or "keyword" or "term" or "field_compare";

    /// <summary>Whether the operator is a question without a value.</summary>
    public static bool HasValue(string kind) => kind is not ("present" or "missing" or "has_value" or "is_empty" or "is_null");

    public static string Relation(string type) => type switch
    {
        "equal" => "same logic",
        "similar" => "similar",
        "derived" => "derived from",
        "obsolete" or "obsoletes" => "replaces",
        "merged" => "merged with",
        "renamed" => "renamed from",
        "member" => "built on",
        _ => type,
    };

    public static string Count(int n, string one, string many) => n == 1 ? "1 " + one : Number(n) + " " + many;

    public static string Number(int n) => n.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
