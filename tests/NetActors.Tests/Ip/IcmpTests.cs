using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Ip;

public sealed class IcmpTests : IDisposable
{
    private static readonly KernelTime Now = KernelTime.FromSeconds(100);
    private static readonly Route ToUs = new(RouteType.Local, 2, Addr(Me), 0, Addr(Me), 1500, true);
    private readonly SkbPool _pool = new(2048, 16);
    private readonly MibSet _mib = new();
    private readonly IcmpOutput _output = new(new IcmpRateLimiter(new IcmpSettings()), new IpIdent(1), new KernelRandom(1));
    private readonly List<SkBuff> _held = [];

    public void Dispose()
    {
        foreach (var skb in _held) skb.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void An_echo_is_answered_with_its_data()
    {
        var request = Message(IcmpTypes.Echo, rest: 0x1234_0001, payload: [1, 2, 3, 4, 5]);
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Receive(request, out var action, out _));
        Assert.Equal(IcmpAction.Reply, action);
        var reply = Hold(_output.Reply(request, ToUs, Snapshot(), Eth0, _pool, _mib, Now, out var route)!);
        Assert.Equal((2, Addr(Peer), Addr(Me)), (route.IfIndex, route.NextHop, route.Source));
        Assert.True(Ipv4Header.TryParse(reply.Data, out var ip));
        Assert.True(IcmpHeader.TryParse(ip.Payload, out var icmp));
        Assert.True(ip.IsChecksumValid && icmp.IsChecksumValid);
        Assert.Equal((Addr(Me), Addr(Peer), false), (ip.SourceAddress, ip.DestinationAddress, ip.DontFragment));
        Assert.Equal((IcmpTypes.EchoReply, 0x1234_0001u), (icmp.Type, icmp.RestOfHeader));
        Assert.Equal([1, 2, 3, 4, 5], icmp.Payload.ToArray());
        Assert.Equal((1L, 1L, 1L), (_mib[IcmpMib.InMsgs], _mib[IcmpMib.InEchos], _mib.IcmpInTypes[8]));
        Assert.Equal((1L, 1L, 1L), (_mib[IcmpMib.OutMsgs], _mib[IcmpMib.OutEchoReps], _mib.IcmpOutTypes[0]));
    }

