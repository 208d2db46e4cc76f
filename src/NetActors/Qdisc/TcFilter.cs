using System.Buffers.Binary;
using NetActors.Buffers;

namespace NetActors.Qdisc;

/// <summary>What a filter's actions decided (kernel: <c>TC_ACT_*</c>).</summary>
internal enum TcVerdict
{
    /// <summary>No filter matched (<c>TC_ACT_UNSPEC</c>).</summary>
    Unspec,

    /// <summary>The packet goes on, in the class that was found (<c>TC_ACT_OK</c>).</summary>
    Ok,

    /// <summary>To be dropped (<c>TC_ACT_SHOT</c>).</summary>
    Shot,

    /// <summary>Somebody else has it (<c>TC_ACT_STOLEN</c>).</summary>
    Stolen,
}

/// <summary>Bits of a packet that a filter compares (kernel: <c>struct tc_u32_key</c>).</summary>
/// <param name="FromTransport">Counts from the transport header, which a fragment has not; else from the network header.</param>
/// <param name="Offset">Bytes from there.</param>
/// <param name="Value">The word, network order read as a number.</param>
/// <param name="Mask">The bits that count.</param>
internal readonly record struct TcKey(bool FromTransport, int Offset, uint Value, uint Mask)
{
    /// <summary>The packet has these bits; false when it is shorter.</summary>
    public bool Matches(SkBuff skb)
    {
        var packet = skb.HeadFrom(skb.NetworkHeader);
        var offset = Offset;
        if (FromTransport)
        {
            if (!TransportOf(packet, out var start)) return false;
            offset += start;
        }

        return offset >= 0 && offset + 4 <= packet.Length && ((BinaryPrimitives.ReadUInt32BigEndian(packet[offset..]) ^ Value) & Mask) == 0;
    }

    private static bool TransportOf(ReadOnlySpan<byte> packet, out int start)
    {
        start = packet.Length < 20 ? 0 : packet[0] >> 4 == 4 ? (packet[0] & 15) * 4 : 40;
        return start >= 20 && (start == 40 || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) == 0);
    }
}

/// <summary>What a filter does with a packet that it matches.</summary>
internal enum TcActionKind
{
    /// <summary>Goes on (<c>gact ok</c>, <c>pass</c>).</summary>
    Ok,

    /// <summary>Drops (<c>gact drop</c>).</summary>
    Drop,

    /// <summary>As if it had not matched (<c>gact continue</c>).</summary>
    Continue,

    /// <summary>A copy goes through another device (<c>mirred mirror</c>).</summary>
    Mirror,

    /// <summary>It goes through another device (<c>mirred redirect</c>).</summary>
    Redirect,

    /// <summary>Sets queue, priority or mark (<c>skbedit</c>).</summary>
    Edit,
}

/// <summary>One action and its figures.</summary>
internal sealed class TcAction(TcActionKind kind)
{
    public TcActionKind Kind { get; } = kind;

    public string Device { get; init; } = "";

    public bool Ingress { get; init; }

    public ushort? QueueMapping { get; set; }

    public uint? Priority { get; set; }

    public uint? Mark { get; set; }

    public long Packets { get; set; }

    public long Bytes { get; set; }

    public long Drops { get; set; }
}

/// <summary>A filter: which packets, which class, what is done (kernel: <c>struct tcf_proto</c> with one of its filters).</summary>
internal sealed class TcFilter(uint preference, ushort protocol, string kind)
{
    /// <summary>Lower is asked first.</summary>
    public uint Preference { get; } = preference;

    /// <summary>EtherType; 3 for all (<c>ETH_P_ALL</c>).</summary>
    public ushort Protocol { get; } = protocol;

    /// <summary><c>u32</c>, <c>flower</c>, <c>fw</c> or <c>matchall</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>All of them have to match.</summary>
    public List<TcKey> Keys { get; } = [];

    /// <summary>The packet's mark, for <c>fw</c>.</summary>
    public uint? Mark { get; set; }

    /// <summary>The class; 0 for none.</summary>
    public uint ClassId { get; set; }

    /// <summary>In order.</summary>
    public List<TcAction> Actions { get; } = [];

    /// <summary>Its words, for showing.</summary>
    public string Words { get; set; } = "";

    public bool Matches(SkBuff skb)
    {
        if (Protocol != TcFilterReader.AllProtocols && Protocol != skb.Protocol) return false;
        if (Mark is { } mark && skb.Mark != mark) return false;
        foreach (var key in Keys)
        {
            if (!key.Matches(skb)) return false;
        }

        return true;
    }
}
