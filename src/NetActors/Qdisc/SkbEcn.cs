using System.Buffers.Binary;
using NetActors.Buffers;

namespace NetActors.Qdisc;

/// <summary>Tells congestion by the IP header instead of a drop (kernel: <c>INET_ECN_set_ce</c>, include/net/inet_ecn.h).</summary>
internal static class SkbEcn
{
    private const int Ce = 3;

    /// <summary>Marks the packet. False when its sender does not understand marks, or it is no IP packet.</summary>
    public static bool SetCe(SkBuff skb)
    {
        var bytes = skb.From(skb.NetworkHeader);
        switch (skb.Protocol)
        {
            case 0x0800 when bytes.Length >= 20:
                var ecn = bytes[1] & 3;
                if (ecn == 0) return false;
                if (ecn == Ce) return true;
                var before = BinaryPrimitives.ReadUInt16BigEndian(bytes);
                bytes[1] |= Ce;
                var after = BinaryPrimitives.ReadUInt16BigEndian(bytes);
                var sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]) + (ushort)~before + after; // RFC 1624
                sum = (sum & 0xFFFF) + (sum >> 16);
                sum = (sum & 0xFFFF) + (sum >> 16);
                BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], (ushort)~sum);
                return true;
            case 0x86DD when bytes.Length >= 40:
                if ((bytes[1] & 0x30) == 0) return false;
                bytes[1] |= 0x30;
                return true;
            default:
                return false;
        }
    }
}
