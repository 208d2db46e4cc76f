using CsCheck;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class TransportHeaderTests
{
    [Fact]
    public void A_TCP_header_written_is_read_back() =>
        Gen.Select(
            Gen.Select(Gen.UShort, Gen.UShort, Gen.UInt, Gen.UInt),
            Gen.Select(Gen.Int[5, 15], Gen.Int[0, 511], Gen.UShort, Gen.UShort)).Sample((a, b) =>
        {
            var segment = new byte[64];
            Assert.True(TcpHeader.TryOverlay(segment, out var tcp));
            (tcp.SourcePort, tcp.DestinationPort, tcp.Sequence, tcp.Acknowledgment) = a;
            (tcp.DataOffset, tcp.Flags, tcp.Window, tcp.UrgentPointer) = ((byte)b.Item1, (TcpFlags)b.Item2, b.Item3, b.Item4);
            Assert.True(TcpHeader.TryParse(segment, out var read));
            return (read.SourcePort, read.DestinationPort, read.Sequence, read.Acknowledgment) == a
                && (read.DataOffset, (int)read.Flags, read.Window, read.UrgentPointer) == b
                && read.Options.Length == b.Item1 * 4 - 20 && read.Payload.Length == 64 - b.Item1 * 4;
        });

    [Theory]
    [InlineData(0x40)] // header length 16
    [InlineData(0xF0)] // header length 60 of 24 bytes
    public void A_TCP_header_of_a_wrong_length_is_refused_but_can_be_overlaid(byte offset)
    {
        var segment = new byte[24];
        segment[12] = offset;
        Assert.False(TcpHeader.TryParse(segment, out _));
        Assert.True(TcpHeader.TryOverlay(segment, out var tcp));
        Assert.Equal(4, tcp.Options.Length + tcp.Payload.Length);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(15)]
    public void A_UDP_length_outside_the_datagram_is_refused(byte length)
    {
        var datagram = Captures.Transport4(Captures.Udp);
        datagram[5] = length;
        Assert.False(UdpHeader.TryParse(datagram, out _));
        Assert.True(UdpHeader.TryOverlay(datagram, out var udp));
        Assert.True(udp.Payload.Length <= 6);
    }

    [Fact]
    public void A_UDP_checksum_that_comes_out_as_0_is_sent_as_ffff()
    {
        var datagram = new byte[10];
        Assert.True(UdpHeader.TryOverlay(datagram, out var udp));
        udp.Length = 10;
        udp.FillChecksum(0u, 0u);
        var (high, low) = ((byte)(udp.Checksum >> 8), (byte)udp.Checksum);
        (datagram[8], datagram[9]) = (high, low); // makes the sum all ones
        udp.FillChecksum(0u, 0u);
        Assert.Equal(0xFFFF, udp.Checksum);
        Assert.True(udp.IsChecksumValid(0u, 0u));
    }

    [Fact]
    public void A_UDP_checksum_of_0_says_that_there_is_none_over_IPv4_only()
    {
        var datagram = Captures.Transport4(Captures.Udp);
        Assert.True(UdpHeader.TryParse(datagram, out var udp));
        udp.Checksum = 0;
        Assert.True(udp.IsChecksumValid(1u, 2u));
        Assert.False(udp.IsChecksumValid((UInt128)1, 2));
    }

    [Fact]
    public void An_echo_is_built_and_read()
    {
        var frame = new byte[100];
        var ends = new FrameEnds(MacAddress.Local(1), MacAddress.Local(2), 1, 2);
        Assert.Equal(60, FrameBuilder.WriteIcmpEcho(frame, ends, reply: false, 7, 8, "abc"u8));
        Assert.True(EthernetHeader.TryParse(frame.AsSpan(0, 60), out var ethernet));
        Assert.True(Ipv4Header.TryParse(ethernet.Payload, out var ip));
        Assert.True(IcmpHeader.TryParse(ip.Payload, out var icmp));
        Assert.True(ip.IsChecksumValid && icmp.IsChecksumValid);
        Assert.Equal((IcmpTypes.Echo, 0, 7, 8), (icmp.Type, icmp.Code, icmp.Identifier, icmp.Sequence));
        Assert.Equal("abc"u8, icmp.Payload);
        icmp.NextHopMtu = 1400;
        Assert.Equal(7u << 16 | 1400, icmp.RestOfHeader);
    }

    [Fact]
    public void A_VLAN_tag_written_is_read_back() =>
        Gen.Select(Gen.UShort[0, 4095], Gen.Byte[0, 7], Gen.Bool, Gen.UShort).Sample((id, priority, eligible, type) =>
        {
            var bytes = new byte[4];
            Assert.True(VlanTag.TryParse(bytes, out var tag));
            (tag.Id, tag.Priority, tag.DropEligible, tag.EtherType) = (id, priority, eligible, type);
            return tag.Tci == (priority << 13 | (eligible ? 0x1000 : 0) | id)
                && (tag.Id, tag.Priority, tag.DropEligible, tag.EtherType) == (id, priority, eligible, type);
        });

    [Fact]
    public void An_IPv6_header_written_is_read_back() =>
        Gen.Select(Gen.Byte, Gen.UInt[0, 0xFFFFF], Gen.ULong, Gen.ULong).Sample((trafficClass, label, low, high) =>
        {
            var packet = new byte[48];
            Assert.True(Ipv6Header.TryOverlay(packet, out var ip));
            (ip.Version, ip.TrafficClass, ip.FlowLabel, ip.PayloadLength) = (6, trafficClass, label, 8);
            (ip.SourceAddress, ip.DestinationAddress) = (new UInt128(high, low), new UInt128(low, high));
            Assert.True(Ipv6Header.TryParse(packet, out var read));
            return read.Version == 6 && read.TrafficClass == trafficClass && read.FlowLabel == label && read.Payload.Length == 8
                && read.SourceAddress == new UInt128(high, low) && read.DestinationAddress == new UInt128(low, high);
        });

    [Theory]
    [InlineData(6, "", 6, 0, false)]
    [InlineData(0, "0600000000000000", 6, 8, false)]
    [InlineData(0, "3c000000000000001100000000000000", 17, 16, false)]
    [InlineData(44, "0600000100000007aabb", 6, 8, true)] // first fragment
    [InlineData(44, "3c00000900000007", 60, 8, true)] // later fragment: what follows is payload
    [InlineData(51, "060400000000000000000000000000000000000000000000", 6, 24, false)] // AH counts words
    [InlineData(59, "", 59, 0, false)]
    public void Extension_headers_lead_to_the_transport(byte first, string hex, byte protocol, int offset, bool fragment)
    {
        var payload = Convert.FromHexString(hex);
        Assert.True(Ipv6Extensions.TryWalk(payload, first, out var end));
        Assert.Equal((protocol, offset, fragment), (end.Protocol, end.Offset, end.IsFragment));
    }

    [Theory]
    [InlineData(0, "06000000000000")] // cut off
    [InlineData(0, "0601000000000000")] // longer than the payload
    public void Extension_headers_that_do_not_fit_are_refused(byte first, string hex) =>
        Assert.False(Ipv6Extensions.TryWalk(Convert.FromHexString(hex), first, out _));

    [Fact]
    public void A_chain_of_extension_headers_without_end_is_refused()
    {
        Assert.False(Ipv6Extensions.TryWalk(new byte[1400], IpProtocols.HopByHop, out _));
        var chain = new byte[64];
        chain[56] = IpProtocols.Tcp;
        Assert.True(Ipv6Extensions.TryWalk(chain, IpProtocols.HopByHop, out var end));
        Assert.Equal((IpProtocols.Tcp, 64), (end.Protocol, end.Offset));
    }
}
