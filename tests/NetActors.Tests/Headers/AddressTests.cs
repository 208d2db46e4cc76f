using CsCheck;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("10.0.0.1", 0x0A000001u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    public void Ipv4_text_is_read_and_written(string text, uint address)
    {
        Assert.Equal(address, Ipv4Address.Parse(text));
        Assert.Equal(text, Ipv4Address.Format(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.1.")]
    [InlineData("10.0.0.256")]
    [InlineData("10.00.0.1")]
    [InlineData("10.0.0.-1")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1/24")]
    [InlineData("1e1.0.0.1")]
    public void Ipv4_text_of_another_form_is_refused(string text) => Assert.False(Ipv4Address.TryParse(text, out _));

    [Fact]
    public void Ipv4_addresses_survive_text() =>
        Gen.UInt.Sample(address => Ipv4Address.Parse(Ipv4Address.Format(address)) == address);

    [Fact]
    public void Ipv4_kinds_are_those_of_the_kernel()
    {
        Assert.True(Ipv4Address.IsMulticast(Ipv4Address.Parse("239.255.255.255")));
        Assert.False(Ipv4Address.IsMulticast(Ipv4Address.Parse("240.0.0.0")));
        Assert.True(Ipv4Address.IsLoopback(Ipv4Address.Parse("127.255.0.1")));
        Assert.True(Ipv4Address.IsLocalMulticast(Ipv4Address.Parse("224.0.0.251")));
        Assert.True(Ipv4Address.IsLinkLocal(Ipv4Address.Parse("169.254.1.1")));
        Assert.True(Ipv4Address.IsZeroNet(Ipv4Address.Parse("0.1.2.3")));
        Assert.Equal("01:00:5e:00:00:fb", Ipv4Address.MulticastMac(Ipv4Address.Parse("224.0.0.251")).ToString());
    }

    [Theory]
    [InlineData("10.1.2.3/24", "10.1.2.0", "10.1.2.255", "255.255.255.0")]
    [InlineData("10.1.2.3/0", "0.0.0.0", "255.255.255.255", "0.0.0.0")]
    [InlineData("10.1.2.3/32", "10.1.2.3", "10.1.2.3", "255.255.255.255")]
    [InlineData("10.1.2.3/31", "10.1.2.2", "10.1.2.3", "255.255.255.254")]
    public void A_prefix_has_a_network_a_broadcast_and_a_mask(string text, string network, string broadcast, string mask)
    {
        var prefix = Ipv4Prefix.Parse(text);
        Assert.Equal(text, prefix.ToString());
        Assert.Equal(network, Ipv4Address.Format(prefix.Network));
        Assert.Equal(broadcast, Ipv4Address.Format(prefix.Broadcast));
        Assert.Equal(mask, Ipv4Address.Format(prefix.Mask));
        Assert.True(prefix.Contains(prefix.Network) && prefix.Contains(prefix.Broadcast));
        Assert.Equal(prefix.Length == 0, prefix.Contains(prefix.Broadcast + 1));
        Assert.Equal(prefix.Masked, Ipv4Prefix.Parse($"{network}/{prefix.Length}"));
    }

    [Theory]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.1/")]
    [InlineData("10.0.0.1/08")]
    [InlineData("10.0.0.1/+8")]
    [InlineData("/8")]
    public void A_prefix_of_another_form_is_refused(string text) => Assert.False(Ipv4Prefix.TryParse(text, out _));

    [Fact]
    public void An_address_alone_is_a_prefix_of_32_bits() => Assert.Equal(32, Ipv4Prefix.Parse("10.0.0.1").Length);

    [Fact]
    public void Mac_addresses_survive_text_and_bytes() =>
        Gen.ULong.Sample(value =>
        {
            var address = new MacAddress(value);
            var bytes = new byte[6];
            address.Write(bytes);
            return MacAddress.Read(bytes) == address && MacAddress.Parse(address.ToString()) == address;
        });

    [Theory]
    [InlineData("02:00:00:00:00")]
    [InlineData("02-00-00-00-00-01")]
    [InlineData("02:00:00:00:00:0g")]
    [InlineData("02:00:00:00:00:01:")]
    public void Mac_text_of_another_form_is_refused(string text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void Mac_kinds_are_those_of_the_kernel()
    {
        Assert.True(MacAddress.Broadcast.IsBroadcast && MacAddress.Broadcast.IsMulticast && !MacAddress.Broadcast.IsValid);
        Assert.True(MacAddress.Parse("33:33:00:00:00:01").IsMulticast);
        Assert.True(MacAddress.Local(7).IsValid);
        Assert.Equal("02:00:00:00:00:07", MacAddress.Local(7).ToString());
        Assert.False(MacAddress.Zero.IsValid);
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("2001:db8::2")]
    [InlineData("fe80::200:f8ff:fe21:67cf")]
    public void Ipv6_text_is_read_and_written(string text) => Assert.Equal(text, Ipv6Address.Format(Ipv6Address.Parse(text)));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("fe80::1%1")]
    [InlineData("[::1]")]
    [InlineData("")]
    public void Ipv6_text_of_another_form_is_refused(string text) => Assert.False(Ipv6Address.TryParse(text, out _));

    [Fact]
    public void Ipv6_kinds_are_those_of_the_kernel()
    {
        Assert.True(Ipv6Address.IsLinkLocal(Ipv6Address.Parse("febf::1")));
        Assert.False(Ipv6Address.IsLinkLocal(Ipv6Address.Parse("fec0::1")));
        Assert.True(Ipv6Address.IsMulticast(Ipv6Address.Parse("ff02::1")));
        Assert.Equal(1u ^ 0x20010DB8u, Ipv6Address.Fold(Ipv6Address.Parse("2001:db8::1")));
    }
}
