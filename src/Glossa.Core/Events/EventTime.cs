using System.Buffers;
using System.Globalization;

namespace Glossa.Core.Events;

/// <summary>When an event happened, from the spellings logs use.</summary>
public static class EventTime
{
    // Between them lie all dates from 1973 to 5138 in seconds, milliseconds, microseconds and nanoseconds.
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private const long LargestSeconds = 100_000_000_000;

    /// <summary>
    /// ISO 8601 with <c>T</c> or a blank, any number of digits of a second, with an offset or without (then UTC); or seconds,
    /// milliseconds, microseconds or nanoseconds since 1970 as a number, told apart by their size.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        text = text.Trim();
        if (text.Length is < 8 or > 64)
        {
            time = default;
            return false;
        }

        if (char.IsAsciiDigit(text[0]) && text.IndexOfAnyExcept(NumberCharacters) < 0)
        {
            time = default;
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && TryFromEpoch(number, out time);
        }

        // PowerShell 5 writes milliseconds in its own way.
        if (text.StartsWith("/Date(") && text.EndsWith(")/"))
        {
            time = default;
            return long.TryParse(text[6..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                && TryFromEpoch((decimal)milliseconds, out time);
        }

        // Windows writes up to nine digits of a second; .NET reads seven.
        var dot = text.IndexOf('.');
        if (dot > 0)
        {
            var digits = text[(dot + 1)..].IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? text.Length - dot - 1 : digits;
            if (digits > 7)
            {
                Span<char> cut = stackalloc char[text.Length];
                text[..(dot + 8)].CopyTo(cut);
                text[(dot + 1 + digits)..].CopyTo(cut[(dot + 8)..]);
                return Parse(cut[..(text.Length - digits + 7)], out time);
            }
        }

        return Parse(text, out time);
    }

    /// <summary>To the microsecond, which is what such a number holds.</summary>
    public static bool TryFromEpoch(double number, out DateTimeOffset time)
    {
        time = default;
        return number is > 0 and < 1e19 && TryFromEpoch(Math.Round((decimal)Math.Truncate(number) + Math.Round((decimal)(number - Math.Truncate(number)), 6), 6), out time);
    }

    public static bool TryFromEpoch(decimal number, out DateTimeOffset time)
    {
        time = default;
        if (number is <= 0 or >= long.MaxValue)
        {
            return false;
        }

        var ticks = number switch
        {
            < LargestSeconds => number * TimeSpan.TicksPerSecond,
            < LargestSeconds * 1000m => number * TimeSpan.TicksPerMillisecond,
            < LargestSeconds * 1_000_000m => number * TimeSpan.TicksPerMicrosecond,
            _ => number / 100,
        };
        var since = DateTime.UnixEpoch.Ticks + ticks;
        if (since > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset((long)since, TimeSpan.Zero);
        return true;
    }

    private static bool Parse(ReadOnlySpan<char> text, out DateTimeOffset time)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
