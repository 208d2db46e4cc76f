using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.Gro;

/// <summary>
/// Large receive offload in a driver (kernel: lib/inet_lro.c, up to 4.17; specification section 8.6): segments of a flow become one if only
/// their sequence numbers follow each other. Acknowledgement, window and time stamps are the last one's, TTL, TOS and identification
/// the first one's, and where one segment ended is lost: a router must not use it.
/// </summary>
internal static class TcpLro
{
    private const TcpFlags Never = TcpFlags.Cwr | TcpFlags.Ece | TcpFlags.Urg | TcpFlags.Rst | TcpFlags.Syn | TcpFlags.Fin;
    private const int CongestionExperienced = 3;
    private const int StampBytes = 12; // NOP NOP and a time stamp
    private const uint StampStart = 0x0101_080A;

    /// <summary>LRO looks at it at all: whole TCP data with no options but the usual time stamp (kernel: <c>lro_tcp_ip_check</c>).</summary>
    public static bool IsCandidate(SkBuff skb)
    {
        if (!Ipv4Header.TryOverlay(skb.Data, out var ip) || ip.Version != 4 || ip.Ihl != 5 || ip.Protocol != IpProtocols.Tcp) return false;
        if (ip.IsFragment || ip.Ecn == CongestionExperienced || ip.TotalLength != skb.Length || !ip.IsChecksumValid) return false;
        if (!TcpHeader.TryParse(skb.Data[Ipv4Header.Size..], out var tcp) || (tcp.Flags & Never) != 0 || (tcp.Flags & TcpFlags.Ack) == 0) return false;
        if (skb.Length == Ipv4Header.Size + tcp.HeaderLength) return false;
        var options = tcp.Options;
        return options.IsEmpty || (options.Length == StampBytes && BinaryPrimitives.ReadUInt32BigEndian(options) == StampStart
            && BinaryPrimitives.ReadUInt32BigEndian(options[8..]) != 0);
    }

    /// <summary>Merges a candidate with the held packet of its flow.</summary>
    /// <returns>A held packet that is to be completed now; null for none.</returns>
    public static SkBuff? Receive(GroHeld held, SkBuff skb, KernelVersion kernel)
    {
        skb.Gro.IsLossy = true;
        skb.TransportHeader = skb.NetworkHeader + Ipv4Header.Size;
        _ = TcpHeader.TryOverlay(skb.From(skb.TransportHeader), out var tcp);
        skb.Gro.DataOffset = Ipv4Header.Size + tcp.HeaderLength;
        skb.Gro.Flush = !TcpGro.IsChecksumGood(skb);
        var found = Find(held, skb);
        if (found is null) return null;
        if (!skb.Gro.Flush && Follows(found, tcp) && SkbMerge.TryAppend(found, skb)) Take(found, tcp);
        return skb.Gro.SameFlow && (kernel == KernelVersion.V310 || found.Length < SkbMerge.MaxSize - skb.Length) ? null : found;
    }

    /// <summary>Writes the lengths; the headers are those of first and last already.</summary>
    public static void Complete(SkBuff skb)
    {
        _ = Ipv4Header.TryOverlay(skb.Data, out var ip);
        ip.TotalLength = (ushort)skb.Length;
        ip.FillChecksum();
        (skb.Shared.GsoSegs, skb.Shared.IsLro) = ((ushort)skb.Gro.Count, true);
        skb.IpSummed = ChecksumState.Unnecessary;
    }

    private static SkBuff? Find(GroHeld held, SkBuff skb)
    {
        SkBuff? found = null;
        for (var place = 0; place < held.Count; place++)
        {
            var other = held[place];
            if (found is null && other.Gro is { SameFlow: true, IsLossy: true } && IsSameConnection(other, skb)) found = other;
            else other.Gro.SameFlow = false;
        }

        return found;
    }

    private static bool IsSameConnection(SkBuff one, SkBuff other) =>
        one.Data[12..20].SequenceEqual(other.Data[12..20]) && one.From(one.TransportHeader)[..4].SequenceEqual(other.From(other.TransportHeader)[..4]);

    private static bool Follows(SkBuff held, TcpHeader tcp)
    {
        _ = TcpHeader.TryOverlay(held.From(held.TransportHeader), out var first);
        if (first.Sequence + (uint)SkbMerge.PayloadLength(held) != tcp.Sequence || first.HeaderLength != tcp.HeaderLength) return false;
        return tcp.Options.IsEmpty || (int)(Stamp(tcp.Options) - Stamp(held.From(held.TransportHeader + TcpHeader.Size))) >= 0;
    }

    private static uint Stamp(ReadOnlySpan<byte> options) => BinaryPrimitives.ReadUInt32BigEndian(options[4..]);

    /// <summary>Kernel: <c>lro_add_common</c>, <c>lro_update_tcp_ip_header</c>.</summary>
    private static void Take(SkBuff held, TcpHeader tcp)
    {
        _ = TcpHeader.TryOverlay(held.From(held.TransportHeader), out var first);
        (first.Acknowledgment, first.Window) = (tcp.Acknowledgment, tcp.Window);
        first.Flags |= tcp.Flags & TcpFlags.Psh;
        tcp.Options.CopyTo(held.From(held.TransportHeader + TcpHeader.Size));
    }
}
