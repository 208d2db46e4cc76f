using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// A half-open connection: a small record in the table of established connections, no socket (kernel: <c>struct tcp_request_sock</c>).
/// It is its listener's and goes back to it: who finds one in a lookup hands it to the listener and keeps no reference.
/// </summary>
public sealed class RequestSock : SockCommon, IDeadlineEntry
{
    internal RequestSock(TcpListenerCore listener) => Listener = listener;

    /// <summary>Whose SYN queue it is in (kernel: <c>rsk_listener</c>).</summary>
    public TcpListenerCore Listener { get; internal set; }

    /// <summary>The peer's initial sequence number (kernel: <c>rcv_isn</c>).</summary>
    public uint PeerIsn { get; internal set; }

    /// <summary>Ours (kernel: <c>snt_isn</c>).</summary>
    public uint Isn { get; internal set; }

    /// <summary>What is expected next: behind the SYN, and behind its data after a Fast Open (kernel: <c>rcv_nxt</c>).</summary>
    public uint ReceiveNext { get; internal set; }

    /// <summary>The most the peer takes in a segment, as it said, at most TCP_MAXSEG (kernel: <c>mss</c>).</summary>
    public ushort Mss { get; internal set; }

    /// <summary>What we said we take.</summary>
    public ushort AdvertisedMss { get; internal set; }

    /// <summary>The peer's last time stamp (kernel: <c>ts_recent</c>).</summary>
    public uint TimestampRecent { get; internal set; }

    /// <summary>What we add to our clock (kernel: <c>ts_off</c>).</summary>
    public uint TimestampOffset { get; internal set; }

    /// <summary>Window offered, in bytes (kernel: <c>rsk_rcv_wnd</c>); the SYN-ACK shows at most 65535 of it.</summary>
    public uint ReceiveWindow { get; internal set; }

    /// <summary>Most that will ever be offered (kernel: <c>rsk_window_clamp</c>).</summary>
    public uint WindowClamp { get; internal set; }

    /// <summary>Shift of the peer's windows.</summary>
    public byte SendWindowScale { get; internal set; }

    /// <summary>Shift of ours.</summary>
    public byte ReceiveWindowScale { get; internal set; }

    /// <summary>Timeouts so far (kernel: <c>num_timeout</c>).</summary>
    public byte Timeouts { get; internal set; }

    /// <summary>SYN-ACKs sent again (kernel: <c>num_retrans</c>).</summary>
    public byte Retransmissions { get; internal set; }

    /// <summary>Windows are scaled (kernel: <c>wscale_ok</c>).</summary>
    public bool IsWindowScaled { get; internal set; }

    /// <summary>Segments carry time stamps (kernel: <c>tstamp_ok</c>).</summary>
    public bool HasTimestamps { get; internal set; }

    /// <summary>Selective acknowledgements are used (kernel: <c>sack_ok</c>).</summary>
    public bool HasSack { get; internal set; }

    /// <summary>ECN is used (kernel: <c>ecn_ok</c>).</summary>
    public bool HasEcn { get; internal set; }

    /// <summary>Accurate ECN is used instead, and what is known of it (kernel: <c>accecn_ok</c>).</summary>
    internal TcpAccurateEcnHandshake AccurateEcn { get; set; }

    /// <summary>The last ACK has come, but nobody may have the connection yet (kernel: <c>acked</c>).</summary>
    public bool IsAcked { get; internal set; }

    /// <summary>A Fast Open child waits for its handshake's end (kernel: <c>tfo_listener</c>).</summary>
    public bool IsFastOpen { get; internal set; }

    /// <summary>TOS field of the SYN, or of the ACK that brought a cookie (kernel: <c>syn_tos</c>).</summary>
    public byte SynTos { get; internal set; }

    /// <summary>Firewall mark of that packet (kernel: <c>ir_mark</c> with <c>tcp_fwmark_accept</c>).</summary>
    public uint SynMark { get; internal set; }

    /// <summary>When the first SYN-ACK went out; <see cref="KernelTime.Never"/> before (kernel: <c>snt_synack</c>).</summary>
    public KernelTime SynAckSentAt { get; internal set; } = KernelTime.Never;

    /// <summary>When the SYN-ACK is due again, or the entry is given up; <see cref="KernelTime.Never"/> outside the SYN queue.</summary>
    public KernelTime Deadline { get; internal set; } = KernelTime.Never;

    /// <inheritdoc />
    int IDeadlineEntry.HeapSlot { get; set; } = -1;

    /// <summary>The first and the last time stamp of our SYN-ACKs: an echo must lie between them; 0 before the first.</summary>
    internal uint FirstTimestamp { get; set; }

    internal uint LastTimestamp { get; set; }

    /// <summary>When the last segment out of window was answered; <see cref="KernelTime.Never"/> before.</summary>
    internal KernelTime LastOutOfWindowAck { get; set; } = KernelTime.Never;

    /// <summary>The program has the Fast Open child already (kernel: <c>req->sk</c> is NULL).</summary>
    internal bool IsChildAccepted { get; set; }

    internal RequestSock? NextFree { get; set; }

    /// <summary>Begins anew with a SYN (kernel: <c>inet_reqsk_alloc</c>, <c>tcp_openreq_init</c>).</summary>
    internal void Init(in ListenSegment syn, int device, in TcpNegotiated options)
    {
        (LocalAddress, LocalPort, RemoteAddress, RemotePort) = (syn.Destination, syn.DestinationPort, syn.Source, syn.SourcePort);
        (BoundDevice, PeerIsn, ReceiveNext, Mss) = (device, syn.Sequence, syn.Sequence + 1, options.Mss);
        (IsWindowScaled, SendWindowScale) = (options.IsWindowScaled, options.WindowScale);
        (HasTimestamps, TimestampRecent, HasSack) = (options.HasTimestamps, options.TimestampValue, options.HasSack);
        (TimestampOffset, FirstTimestamp, LastTimestamp, Timeouts, Retransmissions) = (0, 0, 0, 0, 0);
        (SynTos, SynMark) = (syn.Tos, syn.Mark);
        AccurateEcn = default;
        (HasEcn, IsAcked, IsFastOpen, IsChildAccepted) = (false, false, false, false);
        (SynAckSentAt, LastOutOfWindowAck, Deadline) = (KernelTime.Never, KernelTime.Never, KernelTime.Never);
    }
}
