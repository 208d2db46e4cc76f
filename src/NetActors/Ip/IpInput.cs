using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>
/// IPv4 input (kernel: net/ipv4/ip_input.c). Every step answers NOT_DROPPED_YET, or why the caller frees the packet, with the counters
/// already bumped; nothing here frees or sends.
/// </summary>
public static class IpInput
{
    /// <summary>
    /// Checks the header, trims padding, fills <see cref="SkBuff.Cb"/> and the header offsets (kernel: <c>ip_rcv_core</c>).
    /// <see cref="SkBuff.Data"/> starts at the IPv4 header before and after.
    /// </summary>
    public static SkbDropReason ReceiveCore(SkBuff skb, MibSet mib, KernelVersion version = KernelVersion.V6)
    {
        if (skb.PacketType == PacketType.OtherHost) return SkbDropReason.OTHERHOST; // rx_otherhost_dropped is the device's to count
        var length = skb.Length;
        mib.Add(IpMib.InReceives);
        mib.Add(IpExtMib.InOctets, length);
        skb.NetworkHeader = skb.DataOffset;

        if (!Ipv4Header.TryOverlay(skb.Data, out var ip) || ip.Ihl < 5 || ip.Version != 4) return HeaderError(mib, SkbDropReason.IP_INHDR);
        if (version == KernelVersion.V6)
        {
            mib.Add(IpExtMib.InNoECTPkts + ip.Ecn, Math.Max((ushort)1, skb.Shared.GsoSegs));
        }

        if (skb.HeadLength < ip.HeaderLength) return HeaderError(mib, SkbDropReason.IP_INHDR);
        if (!ip.IsChecksumValid)
        {
            mib.Add(IpExtMib.InCsumErrors);
            return HeaderError(mib, SkbDropReason.IP_CSUM);
        }

        if (length < ip.TotalLength)
        {
            mib.Add(IpExtMib.InTruncatedPkts);
            return SkbDropReason.PKT_TOO_SMALL;
        }

        if (ip.TotalLength < ip.HeaderLength) return HeaderError(mib, SkbDropReason.IP_INHDR);
        SkbChecksum.TrimRcsum(skb, ip.TotalLength);
        skb.TransportHeader = skb.NetworkHeader + ip.HeaderLength;
        (skb.Cb.SourceAddress, skb.Cb.DestinationAddress) = (ip.SourceAddress, ip.DestinationAddress);
        (skb.Cb.IpProtocol, skb.Cb.Tos) = (ip.Protocol, ip.Tos);
        skb.Cb.PayloadLength = ip.TotalLength - ip.HeaderLength;
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>
    /// Routes the packet and looks at its options (kernel: <c>ip_rcv_finish</c>, <c>ip_error</c>). NOT_DROPPED_YET with a local route:
    /// go on with <see cref="Deliver"/>; with a unicast route: forward it.
    /// </summary>
    /// <param name="skb">A packet that <see cref="ReceiveCore"/> let through.</param>
    /// <param name="net">Devices and routes.</param>
    /// <param name="device">Device it came in by.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="error">The ICMP error that its sender should get.</param>
    public static SkbDropReason Finish(
        SkBuff skb, Ipv4Snapshot net, InetDevice device, MibSet mib, out Route route, out IcmpError error)
    {
        error = IcmpError.None;
        var reason = RouteLookup.Input(net, device, skb.Cb.DestinationAddress, skb.Cb.SourceAddress, skb.Cb.IpProtocol, out route,
            looped: skb.PacketType == PacketType.Loopback);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            if (reason == SkbDropReason.IP_RPFILTER) mib.Add(LinuxMib.IPReversePathFilter);
            return reason;
        }

        if (skb.TransportHeader - skb.NetworkHeader > Ipv4Header.Size) reason = IpOptions.Receive(skb, device, mib, out error);
        if (reason != SkbDropReason.NOT_DROPPED_YET) return reason;

        switch (route.Type)
        {
            case RouteType.Multicast:
                mib.Add(IpExtMib.InMcastPkts);
                mib.Add(IpExtMib.InMcastOctets, skb.Length);
                break;
            case RouteType.Broadcast:
                mib.Add(IpExtMib.InBcastPkts);
                mib.Add(IpExtMib.InBcastOctets, skb.Length);
                break;
            default:
                if (skb.PacketType is PacketType.Broadcast or PacketType.Multicast && device.DropUnicastInL2Multicast)
                {
                    return SkbDropReason.UNICAST_IN_L2_MULTICAST;
                }

                break;
        }

        return route.Type == RouteType.Unreachable ? Refuse(device, route.Error, mib, out error) : SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>
    /// Hands a packet for us to its protocol (kernel: <c>ip_local_deliver_finish</c>). NOT_DROPPED_YET: <see cref="SkBuff.Data"/> starts
    /// at the transport header and <c>Cb.IpProtocol</c> names the handler. Fragments went through reassembly before.
    /// </summary>
    public static SkbDropReason Deliver(SkBuff skb, IpProtocolTable protocols, MibSet mib, out IcmpError error)
    {
        error = IcmpError.None;
        if (!protocols.Contains(skb.Cb.IpProtocol))
        {
            mib.Add(IpMib.InUnknownProtos);
            error = IcmpError.ProtocolUnreachable;
            return SkbDropReason.IP_NOPROTO;
        }

        skb.Pull(skb.TransportHeader - skb.DataOffset);
        mib.Add(IpMib.InDelivers);
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>Whether the packet is a fragment: it has to go through reassembly (kernel: <c>ip_is_fragment</c>).</summary>
    public static bool IsFragment(SkBuff skb) =>
        Ipv4Header.TryOverlay(skb.From(skb.NetworkHeader), out var ip) && ip.IsFragment;

    /// <summary>No way to the destination. Only a router says so to the sender.</summary>
    private static SkbDropReason Refuse(InetDevice device, Errno routeError, MibSet mib, out IcmpError error)
    {
        error = IcmpError.None;
        switch (routeError)
        {
            case Errno.EHOSTUNREACH when !device.Forwarding:
                mib.Add(IpMib.InAddrErrors);
                return SkbDropReason.IP_INADDRERRORS;
            case Errno.EHOSTUNREACH:
                error = IcmpError.HostUnreachable;
                return SkbDropReason.NOT_SPECIFIED;
            case Errno.ENETUNREACH:
                mib.Add(IpExtMib.InNoRoutes);
                error = device.Forwarding ? IcmpError.NetUnreachable : IcmpError.None;
                return SkbDropReason.IP_INNOROUTES;
            case Errno.EACCES when device.Forwarding:
                error = IcmpError.PacketFiltered;
                return SkbDropReason.NOT_SPECIFIED;
            default:
                return SkbDropReason.NOT_SPECIFIED;
        }
    }

    private static SkbDropReason HeaderError(MibSet mib, SkbDropReason reason)
    {
        mib.Add(IpMib.InHdrErrors);
        return reason;
    }
}
