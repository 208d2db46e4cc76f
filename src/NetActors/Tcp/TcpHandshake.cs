using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// What a request sock negotiated, from which an accepted connection begins (kernel: <c>tcp_create_openreq_child</c>).
/// </summary>
public readonly record struct TcpHandshake
{
    /// <summary>Our ISN: the SYN-ACK's sequence number (<c>snt_isn</c>).</summary>
    public uint Isn { get; init; }

    /// <summary>The peer's ISN (<c>rcv_isn</c>).</summary>
    public uint PeerIsn { get; init; }

    /// <summary>The MSS that the peer named, clipped by ours; 0 for the default of 536 (<c>mss</c>).</summary>
    public int PeerMss { get; init; }

    /// <summary>The peer's window in the SYN in bytes, never scaled.</summary>
    public int PeerWindow { get; init; }

    /// <summary>Both sides scale windows (<c>wscale_ok</c>).</summary>
    public bool WindowScaling { get; init; }

    /// <summary>Shift of the peer's windows (<c>snd_wscale</c>).</summary>
    public int SndWscale { get; init; }

    /// <summary>Shift of our windows, as the SYN-ACK said (<c>rcv_wscale</c>).</summary>
    public int RcvWscale { get; init; }

    /// <summary>Both sides take selective acknowledgements (<c>sack_ok</c>).</summary>
    public bool SackOk { get; init; }

    /// <summary>Both sides send time stamps (<c>tstamp_ok</c>).</summary>
    public bool TimestampsOk { get; init; }

    /// <summary>The peer's last time stamp (<c>ts_recent</c>).</summary>
    public uint TsRecent { get; init; }

    /// <summary>What our time stamps are ahead of the clock, in milliseconds (<c>ts_off</c>).</summary>
    public uint TsOffset { get; init; }

    /// <summary>Window of the SYN-ACK in bytes (<c>rsk_rcv_wnd</c>).</summary>
    public uint RcvWnd { get; init; }

    /// <summary>Largest window (<c>rsk_window_clamp</c>).</summary>
    public uint WindowClamp { get; init; }

    /// <summary>Both sides use ECN (<c>ecn_ok</c>).</summary>
    public bool EcnOk { get; init; }

    /// <summary>When the SYN-ACK left; Never if it was sent more than once, so that it measures nothing (<c>snt_synack</c>).</summary>
    public KernelTime SynAckSentAt { get; init; }

    /// <summary>The child was made by a SYN with a Fast Open cookie and waits for the last ACK (<c>fastopen_rsk</c>).</summary>
    public bool IsFastOpen { get; init; }
}
