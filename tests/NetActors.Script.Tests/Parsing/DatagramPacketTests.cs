using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;

namespace NetActors.Script.Tests.Parsing;

public sealed class DatagramPacketTests
{
    private static IcmpPacketSpec Icmp(string text, bool ipv6 = false) =>
        Scripts.Packet<IcmpPacketSpec>("0 " + text, Scripts.With(ipv6 ? ["ip_version=ipv6"] : []));

    [Fact]
    public void A_datagram_has_a_length_and_perhaps_ports()
    {
        Assert.Equal(100, Scripts.Packet<UdpPacketSpec>("0 > udp (100)").PayloadLength);
        Assert.Equal(new PortPair(53, 5000), Scripts.Packet<UdpPacketSpec>("0 < udp 53 > 5000 (8)").Ports);
    }

    [Fact]
    public void Fragmentation_needed_carries_the_MTU_and_the_segment_it_is_about()
    {
        var icmp = Icmp("< icmp unreachable frag_needed mtu 1200 [1:1461(1460)]");
        Assert.Equal(((byte)3, (byte)4, 1200u), (icmp.Type, icmp.Code, icmp.Mtu!.Value));
        Assert.Equal(new EchoedSpec(EchoedKind.Tcp, 1, 1460), icmp.Echoed);
    }

    [Theory]
    [InlineData("unreachable net_unreachable", false, 3, 0)]
    [InlineData("unreachable port_unreachable", false, 3, 3)]
    [InlineData("unreachable packet_filtered", false, 3, 13)]
    [InlineData("time_exceeded", false, 11, 0)]
    [InlineData("source_quench", false, 4, 0)]
    [InlineData("type_42 code_7", false, 42, 7)]
    [InlineData("unreachable code_9", false, 3, 9)]
    [InlineData("unreachable no_route", true, 1, 0)]
    [InlineData("unreachable port_unreachable", true, 1, 4)]
    [InlineData("time_exceeded exceeded_frag_time", true, 3, 1)]
    [InlineData("packet_too_big", true, 2, 0)]
    public void Types_and_codes_are_read_by_name_or_number(string text, bool ipv6, byte type, byte code)
    {
        var icmp = Icmp($"< icmp {text}", ipv6);
        Assert.Equal((type, code), (icmp.Type, icmp.Code));
        Assert.Equal(EchoedSpec.Unstated, icmp.Echoed);
    }

    [Fact]
    public void Packet_too_big_carries_an_MTU_of_32_bits() =>
        Assert.Equal(70_000u, Icmp("< icmp packet_too_big mtu 70000 [1:1(0)]", true).Mtu);

    [Fact]
    public void An_error_about_a_datagram_and_raw_bytes_and_an_echo_are_read()
    {
        Assert.Equal(new EchoedSpec(EchoedKind.Udp, 0, 100), Icmp("< icmp unreachable port_unreachable [udp (100)]").Echoed);
        var echo = Icmp("< icmp echo_reply id 7 [raw (64)]");
        Assert.Equal(new EchoedSpec(EchoedKind.Raw, 0, 64), echo.Echoed);
        Assert.Equal((ushort)7, echo.EchoId!.Value);
    }

    [Theory]
    [InlineData("< icmp unreachable port_unreachable mtu 5", "only unreachable frag_needed has an mtu")]
    [InlineData("< icmp unreachabel", "unknown ICMP type 'unreachabel'")]
    [InlineData("< icmp unreachable no_route", "unknown code of unreachable 'no_route'")]
    [InlineData("< icmp echo_reply [raw (4)]", "the length must be from 8")]
    [InlineData("< udp (70000)", "the length of the payload must be from 0 to 65535")]
    public void What_cannot_be_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Single(Scripts.Faults("0 " + text)).Message, StringComparison.Ordinal);
}
