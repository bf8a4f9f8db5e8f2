namespace Glossa.Catalog;

/// <summary>Chooses among found rules and counts them by facet, in one pass.</summary>
internal sealed class FacetCount
{
    private readonly RuleColumns _columns;
    private readonly bool[]?[] _chosen;
    private readonly int[][] _counts;

    public FacetCount(RuleColumns columns, IReadOnlyList<FacetChoice> choices)
    {
        _columns = columns;
        _chosen = new bool[columns.Facets.Length][];
        _counts = [.. columns.Facets.Select(facet => new int[facet.Values.Length])];
        foreach (var choice in choices)
        {
            var number = Array.FindIndex(columns.Facets, facet => facet.Key == choice.Key);
            var facet = columns.Facets[number];

            // A value without a rule is chosen all the same: then nothing is found.
            var chosen = _chosen[number] ??= new bool[facet.Values.Length];
            var value = Array.FindIndex(facet.Values, known => known.Equals(choice.Value, StringComparison.OrdinalIgnoreCase));
            if (value >= 0)
            {
                chosen[value] = true;
            }
        }
    }

    /// <summary>
    /// Counts the rule where it belongs: in every facet where it satisfies all choices; where it fails those of one facet alone, in that one, because
    /// there it would appear if something else were chosen.
    /// </summary>
    /// <returns>Whether it satisfies all choices.</returns>
    public bool Take(int place)
    {
        var failed = -1;
        for (var i = 0; i < _chosen.Length; i++)
        {
            if (_chosen[i] is { } chosen && !IsChosen(chosen, _columns.Facets[i].Members[place]))
            {
                if (failed >= 0)
                {
                    return false;
                }

                failed = i;
            }
        }

        if (failed >= 0)
        {
            Add(failed, place);
            return false;
        }

        for (var i = 0; i < _counts.Length; i++)
        {
            Add(i, place);
        }

        return true;
    }

    /// <summary>The values that have rules or are chosen.</summary>
    public List<ListFacet> Facets(IReadOnlyList<FacetChoice> choices)
    {
        var facets = new List<ListFacet>();
        for (var i = 0; i < _counts.Length; i++)
        {
            var (facet, counts) = (_columns.Facets[i], _counts[i]);
            var selected = choices.Where(choice => choice.Key == facet.Key).Select(choice => choice.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var values = new List<ListFacetValue>();
            for (var j = 0; j < counts.Length; j++)
            {
                if (counts[j] > 0 || selected.Contains(facet.Values[j]))
                {
                    values.Add(new ListFacetValue(facet.Values[j], facet.Name(facet.Values[j]), counts[j], selected.Contains(facet.Values[j])));
                }
            }

            values.AddRange(selected.Where(value => !facet.Values.Contains(value, StringComparer.OrdinalIgnoreCase)).Select(value => new ListFacetValue(value, facet.Name(value), 0, true)));
            if (facet.Key is not ("severity" or "fidelity" or "tested"))
            {
                values = [.. values.OrderByDescending(value => value.Rules).ThenBy(value => value.Name, StringComparer.OrdinalIgnoreCase)];
            }

            facets.Add(new ListFacet(facet.Key, values));
        }

        return facets;
    }

    private static bool IsChosen(bool[] chosen, int[] members)
    {
        foreach (var member in members)
        {
            if (chosen[member])
            {
                return true;
            }
        }

        return false;
    }

    private void Add(int facet, int place)
    {
        foreach (var member in _columns.Facets[facet].Members[place])
        {
            _counts[facet][member]++;
        }
    }
}
