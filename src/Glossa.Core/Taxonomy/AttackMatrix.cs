using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Glossa.Core.Taxonomy;

/// <summary>A tactic of ATT&amp;CK (or ATLAS), under the id and name it has today.</summary>
/// <param name="Id"><c>TA0005</c>, <c>AML.TA0005</c>.</param>
/// <param name="ShortName">As Sigma's tags write it: <c>defense-impairment</c>.</param>
/// <param name="Domain"><c>enterprise</c>, <c>mobile</c>, <c>ics</c>, <c>atlas</c>.</param>
/// <param name="Order">Place in its matrix, counted over all domains.</param>
/// <param name="FormerName">The name it was asked for by, when ATT&amp;CK no longer has it: <c>Defense Evasion</c>; else null.</param>
/// <param name="StandsFor">The ids of today that a former name covers: v19 split Defense Evasion in two. Else the tactic's own.</param>
public sealed record AttackTactic(
    string Id, string ShortName, string Name, string Domain, int Order, string? FormerName, IReadOnlyList<string> StandsFor)
{
    [MemberNotNullWhen(true, nameof(FormerName), nameof(Note))]
    public bool IsOutdated => FormerName is not null;

    /// <summary>What to say of an outdated name; null for a current one.</summary>
    public string? Note => FormerName is null ? null : $"ATT&CK v19 has no {FormerName}; it became {string.Join(" and ", StandsFor)}";
}

public enum AttackStatus
{
    Active,

    /// <summary>Withdrawn, mostly without a successor.</summary>
    Deprecated,

    /// <summary>Replaced by another technique.</summary>
    Revoked,

    /// <summary>ATT&amp;CK has never had this id, or only after v19.</summary>
    Unknown,
}

/// <summary>A technique of ATT&amp;CK (enterprise, mobile, ICS, the old PRE-ATT&amp;CK) or of ATLAS.</summary>
/// <param name="FullName">As ATT&amp;CK titles it: a sub-technique after its parent, <c>Brute Force: Credential Stuffing</c>.</param>
/// <param name="Tactics">Ids in v19. Empty for an outdated technique: ATT&amp;CK v19 places it nowhere.</param>
/// <param name="FormerTactics">Ids up to v18, where they differ; <c>TA0005</c> is Defense Evasion there. Else the same as <paramref name="Tactics"/>.</param>
/// <param name="SuccessorIds">Three deprecated techniques have several, most outdated ones one or none.</param>
public sealed record AttackTechnique(
    string Id,
    string Name,
    string FullName,
    IReadOnlyList<string> Tactics,
    IReadOnlyList<string> FormerTactics,
    string? ParentId,
    AttackStatus Status,
    IReadOnlyList<string> SuccessorIds,
    string Domain)
{
    /// <summary>The successor, or the first of several; null without.</summary>
    public string? SuccessorId => SuccessorIds.Count == 0 ? null : SuccessorIds[0];
}

/// <summary>The tactics and techniques of MITRE ATT&amp;CK v19 and ATLAS, with those that were renamed, revoked or deprecated.</summary>
public sealed class AttackMatrix
{
    private static readonly Lazy<AttackMatrix> Loaded = new(() => new AttackMatrix());

    private readonly FrozenDictionary<string, AttackTactic> _tacticsById;
    private readonly FrozenDictionary<string, AttackTactic> _tacticsByName;
    private readonly FrozenDictionary<string, AttackTechnique> _techniques;
    private readonly ILookup<string, AttackTechnique> _below;

    private AttackMatrix()
    {
        var tactics = LoadTactics();
        Tactics = [.. tactics.Where(tactic => tactic.Domain == "enterprise" && !tactic.IsOutdated)];
        _tacticsById = tactics.Where(tactic => !tactic.IsOutdated).ToFrozenDictionary(tactic => tactic.Id, StringComparer.OrdinalIgnoreCase);

        // Domains share names. A name alone means the enterprise tactic, current or former; then the order of the file.
        var byName = new Dictionary<string, AttackTactic>(StringComparer.Ordinal);
        foreach (var tactic in tactics.OrderBy(tactic => tactic.Domain == "enterprise" ? 0 : 1))
        {
            byName.TryAdd(NameKey(tactic.FormerName ?? tactic.Name), tactic);
            byName.TryAdd(NameKey(tactic.ShortName), tactic);
        }

        _tacticsByName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        Techniques = [.. LoadTechniques().OrderBy(technique => technique.Id, StringComparer.Ordinal)];
        _techniques = Techniques.ToFrozenDictionary(technique => technique.Id, StringComparer.OrdinalIgnoreCase);
        _below = Techniques.Where(technique => technique.ParentId is not null).ToLookup(technique => technique.ParentId!, StringComparer.Ordinal);
    }

