using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>IPv4 output of our own packets (kernel: <c>__ip_make_skb</c>, <c>__ip_local_out</c>, <c>ip_output</c>).</summary>
public static class IpOutput
{
    /// <summary>Default time to live (<c>net.ipv4.ip_default_ttl</c>).</summary>
    public const byte DefaultTtl = 64;

    /// <summary>Largest IP packet in bytes (kernel: <c>IP_MAX_MTU</c>).</summary>
    public const int MaxPacket = 0xFFFF;

    /// <summary>
    /// Whether a datagram of this size may be sent. EMSGSIZE: above 65,535 bytes, or above the MTU by a sender that forbids cutting
    /// (kernel: <c>__ip_append_data</c>).
    /// </summary>
    public static Errno CheckSize(int transportBytes, in Route route, in IpSendOptions options)
    {
        var limit = options.Discovery is PathMtuDiscovery.Do or PathMtuDiscovery.Probe ? route.Mtu : MaxPacket;
        return Ipv4Header.Size + transportBytes > limit ? Errno.EMSGSIZE : Errno.None;
    }

    /// <summary>
    /// Writes the header in front of the transport's bytes and counts the request. The caller has room for 20 bytes in front and has
    /// asked <see cref="CheckSize"/>. <see cref="NeedsFragmenting"/> says whether <see cref="IpFragmenter"/> comes next.
    /// </summary>
    public static void LocalOut(SkBuff skb, in Route route, in IpSendOptions options, IpIdent ident, MibSet mib)
    {
        var length = skb.Length + Ipv4Header.Size;
        skb.TransportHeader = skb.DataOffset;
        Ipv4Header.TryOverlay(skb.Push(Ipv4Header.Size), out var ip);
        skb.NetworkHeader = skb.DataOffset;
        (skb.Protocol, skb.IfIndex) = (EtherTypes.Ipv4, route.IfIndex);

        var never = options.Discovery is PathMtuDiscovery.Do or PathMtuDiscovery.Probe;
        var dontFragment = never || (options.Discovery == PathMtuDiscovery.Want && length <= route.Mtu && route.Metrics is not { IsMtuLocked: true });
        (ip.Version, ip.Ihl, ip.Tos) = (4, 5, options.Tos);
        ip.TotalLength = (ushort)length;
        ip.FlagsAndOffset = 0;
        ip.DontFragment = dontFragment;
        ip.Id = ident.Select(never, options.Ident, route.Source, route.Destination, options.Protocol, Math.Max((ushort)1, skb.Shared.GsoSegs));
        ip.Ttl = options.Ttl != 0 ? options.Ttl : route.Type == RouteType.Multicast ? (byte)1 : route.Metrics is { HopLimit: > 0 } metrics ? metrics.HopLimit : DefaultTtl;
        ip.Protocol = options.Protocol;
        (ip.SourceAddress, ip.DestinationAddress) = (route.Source, route.Destination);
        ip.FillChecksum();
        (skb.Cb.SourceAddress, skb.Cb.DestinationAddress) = (route.Source, route.Destination);
        (skb.Cb.IpProtocol, skb.Cb.Tos) = (options.Protocol, options.Tos);
        mib.Add(IpMib.OutRequests);
    }

    /// <summary>
    /// Counts a packet that leaves: each fragment by itself in 6.x (kernel: <c>ip_finish_output2</c>), before it is cut in 3.10 (<c>ip_output</c>).
    /// </summary>
    public static void Count(SkBuff skb, in Route route, MibSet mib, KernelVersion version = KernelVersion.V6)
    {
        if (version == KernelVersion.V6) mib.Add(IpMib.OutTransmits); // 3.10 has no such column
        mib.Add(IpExtMib.OutOctets, skb.Length);
    }

    /// <summary>Counts a group's packet as it meets the link, each fragment by itself (kernel: <c>ip_finish_output2</c>).</summary>
    public static void CountGroup(SkBuff skb, in Route route, MibSet mib)
    {
        if (!route.IsGroup) return;
        var multicast = route.Type == RouteType.Multicast;
        mib.Add(multicast ? IpExtMib.OutMcastPkts : IpExtMib.OutBcastPkts);
        mib.Add(multicast ? IpExtMib.OutMcastOctets : IpExtMib.OutBcastOctets, skb.Length);
    }

    /// <summary>
    /// Whether the packet is larger than its route takes and no device will segment it (kernel: <c>ip_finish_output</c>).
    /// </summary>
    public static bool NeedsFragmenting(SkBuff skb, in Route route) => skb.Length > route.Mtu && skb.Shared.GsoSize == 0;

    /// <summary>No route for a packet of ours: counts it (kernel: <c>udp_sendmsg</c>, <c>OutNoRoutes</c>).</summary>
    public static Errno NoRoute(Errno error, MibSet mib)
    {
        if (error == Errno.ENETUNREACH) mib.Add(IpMib.OutNoRoutes);
        return error;
    }
}
