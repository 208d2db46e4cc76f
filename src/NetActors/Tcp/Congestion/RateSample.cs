namespace NetActors.Tcp;

/// <summary>
/// The delivery rate that one acknowledgement shows (kernel: <c>struct rate_sample</c>, net/ipv4/tcp_rate.c; "Delivery Rate Estimation",
/// draft-cheng-iccrg-delivery-rate-estimation). One instance per connection, filled anew by each acknowledgement.
/// </summary>
public sealed class RateSample
{
    /// <summary>Segments delivered when the newest acknowledged segment was sent; 0 for none (<c>prior_delivered</c>).</summary>
    public uint PriorDelivered;

    /// <summary>When that count was reached, in microseconds (<c>prior_mstamp</c>); 0 for none.</summary>
    public long PriorUs;

    /// <summary>Segments delivered over the interval; -1 when the sample is invalid (<c>delivered</c>).</summary>
    public int Delivered;

    /// <summary>The longer of the send and the acknowledgement phase in microseconds; -1 when invalid (<c>interval_us</c>).</summary>
    public long IntervalUs;

    /// <summary>Round trip in microseconds for congestion control; -1 for none (<c>rtt_us</c>).</summary>
    public long RttUs;

    /// <summary>Segments found lost by this acknowledgement (<c>losses</c>).</summary>
    public int Losses;

    /// <summary>Segments newly acknowledged, cumulatively or selectively (<c>acked_sacked</c>).</summary>
    public int AckedSacked;

    /// <summary>Segments in flight before this acknowledgement (<c>prior_in_flight</c>).</summary>
    public int PriorInFlight;

    /// <summary>The application was the limit (<c>is_app_limited</c>).</summary>
    public bool IsAppLimited;

    /// <summary>The newest acknowledged segment was sent again (<c>is_retrans</c>).</summary>
    public bool IsRetrans;

    /// <summary>The acknowledgement was probably delayed (<c>is_ack_delayed</c>).</summary>
    public bool IsAckDelayed;

    internal void Reset()
    {
        (PriorDelivered, PriorUs, Delivered, IntervalUs, RttUs) = (0, 0, 0, 0, -1);
        (Losses, AckedSacked, PriorInFlight) = (0, 0, 0);
        (IsAppLimited, IsRetrans, IsAckDelayed) = (false, false, false);
    }
}
