using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Glossa.Core.Events;

namespace Glossa.Core.Semantics;

/// <summary>An address as bits. A version 4 address mapped into version 6 (<c>::ffff:192.0.2.1</c>) is version 4.</summary>
/// <param name="Bits">The address as a number; of version 4 the low 32 bits.</param>
public readonly record struct AddressBits(UInt128 Bits, bool IsVersion4)
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    public static AddressBits Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? new AddressBits(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsVersion4: true)
            : OfVersion6(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>
    /// Reads four decimal parts without leading zeros (a leading zero means octal to some and nothing to others), or RFC 4291 text
    /// with <c>::</c> and a version 4 tail; a zone (<c>%eth0</c>) is left out. Anything else, a port or brackets too, is no address.
    /// Allocates nothing.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressBits address)
    {
        address = default;
        if (text.Contains(':'))
        {
            if (!TryParseVersion6(text, out var bits))
            {
                return false;
            }

            address = OfVersion6(bits);
            return true;
        }

        if (!TryParseVersion4(text, out var version4))
        {
            return false;
        }

        address = new AddressBits(version4, IsVersion4: true);
        return true;
    }

    internal static AddressBits OfVersion6(UInt128 bits)
        => bits >> 32 == MappedPrefix >> 32 ? new AddressBits(bits & 0xFFFF_FFFF, IsVersion4: true) : new AddressBits(bits, IsVersion4: false);

    private static bool TryParseVersion4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        var position = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0)
            {
                if (position >= text.Length || text[position] != '.')
                {
                    return false;
                }

                position++;
            }

            var start = position;
            uint number = 0;
            while (position < text.Length && position - start < 3 && char.IsAsciiDigit(text[position]))
            {
                number = (number * 10) + (uint)(text[position++] - '0');
            }

            if (position == start || number > 255 || (text[start] == '0' && position - start > 1))
            {
                return false;
            }

            bits = (bits << 8) | number;
        }

        return position == text.Length;
    }

    private static bool TryParseVersion6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        var zone = text.IndexOf('%');
        if (zone >= 0)
        {
            text = text[..zone];
        }

        Span<ushort> groups = stackalloc ushort[8];
        int count = 0, gap = -1, position = 0;
        if (text.StartsWith("::"))
        {
            gap = 0;
            position = 2;
        }

        while (position < text.Length)
        {
            var rest = text[position..];
            var colon = rest.IndexOf(':');
            var part = colon < 0 ? rest : rest[..colon];
            if (colon < 0 && part.Contains('.'))
            {
                if (count > 6 || !TryParseVersion4(part, out var tail))
                {
                    return false;
                }

                groups[count++] = (ushort)(tail >> 16);
                groups[count++] = (ushort)tail;
                position = text.Length;
                break;
            }

            if (count == 8 || part.Length is 0 or > 4 || !TryParseHex(part, out groups[count]))
            {
                return false;
            }

            count++;
            position += part.Length;
            if (colon < 0)
            {
                break;
            }

            position++;
            if (position < text.Length && text[position] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                position++;
            }
            else if (position == text.Length)
            {
                return false;
            }
        }

        if (gap < 0 ? count != 8 : count > 7)
        {
            return false;
        }

        for (var i = 0; i < (gap < 0 ? 8 : gap); i++)
        {
            bits = (bits << 16) | groups[i];
        }

        if (gap >= 0)
        {
            bits <<= 16 * (8 - count);
            // A shift by 128 is a shift by none.
            if (count == 0)
            {
                bits = 0;
            }

            for (var i = gap; i < count; i++)
            {
                bits = (bits << 16) | groups[i];
            }
        }

        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out ushort number)
    {
        number = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
            {
                return false;
            }
        }

        return ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>A network: all addresses of one version that share the first bits.</summary>
public readonly record struct CidrBlock
{
    private CidrBlock(AddressBits network, int length)
    {
        Network = network;
        Length = length;
    }

    /// <summary>Host bits cleared.</summary>
    public AddressBits Network { get; }

    /// <summary>How many bits are fixed: at most 32 for version 4, 128 for version 6.</summary>
    public int Length { get; }

    /// <summary>Null where the length is not one of that version. A block of mapped addresses (<c>::ffff:0:0/96</c> and longer) is version 4.</summary>
    public static CidrBlock? Of(AddressBits address, int length)
    {
        var width = address.IsVersion4 ? 32 : 128;
        if (length < 0 || length > width)
        {
            return null;
        }

        var mask = length == 0 ? UInt128.Zero : (UInt128.MaxValue << (width - length)) & (address.IsVersion4 ? 0xFFFF_FFFF : UInt128.MaxValue);
        return new CidrBlock(address with { Bits = address.Bits & mask }, length);
    }

    public static CidrBlock? Of(IPNetwork network)
    {
        var address = AddressBits.Of(network.BaseAddress);
        var wasMapped = address.IsVersion4 && network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        return Of(address, wasMapped ? network.PrefixLength - 96 : network.PrefixLength);
    }

    /// <summary><c>address/length</c>, or an address alone for the block that holds only it; host bits may be set.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CidrBlock block)
    {
        block = default;
        var slash = text.IndexOf('/');
        var address = slash < 0 ? text : text[..slash];
        if (!AddressBits.TryParse(address, out var bits))
        {
            return false;
        }

        var length = bits.IsVersion4 ? 32 : 128;
        if (slash >= 0)
        {
            if (!Numbers.TryParseDigits(text[(slash + 1)..], out length))
            {
                return false;
            }

            if (bits.IsVersion4 && address.Contains(':'))
            {
                length -= 96;
            }
        }

        if (Of(bits, length) is not { } parsed)
        {
            return false;
        }

        block = parsed;
        return true;
    }

    /// <summary>False across versions.</summary>
    public bool Contains(AddressBits address)
    {
        if (address.IsVersion4 != Network.IsVersion4)
        {
            return false;
        }

        return Of(address, Length) is { } own && own.Network == Network;
    }

    /// <summary>Whether the text is an address, and one of the block.</summary>
    public bool Contains(ReadOnlySpan<char> text) => AddressBits.TryParse(text, out var address) && Contains(address);
}

/// <summary>What counts as an address and as a network among values.</summary>
public static class Cidr
{
    public static bool TryConvert(Value value, out AddressBits address)
    {
        switch (value)
        {
            case Value.Address native:
                address = AddressBits.Of(native.Content);
                return true;
            case Value.Text text:
                return AddressBits.TryParse(text.Content, out address);
            default:
                address = default;
                return false;
        }
    }

    public static bool TryConvert(Value value, out CidrBlock block)
    {
        switch (value)
        {
            case Value.Prefix prefix when CidrBlock.Of(prefix.Content) is { } parsed:
                block = parsed;
                return true;
            case Value.Address native when CidrBlock.Of(AddressBits.Of(native.Content), AddressBits.Of(native.Content).IsVersion4 ? 32 : 128) is { } single:
                block = single;
                return true;
            case Value.Text text:
                return CidrBlock.TryParse(text.Content, out block);
            default:
                block = default;
                return false;
        }
    }
}
