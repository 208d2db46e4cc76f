using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// All that a control block begins with when a passive handshake is done, or after a SYN with Fast Open (kernel: what
/// <c>tcp_create_openreq_child</c> takes over). Addresses and ports in host order.
/// </summary>
public struct AcceptedHandshake
{
    /// <summary>Our address.</summary>
    public uint LocalAddress;

    /// <summary>The peer's address.</summary>
    public uint RemoteAddress;

    /// <summary>Our port.</summary>
    public ushort LocalPort;

    /// <summary>The peer's port.</summary>
    public ushort RemotePort;

    /// <summary>Our initial sequence number; the first byte we send is the next one.</summary>
    public uint Isn;

    /// <summary>The peer's initial sequence number.</summary>
    public uint PeerIsn;

    /// <summary>The most the peer takes in a segment (kernel: <c>mss_clamp</c>).</summary>
    public ushort Mss;

    /// <summary>The most we said we take (kernel: <c>advmss</c>).</summary>
    public ushort AdvertisedMss;

    /// <summary>Windows are scaled; the shifts are 0 otherwise.</summary>
    public bool IsWindowScaled;

    /// <summary>Shift of the peer's windows.</summary>
    public byte SendWindowScale;

    /// <summary>Shift of ours.</summary>
    public byte ReceiveWindowScale;

    /// <summary>Selective acknowledgements are used.</summary>
    public bool HasSack;

    /// <summary>Segments carry time stamps.</summary>
    public bool HasTimestamps;

    /// <summary>ECN is used.</summary>
    public bool HasEcn;

    /// <summary>Accurate ECN is used, and what is known of it.</summary>
    internal TcpAccurateEcnHandshake AccurateEcn;

    /// <summary>What we add to our millisecond clock in time stamps.</summary>
    public uint TimestampOffset;

    /// <summary>The peer's last time stamp (kernel: <c>ts_recent</c>).</summary>
    public uint TimestampRecent;

    /// <summary>Window we offered, in bytes (kernel: <c>rcv_wnd</c>, also the first <c>rcv_ssthresh</c>).</summary>
    public uint ReceiveWindow;

    /// <summary>Most we will ever offer (kernel: <c>window_clamp</c>).</summary>
    public uint WindowClamp;

    /// <summary>The peer's window in bytes (kernel: <c>snd_wnd</c>).</summary>
    public uint SendWindow;

    /// <summary>
    /// When the SYN-ACK went out, for the first RTT sample; <see cref="KernelTime.Never"/> when it was sent again or with a cookie
    /// (kernel: <c>tcp_synack_rtt_meas</c>).
    /// </summary>
    public KernelTime SynAckSentAt;

    /// <summary>When the first SYN-ACK went out, also when it was sent again (kernel: <c>retrans_stamp</c> after a timeout).</summary>
    public KernelTime FirstSynAckAt;

    /// <summary>SYN-ACKs sent again (kernel: <c>total_retrans</c>).</summary>
    public byte Retransmissions;

    /// <summary>Timeouts of the SYN-ACK (kernel: <c>total_rto</c>; after any, <c>undo_marker</c> is set).</summary>
    public byte Timeouts;

    /// <summary>IP_TOS of the child, from the SYN (<c>tcp_reflect_tos</c>); null for the listener's.</summary>
    public byte? Tos;

    /// <summary>SO_MARK of the child of a listener without one, from the SYN (<c>tcp_fwmark_accept</c>); 0 for none.</summary>
    public uint Mark;

    /// <summary>The handshake was done by a SYN cookie.</summary>
    public bool IsCookie;

    /// <summary>
    /// After a SYN with Fast Open the half-open entry: the child is in SYN_RECV and sends its SYN-ACKs again by
    /// <see cref="TcpListenerCore.RetransmitSynAck"/>. Null otherwise.
    /// </summary>
    public RequestSock? FastOpen;

    /// <summary>Bytes of data in a Fast Open's SYN, which are the child's (kernel: <c>tcp_fastopen_add_skb</c>).</summary>
    public int SynDataLength;

    /// <summary>Header of the child's segments in bytes, with time stamps if used (kernel: <c>tcp_header_len</c>).</summary>
    public readonly int HeaderLength => HasTimestamps ? 32 : 20;
}
