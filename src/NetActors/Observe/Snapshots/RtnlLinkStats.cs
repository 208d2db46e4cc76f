namespace NetActors.Observe;

/// <summary>A device's standard counters (kernel: <c>struct rtnl_link_stats64</c>, include/uapi/linux/if_link.h).</summary>
public sealed record RtnlLinkStats
{
    /// <summary>Packets received.</summary>
    public long RxPackets { get; init; }

    /// <summary>Packets sent.</summary>
    public long TxPackets { get; init; }

    /// <summary>Bytes received.</summary>
    public long RxBytes { get; init; }

    /// <summary>Bytes sent.</summary>
    public long TxBytes { get; init; }

    /// <summary>Bad packets received, of all kinds.</summary>
    public long RxErrors { get; init; }

    /// <summary>Failures to send, of all kinds.</summary>
    public long TxErrors { get; init; }

    /// <summary>Packets received whole and dropped before a protocol took them.</summary>
    public long RxDropped { get; init; }

    /// <summary>Packets dropped on their way out.</summary>
    public long TxDropped { get; init; }

    /// <summary>Multicast packets received.</summary>
    public long Multicast { get; init; }

    /// <summary>Collisions while sending.</summary>
    public long Collisions { get; init; }

    /// <summary>Packets of a length Ethernet does not allow.</summary>
    public long RxLengthErrors { get; init; }

    /// <summary>Receiver ring overflows.</summary>
    public long RxOverErrors { get; init; }

    /// <summary>Packets with a wrong check sequence.</summary>
    public long RxCrcErrors { get; init; }

    /// <summary>Packets with wrong alignment.</summary>
    public long RxFrameErrors { get; init; }

    /// <summary>Receiver FIFO overruns.</summary>
    public long RxFifoErrors { get; init; }

    /// <summary>Packets missed for want of room in the device.</summary>
    public long RxMissedErrors { get; init; }

    /// <summary>Transmissions given up.</summary>
    public long TxAbortedErrors { get; init; }

    /// <summary>Transmissions lost with the carrier.</summary>
    public long TxCarrierErrors { get; init; }

    /// <summary>Transmitter FIFO underruns.</summary>
    public long TxFifoErrors { get; init; }

    /// <summary>Heartbeat failures.</summary>
    public long TxHeartbeatErrors { get; init; }

    /// <summary>Late collisions.</summary>
    public long TxWindowErrors { get; init; }

    /// <summary>Compressed packets received.</summary>
    public long RxCompressed { get; init; }

    /// <summary>Compressed packets sent.</summary>
    public long TxCompressed { get; init; }

    /// <summary>Packets dropped by an inactive device.</summary>
    public long RxNohandler { get; init; }

    /// <summary>Packets for another host's address, dropped by layer 3.</summary>
    public long RxOtherhostDropped { get; init; }
}
