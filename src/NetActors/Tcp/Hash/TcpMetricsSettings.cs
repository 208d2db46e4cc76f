namespace NetActors.Tcp;

/// <summary>What is kept of connections (kernel: net.ipv4.tcp_*metrics_save; Documentation/networking/ip-sysctl.rst).</summary>
public sealed record TcpMetricsSettings
{
    /// <summary><c>tcp_no_metrics_save</c>: keep nothing.</summary>
    public bool NoMetricsSave { get; init; }

    /// <summary><c>tcp_no_ssthresh_metrics_save</c>: neither keep nor use thresholds; on by default since 5.6.</summary>
    public bool NoSsthreshMetricsSave { get; init; } = true;

    /// <summary><c>tcp_reordering</c>: the value that is not worth keeping.</summary>
    public uint Reordering { get; init; } = 3;
}
