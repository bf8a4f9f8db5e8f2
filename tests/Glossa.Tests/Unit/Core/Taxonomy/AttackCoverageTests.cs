using Glossa.Core.Taxonomy;

namespace Glossa.Tests.Unit.Core.Taxonomy;

public sealed class AttackCoverageTests
{
    [Fact]
    public void Techniques_stand_under_the_declared_tactics_in_matrix_order()
        => Assert.Equal(
            ["Execution: T1053.005, T1059.001", "Persistence: T1053.005"],
            Table("attack.persistence", "attack.t1059.001", "attack.execution", "attack.t1053.005"));

    [Fact]
    public void A_declared_tactic_without_technique_keeps_its_row()
        => Assert.Equal(["Execution: T1059", "Impact: -"], Table("attack.impact", "attack.execution", "attack.t1059"));

    [Fact]
    public void A_rule_that_names_only_techniques_gets_every_tactic_of_theirs()
        => Assert.Equal(
            AttackMatrix.Instance.FindTechnique("T1078.004")!.Tactics.Order(StringComparer.Ordinal),
            AttackCoverage.Of(["attack.t1078.004"]).Select(row => row.Tactic!.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void A_technique_of_no_declared_tactic_brings_its_own()
    {
        var rows = AttackCoverage.Of(["attack.exfiltration", "attack.t1110.004"]);

        Assert.Equal(["Credential Access: T1110.004", "Exfiltration: -"], rows.Select(Text));
        Assert.Equal([false, true], rows.Select(row => row.IsDeclared));
    }

    [Fact]
    public void Tags_of_groups_software_and_other_namespaces_are_passed_over()
        => Assert.Equal(["Execution: -"], Table("attack.g0007", "attack.s0002", "car.2016-04-005", "cve.2021-44228", "detection.threat-hunting", "attack.execution"));

    [Theory]
    [InlineData("attack.t1685", "Defense Impairment (Defense Evasion): T1685")]
    [InlineData("attack.t1027", "Stealth (Defense Evasion): T1027")]
    [InlineData("attack.g0007", "Stealth (Defense Evasion): -")]
    public void Defense_evasion_becomes_what_its_technique_says(string technique, string expected)
        => Assert.Equal([expected], Table("attack.defense_evasion", technique));

    [Fact]
    public void A_current_name_beside_the_former_one_is_not_flagged()
        => Assert.Equal(["Stealth: T1027"], Table("attack.defense-evasion", "attack.stealth", "attack.t1027"));

    [Fact]
    public void A_revoked_technique_stays_with_its_successor_named()
    {
        var row = Assert.Single(AttackCoverage.Of(["attack.t1086"]));

        Assert.Equal("TA0002", row.Tactic?.Id);
        var technique = Assert.Single(row.Techniques);
        Assert.Equal(("T1086", "PowerShell", AttackStatus.Revoked), (technique.Id, technique.Name, technique.Status));
        Assert.Equal(["Command and Scripting Interpreter: PowerShell"], technique.Successors.Select(successor => successor.FullName));
    }

    [Fact]
    public void A_technique_revoked_in_v19_moves_with_its_successor()
        => Assert.Equal(["Defense Impairment (Defense Evasion): T1070.001"], Table("attack.defense-evasion", "attack.t1070.001"));

    [Fact]
    public void An_unknown_technique_stands_last_without_tactic()
    {
        var rows = AttackCoverage.Of(["attack.t9999.001", "attack.impact"]);

        Assert.Equal(["Impact: -", "?: T9999.001"], rows.Select(Text));
        Assert.Equal((null, AttackStatus.Unknown), (rows[1].Techniques[0].Name, rows[1].Techniques[0].Status));
    }

    [Fact]
    public void Other_families_spellings_are_read()
        => Assert.Equal(["Initial Access: T1078"], Table("TA0001:T1078"));

    [Fact]
    public void A_technique_named_twice_stands_once()
        => Assert.Equal(["Execution: T1059"], Table("attack.t1059", "attack.T1059", "attack.execution", "attack.execution"));

    private static IEnumerable<string> Table(params string[] tags) => AttackCoverage.Of(tags).Select(Text);

    private static string Text(AttackCoverageRow row)
        => $"{row.Tactic?.Name ?? "?"}{(row.Tactic?.FormerName is { } former ? $" ({former})" : "")}: {(row.Techniques.Count == 0 ? "-" : string.Join(", ", row.Techniques.Select(technique => technique.Id)))}";
}
