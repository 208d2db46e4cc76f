namespace NetActors.Tcp;

/// <summary>The options of a listening socket that its handshakes follow; may change while it listens.</summary>
public sealed class TcpListenOptions
{
    /// <summary>TCP_MAXSEG; 0 when not set (kernel: <c>user_mss</c>).</summary>
    public ushort UserMss { get; set; }

    /// <summary>TCP_SYNCNT; 0 for <c>tcp_synack_retries</c>.</summary>
    public byte SynRetries { get; set; }

    /// <summary>TCP_DEFER_ACCEPT as timeouts of the SYN-ACK, see <see cref="TcpDeferAccept"/>; 0 for off.</summary>
    public byte DeferAccept { get; set; }

    /// <summary>Receive buffer in bytes of truesize (kernel: <c>sk_rcvbuf</c>).</summary>
    public int ReceiveBuffer { get; set; } = 131072;

    /// <summary>SO_RCVBUF was set: no window beyond it (kernel: <c>SOCK_RCVBUF_LOCK</c>).</summary>
    public bool IsReceiveBufferLocked { get; set; }

    /// <summary>Payload in 256 bytes of truesize (kernel: <c>scaling_ratio</c>, at first <c>TCP_DEFAULT_SCALING_RATIO</c>).</summary>
    public int ScalingRatio { get; set; } = 128;

    /// <summary>TCP_WINDOW_CLAMP in bytes; 0 for none.</summary>
    public uint WindowClamp { get; set; }

    /// <summary>TCP_FASTOPEN_NO_COOKIE.</summary>
    public bool FastOpenWithoutCookie { get; set; }

    /// <summary>TCP_FASTOPEN_KEY; null for the host's.</summary>
    public TcpFastOpenKeys? FastOpenKeys { get; set; }

    /// <summary>The congestion control wants ECN, whatever the settings say (kernel: <c>tcp_ca_needs_ecn</c>; DCTCP).</summary>
    public bool NeedsEcn { get; set; }

    /// <summary>Bytes of payload that fit the receive buffer (kernel: <c>tcp_full_space</c>).</summary>
    internal uint FullSpace => (uint)((long)ReceiveBuffer * ScalingRatio >> 8);
}
