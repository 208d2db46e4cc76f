using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// Builds what ICMP sends: answers and errors (kernel: <c>icmp_reply</c>, <c>__icmp_send</c>). Answers a packet with its IP header,
/// counted and ready for the link, or null when the rules forbid it, a limit is reached or the pool is spent.
/// </summary>
public sealed class IcmpOutput(IcmpRateLimiter limiter, IpIdent ident, KernelRandom random, int linkHeadroom = 16)
{
    private const int MaxError = 576; // RFC 1812 section 4.3.2.3: as much as fits
    private const byte InternetControl = 0xC0; // IPTOS_PREC_INTERNETCONTROL
    private const byte TosMask = 0x1E; // RT_TOS
    private const uint Dummy = 0xC000_0008; // 192.0.0.8, INADDR_DUMMY (RFC 7600)

    /// <summary>
    /// The answer to an echo or time stamp request whose data starts at its ICMP header.
    /// </summary>
    /// <param name="skb">The request; stays the caller's.</param>
    /// <param name="arrived">Its route.</param>
    /// <param name="net">Devices and routes.</param>
    /// <param name="device">Device it came in by.</param>
    /// <param name="pool">Where the answer comes from.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="now">The time; also the milliseconds of a time stamp.</param>
    /// <param name="route">Where the answer goes.</param>
    public SkBuff? Reply(
        SkBuff skb, in Route arrived, Ipv4Snapshot net, InetDevice device, SkbPool pool, MibSet mib, KernelTime now, out Route route)
    {
        route = default;
        if (!IcmpHeader.TryParse(skb.Data, out var request)) return null;
        var isEcho = request.Type == IcmpTypes.Echo;
        var type = isEcho ? IcmpTypes.EchoReply : IcmpTypes.TimestampReply;
        if (!limiter.GlobalAllow(type, 0, mib, now, out var limited)) return null;
        var (peer, tos) = (skb.Cb.SourceAddress, skb.Cb.Tos);
        var source = arrived.IsGroup ? net.SelectAddress(device, peer, RouteScope.Universe) : skb.Cb.DestinationAddress;
        if (RouteLookup.Output(net, new RouteQuery(peer, source, AllowBroadcast: true), out route) != Errno.None) return null;
        if (limited && !limiter.HostAllow(peer, IsLoopback(net, route), mib, now, random.NextUInt32())) return null;

        var reply = Rent(pool, isEcho ? skb.Length : IcmpHeader.Size + 12, mib);
        if (reply is null) return null;
        if (isEcho) SkbChecksum.CopyBits(skb, 0, reply.Data);
        else
        {
            skb.Data[..(IcmpHeader.Size + 4)].CopyTo(reply.Data);
            var midnight = (uint)(now.Nanoseconds / 1_000_000 % 86_400_000); // the simulation begins at midnight UT
            BinaryPrimitives.WriteUInt32BigEndian(reply.Data[12..], midnight);
            BinaryPrimitives.WriteUInt32BigEndian(reply.Data[16..], midnight);
        }

        reply.Data[0] = type;
        return Finish(reply, route, tos, mib);
    }

    /// <summary>
    /// An error about <paramref name="skb"/>, whose <see cref="SkBuff.NetworkHeader"/> is set. None about packets to groups, about
    /// fragments but the first and about other errors (RFC 1122 section 3.2.2).
    /// </summary>
    /// <param name="skb">The packet at fault; stays the caller's.</param>
    /// <param name="about">Its route, in or out.</param>
    /// <param name="error">What to say.</param>
    /// <param name="net">Devices and routes.</param>
    /// <param name="device">Device it came in by, or would have left by.</param>
    /// <param name="pool">Where the message comes from.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="now">The time.</param>
    /// <param name="route">Where the message goes.</param>
    public SkBuff? Send(
        SkBuff skb, in Route about, IcmpError error, Ipv4Snapshot net, InetDevice device, SkbPool pool, MibSet mib, KernelTime now,
        out Route route)
    {
        route = default;
        if (!error.IsWanted || skb.PacketType != PacketType.Host || about.IsGroup) return null;
        var packet = skb.From(skb.NetworkHeader);
        if (!Ipv4Header.TryOverlay(packet, out var ip) || ip.FragmentOffset != 0 || IsAboutError(packet, ip)) return null;
        if (about.Type == RouteType.Unreachable && !limiter.RouteErrorAllow(ip.SourceAddress, now)) return null;
        var limited = false;
        if (!device.Loopback && !limiter.GlobalAllow(error.Type, error.Code, mib, now, out limited)) return null;

        var query = new RouteQuery(ip.SourceAddress, about.IsLocal ? ip.DestinationAddress : 0, AllowBroadcast: true);
        if (RouteLookup.Output(net, query, out route) != Errno.None) return null;
        if (limited && !limiter.HostAllow(ip.SourceAddress, IsLoopback(net, route), mib, now, random.NextUInt32())) return null;
        if (route.Source == 0) route = route with { Source = Dummy };

        var room = Math.Min(route.Mtu, MaxError) - Ipv4Header.Size - IcmpHeader.Size;
        if (room <= Ipv4Header.Size) return null;
        var pulled = skb.DataOffset - skb.NetworkHeader;
        var quoted = Math.Min(room, skb.Length + pulled);
        var message = Rent(pool, IcmpHeader.Size + quoted, mib);
        if (message is null) return null;
        skb.Push(pulled);
        SkbChecksum.CopyBits(skb, 0, message.Data[IcmpHeader.Size..]);
        skb.Pull(pulled);
        _ = IcmpHeader.TryParse(message.Data, out var icmp);
        (icmp.Type, icmp.Code, icmp.RestOfHeader) = (error.Type, error.Code, error.Info);
        return Finish(message, route, (byte)((ip.Tos & TosMask) | InternetControl), mib);
    }

    /// <summary>An unknown ICMP type is taken for an error.</summary>
    private static bool IsAboutError(Span<byte> packet, in Ipv4Header ip)
    {
        if (ip.Protocol != IpProtocols.Icmp) return false;
        if (packet.Length <= ip.HeaderLength) return true;
        var type = packet[ip.HeaderLength];
        return type > 18 || IcmpTypes.IsError(type);
    }

    private static bool IsLoopback(Ipv4Snapshot net, in Route route) => net.Device(route.IfIndex) is { Loopback: true };

    private SkBuff? Rent(SkbPool pool, int bytes, MibSet mib)
    {
        var skb = pool.Rent(linkHeadroom + Ipv4Header.Size + bytes);
        if (skb is not null)
        {
            skb.Reserve(linkHeadroom + Ipv4Header.Size);
            skb.Put(bytes);
            return skb;
        }

        mib.Add(IcmpMib.OutErrors);
        return null;
    }

    private SkBuff Finish(SkBuff skb, in Route route, byte tos, MibSet mib)
    {
        _ = IcmpHeader.TryParse(skb.Data, out var icmp);
        icmp.FillChecksum();
        IcmpStats.CountOut(mib, icmp.Type);
        var options = new IpSendOptions(IpProtocols.Icmp, tos, Discovery: PathMtuDiscovery.Dont);
        IpOutput.LocalOut(skb, route, options, ident, mib);
        return skb;
    }
}
