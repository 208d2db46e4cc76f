using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.Gro;

/// <summary>
/// UDP's part in receive offload, for sockets that asked for it (kernel: <c>udp_gro_receive</c>, <c>udp_gro_receive_segment</c>;
/// specification section 8.4).
/// </summary>
internal static class UdpGro
{
    private const int Headers = Ipv4Header.Size + UdpHeader.Size;
    private const int MaxDatagrams = 64; // UDP_GRO_CNT_MAX

    /// <summary>Merges a datagram with the held ones of its flow.</summary>
    /// <returns>A held packet that is to be completed now; null for none.</returns>
    public static SkBuff? Receive(GroHeld held, SkBuff skb, KernelVersion kernel, IGroSockets? sockets)
    {
        var isWanted = kernel == KernelVersion.V6 && sockets is { AnyWantsGro: true };
        if (!isWanted || !UdpHeader.TryOverlay(skb.From(skb.TransportHeader), out var udp) || !IsWanted(skb, udp, sockets!) ||
            udp.Checksum == 0 || udp.Length <= UdpHeader.Size || udp.Length != skb.Length - Ipv4Header.Size || !TcpGro.IsChecksumGood(skb))
        {
            skb.Gro.Flush = true;
            return null;
        }

        skb.Gro.DataOffset = Headers;
        var ports = BinaryPrimitives.ReadUInt32BigEndian(skb.From(skb.TransportHeader));
        for (var place = 0; place < held.Count; place++)
        {
            var other = held[place];
            if (!other.Gro.SameFlow) continue;
            var first = other.From(other.TransportHeader);
            if (BinaryPrimitives.ReadUInt32BigEndian(first) == ports) return Merge(other, skb, udp.Length, kernel);
            other.Gro.SameFlow = false;
        }

        return null;
    }

    /// <summary>Writes the header of a merged packet.</summary>
    public static void Complete(SkBuff skb)
    {
        _ = UdpHeader.TryOverlay(skb.From(skb.TransportHeader), out var udp);
        udp.Length = (ushort)(skb.Length - Ipv4Header.Size);
        udp.Checksum = (ushort)~InternetChecksum.Fold(InetGro.Pseudo(skb, udp.Length));
        skb.CsumOffset = 6;
    }

    /// <summary>A shorter datagram is merged and ends the train; a longer one begins another.</summary>
    private static SkBuff? Merge(SkBuff held, SkBuff skb, int length, KernelVersion kernel)
    {
        var longest = held.Shared.GsoSize + UdpHeader.Size;
        if (length > longest || InetGro.MustFlush(held, skb, kernel)) return held;
        var merged = SkbMerge.TryAppend(held, skb);
        return !merged || length != longest || held.Gro.Count >= MaxDatagrams ? held : null;
    }

    private static bool IsWanted(SkBuff skb, UdpHeader udp, IGroSockets sockets)
    {
        _ = Ipv4Header.TryOverlay(skb.Data, out var ip);
        return sockets.WantsGro(skb, ip.SourceAddress, udp.SourcePort, ip.DestinationAddress, udp.DestinationPort);
    }
}
