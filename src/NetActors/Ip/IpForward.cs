using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Ip;

/// <summary>
/// Forwarding of IPv4 packets that are for somebody else (kernel: <c>ip_forward</c>, net/ipv4/ip_forward.c). <see cref="SkBuff.Data"/>
/// starts at the IP header. Nothing here frees or sends.
/// </summary>
internal static class IpForward
{
    private const int TtlAt = 8; // in an IPv4 header
    private const int ChecksumAt = 10;

    /// <summary>
    /// Whether the packet may go on by <paramref name="route"/>. NOT_DROPPED_YET, or why the caller frees it, counted already; then
    /// <paramref name="error"/> is what its sender should hear.
    /// </summary>
    /// <param name="skb">A packet that <see cref="IpInput.Finish"/> gave a unicast route.</param>
    /// <param name="route">That route.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="error">The ICMP error.</param>
    /// <param name="kernel">Whose order of counting.</param>
    public static SkbDropReason Check(SkBuff skb, in Route route, MibSet mib, out IcmpError error, KernelVersion kernel = KernelVersion.V6)
    {
        error = IcmpError.None;
        if (skb.Shared.IsLro) return SkbDropReason.NOT_SPECIFIED; // skb_warn_if_lro: nobody can cut it again
        if (skb.PacketType != PacketType.Host) return SkbDropReason.NOT_SPECIFIED; // a broadcast frame with a unicast packet
        if (skb.IpSummed == ChecksumState.Complete) skb.IpSummed = ChecksumState.None; // skb_forward_csum: the header will change
        var header = skb.Data;
        if (header[TtlAt] <= 1)
        {
            mib.Add(IpMib.InHdrErrors);
            error = IcmpError.TtlExceeded;
            return SkbDropReason.IP_INHDR;
        }

        if (kernel == KernelVersion.V6) mib.Add(IpMib.ForwDatagrams);
        if (!MayPass(skb, route.Mtu))
        {
            mib.Add(IpMib.FragFails);
            error = IcmpError.FragmentationNeeded(route.Mtu);
            return SkbDropReason.PKT_TOO_BIG;
        }

        if (kernel == KernelVersion.V6) return SkbDropReason.NOT_DROPPED_YET;
        mib.Add(IpMib.ForwDatagrams);
        mib.Add(IpExtMib.OutOctets, skb.Length); // 3.10 counts them here and again as they leave
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>One hop less to live, the checksum made to fit (kernel: <c>ip_decrease_ttl</c>, RFC 1141). The bytes are the packet's own.</summary>
    public static void DecreaseTtl(SkBuff skb)
    {
        var header = skb.Data;
        header[TtlAt]--;
        var sum = ((header[ChecksumAt] << 8) | header[ChecksumAt + 1]) + 0x100;
        if (sum >= 0xFFFF) sum++;
        (header[ChecksumAt], header[ChecksumAt + 1]) = ((byte)(sum >> 8), (byte)sum);
    }

    /// <summary>
    /// Bytes of the largest IP packet that the packet stands for: of one that offload merged, a segment's (kernel: <c>skb_gso_network_seglen</c>).
    /// </summary>
    public static int SegmentLength(SkBuff skb)
    {
        if (skb.Shared.GsoSize == 0) return skb.Length;
        _ = Ipv4Header.TryOverlay(skb.Data, out var ip);
        var transport = UdpHeader.Size;
        if (ip.Protocol == IpProtocols.Tcp && TcpHeader.TryOverlay(skb.Data[ip.HeaderLength..], out var tcp)) transport = tcp.HeaderLength;
        return Math.Min(skb.Length, ip.HeaderLength + transport + skb.Shared.GsoSize);
    }

    /// <summary>It fits, or may be cut (kernel: <c>ip_exceeds_mtu</c>).</summary>
    private static bool MayPass(SkBuff skb, int mtu)
    {
        if (skb.Length <= mtu) return true;
        _ = Ipv4Header.TryOverlay(skb.Data, out var ip);
        return !ip.DontFragment || SegmentLength(skb) <= mtu;
    }
}
