using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Udp;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Ip;

public class IpOutputTests
{
    private readonly SkbPool _pool = new(2048, 16);
    private readonly SkbPool _large = new(70_000, 2);
    private readonly MibSet _mib = new();
    private readonly IpIdent _ident = new(42);

    [Fact]
    public void A_datagram_gets_a_header_that_input_accepts()
    {
        var skb = Payload(100);
        Assert.Equal(Errno.None, UdpOutput.Send(skb, 1000, 53, To(Peer), new IpSendOptions(0, Tos: 0x10), false, _ident, _mib));
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, IpInput.ReceiveCore(skb, new MibSet()));
        Assert.True(Ipv4Header.TryParse(skb.Data, out var ip));
        Assert.Equal((true, 64, 0x10, 128), (ip.DontFragment, ip.Ttl, ip.Tos, ip.TotalLength));
        Assert.True(UdpHeader.TryParse(ip.Payload, out var udp));
        Assert.True(udp.Checksum != 0 && udp.IsChecksumValid(Addr(Me), Addr(Peer)));
        Assert.Equal((1L, 1L), (_mib[IpMib.OutRequests], _mib[UdpMib.OutDatagrams]));
        IpOutput.Count(skb, To(Peer), _mib);
        Assert.Equal((1L, 128L), (_mib[IpMib.OutTransmits], _mib[IpExtMib.OutOctets]));
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void Offload_leaves_the_sum_of_the_pseudo_header()
    {
        var skb = Payload(100);
        UdpOutput.Send(skb, 1000, 53, To(Peer), default, true, _ident, _mib);
        Assert.Equal((ChecksumState.Partial, 20, 6), (skb.IpSummed, skb.CsumStart, skb.CsumOffset));
        var udp = skb.Data[20..];
        var filled = InternetChecksum.Compute(udp); // what the device does
        Assert.Equal(0, InternetChecksum.Fold(InternetChecksum.Add(
            InternetChecksum.Subtract(InternetChecksum.Partial(udp), (uint)(udp[6] << 8 | udp[7])),
            InternetChecksum.Add(filled, InternetChecksum.PseudoHeader(Addr(Me), Addr(Peer), 17, 108)))));
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void Identifications_follow_the_ends_and_atomic_packets_have_none()
    {
        var first = _ident.Select(false, null, 1, 2, 17);
        Assert.Equal((ushort)(first + 1), _ident.Select(false, null, 1, 2, 17));
        Assert.Equal(0, _ident.Select(true, null, 1, 2, 17));
        var socket = new SocketIdent(0xFFFF);
        Assert.Equal(0, _ident.Select(true, socket, 1, 2, 17));
        Assert.Equal(1, _ident.Select(false, socket, 1, 2, 17));
        Assert.Equal(first, new IpIdent(42).Select(false, null, 1, 2, 17));
    }

    [Theory]
    [InlineData(PathMtuDiscovery.Want, 1473, Errno.None)]
    [InlineData(PathMtuDiscovery.Do, 1472, Errno.None)]
    [InlineData(PathMtuDiscovery.Do, 1473, Errno.EMSGSIZE)]
    [InlineData(PathMtuDiscovery.Probe, 1473, Errno.EMSGSIZE)]
    [InlineData(PathMtuDiscovery.Dont, 65507, Errno.None)]
    [InlineData(PathMtuDiscovery.Want, 65508, Errno.EMSGSIZE)]
    public void Sizes_are_limited_by_what_may_be_cut(PathMtuDiscovery discovery, int payload, Errno error)
    {
        var skb = Payload(payload, _large);
        Assert.Equal(error, UdpOutput.Send(skb, 1, 2, To(Peer), new IpSendOptions(0, Discovery: discovery), false, _ident, _mib));
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Theory]
    [InlineData(PathMtuDiscovery.Want, 100, true)]
    [InlineData(PathMtuDiscovery.Want, 3000, false)]
    [InlineData(PathMtuDiscovery.Dont, 100, false)]
    [InlineData(PathMtuDiscovery.Do, 100, true)]
    public void DF_says_what_may_be_cut(PathMtuDiscovery discovery, int payload, bool set)
    {
        var skb = Payload(payload, _large);
        UdpOutput.Send(skb, 1, 2, To(Peer), new IpSendOptions(0, Discovery: discovery), true, _ident, _mib);
        Assert.True(Ipv4Header.TryOverlay(skb.Data, out var ip));
        Assert.Equal(set, ip.DontFragment);
        Assert.Equal(discovery == PathMtuDiscovery.Do, ip.Id == 0);
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void A_group_s_packet_lives_one_hop_and_is_counted()
    {
        RouteLookup.Output(Snapshot(), new RouteQuery(Addr("224.0.0.9")), out var route);
        var skb = Payload(10);
        UdpOutput.Send(skb, 1, 2, route, default, false, _ident, _mib);
        IpOutput.CountGroup(skb, route, _mib);
        Assert.Equal((1, 1L, 38L), (skb.Data[8], _mib[IpExtMib.OutMcastPkts], _mib[IpExtMib.OutMcastOctets]));
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void A_large_datagram_is_cut_into_fragments_that_join_to_it()
    {
        var skb = Payload(4000, _large);
        var route = To(Peer);
        UdpOutput.Send(skb, 1, 2, route, default, false, _ident, _mib);
        Assert.True(IpOutput.NeedsFragmenting(skb, route));
        var joined = new List<byte>();
        var fragmenter = new IpFragmenter(skb, route.Mtu, 16, _pool, _mib);
        while (fragmenter.TryNext(out var fragment))
        {
            Assert.True(Ipv4Header.TryParse(fragment.Data, out var ip) && ip.IsChecksumValid);
            Assert.True(Ipv4Header.TryOverlay(fragment.Data, out ip));
            Assert.Equal((joined.Count, joined.Count < 2960), (ip.FragmentOffset, ip.MoreFragments));
            Assert.True(fragment.Length <= 1500 && fragment.Headroom == 16);
            joined.AddRange(ip.Payload);
            fragment.Free(SkbDropReason.CONSUMED);
        }

        Assert.Equal(skb.Data[20..].ToArray(), joined.ToArray());
        Assert.Equal((Errno.None, 3L, 1L), (fragmenter.Error, _mib[IpMib.FragCreates], _mib[IpMib.FragOKs]));
        skb.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Fragments_but_the_first_lose_options_that_are_not_copied()
    {
        var skb = Packet(_large, Me, Peer, payload: 2000, options: [7, 3, 4, 1, 148, 4, 0, 0]);
        var fragmenter = new IpFragmenter(skb, 1500, 16, _pool, _mib);
        Assert.True(fragmenter.TryNext(out var first));
        Assert.True(fragmenter.TryNext(out var second));
        Assert.False(fragmenter.TryNext(out _));
        Assert.Equal([7, 3, 4, 1, 148, 4, 0, 0], first.Data[20..28].ToArray());
        Assert.Equal([1, 1, 1, 1, 148, 4, 0, 0], second.Data[20..28].ToArray());
        first.Free(SkbDropReason.CONSUMED);
        second.Free(SkbDropReason.CONSUMED);
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void What_may_not_be_cut_or_has_no_room_fails_and_is_counted()
    {
        var skb = Packet(_large, Me, Peer, payload: 3000);
        Assert.True(Ipv4Header.TryOverlay(skb.Data, out var ip));
        ip.DontFragment = true;
        var forbidden = new IpFragmenter(skb, 1500, 16, _pool, _mib);
        Assert.False(forbidden.TryNext(out _));
        Assert.Equal(Errno.EMSGSIZE, forbidden.Error);
        ip.DontFragment = false;
        var spent = new IpFragmenter(skb, 1500, 16, new SkbPool(512, 1), _mib);
        Assert.False(spent.TryNext(out _));
        Assert.Equal((Errno.ENOMEM, 2L), (spent.Error, _mib[IpMib.FragFails]));
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void Sending_allocates_nothing()
    {
        var route = To(Peer);
        var options = new IpSendOptions(0);
        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Once()
        {
            var skb = Payload(100);
            UdpOutput.Send(skb, 1, 2, route, options, false, _ident, _mib);
            skb.Free(SkbDropReason.CONSUMED);
        }
    }

    private static Route To(string destination)
    {
        Assert.Equal(Errno.None, RouteLookup.Output(Snapshot(), new RouteQuery(Addr(destination)), out var route));
        return route;
    }

    private SkBuff Payload(int bytes, SkbPool? pool = null)
    {
        var skb = (pool ?? _pool).Rent()!;
        skb.Reserve(64);
        var payload = skb.Put(bytes);
        for (var i = 0; i < bytes; i++) payload[i] = (byte)i;
        return skb;
    }
}
