using Glossa.Core.Events;

namespace Glossa.Core.Semantics.Functions;

/// <summary>A function over values; an id is a meaning, whatever the language that calls it spells it.</summary>
/// <param name="Signature">For people: <c>date_part(unit, value)</c>.</param>
/// <param name="MaxArguments">-1 without a limit.</param>
public sealed record FunctionDescriptor(string Id, string Signature, string Meaning, int MinArguments, int MaxArguments, Func<IReadOnlyList<Value?>, Value?> Evaluate)
{
    public bool Takes(int arguments) => arguments >= MinArguments && (MaxArguments < 0 || arguments <= MaxArguments);
}

/// <summary>The functions of value expressions. None throws: an argument it can do nothing with gives no value (null here).</summary>
public static class FunctionCatalogue
{
    /// <summary>What one call of <c>concat</c> may give.</summary>
    public const int MaxConcatenations = 10_000;

    private const int MaxTextLength = 1 << 20;

    private static readonly Dictionary<string, FunctionDescriptor> Functions = new FunctionDescriptor[]
    {
        new("concat", "concat(part, …)", "The texts put together; an argument with several values gives each combination, the last part changing fastest. Missing, null or an empty list gives nothing.", 0, -1, Concat),
        new("date_part", "date_part(unit, time)", "A part of a time in UTC: minute (0-59), hour (0-23), day (of the month, 1-31), week (ISO 8601, 1-53), month (1-12), year.", 2, 2, DatePart),
        new("bin", "bin(value, size [, origin])", "The largest step not above the value; steps of the given size are counted from the origin, which is the Unix epoch for times and 0 for numbers.", 2, 3, Bin),
        new("coalesce", "coalesce(value, …)", "The first argument that has a value.", 1, -1, arguments => arguments.FirstOrDefault(LeafSemantics.HasValue)),
        new("value_count", "value_count(value)", "How many scalars the value holds: 0 where it is missing.", 1, 1, arguments => new Value.Integer(LeafSemantics.Bag(arguments[0]).Count)),
    }.ToDictionary(function => function.Id, StringComparer.Ordinal);

    public static IReadOnlyCollection<FunctionDescriptor> All => Functions.Values;

    /// <summary>The function of an id, or null.</summary>
    public static FunctionDescriptor? Find(string id) => Functions.GetValueOrDefault(id);

    /// <summary>The part of a time that a unit names, in UTC; null for an unknown unit.</summary>
    public static int? PartOf(string unit, DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return unit switch
        {
            "minute" => utc.Minute,
            "hour" => utc.Hour,
            "day" => utc.Day,
            "week" => System.Globalization.ISOWeek.GetWeekOfYear(utc),
            "month" => utc.Month,
            "year" => utc.Year,
            _ => null,
        };
    }

    private static Value? Concat(IReadOnlyList<Value?> arguments)
    {
        List<string> texts = [""];
        var hasSeveral = false;
        foreach (var argument in arguments)
        {
            var parts = LeafSemantics.Bag(argument);
            hasSeveral |= argument is Value.List;
            if (parts.Count == 0 || (long)texts.Count * parts.Count > MaxConcatenations)
            {
                return null;
            }

            var longer = new List<string>(texts.Count * parts.Count);
            foreach (var text in texts)
            {
                foreach (var part in parts)
                {
                    var written = part.ToCanonicalText() ?? "";
                    if (text.Length + written.Length > MaxTextLength)
                    {
                        return null;
                    }

                    longer.Add(text + written);
                }
            }

            texts = longer;
        }

        return hasSeveral ? new Value.List([.. texts.Select(text => new Value.Text(text))]) : new Value.Text(texts[0]);
    }

    private static Value? DatePart(IReadOnlyList<Value?> arguments)
    {
        if (arguments[0] is not Value.Text unit)
        {
            return null;
        }

        var parts = new List<Value>();
        foreach (var value in LeafSemantics.Bag(arguments[1]))
        {
            if (Instants.TryConvert(value, out var time) && PartOf(unit.Content, time) is { } part)
            {
                parts.Add(new Value.Integer(part));
            }
        }

        return parts switch
        {
            [] => null,
            [var only] => only,
            _ => new Value.List(parts),
        };
    }

    private static Value? Bin(IReadOnlyList<Value?> arguments)
    {
        var origin = arguments.Count > 2 ? arguments[2] : null;
        if (LeafSemantics.Bag(arguments[0]) is not [var value])
        {
            return null;
        }

        if (arguments[1] is Value.Duration size)
        {
            if (size.Content <= TimeSpan.Zero || !Instants.TryConvert(value, out var time))
            {
                return null;
            }

            var from = origin is not null && Instants.TryConvert(origin, out var given) ? given : DateTimeOffset.UnixEpoch;
            var behind = (time - from).Ticks % size.Content.Ticks;
            behind = behind < 0 ? behind + size.Content.Ticks : behind;
            return time.UtcTicks >= behind ? new Value.Instant(new DateTimeOffset(time.UtcTicks - behind, TimeSpan.Zero)) : null;
        }

        if (arguments[1] is { } step && Numbers.TryConvert(step, out var width) && Numbers.TryConvert(value, out var number) && width.ToDouble() > 0)
        {
            var start = origin is not null && Numbers.TryConvert(origin, out var given) ? given.ToDouble() : 0;
            return Number.Of((Math.Floor((number.ToDouble() - start) / width.ToDouble()) * width.ToDouble()) + start)?.ToValue();
        }

        return null;
    }
}
