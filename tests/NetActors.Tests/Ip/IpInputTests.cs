using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Ip;

public sealed class IpInputTests : IDisposable
{
    private readonly SkbPool _pool = new(2048, 8);
    private readonly MibSet _mib = new();
    private SkBuff? _skb;

    public void Dispose()
    {
        _skb?.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_good_packet_goes_on_with_its_fields_filled_in()
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Core(_ => { }));
        var skb = _skb!;
        Assert.Equal((Addr(Peer), Addr(Me)), (skb.Cb.SourceAddress, skb.Cb.DestinationAddress));
        Assert.Equal((IpProtocols.Udp, 16), (skb.Cb.IpProtocol, skb.Cb.PayloadLength));
        Assert.Equal((skb.DataOffset, skb.DataOffset + 20), (skb.NetworkHeader, skb.TransportHeader));
        Assert.Equal((1L, 36L, 1L), (_mib[IpMib.InReceives], _mib[IpExtMib.InOctets], _mib[IpExtMib.InNoECTPkts]));
    }

    [Fact]
    public void What_is_for_another_host_is_not_even_counted()
    {
        Assert.Equal(SkbDropReason.OTHERHOST, Core(skb => skb.PacketType = PacketType.OtherHost));
        Assert.Equal(0, _mib[IpMib.InReceives]);
    }

    [Theory]
    [InlineData(0, 0x55)] // version 5
    [InlineData(0, 0x44)] // 16 bytes of header
    [InlineData(0, 0x4F)] // more header than packet
    public void A_bad_first_byte_is_a_header_error(int at, byte value)
    {
        Assert.Equal(SkbDropReason.IP_INHDR, Core(skb => skb.Data[at] = value));
        Assert.Equal((1L, 1L), (_mib[IpMib.InReceives], _mib[IpMib.InHdrErrors]));
    }

    [Fact]
    public void A_packet_shorter_than_a_header_is_a_header_error_without_ECN_count()
    {
        Assert.Equal(SkbDropReason.IP_INHDR, Core(skb => skb.Trim(19)));
        Assert.Equal((1L, 0L), (_mib[IpMib.InHdrErrors], _mib[IpExtMib.InNoECTPkts]));
    }

    [Fact]
    public void A_wrong_checksum_counts_twice()
    {
        Assert.Equal(SkbDropReason.IP_CSUM, Core(skb => skb.Data[10] ^= 1));
        Assert.Equal((1L, 1L, 1L), (_mib[IpMib.InHdrErrors], _mib[IpExtMib.InCsumErrors], _mib[IpExtMib.InNoECTPkts]));
    }

    [Fact]
    public void A_truncated_packet_is_no_header_error()
    {
        Assert.Equal(SkbDropReason.PKT_TOO_SMALL, Core(skb => skb.Trim(35)));
        Assert.Equal((0L, 1L), (_mib[IpMib.InHdrErrors], _mib[IpExtMib.InTruncatedPkts]));
    }

    [Fact]
    public void A_total_length_below_the_header_is_a_header_error() =>
        Assert.Equal(SkbDropReason.IP_INHDR, Core(skb => Rewrite(skb, (Ipv4Header ip) => ip.TotalLength = 19)));

    [Theory]
    [InlineData(0, IpExtMib.InNoECTPkts)]
    [InlineData(1, IpExtMib.InECT1Pkts)]
    [InlineData(2, IpExtMib.InECT0Pkts)]
    [InlineData(3, IpExtMib.InCEPkts)]
    public void ECN_is_counted_by_segment(byte ecn, IpExtMib counter)
    {
        Core(skb =>
        {
            Rewrite(skb, (Ipv4Header ip) => ip.Ecn = ecn);
            skb.Shared.GsoSegs = 3;
        });
        Assert.Equal(3, _mib[counter]);
    }

    [Fact]
    public void Padding_is_cut_off_and_taken_out_of_the_device_s_sum()
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Core(skb =>
        {
            skb.Data[20..].Fill(0x5A);
            skb.Put(11).Fill(0x77);
            skb.IpSummed = ChecksumState.Complete;
            skb.Csum = (ushort)~InternetChecksum.Fold(SkbChecksum.Sum(skb));
        }));
        Assert.Equal(36, _skb!.Length);
        Assert.Equal(InternetChecksum.Compute(_skb.Data), InternetChecksum.Fold(_skb.Csum));
    }

    [Theory]
    [InlineData(Me, RouteType.Local, IpExtMib.InMcastPkts, 0)]
    [InlineData("10.0.0.255", RouteType.Broadcast, IpExtMib.InBcastPkts, 1)]
    [InlineData("224.0.0.1", RouteType.Multicast, IpExtMib.InMcastPkts, 1)]
    public void Groups_are_counted(string destination, RouteType type, IpExtMib counter, long count)
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Finish(Packet(_pool, Peer, destination), out var route, out _));
        Assert.Equal((type, count), (route.Type, _mib[counter]));
        Assert.Equal(count * 36, _mib[counter == IpExtMib.InBcastPkts ? IpExtMib.InBcastOctets : IpExtMib.InMcastOctets]);
    }

    [Fact]
    public void A_host_drops_what_it_would_have_to_forward_as_an_address_error()
    {
        Assert.Equal(SkbDropReason.IP_INADDRERRORS, Finish(Packet(_pool, Peer, "8.8.8.8"), out _, out var error));
        Assert.Equal((1L, false), (_mib[IpMib.InAddrErrors], error.IsWanted));
    }

    [Fact]
    public void A_router_without_route_says_net_unreachable()
    {
        var reason = Finish(Packet(_pool, Peer, "8.8.8.8"), out _, out var error, d => d with { Forwarding = true }, Via("10.0.0.0/8"));
        Assert.Equal((SkbDropReason.IP_INNOROUTES, 1L, IcmpError.NetUnreachable), (reason, _mib[IpExtMib.InNoRoutes], error));
    }

    [Theory]
    [InlineData(RouteType.Unreachable, 1)]
    [InlineData(RouteType.Prohibit, 13)]
    [InlineData(RouteType.Blackhole, 0)]
    public void A_router_refuses_as_the_route_says(RouteType type, byte code)
    {
        var reason = Finish(
            Packet(_pool, Peer, "8.8.8.8"), out _, out var error, d => d with { Forwarding = true }, Via("8.0.0.0/8", 0, type: type));
        Assert.Equal((SkbDropReason.NOT_SPECIFIED, code, code != 0), (reason, error.Code, error.IsWanted));
    }

    [Fact]
    public void The_reverse_path_filter_has_a_counter()
    {
        Assert.Equal(SkbDropReason.IP_RPFILTER, Finish(Packet(_pool, "192.168.1.9", Me), out _, out _, d => d with { RpFilter = 1 }));
        Assert.Equal(1, _mib[LinuxMib.IPReversePathFilter]);
    }

    [Fact]
    public void A_unicast_packet_in_a_link_broadcast_is_dropped_when_told_to()
    {
        var skb = Packet(_pool, Peer, Me);
        skb.PacketType = PacketType.Broadcast;
        Assert.Equal(
            SkbDropReason.UNICAST_IN_L2_MULTICAST, Finish(skb, out _, out _, d => d with { DropUnicastInL2Multicast = true }));
    }

    [Theory]
    [InlineData(new byte[] { 7, 1, 0, 0 }, 20)] // record route too short to be an option
    [InlineData(new byte[] { 7, 200, 4, 0 }, 20)] // longer than the header
    [InlineData(new byte[] { 7, 4, 3, 0 }, 22)] // pointer before the first slot
    public void Broken_options_are_a_parameter_problem(byte[] options, int pointer)
    {
        Assert.Equal(SkbDropReason.IP_INHDR, Finish(Packet(_pool, Peer, Me, options: options), out _, out var error));
        Assert.Equal(1, _mib[IpMib.InHdrErrors]);
        Assert.Equal(IcmpError.ParameterProblem(pointer), error);
    }

    [Fact]
    public void Harmless_options_pass_and_source_routes_only_where_accepted()
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Finish(Packet(_pool, Peer, Me, options: [148, 4, 0, 0]), out _, out _));
        byte[] ended = [131, 7, 8, 10, 0, 0, 9, 0];
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, Finish(Packet(_pool, Peer, Me, options: ended), out _, out _));
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET,
            Finish(Packet(_pool, Peer, Me, options: ended), out _, out _, d => d with { AcceptSourceRoute = true }));
    }

    [Fact]
    public void Delivery_finds_the_protocol_and_stands_at_its_header()
    {
        Finish(Packet(_pool, Peer, Me), out _, out _);
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, IpInput.Deliver(_skb!, new IpProtocolTable(), _mib, out _));
        Assert.Equal((_skb!.TransportHeader, 16, 1L), (_skb.DataOffset, _skb.Length, _mib[IpMib.InDelivers]));
    }

    [Fact]
    public void An_unknown_protocol_is_answered_with_protocol_unreachable()
    {
        Finish(Packet(_pool, Peer, Me, protocol: 132), out _, out _);
        Assert.Equal(SkbDropReason.IP_NOPROTO, IpInput.Deliver(_skb!, new IpProtocolTable(), _mib, out var error));
        Assert.Equal((IcmpError.ProtocolUnreachable, 1L, 0L), (error, _mib[IpMib.InUnknownProtos], _mib[IpMib.InDelivers]));
    }

    private static void Rewrite(SkBuff skb, Action<Ipv4Header> change)
    {
        Assert.True(Ipv4Header.TryOverlay(skb.Data, out var ip));
        change(ip);
        ip.FillChecksum();
    }

    private SkbDropReason Core(Action<SkBuff> change)
    {
        _skb = Packet(_pool, Peer, Me);
        change(_skb);
        return IpInput.ReceiveCore(_skb, _mib);
    }

    private SkbDropReason Finish(
        SkBuff skb, out Route route, out IcmpError error, Func<InetDevice, InetDevice>? eth0 = null, params FibRoute[] routes)
    {
        _skb?.Free(SkbDropReason.CONSUMED);
        _skb = skb;
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, IpInput.ReceiveCore(skb, _mib));
        var net = Snapshot(eth0, routes);
        return IpInput.Finish(skb, net, net.Device(2)!, _mib, out route, out error);
    }
}
