using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What the listeners of a host share (kernel: <c>struct netns_ipv4</c>).</summary>
public sealed class TcpListenHost
{
    /// <summary>Draws the secrets of cookies.</summary>
    public TcpListenHost(KernelRandom random, InetHashTables tables, SecureSequence secure, TcpMetricsCache metrics)
    {
        (Tables, Secure, Metrics, Cookies) = (tables, secure, metrics, new SynCookies(random));
        FastOpenKeys = new TcpFastOpenKeys(new SipHash(random.NextUInt64(), random.NextUInt64())); // tcp_fastopen_init_key_once
        Sysctls = new TcpSysctls { TcpMaxSynBacklog = tables.DefaultMaxSynBacklog };
    }

    /// <summary>The kernel: 3.10 bounds its SYN queues otherwise.</summary>
    public KernelVersion Kernel { get; set; } = KernelVersion.V6;

    /// <summary>Where half-open connections are found.</summary>
    public InetHashTables Tables { get; }

    /// <summary>Initial sequence numbers and offsets of time stamps.</summary>
    public SecureSequence Secure { get; }

    /// <summary>Who is a proven peer.</summary>
    public TcpMetricsCache Metrics { get; }

    /// <summary>SYN cookies.</summary>
    public SynCookies Cookies { get; }

    /// <summary>Takes one challenge ACK of this second's share of the host (RFC 5961 section 7).</summary>
    public Func<KernelTime, bool> TryTakeChallenge { get; set; } = static _ => true;

    /// <summary>The settings; replaced whole when one changes.</summary>
    public TcpSysctls Sysctls { get; set; }

    /// <summary><c>net.ipv4.tcp_fastopen_key</c>.</summary>
    public TcpFastOpenKeys FastOpenKeys { get; set; }
}
