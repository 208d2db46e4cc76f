using System.Buffers.Binary;
using NetActors.Buffers;

namespace NetActors.Hosts;

/// <summary>What trace events say of a packet whose header has not been checked yet.</summary>
internal static class TraceArguments
{
    /// <summary>Destination port of the transport header that the packet begins with; 0 when it is too short.</summary>
    public static int Port(SkBuff skb) => skb.HeadLength >= 4 ? BinaryPrimitives.ReadUInt16BigEndian(skb.Data[2..]) : 0;

    /// <summary>One byte of the packet; 0 when it is too short.</summary>
    public static int Byte(SkBuff skb, int at) => skb.HeadLength > at ? skb.Data[at] : 0;
}
