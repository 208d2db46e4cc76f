namespace NetActors.Tcp;

/// <summary>
/// <c>struct tcp_info</c> of getsockopt(TCP_INFO) with all its fields (include/uapi/linux/tcp.h): times in microseconds unless said
/// otherwise.
/// </summary>
public struct TcpInfo
{
#pragma warning disable CS1591 // the kernel's own names without their prefix tcpi_
    public byte State;
    public byte CaState;
    public byte Retransmits;
    public byte Probes;
    public byte Backoff;
    public TcpInfoOptions Options;
    public byte SndWscale;
    public byte RcvWscale;
    public bool DeliveryRateAppLimited;
    public byte FastopenClientFail;
    public uint Rto;
    public uint Ato;
    public uint SndMss;
    public uint RcvMss;
    public uint Unacked;
    public uint Sacked;
    public uint Lost;
    public uint Retrans;
    public uint Fackets;
    public uint LastDataSent; // ms ago
    public uint LastAckSent; // always 0
    public uint LastDataRecv; // ms ago
    public uint LastAckRecv; // ms ago
    public uint Pmtu;
    public uint RcvSsthresh;
    public uint Rtt;
    public uint Rttvar;
    public uint SndSsthresh;
    public uint SndCwnd;
    public uint Advmss;
    public uint Reordering;
    public uint RcvRtt;
    public uint RcvSpace;
    public uint TotalRetrans;
    public ulong PacingRate;
    public ulong MaxPacingRate;
    public ulong BytesAcked;
    public ulong BytesReceived;
    public uint SegsOut;
    public uint SegsIn;
    public uint NotsentBytes;
    public uint MinRtt;
    public uint DataSegsIn;
    public uint DataSegsOut;
    public ulong DeliveryRate;
    public ulong BusyTime;
    public ulong RwndLimited;
    public ulong SndbufLimited;
    public uint Delivered;
    public uint DeliveredCe;
    public ulong BytesSent;
    public ulong BytesRetrans;
    public uint DsackDups;
    public uint ReordSeen;
    public uint RcvOoopack;
    public uint SndWnd;
    public uint RcvWnd;
    public uint Rehash;
    public ushort TotalRto;
    public ushort TotalRtoRecoveries;
    public uint TotalRtoTime; // ms
    public uint ReceivedCe;
    public uint DeliveredE1Bytes;
    public uint DeliveredE0Bytes;
    public uint DeliveredCeBytes;
    public uint ReceivedE1Bytes;
    public uint ReceivedE0Bytes;
    public uint ReceivedCeBytes;
    public ushort AccurateEcnFailMode;
    public ushort AccurateEcnOptionSeen;
#pragma warning restore CS1591
}
