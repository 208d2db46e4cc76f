namespace NetActors.Tcp;

/// <summary>What a connection knows at its end (kernel: what <c>tcp_update_metrics</c> reads of <c>struct tcp_sock</c>).</summary>
/// <param name="Srtt">Smoothed round-trip time in eighths of a microsecond; 0 without a sample (kernel: <c>srtt_us</c>).</param>
/// <param name="Mdev">Its deviation in quarters of a microsecond (kernel: <c>mdev_us</c>).</param>
/// <param name="IsBackedOff">The retransmission timer has run out and nothing came back since (kernel: <c>icsk_backoff</c>).</param>
/// <param name="Cwnd">Congestion window in segments.</param>
/// <param name="Ssthresh">Slow-start threshold in segments; <see cref="InfiniteSsthresh"/> before the first loss.</param>
/// <param name="IsOpen">Congestion state Open (kernel: <c>TCP_CA_Open</c>).</param>
/// <param name="Reordering">Reordering in segments.</param>
public readonly record struct TcpMetricsSample(
    uint Srtt, uint Mdev, bool IsBackedOff, uint Cwnd, uint Ssthresh, bool IsOpen, uint Reordering)
{
    /// <summary>No threshold yet (<c>TCP_INFINITE_SSTHRESH</c>).</summary>
    public const uint InfiniteSsthresh = 0x7FFF_FFFF;

    /// <summary>Kernel: <c>tcp_in_initial_slowstart</c>.</summary>
    public bool IsInInitialSlowStart => Ssthresh >= InfiniteSsthresh;

    /// <summary>Kernel: <c>tcp_in_slow_start</c>.</summary>
    public bool IsInSlowStart => Cwnd < Ssthresh;
}
