using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;

namespace NetActors.Gro;

/// <summary>TCP's part in receive offload (kernel: <c>tcp4_gro_receive</c>, <c>tcp_gro_receive</c>; specification section 8.3).</summary>
internal static class TcpGro
{
    private const TcpFlags EndsTrain = TcpFlags.Urg | TcpFlags.Psh | TcpFlags.Rst | TcpFlags.Syn | TcpFlags.Fin;
    private const uint MayDiffer = (uint)(TcpFlags.Fin | TcpFlags.Psh) << 16; // of the word with header length, flags and window

    /// <summary>Merges a segment with the held one that it follows.</summary>
    /// <returns>A held packet that is to be completed now; null for none.</returns>
    public static SkBuff? Receive(GroHeld held, SkBuff skb, KernelVersion kernel)
    {
        if (!TcpHeader.TryParse(skb.From(skb.TransportHeader), out var tcp) || (!skb.Gro.Flush && !IsChecksumGood(skb)))
        {
            skb.Gro.Flush = true;
            return null;
        }

        var headers = Ipv4Header.Size + tcp.HeaderLength;
        skb.Gro.DataOffset = headers;
        var payload = skb.Length - headers;
        var found = Find(held, tcp);
        var mss = 1;
        if (found is not null && !found.Gro.IsLossy && !MustFlush(found, skb, tcp, payload, kernel) && SkbMerge.TryAppend(found, skb))
        {
            mss = found.Shared.GsoSize;
            _ = TcpHeader.TryOverlay(found.From(found.TransportHeader), out var first);
            first.Flags |= tcp.Flags & (TcpFlags.Fin | TcpFlags.Psh);
        }

        var isPart = skb.Shared.GsoSize > 0 ? payload != skb.Gro.Count * skb.Shared.GsoSize : payload < mss;
        var ends = isPart || (tcp.Flags & EndsTrain) != 0;
        if (ends) skb.Gro.Flush = true;
        return found is not null && (!skb.Gro.SameFlow || ends) ? found : null;
    }

    /// <summary>Leaves the checksum as a card that segments wants it: the pseudo-header's sum.</summary>
    public static void Complete(SkBuff skb)
    {
        _ = TcpHeader.TryOverlay(skb.From(skb.TransportHeader), out var tcp);
        tcp.Checksum = (ushort)~InternetChecksum.Fold(InetGro.Pseudo(skb, skb.Length - Ipv4Header.Size));
        skb.CsumOffset = 16;
    }

    private static SkBuff? Find(GroHeld held, TcpHeader tcp)
    {
        for (var place = 0; place < held.Count; place++)
        {
            var other = held[place];
            if (!other.Gro.SameFlow) continue;
            _ = TcpHeader.TryOverlay(other.From(other.TransportHeader), out var first);
            if (first.SourcePort == tcp.SourcePort && first.DestinationPort == tcp.DestinationPort) return other;
            other.Gro.SameFlow = false;
        }

        return null;
    }

    /// <summary>The segment cannot follow what <paramref name="held"/> holds.</summary>
    private static bool MustFlush(SkBuff held, SkBuff skb, TcpHeader tcp, int payload, KernelVersion kernel)
    {
        ReadOnlySpan<byte> bytes = skb.From(skb.TransportHeader);
        ReadOnlySpan<byte> first = held.From(held.TransportHeader);
        var mss = held.Shared.GsoSize;
        var word = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) ^ BinaryPrimitives.ReadUInt32BigEndian(first[12..]);
        var mayDiffer = kernel == KernelVersion.V310 ? MayDiffer | ((uint)TcpFlags.Cwr << 16) : MayDiffer; // 6.18 lets nothing follow a CWR, as seen live
        if ((tcp.Flags & TcpFlags.Cwr) != 0 || (word & ~mayDiffer) != 0) return true;
        if (!bytes[8..12].SequenceEqual(first[8..12]) || !tcp.Options.SequenceEqual(first[TcpHeader.Size..tcp.HeaderLength])) return true;
        if (InetGro.MustFlush(held, skb, kernel)) return true;
        if (skb.Shared.GsoSize > 0 ? skb.Shared.GsoSize != mss : payload == 0 || payload > mss) return true;
        return BinaryPrimitives.ReadUInt32BigEndian(first[4..]) + (uint)SkbMerge.PayloadLength(held) != tcp.Sequence;
    }

    /// <summary>The transport checksum is right, found out in software if need be (kernel: <c>skb_gro_checksum_validate</c>).</summary>
    public static bool IsChecksumGood(SkBuff skb)
    {
        if (skb.IpSummed is ChecksumState.Unnecessary or ChecksumState.Partial) return true;
        var pseudo = InetGro.Pseudo(skb, skb.Length - Ipv4Header.Size);
        if (SkbChecksum.CompleteByDevice(skb, pseudo)) return true;
        if (InternetChecksum.Fold(SkbChecksum.Sum(skb, Ipv4Header.Size, pseudo)) != 0) return false;
        skb.IpSummed = ChecksumState.Unnecessary;
        return true;
    }
}
