using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The settings that listeners read (kernel: net.ipv4.tcp_* unless said otherwise; defaults of <c>tcp_sk_init</c>, 6.18).
/// </summary>
public sealed record TcpListenSysctls
{
    /// <summary>
    /// <c>tcp_max_syn_backlog</c>: without cookies, its last quarter is for proven peers. 128 at least; grows with the tables.
    /// </summary>
    public int MaxSynBacklog { get; init; } = 2048;

    /// <summary><c>tcp_synack_retries</c>.</summary>
    public byte SynAckRetries { get; init; } = 5;

    /// <summary><c>tcp_syncookies</c>: 0 never, 1 when the SYN queue is full, 2 always.</summary>
    public byte SynCookies { get; init; } = 1;

    /// <summary><c>tcp_abort_on_overflow</c>: RST when the accept queue is full.</summary>
    public bool AbortOnOverflow { get; init; }

    /// <summary><c>tcp_migrate_req</c>: a closing listener leaves its queues to its reuseport group.</summary>
    public bool MigrateRequests { get; init; }

    /// <summary><c>tcp_fastopen</c>: bits of <see cref="FastOpenModes"/>.</summary>
    public FastOpenModes FastOpen { get; init; } = FastOpenModes.ClientEnable;

    /// <summary><c>tcp_timestamps</c>: 0 off, 1 with an offset by peer, 2 without.</summary>
    public byte Timestamps { get; init; } = 1;

    /// <summary><c>tcp_window_scaling</c>.</summary>
    public bool WindowScaling { get; init; } = true;

    /// <summary><c>tcp_sack</c>.</summary>
    public bool Sack { get; init; } = true;

    /// <summary><c>tcp_ecn</c>: 0 off, others accept what the peer asks for.</summary>
    public byte Ecn { get; init; } = 2;

    /// <summary><c>tcp_workaround_signed_windows</c>.</summary>
    public bool WorkaroundSignedWindows { get; init; }

    /// <summary><c>tcp_invalid_ratelimit</c>: least time between answers to segments out of window.</summary>
    public KernelTime InvalidRateLimit { get; init; } = KernelTime.FromMilliseconds(500);

    /// <summary><c>tcp_rto_max_ms</c>: the longest wait before a SYN-ACK is sent again.</summary>
    public KernelTime RtoMax { get; init; } = KernelTime.FromSeconds(120);

    /// <summary>Third of <c>tcp_rmem</c>: the largest receive buffer in bytes.</summary>
    public uint RmemMaximum { get; init; } = 6291456;

    /// <summary><c>net.core.rmem_max</c> in bytes.</summary>
    public uint CoreRmemMax { get; init; } = 4194304;

    /// <summary><c>net.core.somaxconn</c>: bound of the backlog.</summary>
    public int SoMaxConn { get; init; } = 4096;
}
