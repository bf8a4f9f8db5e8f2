using System.Collections.Frozen;
using System.Globalization;

namespace Glossa.Core.Taxonomy;

/// <summary>An event passes when it comes from one of the channels, has one of the ids, and meets the condition if there is one.</summary>
public sealed record WindowsGate(string Service, IReadOnlyList<string> Channels, IReadOnlyList<int> EventIds, WindowsGateCondition? Condition);

/// <summary>The field must have one of the values: Sysmon 12 is a creation or a deletion, told apart by <c>EventType</c>.</summary>
public sealed record WindowsGateCondition(string Field, IReadOnlyList<string> Values);

/// <summary>A rule's name for a field, and the name it has in the event. Asked for only where the event has no field of the rule's name.</summary>
public sealed record FieldAlias(string RuleField, string EventField);

/// <summary>What Sigma calls an event; a category with a condition is one the event may have.</summary>
public sealed record WindowsEventKind(string? Service, IReadOnlyList<string> Categories);

/// <summary>
/// Which Windows events the services and categories of Sigma mean. SigmaHQ's own table (tests/thor.yml), because its regression tests are run with it,
/// and Hayabusa's for the services that table lacks. Names compare without case.
/// </summary>
public sealed class WindowsLogSources
{
    private static readonly Lazy<WindowsLogSources> Loaded = new(() => new WindowsLogSources());

    private readonly FrozenDictionary<string, string[]> _services;
    private readonly FrozenDictionary<string, string> _serviceOfChannel;
    private readonly FrozenDictionary<string, WindowsGate[]> _categories;
    private readonly FrozenDictionary<(string Service, int EventId), string[]> _categoriesOfEvent;
    private readonly FrozenDictionary<(string Service, int EventId), FieldAlias[]> _aliases;
    private readonly FrozenDictionary<string, FieldAlias[]> _aliasesOfService;

    private WindowsLogSources()
    {
        var services = EmbeddedTable.Read("windows-services.tsv", "service", "channel", "origin").ToList();
        _services = services.GroupBy(row => row[0], row => row[1], StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);

        // Two services may name one channel; SigmaHQ's own stand first in the file.
        _serviceOfChannel = services.DistinctBy(row => row[1], StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(row => row[1], row => row[0], StringComparer.OrdinalIgnoreCase);

        var gates = EmbeddedTable.Read("windows-categories.tsv", "category", "service", "eventIds", "field", "values")
            .Select(row => (Category: row[0], Gate: new WindowsGate(
                row[1],
                ChannelsOf(row[1], "windows-categories.tsv"),
                [.. EmbeddedTable.Several(row[2]).Select(id => EventId(id, "windows-categories.tsv"))],
                row[3].Length == 0 ? null : new WindowsGateCondition(row[3], EmbeddedTable.Several(row[4])))))
            .ToList();
        _categories = gates.GroupBy(row => row.Category, row => row.Gate, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
        _categoriesOfEvent = gates.SelectMany(row => row.Gate.EventIds, (row, id) => (Event: (row.Gate.Service, id), row.Category))
            .GroupBy(row => row.Event, row => row.Category)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());

        var aliases = EmbeddedTable.Read("windows-field-aliases.tsv", "service", "eventIds", "ruleField", "eventField").ToList();
        foreach (var row in aliases)
        {
            ChannelsOf(row[0], "windows-field-aliases.tsv");
        }

        _aliasesOfService = aliases.Where(row => row[1] == "*")
            .GroupBy(row => row[0], row => new FieldAlias(row[2], row[3]), StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        _aliases = aliases.Where(row => row[1] != "*")
            .SelectMany(row => EmbeddedTable.Several(row[1]), (row, id) => (Event: (row[0], EventId(id, "windows-field-aliases.tsv")), Alias: new FieldAlias(row[2], row[3])))
            .GroupBy(row => row.Event, row => row.Alias)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    public static WindowsLogSources Instance => Loaded.Value;

    public IEnumerable<string> Services => _services.Keys;

    public IEnumerable<string> Categories => _categories.Keys;

    /// <summary>The channels of a service; false for a service no table has.</summary>
    public bool TryGetService(string service, out IReadOnlyList<string> channels)
    {
        ArgumentNullException.ThrowIfNull(service);
        var found = _services.TryGetValue(service, out var known);
        channels = known ?? [];
        return found;
    }

    /// <summary>The gates of a category; an event of the category passes one of them. False where no channel carries it (file_access, file_rename).</summary>
    public bool TryGetCategory(string category, out IReadOnlyList<WindowsGate> gates)
    {
        ArgumentNullException.ThrowIfNull(category);
        var found = _categories.TryGetValue(category, out var known);
        gates = known ?? [];
        return found;
    }

    /// <summary>The fields of an event that rules know under another name.</summary>
    public IReadOnlyList<FieldAlias> AliasesFor(string channel, int eventId)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (!_serviceOfChannel.TryGetValue(channel, out var service))
        {
            return [];
        }

        return _aliases.GetValueOrDefault((service, eventId)) ?? _aliasesOfService.GetValueOrDefault(service) ?? [];
    }

    /// <summary>The service and the categories an event belongs to, as far as its channel and id tell.</summary>
    public WindowsEventKind Describe(string channel, int eventId)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return _serviceOfChannel.TryGetValue(channel, out var service)
            ? new WindowsEventKind(service, _categoriesOfEvent.GetValueOrDefault((service, eventId)) ?? [])
            : new WindowsEventKind(Service: null, []);
    }

    private string[] ChannelsOf(string service, string file)
        => _services.TryGetValue(service, out var channels)
            ? channels
            : throw new InvalidDataException($"{file}: the service {service} has no channel in windows-services.tsv.");

    private static int EventId(string text, string file)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new InvalidDataException($"{file}: '{text}' is no event id.");
}
