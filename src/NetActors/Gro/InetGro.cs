using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.Gro;

/// <summary>IPv4's part in receive offload (kernel: <c>inet_gro_receive</c>, <c>inet_gro_flush</c>, <c>inet_gro_complete</c>; specification section 8.2).</summary>
internal static class InetGro
{
    /// <summary>
    /// Finds out which held packets <paramref name="skb"/> may belong to, and has its transport merge it.
    /// </summary>
    /// <returns>A held packet that is to be completed now; null for none.</returns>
    public static SkBuff? Receive(GroHeld held, SkBuff skb, KernelVersion kernel, IGroSockets? sockets)
    {
        skb.Gro.Flush = true;
        if (!Ipv4Header.TryOverlay(skb.Data, out var ip) || ip.Protocol is not (IpProtocols.Tcp or IpProtocols.Udp)) return null;
        if (ip.Version != 4 || ip.Ihl != 5 || !ip.IsChecksumValid) return null;
        if (kernel == KernelVersion.V6 && ip.IsFragment) return null;
        skb.Gro.Flush = ip.TotalLength != skb.Length || (kernel == KernelVersion.V310 && (ip.IsFragment || !ip.DontFragment));
        for (var place = 0; place < held.Count; place++)
        {
            var other = held[place];
            if (other.Gro.SameFlow) other.Gro.SameFlow = IsSamePath(skb.Data, other.Data);
        }

        skb.TransportHeader = skb.NetworkHeader + Ipv4Header.Size;
        return ip.Protocol == IpProtocols.Tcp ? TcpGro.Receive(held, skb, kernel) : UdpGro.Receive(held, skb, kernel, sockets);
    }

    /// <summary>The headers differ in what all packets of a merged one must share, or the identification does not go on.</summary>
    public static bool MustFlush(SkBuff held, SkBuff skb, KernelVersion kernel)
    {
        _ = Ipv4Header.TryOverlay(held.Data, out var first);
        _ = Ipv4Header.TryOverlay(skb.Data, out var ip);
        if (ip.Ttl != first.Ttl || ip.Tos != first.Tos || ip.DontFragment != first.DontFragment) return true;
        ref var gro = ref held.Gro;
        var step = (ushort)(ip.Id - first.Id);
        if (kernel == KernelVersion.V6 && gro.Count == 1 && ip.DontFragment && step == 0) gro.IpFixedId = true;
        return step != (gro.IpFixedId ? 0 : (ushort)gro.Count);
    }

    /// <summary>Sum of the pseudo-header of a packet and its <paramref name="transportLength"/> bytes above IP.</summary>
    public static uint Pseudo(SkBuff skb, int transportLength)
    {
        _ = Ipv4Header.TryOverlay(skb.Data, out var ip);
        return InternetChecksum.PseudoHeader(ip.SourceAddress, ip.DestinationAddress, ip.Protocol, transportLength);
    }

    /// <summary>Writes the headers of a merged packet.</summary>
    public static void Complete(SkBuff skb)
    {
        _ = Ipv4Header.TryOverlay(skb.Data, out var ip);
        ip.TotalLength = (ushort)skb.Length;
        ip.FillChecksum();
        skb.Shared.GsoSegs = (ushort)skb.Gro.Count;
        skb.IpSummed = ChecksumState.Partial;
        skb.CsumStart = Ipv4Header.Size;
        if (ip.Protocol != IpProtocols.Tcp)
        {
            UdpGro.Complete(skb);
            return;
        }

        skb.Shared.GsoFixedId = skb.Gro.IpFixedId;
        TcpGro.Complete(skb);
    }

    /// <summary>Same protocol and addresses.</summary>
    private static bool IsSamePath(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        one[9] == other[9] && BinaryPrimitives.ReadUInt64LittleEndian(one[12..]) == BinaryPrimitives.ReadUInt64LittleEndian(other[12..]);
}
