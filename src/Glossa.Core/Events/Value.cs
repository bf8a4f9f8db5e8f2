using System.Globalization;
using System.Net;

namespace Glossa.Core.Events;

/// <summary>
/// A value of an event or of a query. Absent, null and empty are three things: absence is no <see cref="Value"/> at all,
/// <see cref="Null"/> is a written null, and an empty text is a value.
/// </summary>
public abstract record Value
{
    private Value()
    {
    }

    public sealed record Null : Value
    {
        public static Null Instance { get; } = new();
    }

    public sealed record Boolean(bool Content) : Value;

    /// <summary>A whole number of 64 bits; a larger one is a <see cref="Decimal"/>, or a <see cref="Real"/> beyond that.</summary>
    public sealed record Integer(long Content) : Value;

    public sealed record Decimal(decimal Content) : Value;

    public sealed record Real(double Content) : Value;

    public sealed record Text(string Content) : Value;

    public sealed record Instant(DateTimeOffset Content) : Value;

    public sealed record Duration(TimeSpan Content) : Value;

    /// <summary>An address of version 4 or 6; a version 4 address mapped into version 6 is kept as version 4.</summary>
    public sealed record Address(IPAddress Content) : Value;

    /// <summary>A network: address and prefix length, host bits cleared.</summary>
    public sealed record Prefix(IPNetwork Content) : Value;

    public sealed record List(IReadOnlyList<Value> Items) : Value
    {
        public bool Equals(List? other) => other is not null && Items.SequenceEqual(other.Items);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var item in Items)
            {
                hash.Add(item);
            }

            return hash.ToHashCode();
        }
    }

    /// <summary>Named values in the order of the log; where a name occurs twice, both stand here and the first is found.</summary>
    public sealed record Map(IReadOnlyList<KeyValuePair<string, Value>> Entries) : Value
    {
        public bool TryGet(string name, StringComparison comparison, out Value value)
        {
            foreach (var (key, entry) in Entries)
            {
                if (string.Equals(key, name, comparison))
                {
                    value = entry;
                    return true;
                }
            }

            value = Null.Instance;
            return false;
        }

        public bool Equals(Map? other) => other is not null && Entries.SequenceEqual(other.Entries);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var entry in Entries)
            {
                hash.Add(entry);
            }

            return hash.ToHashCode();
        }
    }

    public bool IsScalar => this is not (Null or List or Map);

    /// <summary>
    /// The canonical text that text comparisons see: whole numbers in decimal, reals without a needless <c>.0</c> and by shortest
    /// round trip, <c>true</c> and <c>false</c>, times as ISO 8601 in UTC. Null where the value is no scalar.
    /// </summary>
    public string? ToCanonicalText() => this switch
    {
        Text text => text.Content,
        Boolean boolean => boolean.Content ? "true" : "false",
        Integer integer => integer.Content.ToString(CultureInfo.InvariantCulture),
        Decimal number => number.Content.ToString("0.############################", CultureInfo.InvariantCulture),
        Real real => real.Content.ToString("R", CultureInfo.InvariantCulture),
        Instant instant => instant.Content.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        Duration duration => duration.Content.ToString("c", CultureInfo.InvariantCulture),
        Address address => address.Content.ToString(),
        Prefix prefix => prefix.Content.ToString(),
        _ => null,
    };
}
