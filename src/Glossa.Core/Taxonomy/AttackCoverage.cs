namespace Glossa.Core.Taxonomy;

/// <summary>A technique as a rule names it.</summary>
/// <param name="Name">With its parent's name before it; null for an id ATT&amp;CK does not have.</param>
/// <param name="Successors">What to write instead of an outdated id; empty where ATT&amp;CK names none.</param>
public sealed record CoveredTechnique(string Id, string? Name, AttackStatus Status, IReadOnlyList<AttackTechnique> Successors);

/// <summary>A line of a rule's coverage.</summary>
/// <param name="Tactic">Outdated (<see cref="AttackTactic.IsOutdated"/>) where the rule knows it only by a former name; null for techniques that belong nowhere.</param>
/// <param name="IsDeclared">The rule names the tactic itself; false where it follows from a technique.</param>
/// <param name="Techniques">Empty: the rule names the tactic and no technique of it.</param>
public sealed record AttackCoverageRow(AttackTactic? Tactic, bool IsDeclared, IReadOnlyList<CoveredTechnique> Techniques);

/// <summary>
/// What of ATT&amp;CK a rule says it covers, as a table of tactics and techniques in matrix order. Only pairs that ATT&amp;CK allows stand in it,
/// and nothing the author named is lost: a tactic without a technique keeps its row, an outdated or unknown technique stays.
/// </summary>
public static class AttackCoverage
{
    private static readonly string[] Namespaces = ["attack.", "mitre.attack.", "atlas."];

    /// <param name="tags">
    /// <c>attack.t1059.001</c>, <c>attack.execution</c>, <c>T1059</c>, <c>AML.T0051</c>, <c>TA0002:T1059</c>. Anything else is passed over:
    /// groups (<c>attack.g0007</c>), software (<c>attack.s0002</c>), other namespaces.
    /// </param>
    public static IReadOnlyList<AttackCoverageRow> Of(IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var matrix = AttackMatrix.Instance;
        var declared = new List<AttackTactic>();
        var techniques = new Dictionary<string, CoveredTechnique>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in tags.SelectMany(tag => tag.Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(WithoutNamespace))
        {
            if (matrix.FindTechnique(word) is { } technique)
            {
                var successors = technique.SuccessorIds.Select(matrix.FindTechnique).OfType<AttackTechnique>();
                techniques.TryAdd(technique.Id, new CoveredTechnique(technique.Id, technique.FullName, technique.Status, [.. successors]));
            }
            else if (LooksLikeTechnique(word))
            {
                var id = word.ToUpperInvariant();
                techniques.TryAdd(id, new CoveredTechnique(id, Name: null, AttackStatus.Unknown, []));
            }
            else if (matrix.FindTactic(word) is { } tactic)
            {
                declared.Add(tactic);
            }
        }

        return Arrange(matrix, declared, techniques.Values);
    }

    private static List<AttackCoverageRow> Arrange(AttackMatrix matrix, List<AttackTactic> declared, IEnumerable<CoveredTechnique> techniques)
    {
        // The tactics the rule claims, by today's id. A former name claims all it was split into; a current name beside it wins, being no mistake.
        var claimed = new Dictionary<string, AttackTactic>(StringComparer.Ordinal);
        foreach (var tactic in declared.OrderBy(tactic => tactic.IsOutdated))
        {
            foreach (var id in tactic.StandsFor)
            {
                claimed.TryAdd(id, matrix.FindTactic(id)! with { FormerName = tactic.FormerName, StandsFor = tactic.StandsFor });
            }
        }

        var rows = new Dictionary<string, (AttackTactic Tactic, bool IsDeclared, List<CoveredTechnique> Techniques)>(StringComparer.Ordinal);
        var nowhere = new List<CoveredTechnique>();
        foreach (var technique in techniques.OrderBy(technique => technique.Id, StringComparer.Ordinal))
        {
            var allowed = matrix.FindTechnique(technique.Id) is { } known ? matrix.CurrentTactics(known) : [];
            var named = allowed.Where(claimed.ContainsKey).ToList();
            if (allowed.Count == 0)
            {
                nowhere.Add(technique);
            }

            // None of its tactics is named, or none is named at all: the technique says where it belongs.
            foreach (var id in named.Count > 0 ? named : allowed)
            {
                if (!rows.TryGetValue(id, out var row))
                {
                    row = claimed.TryGetValue(id, out var asClaimed) ? (asClaimed, true, []) : (matrix.FindTactic(id)!, false, []);
                    rows.Add(id, row);
                }

                row.Techniques.Add(technique);
            }
        }

        foreach (var tactic in declared)
        {
            // A former name that was split must not ask for a technique of each part: one row keeps what the author said.
            if (!tactic.StandsFor.Any(rows.ContainsKey))
            {
                rows.Add(tactic.Id, (claimed[tactic.Id], true, []));
            }
        }

        List<AttackCoverageRow> table = [.. rows.Values
            .OrderBy(row => row.Tactic.Order)
            .Select(row => new AttackCoverageRow(row.Tactic, row.IsDeclared, row.Techniques))];
        if (nowhere.Count > 0)
        {
            table.Add(new AttackCoverageRow(Tactic: null, IsDeclared: false, nowhere));
        }

        return table;
    }

    private static string WithoutNamespace(string tag)
    {
        foreach (var space in Namespaces)
        {
            if (tag.StartsWith(space, StringComparison.OrdinalIgnoreCase))
            {
                return tag[space.Length..];
            }
        }

        return tag;
    }

    /// <summary><c>T</c> and four digits, with <c>AML.</c> before or a sub-technique's three digits after it.</summary>
    private static bool LooksLikeTechnique(string word)
    {
        var rest = word.StartsWith("AML.", StringComparison.OrdinalIgnoreCase) ? word.AsSpan(4) : word.AsSpan();
        if (rest.Length is not (5 or 9) || rest[0] is not ('T' or 't') || rest[1..5].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        return rest.Length == 5 || (rest[5] == '.' && !rest[6..].ContainsAnyExceptInRange('0', '9'));
    }
}
