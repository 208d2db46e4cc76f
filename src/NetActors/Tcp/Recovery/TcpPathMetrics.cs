using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What earlier connections learned of a path (kernel: <c>tcp_init_metrics</c>); zeroes mean nothing is known.</summary>
/// <param name="Ssthresh">Slow start threshold in segments.</param>
/// <param name="LockedCwnd">The window may not pass this (<c>TCP_METRIC_CWND</c>, locked).</param>
/// <param name="Reordering">Segments that come out of order.</param>
/// <param name="Rtt">Round trip.</param>
public readonly record struct TcpPathMetrics(int Ssthresh, int LockedCwnd, int Reordering, KernelTime Rtt);
