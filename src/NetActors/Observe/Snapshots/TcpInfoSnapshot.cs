namespace NetActors.Observe;

/// <summary>
/// What getsockopt(TCP_INFO) tells of a connection, by the kernel's names (<c>struct tcp_info</c>, include/uapi/linux/tcp.h): times in
/// microseconds but for those of the last segments and of all timeouts, which are in milliseconds; rates in bytes a second.
/// </summary>
public sealed record TcpInfoSnapshot
{
    /// <summary>Name of the congestion control (<c>INET_DIAG_CONG</c>).</summary>
    public string Congestion { get; init; } = "";

    /// <summary>What the congestion control tells of itself, in ss's words (<c>INET_DIAG_BBRINFO</c>, <c>INET_DIAG_DCTCPINFO</c>).</summary>
    public string CongestionDetail { get; init; } = "";

#pragma warning disable CS1591 // the kernel's own names: TCPI_OPT_* and the fields without their prefix tcpi_
    public bool Timestamps { get; init; }

    public bool Sack { get; init; }

    public bool Wscale { get; init; }

    public bool Ecn { get; init; }

    public bool EcnSeen { get; init; }

    public bool SynData { get; init; }

    public int CaState { get; init; }

    public int Retransmits { get; init; }

    public int Probes { get; init; }

    public int Backoff { get; init; }

    public int SndWscale { get; init; }

    public int RcvWscale { get; init; }

    public bool DeliveryRateAppLimited { get; init; }

    public int FastopenClientFail { get; init; }

    public long Rto { get; init; }

    public long Ato { get; init; }

    public long SndMss { get; init; }

    public long RcvMss { get; init; }

    public long Unacked { get; init; }

    public long Sacked { get; init; }

    public long Lost { get; init; }

    public long Retrans { get; init; }

    public long Fackets { get; init; }

    public long LastDataSent { get; init; }

    public long LastAckSent { get; init; }

    public long LastDataRecv { get; init; }

    public long LastAckRecv { get; init; }

    public long Pmtu { get; init; }

    public long RcvSsthresh { get; init; }

    public long Rtt { get; init; }

    public long Rttvar { get; init; }

    public long SndSsthresh { get; init; }

    public long SndCwnd { get; init; }

    public long Advmss { get; init; }

    public long Reordering { get; init; }

    public long RcvRtt { get; init; }

    public long RcvSpace { get; init; }

    public long TotalRetrans { get; init; }

    public ulong PacingRate { get; init; }

    public ulong MaxPacingRate { get; init; }

    public ulong BytesAcked { get; init; }

    public ulong BytesReceived { get; init; }

    public long SegsOut { get; init; }

    public long SegsIn { get; init; }

    public long NotsentBytes { get; init; }

    public long MinRtt { get; init; }

    public long DataSegsIn { get; init; }

    public long DataSegsOut { get; init; }

    public ulong DeliveryRate { get; init; }

    public ulong BusyTime { get; init; }

    public ulong RwndLimited { get; init; }

    public ulong SndbufLimited { get; init; }

    public long Delivered { get; init; }

    public long DeliveredCe { get; init; }

    public ulong BytesSent { get; init; }

    public ulong BytesRetrans { get; init; }

    public long DsackDups { get; init; }

    public long ReordSeen { get; init; }

    public long RcvOoopack { get; init; }

    public long SndWnd { get; init; }

    public long RcvWnd { get; init; }

    public long Rehash { get; init; }

    public int TotalRto { get; init; }

    public int TotalRtoRecoveries { get; init; }

    public long TotalRtoTime { get; init; }
#pragma warning restore CS1591
}
