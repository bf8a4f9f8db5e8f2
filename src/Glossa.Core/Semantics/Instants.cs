using Glossa.Core.Events;

namespace Glossa.Core.Semantics;

/// <summary>How text and numbers of logs are read as points in time. What names no zone is UTC.</summary>
public static class Instants
{
    /// <summary>
    /// <c>yyyy-MM-dd</c>, then optionally <c>T</c> or a space and <c>HH:mm[:ss[.fraction or ,fraction]]</c>, then optionally
    /// <c>Z</c> or an offset (<c>+01:00</c>, <c>+0100</c>, <c>+01</c>), as ISO 8601, Sysmon's UtcTime and the SystemTime of Windows
    /// write it; a fraction finer than 100 ns is cut. Or a Unix time: 9 or 10 digits of seconds, 12 or 13 of milliseconds, 15 or 16
    /// of microseconds, 18 or 19 of nanoseconds; seconds may have a fraction.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        text = text.Trim(' ');
        instant = default;
        if (text.Length >= 10 && text[4] == '-' && text[7] == '-')
        {
            return TryParseIso(text, out instant);
        }

        return text.Length is >= 9 and <= 30 && Numbers.TryParse(text, out var number) && text[0] is not ('+' or '-') && TryConvert(number, out instant);
    }

    public static bool TryConvert(Value value, out DateTimeOffset instant)
    {
        switch (value)
        {
            case Value.Instant native:
                instant = native.Content;
                return true;
            case Value.Text text:
                return TryParse(text.Content, out instant);
            default:
                instant = default;
                return Numbers.TryConvert(value, out var number) && TryConvert(number, out instant);
        }
    }

    /// <summary>A Unix time whose unit follows from its size; false below 1973 (100 million seconds), where a number is likelier not a time.</summary>
    private static bool TryConvert(Number number, out DateTimeOffset instant)
    {
        instant = default;
        var value = number.ToDecimal();
        var seconds = value switch
        {
            < 1e8m => 0,
            < 1e11m => value,
            < 1e14m => value / 1e3m,
            < 1e17m => value / 1e6m,
            < 1e20m => value / 1e9m,
            _ => 0,
        };
        if (seconds == 0)
        {
            return false;
        }

        instant = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static bool TryParseIso(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (!TryDigits(text, 0, 4, out var year) || !TryDigits(text, 5, 2, out var month) || !TryDigits(text, 8, 2, out var day)
            || year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        int hour = 0, minute = 0, second = 0, position = 10;
        long ticks = 0;
        if (position < text.Length)
        {
            if (text[position] is not ('T' or 't' or ' ') || !TryDigits(text, 11, 2, out hour) || hour > 23
                || text.Length < 16 || text[13] != ':' || !TryDigits(text, 14, 2, out minute) || minute > 59)
            {
                return false;
            }

            position = 16;
            if (position < text.Length && text[position] == ':')
            {
                // A leap second is the last moment of its minute.
                if (!TryDigits(text, 17, 2, out second) || second > 60)
                {
                    return false;
                }

                second = Math.Min(second, 59);
                position = 19;
                if (position < text.Length && text[position] is '.' or ',')
                {
                    position++;
                    var start = position;
                    var unit = TimeSpan.TicksPerSecond / 10;
                    while (position < text.Length && char.IsAsciiDigit(text[position]))
                    {
                        ticks += unit * (text[position++] - '0');
                        unit /= 10;
                    }

                    if (position == start)
                    {
                        return false;
                    }
                }
            }
        }

        if (!TryOffset(text[position..].TrimStart(' '), out var offset))
        {
            return false;
        }

        var utc = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + ticks - offset.Ticks;
        if (utc < 0 || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        instant = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text.IsEmpty || text is "Z" or "z" or "UTC")
        {
            return true;
        }

        if (text[0] is not ('+' or '-') || !TryDigits(text, 1, 2, out var hours) || hours > 23)
        {
            return false;
        }

        var minutes = 0;
        var rest = text[3..];
        if (!rest.IsEmpty)
        {
            rest = rest[0] == ':' ? rest[1..] : rest;
            if (rest.Length != 2 || !TryDigits(rest, 0, 2, out minutes) || minutes > 59)
            {
                return false;
            }
        }

        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-')
        {
            offset = -offset;
        }

        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, int start, int count, out int number)
    {
        number = 0;
        return start + count <= text.Length && Numbers.TryParseDigits(text.Slice(start, count), out number);
    }
}
