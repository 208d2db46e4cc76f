using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What route and device say about the way to the peer (kernel: <c>dst_entry</c> and <c>sk_setup_caps</c>).</summary>
public sealed record TcpPath
{
    /// <summary>Bytes of an IP packet that the path takes (kernel: <c>dst_mtu</c>).</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Bytes of the IP header: 20, or 40 for IPv6 (kernel: <c>net_header_len</c>).</summary>
    public int NetworkHeaderLength { get; init; } = 20;

    /// <summary>The MSS that we name (kernel: RTAX_ADVMSS, <c>ipv4_default_advmss</c>); 0 derives it from <see cref="Mtu"/>.</summary>
    public int AdvMss { get; init; }

    /// <summary>
    /// Largest packet that the device, or software before it, cuts up (kernel: <c>sk_gso_max_size</c>); 0 sends single segments.
    /// </summary>
    public int GsoMaxSize { get; init; } = 65_536;

    /// <summary>Most segments of such a packet (kernel: <c>sk_gso_max_segs</c>).</summary>
    public int GsoMaxSegs { get; init; } = 65_535;

    /// <summary>Most to offer in bytes (RTAX_WINDOW); 0 for no bound.</summary>
    public uint Window { get; init; }

    /// <summary>First congestion window in segments (RTAX_INITCWND); 0 for the default.</summary>
    public int InitialCwnd { get; init; }

    /// <summary>First receive window in segments (RTAX_INITRWND); 0 for the default.</summary>
    public int InitialReceiveWindow { get; init; }

    /// <summary>Least retransmission timeout (RTAX_RTO_MIN); zero for <c>tcp_rto_min_us</c>.</summary>
    public KernelTime RtoMin { get; init; }

    /// <summary>Every segment is acknowledged at once (RTAX_QUICKACK).</summary>
    public bool QuickAck { get; init; }

    /// <summary>ECN is on for this route (RTAX_FEATURE_ECN).</summary>
    public bool Ecn { get; init; }

    /// <summary>Fast Open needs no cookie on this route (RTAX_FASTOPEN_NO_COOKIE).</summary>
    public bool FastOpenWithoutCookie { get; init; }

    /// <summary>Congestion control (RTAX_CC_ALGO); null for the default.</summary>
    public string? Congestion { get; init; }

    /// <summary>The device is the loopback device.</summary>
    public bool IsLoopback { get; init; }

    /// <summary>The MSS to name.</summary>
    public int EffectiveAdvMss => AdvMss > 0 ? AdvMss : Math.Max(Mtu - NetworkHeaderLength - 20, 256);
}
