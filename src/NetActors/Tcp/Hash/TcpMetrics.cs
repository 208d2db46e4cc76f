namespace NetActors.Tcp;

/// <summary>
/// What connections to a host have learned; 0 where nothing is known (kernel: <c>tcpm_vals</c>, net/ipv4/tcp_metrics.c).
/// </summary>
/// <param name="Rtt">Smoothed round-trip time in eighths of a microsecond, as <c>srtt_us</c>.</param>
/// <param name="RttVariance">Its deviation in quarters of a microsecond, as <c>mdev_us</c>.</param>
/// <param name="Ssthresh">Slow-start threshold in segments.</param>
/// <param name="Cwnd">Congestion window in segments.</param>
/// <param name="Reordering">Reordering in segments.</param>
public readonly record struct TcpMetrics(uint Rtt, uint RttVariance, uint Ssthresh, uint Cwnd, uint Reordering);
