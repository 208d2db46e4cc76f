using NetActors.Time;

namespace NetActors.Observe;

/// <summary>A connection as a segment finds it that has just come (kernel: the trace point <c>tcp_probe</c>).</summary>
public readonly record struct TcpProbeEvent
{
    /// <summary>When, on the clock of the CPU that took the segment.</summary>
    public KernelTime Time { get; init; }

    /// <summary>Index of the host in the scenario.</summary>
    public int Host { get; init; }

    /// <summary>Local IPv4 address.</summary>
    public uint LocalAddress { get; init; }

    /// <summary>Local port.</summary>
    public ushort LocalPort { get; init; }

    /// <summary>The peer's IPv4 address.</summary>
    public uint RemoteAddress { get; init; }

    /// <summary>The peer's port.</summary>
    public ushort RemotePort { get; init; }

    /// <summary>The state by the kernel's number (<c>TCP_ESTABLISHED</c> is 1).</summary>
    public int State { get; init; }

    /// <summary>Next byte to be sent.</summary>
    public uint SndNxt { get; init; }

    /// <summary>First byte not acknowledged.</summary>
    public uint SndUna { get; init; }

    /// <summary>Congestion window in segments.</summary>
    public int Cwnd { get; init; }

    /// <summary>Slow start threshold in segments (kernel: <c>tcp_current_ssthresh</c>); 2147483647 for none.</summary>
    public int Ssthresh { get; init; }

    /// <summary>The peer's window in bytes.</summary>
    public uint SndWnd { get; init; }

    /// <summary>Smoothed round trip in microseconds; 0 before the first.</summary>
    public long SrttUs { get; init; }

    /// <summary>Our window in bytes.</summary>
    public uint RcvWnd { get; init; }

    /// <summary>Retransmission timeout in microseconds.</summary>
    public long RtoUs { get; init; }

    /// <summary>Segments believed to be in the network.</summary>
    public int InFlight { get; init; }
}
