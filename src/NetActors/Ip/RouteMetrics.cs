using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// What a route says of the way beside its MTU (kernel: <c>struct dst_metrics</c>, RTAX_* of include/uapi/linux/rtnetlink.h); zeroes say nothing.
/// </summary>
public sealed record RouteMetrics
{
    /// <summary>The MTU is not to be learned, and packets may be cut (<c>mtu lock</c>).</summary>
    public bool IsMtuLocked { get; init; }

    /// <summary>The MSS that we name, in bytes (<c>advmss</c>).</summary>
    public int AdvMss { get; init; }

    /// <summary>Most that we offer, in bytes (<c>window</c>).</summary>
    public uint Window { get; init; }

    /// <summary>First round trip to reckon with (<c>rtt</c>).</summary>
    public KernelTime Rtt { get; init; }

    /// <summary>Least retransmission timeout (<c>rto_min</c>).</summary>
    public KernelTime RtoMin { get; init; }

    /// <summary>Slow start threshold in segments (<c>ssthresh</c>).</summary>
    public int Ssthresh { get; init; }

    /// <summary>The window may not pass this, in segments (<c>cwnd lock</c>; without the lock Linux reads it nowhere).</summary>
    public int LockedCwnd { get; init; }

    /// <summary>First congestion window in segments (<c>initcwnd</c>).</summary>
    public int InitCwnd { get; init; }

    /// <summary>First receive window in segments (<c>initrwnd</c>).</summary>
    public int InitRwnd { get; init; }

    /// <summary>Segments that come out of order (<c>reordering</c>).</summary>
    public int Reordering { get; init; }

    /// <summary>Time to live (<c>hoplimit</c>).</summary>
    public byte HopLimit { get; init; }

    /// <summary>Every segment is acknowledged at once (<c>quickack</c>).</summary>
    public bool QuickAck { get; init; }

    /// <summary>Fast Open needs no cookie (<c>fastopen_no_cookie</c>).</summary>
    public bool FastOpenNoCookie { get; init; }

    /// <summary>ECN, whatever tcp_ecn says (<c>features ecn</c>).</summary>
    public bool Ecn { get; init; }

    /// <summary>Congestion control (<c>congctl</c>); null for the default.</summary>
    public string? Congestion { get; init; }
}
