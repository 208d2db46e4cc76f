using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;

namespace NetActors.Gso;

/// <summary>
/// Cuts a large packet into the frames it stands for, as software does before the driver and a card with TSO or USO behind it (kernel:
/// <c>skb_segment</c>, <c>tcp_gso_segment</c>, <c>__udp_gso_segment</c>, <c>inet_gso_segment</c>; specification section 8.7).
/// </summary>
internal static class GsoSegmenter
{
    /// <summary>Frames that a packet stands for.</summary>
    public static int Count(SkBuff large) => large.Shared.GsoSize == 0 ? 1 : Math.Max((PayloadLength(large) + large.Shared.GsoSize - 1) / large.Shared.GsoSize, 1);

    /// <summary>Bytes of all frames, each with its headers (kernel: <c>qdisc_pkt_len_init</c>; what drivers count).</summary>
    public static int WireLength(SkBuff skb) => skb.Shared.GsoSize == 0 ? skb.Length : skb.Length + ((Count(skb) - 1) * HeaderLength(skb));

    /// <summary>Bytes in front of the payload, from the link header on.</summary>
    public static int HeaderLength(SkBuff large)
    {
        var data = large.Data;
        _ = Ipv4Header.TryOverlay(data[EthernetHeader.Size..], out var ip);
        var transport = EthernetHeader.Size + ip.HeaderLength;
        if (ip.Protocol != IpProtocols.Tcp) return transport + UdpHeader.Size;
        _ = TcpHeader.TryOverlay(data[transport..], out var tcp);
        return transport + tcp.HeaderLength;
    }

    /// <summary>
    /// Whether the packet can be cut: IPv4 with a whole TCP or UDP header, and more than a segment behind it. What programs inject may not be.
    /// </summary>
    public static bool CanSegment(SkBuff large)
    {
        if (large.Shared.GsoSize == 0 || large.HeadLength < EthernetHeader.Size + Ipv4Header.Size) return false;
        if (!Ipv4Header.TryOverlay(large.Data[EthernetHeader.Size..], out var ip) || ip.Version != 4 || ip.Ihl < 5) return false;
        if (ip.TotalLength > large.Length - EthernetHeader.Size || EthernetHeader.Size + ip.HeaderLength > large.HeadLength) return false;
        var transport = EthernetHeader.Size + ip.HeaderLength;
        var fits = ip.Protocol switch
        {
            IpProtocols.Tcp => TcpHeader.TryParse(large.Data[transport..], out _),
            IpProtocols.Udp => large.HeadLength >= transport + UdpHeader.Size,
            _ => false,
        };
        return fits && PayloadLength(large) > large.Shared.GsoSize;
    }

    /// <summary>
    /// Writes one frame, headers and checksums filled in, behind the headroom of an empty packet with room for it. What else the large one
    /// knows (device, hash, time) is the caller's to copy.
    /// </summary>
    /// <param name="large">From its link header on; <see cref="CanSegment"/>.</param>
    /// <param name="index">Which frame, from 0 to <see cref="Count"/> less one.</param>
    /// <param name="segment">Takes the frame.</param>
    public static void Write(SkBuff large, int index, SkBuff segment)
    {
        var headers = HeaderLength(large);
        var mss = large.Shared.GsoSize;
        var from = index * mss;
        var payload = Math.Min(mss, large.Length - headers - from);
        var isLast = headers + from + payload == large.Length;
        large.Data[..headers].CopyTo(segment.Put(headers));
        SkbChecksum.CopyBits(large, headers + from, segment.Put(payload));

        _ = Ipv4Header.TryOverlay(segment.Data[EthernetHeader.Size..], out var ip);
        ip.TotalLength = (ushort)(headers - EthernetHeader.Size + payload);
        if (!large.Shared.GsoFixedId) ip.Id += (ushort)index;
        ip.FillChecksum();
        var transport = segment.Data[(EthernetHeader.Size + ip.HeaderLength)..];
        if (ip.Protocol == IpProtocols.Tcp) WriteTcp(transport, ip, (uint)from, keepsCwr: index == 0 || large.Shared.GsoAccurateEcn, isLast);
        else WriteUdp(transport, ip);
    }

    private static int PayloadLength(SkBuff large) => large.Length - HeaderLength(large);

    /// <summary>PSH and FIN go with the last, CWR with the first, unless it is a bit of accurate ECN.</summary>
    private static void WriteTcp(Span<byte> segment, Ipv4Header ip, uint from, bool keepsCwr, bool isLast)
    {
        _ = TcpHeader.TryOverlay(segment, out var tcp);
        tcp.Sequence += from;
        var flags = tcp.Flags;
        if (!isLast) flags &= ~(TcpFlags.Psh | TcpFlags.Fin);
        if (!keepsCwr) flags &= ~TcpFlags.Cwr;
        tcp.Flags = flags;
        tcp.FillChecksum(ip.SourceAddress, ip.DestinationAddress);
    }

    private static void WriteUdp(Span<byte> datagram, Ipv4Header ip)
    {
        _ = UdpHeader.TryOverlay(datagram, out var udp);
        udp.Length = (ushort)datagram.Length;
        udp.FillChecksum(ip.SourceAddress, ip.DestinationAddress);
    }
}
