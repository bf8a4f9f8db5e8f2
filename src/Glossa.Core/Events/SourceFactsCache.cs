using Glossa.Core.Taxonomy;

namespace Glossa.Core.Events;

/// <summary>
/// Facts and aliases by what tells them apart, so that reading a million events of ten sources makes ten objects, and equal sources are the same
/// object. For one thread. Hostile logs can name sources without end: past a limit the objects are made anew each time.
/// </summary>
public sealed class SourceFactsCache
{
    private const int MaximumSources = 10_000;

    private readonly Dictionary<string, Dictionary<(int EventId, string Shape), WindowsSource>> _windows = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Dictionary<(int EventId, string Shape), WindowsSource>>.AlternateLookup<ReadOnlySpan<char>> _windowsByText;
    private readonly Dictionary<string, Dictionary<(int EventId, string Shape), WindowsSource>> _winlogbeat = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Dictionary<(int EventId, string Shape), WindowsSource>>.AlternateLookup<ReadOnlySpan<char>> _winlogbeatByText;
    private readonly Dictionary<(string? Product, string? Service, string? Category, string Shape), SourceFacts> _facts = [];
    private readonly Dictionary<(SourceFacts Found, SourceFacts Said), SourceFacts> _overlays = [];
    private readonly Dictionary<string, FieldAliases> _ecsAliases = new(StringComparer.Ordinal);
    private (SourceFacts? Found, SourceFacts? Said, SourceFacts Facts) _last = (null, null, SourceFacts.Unknown);
    private int _count;

    public SourceFactsCache()
    {
        _windowsByText = _windows.GetAlternateLookup<ReadOnlySpan<char>>();
        _winlogbeatByText = _winlogbeat.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    internal sealed record WindowsSource(SourceFacts Facts, FieldAliases Aliases);

    internal WindowsSource Windows(ReadOnlySpan<char> channel, int eventId, string shape)
        => Find(_windowsByText, channel, eventId, shape, isEcs: false);

    internal WindowsSource Winlogbeat(ReadOnlySpan<char> channel, int eventId)
        => Find(_winlogbeatByText, channel, eventId, "winlogbeat", isEcs: true);

    internal SourceFacts Facts(string? product, string? service, string? category, string shape)
    {
        var key = (product, service, category, shape);
        if (!_facts.TryGetValue(key, out var facts))
        {
            facts = new SourceFacts(product, service, category, DetectedBy: shape);
            if (_facts.Count < MaximumSources)
            {
                _facts.Add(key, facts);
            }
        }

        return facts;
    }

    internal FieldAliases EcsAliases(string? eventClass)
    {
        if (!_ecsAliases.TryGetValue(eventClass ?? "", out var aliases))
        {
            aliases = FieldAliases.OfEcs(eventClass);
            if (_ecsAliases.Count < MaximumSources)
            {
                _ecsAliases.Add(eventClass ?? "", aliases);
            }
        }

        return aliases;
    }

    /// <summary>What the user says wins; what the shape says is kept beside it, unless the two speak of different products.</summary>
    internal SourceFacts Overlay(SourceFacts found, SourceFacts said)
    {
        if (ReferenceEquals(_last.Found, found) && ReferenceEquals(_last.Said, said))
        {
            return _last.Facts;
        }

        if (_overlays.TryGetValue((found, said), out var facts))
        {
            _last = (found, said, facts);
            return facts;
        }

        var agree = said.Product is null || found.Product is null || string.Equals(said.Product, found.Product, StringComparison.OrdinalIgnoreCase);
        facts = agree
            ? new SourceFacts(
                said.Product ?? found.Product,
                said.Service ?? found.Service,
                said.Category ?? found.Category,
                said.Others ?? found.Others,
                said.Product is not null && said.Category is not null && said.Service is not null ? null : found.DetectedBy)
            : said;
        if (_overlays.Count < MaximumSources)
        {
            _overlays.Add((found, said), facts);
        }

        _last = (found, said, facts);
        return facts;
    }

    private WindowsSource Find(Dictionary<string, Dictionary<(int EventId, string Shape), WindowsSource>>.AlternateLookup<ReadOnlySpan<char>> sources, ReadOnlySpan<char> channel, int eventId, string shape, bool isEcs)
    {
        if (sources.TryGetValue(channel, out var byId) && byId.TryGetValue((eventId, shape), out var source))
        {
            return source;
        }

        var name = channel.ToString();

        // Sysmon for Linux writes the same ids to a channel of its own.
        var isLinux = name.Equals("Linux-Sysmon/Operational", StringComparison.OrdinalIgnoreCase);
        var kind = WindowsLogSources.Instance.Describe(isLinux ? "Microsoft-Windows-Sysmon/Operational" : name, eventId);
        var category = kind.Categories.Count > 0 ? kind.Categories[0] : null;
        source = new WindowsSource(
            Facts(isLinux ? "linux" : "windows", kind.Service, category, shape),
            isEcs ? EcsAliases(category) : FieldAliases.OfWindows(name, eventId));
        if (_count < MaximumSources)
        {
            _count++;
            if (byId is null)
            {
                sources[channel] = byId = [];
            }

            byId.Add((eventId, shape), source);
        }

        return source;
    }
}
