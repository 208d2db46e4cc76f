using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class CapturedFrameTests
{
    private const uint Client = 0x0A000001;
    private const uint Server = 0x0A000002;

    [Fact]
    public void An_ARP_request_of_Linux_is_read_and_built()
    {
        Assert.True(EthernetHeader.TryParse(Captures.Bytes(Captures.ArpRequest), out var ethernet));
        Assert.True(ethernet.Destination.IsBroadcast);
        Assert.Equal(EtherTypes.Arp, ethernet.EtherType);
        Assert.True(ArpPacket.TryParse(ethernet.Payload, out var arp));
        Assert.Equal((ArpPacket.Request, Client, Server), (arp.Operation, arp.SenderAddress, arp.TargetAddress));
        Assert.Equal((MacAddress.Local(1), MacAddress.Zero), (arp.SenderMac, arp.TargetMac));
        AssertBuilt(Captures.ArpRequest, frame => FrameBuilder.WriteArpRequest(frame, MacAddress.Local(1), Client, Server));
    }

    [Fact]
    public void An_ARP_reply_of_Linux_is_read_and_built()
    {
        Assert.True(ArpPacket.TryParse(Captures.Network(Captures.ArpReply), out var arp));
        Assert.Equal((ArpPacket.Reply, Server, Client), (arp.Operation, arp.SenderAddress, arp.TargetAddress));
        AssertBuilt(Captures.ArpReply, frame => FrameBuilder.WriteArpReply(frame, Ends.Reversed));
    }

    [Fact]
    public void A_UDP_datagram_of_Linux_is_read_and_built()
    {
        Assert.True(Ipv4Header.TryParse(Captures.Network(Captures.Udp), out var ip));
        Assert.True(ip.IsChecksumValid && ip.DontFragment && !ip.IsFragment);
        Assert.Equal((IpProtocols.Udp, 64, 34), (ip.Protocol, ip.Ttl, ip.TotalLength));
        Assert.Equal(0, ip.Options.Length);
        Assert.True(UdpHeader.TryParse(ip.Payload, out var udp));
        Assert.Equal((59791, 9), (udp.SourcePort, udp.DestinationPort));
        Assert.Equal("nobody"u8, udp.Payload);
        Assert.True(udp.IsChecksumValid(Client, Server));
        Assert.False(udp.IsChecksumValid(Client, Server + 1));
        AssertBuilt(Captures.Udp, frame => FrameBuilder.WriteUdp(frame, Ends, 59791, 9, "nobody"u8, id: 0xCB47));
    }

    [Fact]
    public void A_SYN_of_Linux_is_read_and_built()
    {
        Assert.True(Ipv4Header.TryParse(Captures.Network(Captures.TcpSyn), out var ip));
        Assert.True(TcpHeader.TryParse(ip.Payload, out var tcp));
        Assert.Equal((33976, 8080, TcpFlags.Syn), (tcp.SourcePort, tcp.DestinationPort, tcp.Flags));
        Assert.Equal((0xAE5E80FFu, 0u, 64240), (tcp.Sequence, tcp.Acknowledgment, tcp.Window));
        Assert.True(tcp.IsChecksumValid(Client, Server));
        Assert.Equal(0, tcp.Payload.Length);

        var options = TcpOptions.Parse(tcp.Options, syn: true);
        Assert.Equal(TcpOptionSet.Mss | TcpOptionSet.WindowScale | TcpOptionSet.SackPermitted | TcpOptionSet.Timestamps, options.Present);
        Assert.Equal((1460, 10, 0x0A563485u, 0u), (options.Mss, options.WindowScale, options.TimestampValue, options.TimestampEcho));

        var written = new byte[40];
        Assert.Equal(20, TcpOptionsWriter.Write(options, written));
        Assert.Equal(tcp.Options, written.AsSpan(0, 20));
        var segment = new TcpSegment(33976, 8080, 0xAE5E80FF, 0, TcpFlags.Syn, 64240);
        AssertBuilt(Captures.TcpSyn, frame => FrameBuilder.WriteTcp(frame, Ends, segment, written.AsSpan(0, 20), [], id: 0x26DA));
    }

    [Fact]
    public void Data_of_Linux_is_read_and_built()
    {
        Assert.True(TcpHeader.TryParse(Captures.Transport4(Captures.TcpData), out var tcp));
        Assert.Equal(TcpFlags.Psh | TcpFlags.Ack, tcp.Flags);
        Assert.Equal("ping"u8, tcp.Payload);
        var options = tcp.Options.ToArray();
        var segment = new TcpSegment(33976, 8080, 0xAE5E8100, 0x567CCA86, tcp.Flags, 63);
        AssertBuilt(Captures.TcpData, frame => FrameBuilder.WriteTcp(frame, Ends, segment, options, "ping"u8, id: 0x26DC));
    }

    [Fact]
    public void A_port_unreachable_of_Linux_is_read()
    {
        Assert.True(Ipv4Header.TryParse(Captures.Network(Captures.PortUnreachable), out var ip));
        Assert.Equal((0xC0, 0x30, 0), (ip.Tos, ip.Dscp, ip.Ecn));
        Assert.True(IcmpHeader.TryParse(ip.Payload, out var icmp));
        Assert.True(icmp.IsChecksumValid && IcmpTypes.IsError(icmp.Type));
        Assert.Equal((IcmpTypes.DestinationUnreachable, 3), (icmp.Type, icmp.Code));
        Assert.True(Ipv4Header.TryParse(icmp.Payload, out var inner));
        Assert.Equal(Client, inner.SourceAddress);
    }

    [Theory]
    [InlineData(Captures.TcpSyn)]
    [InlineData(Captures.TcpSynAck)]
    [InlineData(Captures.TcpData)]
    [InlineData(Captures.TcpAnswer)]
    [InlineData(Captures.TcpFin)]
    public void Checksums_of_Linux_are_valid_and_written_anew_over_IPv4(string capture)
    {
        var packet = Captures.Network(capture);
        Assert.True(Ipv4Header.TryParse(packet, out var ip));
        Assert.True(ip.IsChecksumValid);
        Assert.Equal(ip.Checksum, ip.ComputeChecksum());
        Assert.True(TcpHeader.TryParse(ip.Payload, out var tcp));
        Assert.True(tcp.IsChecksumValid(ip.SourceAddress, ip.DestinationAddress));
        (ip.Checksum, tcp.Checksum) = (0x1234, 0x5678);
        ip.FillChecksum();
        tcp.FillChecksum(ip.SourceAddress, ip.DestinationAddress);
        Assert.Equal(Captures.Network(capture), packet);
    }

    [Fact]
    public void Checksums_of_Linux_are_valid_and_written_anew_over_IPv6()
    {
        string[] captures =
        [
            Captures.TcpSyn6, Captures.TcpSynAck6, Captures.Udp6, Captures.PortUnreachable6, Captures.NeighbourSolicitation,
        ];
        foreach (var capture in captures)
        {
            var packet = Captures.Network(capture);
            Assert.True(Ipv6Header.TryParse(packet, out var ip));
            var (source, destination) = (ip.SourceAddress, ip.DestinationAddress);
            if (TcpHeader.TryParse(ip.Payload, out var tcp) && ip.NextHeader == IpProtocols.Tcp)
            {
                Assert.True(tcp.IsChecksumValid(source, destination));
                tcp.Checksum ^= 0x55;
                tcp.FillChecksum(source, destination);
            }
            else if (ip.NextHeader == IpProtocols.Udp && UdpHeader.TryParse(ip.Payload, out var udp))
            {
                Assert.True(udp.IsChecksumValid(source, destination));
                udp.Checksum = 0;
                Assert.False(udp.IsChecksumValid(source, destination));
                udp.FillChecksum(source, destination);
            }
            else
            {
                Assert.True(Icmpv6Header.TryParse(ip.Payload, out var icmp));
                Assert.True(icmp.IsChecksumValid(source, destination));
                Assert.Equal(icmp.Type == 1, Icmpv6Types.IsError(icmp.Type));
                icmp.Checksum ^= 0x55;
                icmp.FillChecksum(source, destination);
            }

            Assert.Equal(Captures.Network(capture), packet);
        }
    }

    [Fact]
    public void An_IPv6_header_of_Linux_is_read()
    {
        Assert.True(Ipv6Header.TryParse(Captures.Network(Captures.TcpSyn6), out var ip));
        Assert.Equal((6, 0, 0xDC82Eu, 40), (ip.Version, ip.TrafficClass, ip.FlowLabel, ip.PayloadLength));
        Assert.Equal((IpProtocols.Tcp, 64), (ip.NextHeader, ip.HopLimit));
        Assert.Equal("2001:db8::1", Ipv6Address.Format(ip.SourceAddress));
        Assert.Equal("2001:db8::2", Ipv6Address.Format(ip.DestinationAddress));
    }

    private static FrameEnds Ends => new(MacAddress.Local(1), MacAddress.Local(2), Client, Server);

    private delegate int Build(Span<byte> frame);

    /// <summary>Builds the captured frame, padded to 60 bytes, and finds that one byte less room is refused.</summary>
    private static void AssertBuilt(string capture, Build build)
    {
        var expected = Captures.Bytes(capture);
        var frame = new byte[200];
        frame.AsSpan().Fill(0xEE);
        var length = build(frame);
        Assert.Equal(Math.Max(60, expected.Length), length);
        Assert.Equal(expected, frame[..expected.Length]);
        Assert.All(frame[expected.Length..length], padding => Assert.Equal(0, padding));
        Assert.Equal(0xEE, frame[length]);
        Assert.Equal(0, build(new byte[length - 1]));
    }
}
