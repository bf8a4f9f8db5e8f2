using System.Collections.Concurrent;
using Glossa.Core.Taxonomy;

namespace Glossa.Core.Events;

/// <summary>
/// Other names an event has for what a rule asks for. They are tried in order, and only where the event has no value under the rule's own name
/// (nothing, or an object: an ECS record's <c>user</c> is not Sigma's <c>User</c>).
/// </summary>
public sealed class FieldAliases
{
    // Rules name a few thousand fields; a hostile rule set must not fill the memory.
    private const int MaximumRemembered = 100_000;

    private static readonly string[] WindowsPrefixes = ["Event.EventData.", "Event.UserData.", "Event.System.", "EventData.", "UserData.", "System.", "winlog.event_data.", "event_data."];

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _known = new(StringComparer.Ordinal);
    private readonly Func<string, IEnumerable<string>> _find;

    private FieldAliases(Func<string, IEnumerable<string>> find) => _find = find;

    public static FieldAliases None { get; } = new(_ => []);

    /// <summary>Names of the event for a rule's field; empty where it has no other.</summary>
    public IReadOnlyList<string> For(string ruleField)
    {
        if (ReferenceEquals(this, None))
        {
            return [];
        }

        if (_known.TryGetValue(ruleField, out var names))
        {
            return names;
        }

        names = [.. _find(ruleField).Where(name => !string.Equals(name, ruleField, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
        if (_known.Count < MaximumRemembered)
        {
            _known.TryAdd(ruleField, names);
        }

        return names;
    }

    /// <summary>For a Windows event: the names of its channel and id (4688 has <c>NewProcessName</c> for <c>Image</c>), and paths written from the envelope.</summary>
    internal static FieldAliases OfWindows(string channel, int eventId)
    {
        var table = WindowsLogSources.Instance.AliasesFor(channel, eventId);
        return new FieldAliases(field => table
            .Where(alias => string.Equals(alias.RuleField, field, StringComparison.OrdinalIgnoreCase))
            .Select(alias => alias.EventField)
            .Concat(WithoutPrefix(field)));
    }

    /// <summary>For a record in Elastic's schema: the path that holds what a Sigma field holds.</summary>
    /// <param name="eventClass">The event's category, which decides what <c>Image</c> is; null where it is not known.</param>
    internal static FieldAliases OfEcs(string? eventClass)
        => new(field => FieldConcepts.Instance.SigmaToEcs(field, eventClass).Concat(WithoutPrefix(field)));

    /// <summary>From a table of (rule's name or a prefix of it that ends in a dot, event's name).</summary>
    internal static FieldAliases OfTable(params (string RuleField, string EventField)[] table)
        => new(field => table
            .Where(row => row.RuleField.EndsWith('.') ? field.StartsWith(row.RuleField, StringComparison.OrdinalIgnoreCase) : string.Equals(row.RuleField, field, StringComparison.OrdinalIgnoreCase))
            .Select(row => row.RuleField.EndsWith('.') ? row.EventField + field[row.RuleField.Length..] : row.EventField));

    private static IEnumerable<string> WithoutPrefix(string field)
        => WindowsPrefixes.Where(prefix => field.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Take(1).Select(prefix => field[prefix.Length..]);
}
