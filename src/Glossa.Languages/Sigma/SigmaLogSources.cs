using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Taxonomy;
using Glossa.Core.Text;

namespace Glossa.Languages.Sigma;

/// <summary>
/// What a log source stands for in the log. Windows: channel and event id, by the tables of <see cref="WindowsLogSources"/>.
/// Any other source, and a Windows source no table has: the facts of the record's source.
/// </summary>
internal static class SigmaLogSources
{
    /// <summary>The gate of a scan, or null where the rule names no log source.</summary>
    public static Predicate? Gate(ScanSource.LogSource source, SourceSpan span)
    {
        var origin = Origin.Of(span, OriginKind.Gate);
        var parts = new List<Predicate>();
        var isWindows = string.Equals(source.Product, "windows", StringComparison.OrdinalIgnoreCase);
        var category = source.Category;
        var service = source.Service;
        if ((isWindows || source.Product is null) && category is not null && WindowsLogSources.Instance.TryGetCategory(category, out var gates))
        {
            var ways = gates.Select(gate => (Predicate)OfGate(gate, origin)).ToList();
            if (!isWindows)
            {
                // A category that is no product's own (antivirus): the Windows events of it, or records that are said to be of it.
                ways.Add(Fact("category", category, origin));
            }

            parts.Add(ways.Count == 1 ? ways[0] : new Predicate.Or(ways.ToIrList()) { Origin = origin });
            category = null;
        }

        if (isWindows && service is not null && WindowsLogSources.Instance.TryGetService(service, out var channels))
        {
            parts.Add(Channels(channels, origin));
            service = null;
        }

        if (parts.Count == 0 || category is not null || service is not null)
        {
            AddFact(parts, "product", source.Product, origin);
            AddFact(parts, "category", category, origin);
            AddFact(parts, "service", service, origin);
        }

        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => new Predicate.And(parts.ToIrList()) { Origin = origin },
        };
    }

    /// <summary>Whether everything the outer source says, the inner one says too.</summary>
    public static bool Contains(ScanSource.LogSource outer, ScanSource.LogSource inner)
        => Fits(outer.Product, inner.Product) && Fits(outer.Category, inner.Category) && Fits(outer.Service, inner.Service);

    private static bool Fits(string? outer, string? inner) => outer is null || string.Equals(outer, inner, StringComparison.OrdinalIgnoreCase);

    private static void AddFact(List<Predicate> parts, string name, string? value, Origin origin)
    {
        if (value is not null)
        {
            parts.Add(Fact(name, value, origin));
        }
    }

    private static Predicate.Leaf Fact(string name, string value, Origin origin) => Leaf("#" + name, origin, new Value.Text(value));

    private static Predicate.Leaf Channels(IReadOnlyList<string> channels, Origin origin)
        => Leaf("Channel", origin, [.. channels.Select(channel => new Value.Text(channel))]);

    private static Predicate.And OfGate(WindowsGate gate, Origin origin)
    {
        var parts = new List<Predicate>
        {
            Channels(gate.Channels, origin),
            Leaf("EventID", origin, [.. gate.EventIds.Select(id => new Value.Integer(id))]),
        };
        if (gate.Condition is { } condition)
        {
            parts.Add(Leaf(condition.Field, origin, [.. condition.Values.Select(value => new Value.Text(value))]));
        }

        return new Predicate.And(parts.ToIrList()) { Origin = origin };
    }

    private static Predicate.Leaf Leaf(string field, Origin origin, params ReadOnlySpan<Value> values)
    {
        var operands = new ValueExpression[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            operands[i] = new ValueExpression.Literal(values[i]) { Origin = origin };
        }

        return new Predicate.Leaf(
            LeafOperator.Eq,
            new ValueExpression.Field(FieldPath.Named(field)) { Origin = origin },
            operands.ToIrList(),
            Case: CaseRule.Fold)
        { Origin = origin };
    }
}
