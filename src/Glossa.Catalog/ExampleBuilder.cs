using System.Globalization;
using Glossa.Analysis.Witnesses;
using Glossa.Core.Events;

namespace Glossa.Catalog;

/// <summary>The events that fired a rule when it was read, in plain names and texts.</summary>
internal static class ExampleBuilder
{
    /// <summary>More than a reader looks at; a threshold may need hundreds.</summary>
    private const int MostEvents = 20;

    private const int MostFields = 100;

    public static ExampleRecord Of(Witness witness)
        => new(
            "fires",
            witness.Events.Count,
            [.. witness.Events.Take(MostEvents).Select(Event)]);

    private static ExampleEventRecord Event(MapEvent @event)
    {
        var fields = new List<ExampleFieldRecord>();
        Add(fields, "", @event.Fields);
        if (@event.RawText.Length > 0)
        {
            fields.Add(new ExampleFieldRecord("", @event.RawText));
        }

        var source = @event.Source;
        return new ExampleEventRecord(
            @event.Time?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
            source.Product,
            source.Category,
            source.Service,
            fields);
    }

    /// <summary>Maps become paths with dots, lists one line an item.</summary>
    private static void Add(List<ExampleFieldRecord> fields, string path, Value value)
    {
        if (fields.Count >= MostFields)
        {
            return;
        }

        switch (value)
        {
            case Value.Map map:
                foreach (var (name, inner) in map.Entries)
                {
                    Add(fields, path.Length == 0 ? name : $"{path}.{name}", inner);
                }

                break;
            case Value.List list:
                foreach (var item in list.Items)
                {
                    Add(fields, path, item);
                }

                break;
            default:
                fields.Add(new ExampleFieldRecord(path, value.ToCanonicalText()));
                break;
        }
    }
}
