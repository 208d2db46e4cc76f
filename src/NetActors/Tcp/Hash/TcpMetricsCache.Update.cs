namespace NetActors.Tcp;

/// <content>How old and new knowledge are joined (kernel: <c>tcp_update_metrics</c>).</content>
public sealed partial class TcpMetricsCache
{
    /// <summary>A longer round-trip time is taken as it is, a shorter one by an eighth: too long is better than too short.</summary>
    private static TcpMetrics UpdateRtt(TcpMetrics values, in TcpMetricsSample sample)
    {
        var less = (int)(values.Rtt - sample.Srtt);
        var rtt = less <= 0 ? sample.Srtt : values.Rtt - (uint)(less >> 3);
        var deviation = Math.Max((uint)Math.Abs(less) >> 1, sample.Mdev);
        var variance = values.RttVariance;
        variance = deviation >= variance ? deviation : variance - (variance - deviation >> 2);
        return values with { Rtt = rtt, RttVariance = variance };
    }

    private TcpMetrics UpdateWindow(TcpMetrics values, in TcpMetricsSample sample)
    {
        if (sample.IsInInitialSlowStart) return AfterInitialSlowStart(values, sample);
        if (!sample.IsInSlowStart && sample.IsOpen)
        {
            var ssthresh = Settings.NoSsthreshMetricsSave ? values.Ssthresh : Math.Max(sample.Cwnd >> 1, sample.Ssthresh);
            return values with { Ssthresh = ssthresh, Cwnd = values.Cwnd + sample.Cwnd >> 1 };
        }

        return AfterRecovery(values, sample);
    }

    /// <summary>There was no loss: the path took at least this much.</summary>
    private TcpMetrics AfterInitialSlowStart(TcpMetrics values, in TcpMetricsSample sample)
    {
        if (!Settings.NoSsthreshMetricsSave && values.Ssthresh != 0 && sample.Cwnd >> 1 > values.Ssthresh)
        {
            values = values with { Ssthresh = sample.Cwnd >> 1 };
        }

        return values with { Cwnd = Math.Max(values.Cwnd, sample.Cwnd) };
    }

    /// <summary>The window is on its way back up and means nothing; the threshold is the better guess.</summary>
    private TcpMetrics AfterRecovery(TcpMetrics values, in TcpMetricsSample sample)
    {
        values = values with { Cwnd = values.Cwnd + sample.Ssthresh >> 1 };
        if (!Settings.NoSsthreshMetricsSave && values.Ssthresh != 0 && sample.Ssthresh > values.Ssthresh)
        {
            values = values with { Ssthresh = sample.Ssthresh };
        }

        var worse = values.Reordering < sample.Reordering && sample.Reordering != Settings.Reordering;
        return worse ? values with { Reordering = sample.Reordering } : values;
    }
}
