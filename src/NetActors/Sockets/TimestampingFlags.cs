namespace NetActors.Sockets;

/// <summary>Flags of SO_TIMESTAMPING (kernel: <c>SOF_TIMESTAMPING_*</c> of include/uapi/linux/net_tstamp.h).</summary>
internal static class TimestampingFlags
{
    /// <summary>When the driver hands it to the device.</summary>
    public const int TxSoftware = 1 << 1;

    /// <summary>When it was received.</summary>
    public const int RxSoftware = 1 << 3;

    /// <summary>Times of software are told.</summary>
    public const int Software = 1 << 4;

    /// <summary>Each has a number.</summary>
    public const int OptId = 1 << 7;

    /// <summary>When it goes to the queueing discipline.</summary>
    public const int TxSched = 1 << 8;

    /// <summary>When the peer has acknowledged it.</summary>
    public const int TxAck = 1 << 9;

    /// <summary>Without the packet.</summary>
    public const int OptTsOnly = 1 << 11;

    /// <summary>With statistics of the connection.</summary>
    public const int OptStats = 1 << 12;

    /// <summary>Numbers of a stream count from what is written next.</summary>
    public const int OptIdTcp = 1 << 16;

    /// <summary>All that there are (<c>SOF_TIMESTAMPING_MASK</c>).</summary>
    public const int All = (1 << 19) - 1;

    /// <summary>Those that mark what is sent and that are heeded here; no device has a clock of its own.</summary>
    public const int TxRecords = TxSoftware | TxSched | TxAck;
}

/// <summary>Which moment a time stamp tells (kernel: <c>SCM_TSTAMP_*</c>, in <c>ee_info</c>).</summary>
internal enum TimestampKind : uint
{
    /// <summary>The driver sent it.</summary>
    Sent = 0,

    /// <summary>It went to the queueing discipline.</summary>
    Sched = 1,

    /// <summary>It has arrived.</summary>
    Ack = 2,
}