    public static AttackMatrix Instance => Loaded.Value;

    /// <summary>The enterprise tactics of v19 in matrix order.</summary>
    public IReadOnlyList<AttackTactic> Tactics { get; }

    /// <summary>Every technique and sub-technique of every domain by id, outdated ones too.</summary>
    public IReadOnlyList<AttackTechnique> Techniques { get; }

    /// <summary>The sub-techniques of a technique by id, outdated ones too.</summary>
    public IEnumerable<AttackTechnique> Below(string techniqueId) => _below[techniqueId];

    /// <summary>
    /// A tactic by its id, its name, its short name or any vendor's spelling of it: <c>TA0006</c>, <c>credential-access</c>,
    /// <c>credential_access</c>, <c>CredentialAccess</c>, <c>Command &amp; Control</c>. A name of v18 gives the tactic of today, marked as outdated.
    /// </summary>
    public AttackTactic? FindTactic(string idOrName)
    {
        ArgumentNullException.ThrowIfNull(idOrName);
        var trimmed = idOrName.Trim();
        return _tacticsById.GetValueOrDefault(trimmed) ?? _tacticsByName.GetValueOrDefault(NameKey(trimmed));
    }

    /// <summary>A technique by its id, in any case: <c>t1059.001</c>.</summary>
    public AttackTechnique? FindTechnique(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _techniques.GetValueOrDefault(id.Trim());
    }

    /// <summary>
    /// Ids of the tactics a technique is shown under: its own; those of its successors where it is outdated;
    /// for one withdrawn without successor, those it had, which are the last ATT&amp;CK gave it. Empty for most of PRE-ATT&amp;CK.
    /// </summary>
    public IReadOnlyList<string> CurrentTactics(AttackTechnique technique)
    {
        ArgumentNullException.ThrowIfNull(technique);
        if (technique.Tactics.Count > 0)
        {
            return technique.Tactics;
        }

        List<string> ofSuccessors = [.. technique.SuccessorIds
            .Select(FindTechnique)
            .SelectMany(successor => successor?.Tactics ?? [])
            .Distinct(StringComparer.Ordinal)];
        return ofSuccessors.Count > 0 ? ofSuccessors : technique.FormerTactics;
    }

    private static List<AttackTactic> LoadTactics()
    {
        var rows = EmbeddedTable.Read("attack-tactics.tsv", "id", "shortname", "name", "domain", "successors").ToList();
        var tactics = new List<AttackTactic>();
        foreach (var row in rows)
        {
            var successors = EmbeddedTable.Several(row[4]);
            if (successors.Length == 0)
            {
                tactics.Add(new AttackTactic(row[0], row[1], row[2], row[3], tactics.Count + 1, FormerName: null, [row[0]]));
                continue;
            }

            var today = tactics.Find(tactic => tactic.Id == row[0])
                ?? throw new InvalidDataException($"attack-tactics.tsv: {row[2]} became {row[0]}, which no row before it has.");
            tactics.Add(new AttackTactic(today.Id, row[1], today.Name, today.Domain, today.Order, FormerName: row[2], successors));
        }

        return tactics;
    }

    private static IEnumerable<AttackTechnique> LoadTechniques()
    {
        var rows = EmbeddedTable.Read(
            "attack-techniques.tsv", "id", "name", "tactics", "parent", "status", "successor", "domain", "v18Tactics").ToList();
        var names = rows.ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var (id, name, parent) = (row[0], row[1], row[3]);
            if (!Enum.TryParse<AttackStatus>(row[4], ignoreCase: true, out var status))
            {
                throw new InvalidDataException($"attack-techniques.tsv: {id} has the status '{row[4]}'.");
            }

            var tactics = EmbeddedTable.Several(row[2]);
            yield return new AttackTechnique(
                id,
                name,
                FullName: names.TryGetValue(parent, out var parentName) ? $"{parentName}: {name}" : name,
                tactics,
                FormerTactics: row[7].Length == 0 ? tactics : EmbeddedTable.Several(row[7]),
                ParentId: parent.Length == 0 ? null : parent,
                status,
                SuccessorIds: EmbeddedTable.Several(row[5]),
                Domain: row[6]);
        }
    }

    /// <summary>Vendors part the words with blanks, hyphens, underscores or capitals, and write "&amp;" or "and".</summary>
    private static string NameKey(string name)
        => string.Concat(name.Replace("&", "and", StringComparison.Ordinal).Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));
}
