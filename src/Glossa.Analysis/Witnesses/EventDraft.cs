using Glossa.Core.Events;

namespace Glossa.Analysis.Witnesses;

/// <summary>The places of an event that were given a value, in the order of their first mention.</summary>
internal sealed class EventDraft
{
    /// <summary>When nothing asks for another time.</summary>
    public static DateTimeOffset DefaultTime { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    // Where a keyword is put; the second is for a record that has a field of the first name to itself.
    private static readonly string[] TextFields = ["Message", "Text", "message_text"];

    private readonly List<(SubjectKey Key, Value Value)> _values = [];

    public void Add(SubjectKey key, Value value) => _values.Add((key, value));

    public Value? Find(SubjectKey key)
    {
        foreach (var (own, value) in _values)
        {
            if (own == key)
            {
                return value;
            }
        }

        return null;
    }

    /// <param name="more">A value beside the ones added, as if it had been added.</param>
    /// <param name="facts">Of the source; values of <see cref="SubjectKind.Fact"/> are laid over them.</param>
    /// <param name="timeless">The event has no time unless one was added.</param>
    public MapEvent ToEvent((SubjectKey Key, Value Value)? more = null, SourceFacts? facts = null, bool timeless = false)
    {
        var fields = new List<KeyValuePair<string, Value>>(_values.Count + 1);
        var source = facts ?? SourceFacts.Unknown;
        DateTimeOffset? time = timeless ? null : DefaultTime;
        var raw = "";
        for (var i = 0; i < _values.Count + (more is null ? 0 : 1); i++)
        {
            var (key, value) = i < _values.Count ? _values[i] : more!.Value;
            switch (key.Kind)
            {
                case SubjectKind.Field:
                    fields.Add(new(key.Name, value));
                    break;
                case SubjectKind.Anywhere:
                    fields.Add(new(TextFields.First(name => Find(new(SubjectKind.Field, name)) is null || name == TextFields[^1]), value));
                    break;
                case SubjectKind.Raw:
                    raw = value.ToCanonicalText() ?? "";
                    break;
                case SubjectKind.Time:
                    time = value is Value.Instant instant ? instant.Content : time;
                    break;
                case SubjectKind.Fact:
                    source = With(source, key.Name, value.ToCanonicalText() ?? "");
                    break;
            }
        }

        return new MapEvent(new Value.Map(fields), source, time, raw);
    }

    private static SourceFacts With(SourceFacts facts, string name, string value)
    {
        switch (name)
        {
            case "product":
                return facts with { Product = value };
            case "service":
                return facts with { Service = value };
            case "category":
                return facts with { Category = value };
            default:
                var others = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var (key, other) in facts.Others ?? new Dictionary<string, string>())
                {
                    others[key] = other;
                }

                others[name] = value;
                return facts with { Others = others };
        }
    }
}