    [Fact]
    public void An_echo_to_a_group_is_ignored_unless_told_otherwise_and_answered_by_our_own_address()
    {
        var toAll = ToUs with { Type = RouteType.Broadcast, Destination = Addr("10.0.0.255") };
        var request = Message(IcmpTypes.Echo);
        Assert.Equal(SkbDropReason.INVALID_PROTO, Receive(request, out _, out _, toAll));
        Assert.Equal(1, _mib[IcmpMib.InErrors]);
        var settings = new IcmpSettings { EchoIgnoreBroadcasts = false };
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Receive(request, out var action, out _, toAll, settings));
        Assert.Equal(IcmpAction.Reply, action);
        Hold(_output.Reply(request, toAll, Snapshot(), Eth0, _pool, _mib, Now, out var route)!);
        Assert.Equal(Addr(Me), route.Source);
        Assert.Equal(SkbDropReason.INVALID_PROTO, Receive(Message(IcmpTypes.DestinationUnreachable), out _, out _, toAll, settings));
    }

    [Fact]
    public void Echoes_may_be_ignored_altogether()
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET,
            Receive(Message(IcmpTypes.Echo), out var action, out _, settings: new IcmpSettings { EchoIgnoreAll = true }));
        Assert.Equal(IcmpAction.None, action);
    }

    [Fact]
    public void A_time_stamp_is_answered_in_milliseconds()
    {
        var request = Message(IcmpTypes.Timestamp, payload: new byte[12]);
        Receive(request, out var action, out _);
        Assert.Equal(IcmpAction.Reply, action);
        var reply = Hold(_output.Reply(request, ToUs, Snapshot(), Eth0, _pool, _mib, Now, out _)!);
        Assert.Equal((14, 100_000u), (reply.Data[20], BinaryPrimitives.ReadUInt32BigEndian(reply.Data[36..])));
        Assert.Equal(SkbDropReason.PKT_TOO_SMALL, Receive(Message(IcmpTypes.Timestamp), out _, out _));
    }

    [Fact]
    public void A_wrong_checksum_is_an_error_with_its_own_counter()
    {
        var skb = Message(IcmpTypes.Echo);
        skb.Data[2] ^= 1;
        Assert.Equal(SkbDropReason.ICMP_CSUM, Receive(skb, out _, out _));
        Assert.Equal((1L, 1L, 0L), (_mib[IcmpMib.InErrors], _mib[IcmpMib.InCsumErrors], _mib[IcmpMib.InEchos]));
    }

    [Fact]
    public void A_type_above_18_is_a_mystery()
    {
        Assert.Equal(SkbDropReason.UNHANDLED_PROTO, Receive(Message(19), out _, out _));
        Assert.Equal((1L, 1L), (_mib[IcmpMib.InErrors], _mib.IcmpInTypes[19]));
    }

    [Theory]
    [InlineData(3, 3, 0u, Errno.ECONNREFUSED, true)]
    [InlineData(3, 0, 0u, Errno.ENETUNREACH, false)]
    [InlineData(3, 1, 0u, Errno.EHOSTUNREACH, false)]
    [InlineData(3, 2, 0u, Errno.ENOPROTOOPT, true)]
    [InlineData(3, 4, 1400u, Errno.EMSGSIZE, true)]
    [InlineData(3, 13, 0u, Errno.EHOSTUNREACH, true)]
    [InlineData(11, 0, 0u, Errno.EHOSTUNREACH, false)]
    [InlineData(12, 0, 20u << 24, Errno.EPROTO, true)]
    [InlineData(4, 0, 0u, Errno.None, false)]
    public void An_error_tells_the_layer_that_sent_the_packet(byte type, byte code, uint rest, Errno errno, bool hard)
    {
        var about = Hold(Datagram(_pool, Me, 1000, Peer, 53));
        Receive(Message(type, code, rest, about.Data.ToArray()), out var action, out var notice);
        Assert.Equal(IcmpAction.Notify, action);
        Assert.Equal((IpProtocols.Udp, Addr(Me), Addr(Peer)), (notice.Protocol, notice.Source, notice.Destination));
        Assert.Equal(((ushort)1000, (ushort)53), (notice.SourcePort, notice.DestinationPort));
        Assert.Equal(type == 12 ? rest >> 24 : rest, notice.Info);
        Assert.Equal((errno, hard), (notice.ToErrno(out var isHard), isHard));
    }

    [Fact]
    public void Errors_that_say_nothing_are_used_up_and_broken_ones_counted()
    {
        var about = Hold(Datagram(_pool, Me, 1000, Peer, 53)).Data.ToArray();
        Receive(Message(11, 1, 0, about), out var action, out _);
        Assert.Equal((IcmpAction.None, 1L), (action, _mib[IcmpMib.InTimeExcds]));
        Receive(Message(3, 16, 0, about), out action, out _);
        Assert.Equal((IcmpAction.None, 0L), (action, _mib[IcmpMib.InErrors]));
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, Receive(Message(3, 3, 0, about[..12]), out _, out _));
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Receive(Message(3, 3, 0, about[..27]), out action, out _));
        Assert.Equal((IcmpAction.None, 2L), (action, _mib[IcmpMib.InErrors]));
        about[0] = 0x44;
        Assert.Equal(SkbDropReason.IP_INHDR, Receive(Message(3, 3, 0, about), out _, out _));
    }

    [Theory]
    [InlineData(16, 16 + 28)]
    [InlineData(1400, 548)]
    public void An_error_quotes_up_to_576_bytes_in_all(int payload, int quoted)
    {
        var skb = Delivered(Datagram(_pool, Peer, 1000, Me, 53, payload));
        var error = Hold(_output.Send(skb, ToUs, IcmpError.PortUnreachable, Snapshot(), Eth0, _pool, _mib, Now, out var route)!);
        Assert.True(Ipv4Header.TryParse(error.Data, out var ip));
        Assert.True(IcmpHeader.TryParse(ip.Payload, out var icmp));
        Assert.Equal((true, (byte)3, (byte)3), (icmp.IsChecksumValid, icmp.Type, icmp.Code));
        Assert.Equal((quoted, (byte)0xC0, Addr(Me)), (icmp.Payload.Length, ip.Tos, ip.SourceAddress));
        Assert.Equal(skb.From(skb.NetworkHeader)[..quoted].ToArray(), icmp.Payload.ToArray());
        Assert.Equal((Addr(Peer), 1L), (route.NextHop, _mib[IcmpMib.OutDestUnreachs]));
    }

    [Fact]
    public void No_error_is_sent_about_groups_fragments_and_errors()
    {
        var port = IcmpError.PortUnreachable;
        var plain = Delivered(Datagram(_pool, Peer, 1, Me, 2));
        Assert.Null(Send(plain, IcmpError.None));
        Assert.Null(Send(plain, port, ToUs with { Type = RouteType.Broadcast }));
        plain.PacketType = PacketType.Multicast;
        Assert.Null(Send(plain, port));

        var fragment = Delivered(Datagram(_pool, Peer, 1, Me, 2));
        Assert.True(Ipv4Header.TryOverlay(fragment.From(fragment.NetworkHeader), out var ip));
        ip.FragmentOffset = 8;
        Assert.Null(Send(fragment, port));
        Assert.Null(Send(Icmp(IcmpTypes.DestinationUnreachable), port));
        Assert.Null(Send(Icmp(77), port)); // unknown types may be errors
        Assert.NotNull(Hold(Send(Icmp(IcmpTypes.Echo), port)!));

        SkBuff Icmp(byte type)
        {
            var skb = Packet(_pool, Peer, Me, IpProtocols.Icmp);
            skb.Data[20] = type;
            return Delivered(skb);
        }
    }

    [Fact]
    public void Errors_are_limited_by_host()
    {
        var sent = 0;
        for (var i = 0; i < 10; i++)
        {
            var skb = Datagram(_pool, Peer, 1, Me, 2);
            skb.NetworkHeader = skb.DataOffset;
            var error = Send(skb, IcmpError.PortUnreachable);
            skb.Free(SkbDropReason.NO_SOCKET);
            if (error is null) continue;
            sent++;
            error.Free(SkbDropReason.CONSUMED);
        }

        Assert.Equal((6, 4L), (sent, _mib[IcmpMib.OutRateLimitHost]));
    }

    [Fact]
    public void A_spent_pool_is_an_output_error()
    {
        var skb = Delivered(Datagram(_pool, Peer, 1, Me, 2));
        Assert.Null(_output.Send(skb, ToUs, IcmpError.PortUnreachable, Snapshot(), Eth0, new SkbPool(64, 1), _mib, Now, out _));
        Assert.Equal(1, _mib[IcmpMib.OutErrors]);
    }

    [Fact]
    public void Nobody_answered_tells_our_own_socket_over_loopback()
    {
        var ours = Delivered(Datagram(_pool, Me, 1000, Peer, 53));
        var route = new Route(RouteType.Unicast, 2, Addr(Peer), Addr(Me), Addr(Peer), 1500, false);
        var error = Hold(_output.Send(ours, route, IcmpError.HostUnreachable, Snapshot(), Eth0, _pool, _mib, Now, out var back)!);
        Assert.Equal((RouteType.Local, 1), (back.Type, back.IfIndex));
        Assert.True(Ipv4Header.TryParse(error.Data, out var ip));
        Assert.Equal((Addr(Me), Addr(Me)), (ip.SourceAddress, ip.DestinationAddress));
    }

    private SkBuff? Send(SkBuff skb, IcmpError error, Route? about = null) =>
        _output.Send(skb, about ?? ToUs, error, Snapshot(), Eth0, _pool, _mib, Now, out _);

    private SkBuff Hold(SkBuff skb)
    {
        _held.Add(skb);
        return skb;
    }

    /// <summary>A packet that went through IP input: its data starts at the transport header.</summary>
    private SkBuff Delivered(SkBuff skb)
    {
        IpInput.ReceiveCore(skb, new MibSet());
        skb.Pull(skb.TransportHeader - skb.DataOffset);
        return Hold(skb);
    }

    private SkBuff Message(byte type, byte code = 0, uint rest = 0, byte[]? payload = null)
    {
        var skb = Packet(_pool, Peer, Me, IpProtocols.Icmp, IcmpHeader.Size + (payload?.Length ?? 0));
        Delivered(skb);
        payload?.CopyTo(skb.Data[IcmpHeader.Size..]);
        Assert.True(IcmpHeader.TryParse(skb.Data, out var icmp));
        (icmp.Type, icmp.Code, icmp.RestOfHeader) = (type, code, rest);
        icmp.FillChecksum();
        return skb;
    }

    private SkbDropReason Receive(
        SkBuff skb, out IcmpAction action, out IcmpNotice notice, Route? route = null, IcmpSettings? settings = null) =>
        IcmpInput.Receive(skb, route ?? ToUs, settings ?? new IcmpSettings(), _mib, out action, out notice);
}
