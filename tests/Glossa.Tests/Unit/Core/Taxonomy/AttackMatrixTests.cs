using Glossa.Core.Taxonomy;

namespace Glossa.Tests.Unit.Core.Taxonomy;

public sealed class AttackMatrixTests
{
    private static readonly AttackMatrix Matrix = AttackMatrix.Instance;

    [Fact]
    public void Tactics_stand_in_matrix_order()
        => Assert.Equal(
            ["Reconnaissance", "Resource Development", "Initial Access", "Execution", "Persistence", "Privilege Escalation", "Stealth", "Defense Impairment",
             "Credential Access", "Discovery", "Lateral Movement", "Collection", "Command and Control", "Exfiltration", "Impact"],
            Matrix.Tactics.Select(tactic => tactic.Name));

    [Theory]
    [InlineData("TA0006", "TA0006")]
    [InlineData("ta0006", "TA0006")]
    [InlineData("credential-access", "TA0006")]
    [InlineData("credential_access", "TA0006")]
    [InlineData("CredentialAccess", "TA0006")]
    [InlineData("Command & Control", "TA0011")]
    [InlineData("TA0005", "TA0005")]
    [InlineData("stealth", "TA0005")]
    [InlineData("TA0112", "TA0112")]
    [InlineData("DefenseImpairment", "TA0112")]
    [InlineData("initial-access", "TA0001")]
    [InlineData("InhibitResponseFunction", "TA0107")]
    [InlineData("AML.TA0001", "AML.TA0001")]
    public void A_tactic_is_found_in_every_spelling(string spelling, string id)
    {
        var tactic = Matrix.FindTactic(spelling);

        Assert.Equal(id, tactic?.Id);
        Assert.False(tactic!.IsOutdated);
        Assert.Null(tactic.Note);
    }

    [Theory]
    [InlineData("defense-evasion")]
    [InlineData("defense_evasion")]
    [InlineData("DefenseEvasion")]
    public void Defense_evasion_is_now_stealth_and_defense_impairment(string spelling)
    {
        var tactic = Matrix.FindTactic(spelling);

        Assert.Equal(("TA0005", "Stealth", "Defense Evasion", true), (tactic?.Id, tactic?.Name, tactic?.FormerName, tactic?.IsOutdated));
        Assert.Equal(["TA0005", "TA0112"], tactic!.StandsFor);
        Assert.Contains("TA0112", tactic.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("g0007")]
    [InlineData("TA9999")]
    public void What_is_no_tactic_is_not_found(string text) => Assert.Null(Matrix.FindTactic(text));

    [Fact]
    public void A_sub_technique_carries_its_parents_name()
    {
        var technique = Matrix.FindTechnique("t1110.004");

        Assert.Equal(("T1110.004", "Brute Force: Credential Stuffing", "T1110"), (technique?.Id, technique?.FullName, technique?.ParentId));
        Assert.Equal(["TA0006"], technique!.Tactics);
        Assert.Equal(AttackStatus.Active, technique.Status);
    }

    [Fact]
    public void A_revoked_technique_names_its_successor_and_stands_under_its_tactics()
    {
        var technique = Matrix.FindTechnique("T1086")!;

        Assert.Equal((AttackStatus.Revoked, "T1059.001"), (technique.Status, technique.SuccessorId));
        Assert.Empty(technique.Tactics);
        Assert.Equal(["TA0002"], Matrix.CurrentTactics(technique));
    }

    [Fact]
    public void A_technique_withdrawn_without_successor_keeps_its_last_tactics()
    {
        var technique = Matrix.FindTechnique("T1043")!;

        Assert.Equal((AttackStatus.Deprecated, null), (technique.Status, technique.SuccessorId));
        Assert.Equal(["TA0011"], Matrix.CurrentTactics(technique));
    }

    [Fact]
    public void An_atlas_sub_technique_inherits_its_parents_tactics()
    {
        var technique = Matrix.FindTechnique("AML.T0000.001")!;

        Assert.Equal(("atlas", "AML.T0000"), (technique.Domain, technique.ParentId));
        Assert.Equal(["AML.TA0002"], technique.Tactics);
    }
}
