using System.Globalization;
using System.Net;
using Glossa.Core.Events;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Unit.Core.Semantics;

/// <summary>How text is read as a number, an address, a network or a time.</summary>
public sealed class ValueReadingTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-7", "-7")]
    [InlineData("+7", "7")]
    [InlineData(" 42 ", "42")]
    [InlineData("007", "7")]
    [InlineData("1.50", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("1e3", "1000")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    [InlineData("123456789012345678901234567890123456789", "1.2345678901234568E+38")]
    public void Numbers_are_read(string text, string expected)
    {
        Assert.True(Numbers.TryParse(text, out var number));
        Assert.Equal(expected, number.ToValue().ToCanonicalText());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("٣")]
    [InlineData("5x")]
    [InlineData("5\0")]
    [InlineData("\t5")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("--5")]
    public void What_only_looks_like_a_number_is_none(string text) => Assert.False(Numbers.TryParse(text, out _));

    [Fact]
    public void Whole_numbers_and_reals_are_compared_exactly()
    {
        Assert.True(Numbers.TryConvert(new Value.Integer(9_007_199_254_740_993), out var whole));
        Assert.True(Numbers.TryConvert(new Value.Real(9_007_199_254_740_992), out var real));
        Assert.True(whole > real);
        Assert.True(Numbers.TryParse("0.1", out var written));
        Assert.True(Numbers.TryConvert(new Value.Real(0.1), out var logged));
        Assert.True(written == logged);
        Assert.True(Numbers.TryConvert(new Value.Real(1e300), out var large));
        Assert.True(whole < large);
        Assert.False(Numbers.TryConvert(new Value.Real(double.NaN), out _));
        Assert.False(Numbers.TryConvert(new Value.Boolean(true), out _));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:db8::8:800:200c:417a")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::192.0.2.33")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("FE80::1")]
    public void Addresses_are_read_as_the_framework_reads_them(string text)
    {
        Assert.True(AddressBits.TryParse(text, out var address));
        Assert.Equal(AddressBits.Of(IPAddress.Parse(text)), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.4 ")]
    [InlineData("0x1.2.3.4")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("12345::")]
    [InlineData("::g")]
    [InlineData("[::1]")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    public void What_is_no_address_is_none(string text) => Assert.False(AddressBits.TryParse(text, out _));

    [Fact]
    public void Random_addresses_are_read_as_the_framework_reads_them()
    {
        var random = new Random(3);
        var bytes = new byte[16];
        for (var i = 0; i < 5_000; i++)
        {
            random.NextBytes(bytes);
            for (var zero = random.Next(16); zero > 0; zero--)
            {
                bytes[random.Next(16)] = 0;
            }

            var address = new IPAddress(i % 3 == 0 ? bytes.AsSpan(0, 4) : bytes);
            Assert.True(AddressBits.TryParse(address.ToString(), out var read));
            Assert.Equal(AddressBits.Of(address), read);
            var length = random.Next(address.GetAddressBytes().Length * 8 + 1);
            Assert.True(CidrBlock.TryParse(string.Create(CultureInfo.InvariantCulture, $"{address}/{length}"), out var block));
            Assert.True(block.Contains(read));
            Assert.Equal(block, CidrBlock.Of(read, length));
        }
    }

    [Theory]
    [InlineData("10.1.2.3/8", "10.0.0.0", 8)]
    [InlineData("10.1.2.3", "10.1.2.3", 32)]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0", 8)]
    [InlineData("2001:db8::1/32", "2001:db8::", 32)]
    [InlineData("::/0", "::", 0)]
    public void Networks_are_read(string text, string network, int length)
    {
        Assert.True(CidrBlock.TryParse(text, out var block));
        Assert.True(AddressBits.TryParse(network, out var expected));
        Assert.Equal((expected, length), (block.Network, block.Length));
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8\0")]
    [InlineData("::/129")]
    [InlineData("::ffff:10.0.0.0/8")]
    public void What_is_no_network_is_none(string text) => Assert.False(CidrBlock.TryParse(text, out _));

    [Theory]
    [InlineData("2024-02-03", "2024-02-03T00:00:00Z")]
    [InlineData("2024-02-03T04:05:06Z", "2024-02-03T04:05:06Z")]
    [InlineData("2024-02-03 04:05:06.789", "2024-02-03T04:05:06.789Z")]
    [InlineData("2024-02-03T04:05:06.123456789Z", "2024-02-03T04:05:06.1234567Z")]
    [InlineData("2024-02-03T04:05:06,5+01:30", "2024-02-03T02:35:06.5Z")]
    [InlineData("2024-02-03T04:05-0100", "2024-02-03T05:05:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z")]
    [InlineData("1700000000", "2023-11-14T22:13:20Z")]
    [InlineData("1700000000.5", "2023-11-14T22:13:20.5Z")]
    [InlineData("1700000000123", "2023-11-14T22:13:20.123Z")]
    [InlineData("1700000000123456", "2023-11-14T22:13:20.123456Z")]
    [InlineData("1700000000123456700", "2023-11-14T22:13:20.1234567Z")]
    public void Times_are_read(string text, string expected)
    {
        Assert.True(Instants.TryParse(text, out var instant));
        Assert.Equal(expected, new Value.Instant(instant).ToCanonicalText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-02-30")]
    [InlineData("2024-13-01")]
    [InlineData("0000-01-01")]
    [InlineData("2024-02-03T25:00:00Z")]
    [InlineData("2024-02-03T04:05:06.Z")]
    [InlineData("2024-02-03T04:05:06 Mars")]
    [InlineData("2024-02-03x")]
    [InlineData("4688")]
    [InlineData("99999999999999999999999")]
    [InlineData("yesterday")]
    public void What_is_no_time_is_none(string text) => Assert.False(Instants.TryParse(text, out _));
}
