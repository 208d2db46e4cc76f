using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>A segment for a listener or one of its half-open connections, as numbers. Addresses and ports in host order.</summary>
public struct ListenSegment
{
    /// <summary>Sender's address.</summary>
    public uint Source;

    /// <summary>Receiver's address.</summary>
    public uint Destination;

    /// <summary>Sender's port.</summary>
    public ushort SourcePort;

    /// <summary>Receiver's port.</summary>
    public ushort DestinationPort;

    /// <summary>Sequence number.</summary>
    public uint Sequence;

    /// <summary>Acknowledgement number.</summary>
    public uint Acknowledgment;

    /// <summary>Control bits.</summary>
    public TcpFlags Flags;

    /// <summary>Window as it stands in the header.</summary>
    public ushort Window;

    /// <summary>Bytes of data.</summary>
    public int PayloadLength;

    /// <summary>The IP header's ECN field says ECT or CE (kernel: <c>ip_dsfield</c>).</summary>
    public bool IsEcnCapable;

    /// <summary>The whole field: DSCP and ECN (kernel: <c>ip_dsfield</c>).</summary>
    public byte Tos;

    /// <summary>The packet's firewall mark (kernel: <c>skb->mark</c>).</summary>
    public uint Mark;

    /// <summary>Sent to a broadcast or group's address: never answered.</summary>
    public bool IsToGroup;

    /// <summary>
    /// For a SYN that reopens a connection in TIME_WAIT the sequence number to begin with; else 0 (kernel: <c>tcp_tw_isn</c>).
    /// </summary>
    public uint TimeWaitIsn;

    /// <summary>The options, parsed.</summary>
    public TcpOptions Options;

    /// <summary>Sequence number behind the segment (kernel: <c>end_seq</c>).</summary>
    public readonly uint EndSequence => Sequence + (uint)PayloadLength + (Has(TcpFlags.Syn) ? 1u : 0) + (Has(TcpFlags.Fin) ? 1u : 0);

    /// <summary>True when all of <paramref name="flags"/> are set.</summary>
    public readonly bool Has(TcpFlags flags) => (Flags & flags) == flags;
}
