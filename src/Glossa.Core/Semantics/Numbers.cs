using System.Globalization;
using Glossa.Core.Events;

namespace Glossa.Core.Semantics;

/// <summary>
/// A number of an event or a query. Whole numbers of 64 bits and decimals of 28 digits are kept exactly; anything else is a binary
/// real. Never NaN and never infinite: those are no numbers here.
/// </summary>
public readonly struct Number : IEquatable<Number>, IComparable<Number>
{
    private readonly decimal _exact;
    private readonly double _real;
    private readonly bool _isReal;

    private Number(decimal exact, double real, bool isReal)
    {
        _exact = exact;
        _real = real;
        _isReal = isReal;
    }

    public bool IsReal => _isReal;

    public static Number Of(decimal exact) => new(exact, 0, isReal: false);

    public static Number Of(long whole) => new(whole, 0, isReal: false);

    /// <summary>Null for NaN and the infinities.</summary>
    public static Number? Of(double real) => double.IsFinite(real) ? new Number(0, real, isReal: true) : null;

    /// <summary>The exact value; for a real, the nearest decimal, or the nearer end of the range where it does not fit.</summary>
    public decimal ToDecimal()
        => !_isReal ? _exact
            : _real >= (double)decimal.MaxValue ? decimal.MaxValue
            : _real <= (double)decimal.MinValue ? decimal.MinValue
            : (decimal)_real;

    public double ToDouble() => _isReal ? _real : (double)_exact;

    public Value ToValue()
        => _isReal ? new Value.Real(_real)
            : decimal.IsInteger(_exact) && _exact >= long.MinValue && _exact <= long.MaxValue ? new Value.Integer((long)_exact)
            : new Value.Decimal(_exact);

    /// <summary>
    /// Exact where both are exact. A whole number against a real is exact too (2^53+1 is not 2^53); a fraction against a real is
    /// compared as reals, so that a written 0.1 equals the 0.1 of a JSON reader.
    /// </summary>
    public int CompareTo(Number other)
    {
        if (!_isReal && !other._isReal)
        {
            return _exact.CompareTo(other._exact);
        }

        if (_isReal && other._isReal)
        {
            return _real.CompareTo(other._real);
        }

        return _isReal ? -CompareExactToReal(other._exact, _real) : CompareExactToReal(_exact, other._real);
    }

    public bool Equals(Number other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is Number other && Equals(other);

    public override int GetHashCode() => ToDouble().GetHashCode();

    public static bool operator ==(Number left, Number right) => left.Equals(right);

    public static bool operator !=(Number left, Number right) => !left.Equals(right);

    public static bool operator <(Number left, Number right) => left.CompareTo(right) < 0;

    public static bool operator <=(Number left, Number right) => left.CompareTo(right) <= 0;

    public static bool operator >(Number left, Number right) => left.CompareTo(right) > 0;

    public static bool operator >=(Number left, Number right) => left.CompareTo(right) >= 0;

    private static int CompareExactToReal(decimal exact, double real)
    {
        // Below 2^63 a whole real converts to a long without loss; above, its size decides.
        if (decimal.IsInteger(exact) && Math.Abs(real) < 9.2e18 && Math.Floor(real) == real)
        {
            return exact.CompareTo((long)real);
        }

        return ((double)exact).CompareTo(real);
    }
}

/// <summary>How text and values are read as numbers.</summary>
public static class Numbers
{
    /// <summary>
    /// <c>[+-] digits [. digits] [e [+-] digits]</c> in ASCII, spaces around it allowed, at least one digit beside the point. No
    /// hexadecimal (<c>0x1f</c>), no digit groups (<c>1,000</c>), no NaN, no infinity, no other digits than ASCII's: a log that
    /// means those by a text says so nowhere, and a guess would make a comparison true that should not be.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Number number)
    {
        text = text.Trim(' ');
        number = default;
        if (!HasNumberShape(text, out var isWhole))
        {
            return false;
        }

        // Up to 28 digits, with or without a point, a decimal holds them all.
        if (isWhole && text.Length <= 18 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            number = Number.Of(whole);
            return true;
        }

        if (text.Length <= 29 && text.IndexOfAny('e', 'E') < 0
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact))
        {
            number = Number.Of(exact);
            return true;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && Number.Of(real) is { } parsed)
        {
            number = parsed;
            return true;
        }

        return false;
    }

    /// <summary>A number, or a text that reads as one; booleans, times and addresses are none.</summary>
    public static bool TryConvert(Value value, out Number number)
    {
        switch (value)
        {
            case Value.Integer integer:
                number = Number.Of(integer.Content);
                return true;
            case Value.Decimal exact:
                number = Number.Of(exact.Content);
                return true;
            case Value.Real real when Number.Of(real.Content) is { } finite:
                number = finite;
                return true;
            case Value.Text text:
                return TryParse(text.Content, out number);
            default:
                number = default;
                return false;
        }
    }

    /// <summary>One to nine ASCII digits and nothing else. (The framework's parsers let a trailing NUL pass.)</summary>
    public static bool TryParseDigits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }

            number = unchecked((number * 10) + (character - '0'));
        }

        return text.Length is > 0 and <= 9;
    }

    private static bool HasNumberShape(ReadOnlySpan<char> text, out bool isWhole)
    {
        isWhole = true;
        var position = 0;
        if (position < text.Length && text[position] is '+' or '-')
        {
            position++;
        }

        var digits = SkipDigits(text, ref position);
        if (position < text.Length && text[position] == '.')
        {
            isWhole = false;
            position++;
            digits += SkipDigits(text, ref position);
        }

        if (digits == 0)
        {
            return false;
        }

        if (position < text.Length && text[position] is 'e' or 'E')
        {
            isWhole = false;
            position++;
            if (position < text.Length && text[position] is '+' or '-')
            {
                position++;
            }

            if (SkipDigits(text, ref position) == 0)
            {
                return false;
            }
        }

        return position == text.Length;
    }

    private static int SkipDigits(ReadOnlySpan<char> text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return position - start;
    }
}
