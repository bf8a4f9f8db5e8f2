using System.Collections.Frozen;

namespace Glossa.Core.Taxonomy;

/// <summary>A family's name for a concept.</summary>
/// <param name="Table">The table or data model the name belongs to (<c>DeviceProcessEvents</c>, <c>Processes</c>); empty where it holds anywhere.</param>
/// <param name="Qualifier">Empty when the field is the concept; else the part of it, or the condition under which it is: <c>basename</c>, <c>ActionType=DriverLoad</c>.</param>
public sealed record FieldName(string Concept, string Class, string Family, string Table, string Name, string Qualifier)
{
    public bool IsWhole => Qualifier.Length == 0;

    /// <summary>As a query writes it where it names the table: <c>DeviceProcessEvents.FolderPath</c>.</summary>
    public string FullName => Table.Length == 0 ? Name : $"{Table}.{Name}";
}

/// <summary>
/// Which fields of different vendors mean the same. A concept (<c>process.executable</c>) belongs to a class of events, named as Sigma's categories are
/// where there is one. Families: <c>sigma</c>, <c>ecs</c> (also <c>elastic</c>), <c>splunk</c>, <c>microsoft</c>, <c>chronicle</c>, <c>panther</c>.
/// Families and fields compare without case.
/// </summary>
public sealed class FieldConcepts
{
    private static readonly Lazy<FieldConcepts> Loaded = new(() => new FieldConcepts());

    private readonly FrozenDictionary<string, FieldName[]> _byName;
    private readonly FrozenDictionary<string, FieldName[]> _byConcept;
    private readonly FrozenDictionary<string, FieldName[]> _ofConcept;

    private FieldConcepts()
    {
        var names = EmbeddedTable.Read("field-concepts.tsv", "concept", "class", "family", "table", "name", "qualifier")
            .Select(row => new FieldName(row[0], row[1], row[2], row[3], row[4], row[5]))
            .ToList();
        _byConcept = names.GroupBy(name => Key(name.Family, name.Concept), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);

        _ofConcept = names.GroupBy(name => name.Concept, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);

        // Rules write a name with its table or without. OrderBy is stable: after the ranks the order of the file decides.
        _byName = names.SelectMany(name => name.Table.Length == 0 ? [name.Name] : new[] { name.Name, name.FullName }, (name, text) => (text, name))
            .GroupBy(pair => Key(pair.name.Family, pair.text), pair => pair.name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.OrderBy(Rank).ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    public static FieldConcepts Instance => Loaded.Value;

    /// <summary>
    /// The concept of a family's field, or null. One field can mean several (<c>Image</c> is the new process of a process_creation, the writing process of a file_event):
    /// the class of the event decides where it is given; else a field that is the whole concept, then the first in the table.
    /// </summary>
    public string? ConceptOf(string family, string field, string? eventClass = null)
    {
        var candidates = Find(family, field);
        return (Array.Find(candidates, name => IsClass(name, eventClass)) ?? candidates.FirstOrDefault())?.Concept;
    }

    /// <summary>A family's names for a concept that hold all of it, with their tables, the preferred one first.</summary>
    public IReadOnlyList<string> Names(string concept, string family)
    {
        ArgumentNullException.ThrowIfNull(concept);
        return [.. Entries(concept, family).Where(name => name.IsWhole).Select(name => name.FullName)];
    }

    /// <summary>All of a family's names for a concept, those with a qualifier too.</summary>
    public IReadOnlyList<FieldName> Entries(string concept, string family)
    {
        ArgumentNullException.ThrowIfNull(concept);
        return _byConcept.GetValueOrDefault(Key(Family(family), concept)) ?? [];
    }

    /// <summary>Every family's names for a concept, in the order of the table; empty for a concept it does not have.</summary>
    public IReadOnlyList<FieldName> Entries(string concept)
    {
        ArgumentNullException.ThrowIfNull(concept);
        return _ofConcept.GetValueOrDefault(concept) ?? [];
    }

    /// <summary>The ECS fields that hold what a Sigma field does, the preferred one first. Empty: none is known; Windows data then stands in <c>winlog.event_data</c>.</summary>
    public IReadOnlyList<string> SigmaToEcs(string field, string? eventClass = null) => Translate("sigma", field, "ecs", eventClass);

    /// <summary>The Sigma fields that hold what an ECS field does, the preferred one first.</summary>
    public IReadOnlyList<string> EcsToSigma(string path, string? eventClass = null) => Translate("ecs", path, "sigma", eventClass);

    private string[] Translate(string from, string field, string to, string? eventClass)
    {
        var whole = Array.FindAll(Find(from, field), name => name.IsWhole);
        var ofClass = Array.FindAll(whole, name => IsClass(name, eventClass));
        return [.. (ofClass.Length > 0 ? ofClass : whole)
            .SelectMany(name => Names(name.Concept, to))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private FieldName[] Find(string family, string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return _byName.GetValueOrDefault(Key(Family(family), field)) ?? [];
    }

    private static int Rank(FieldName name)
        => (name.IsWhole ? 0 : 2) + (name.Concept == name.Name ? 0 : 1);

    private static bool IsClass(FieldName name, string? eventClass)
        => eventClass is not null && name.IsWhole && string.Equals(name.Class, eventClass, StringComparison.OrdinalIgnoreCase);

    private static string Family(string family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return string.Equals(family, "elastic", StringComparison.OrdinalIgnoreCase) ? "ecs" : family;
    }

    private static string Key(string family, string name) => $"{family}\t{name}";
}
