namespace NetActors.Tcp;

/// <summary>
/// TCP_DEFER_ACCEPT is given in seconds and kept in timeouts of the SYN-ACK (kernel: <c>secs_to_retrans</c>, <c>retrans_to_secs</c>).
/// </summary>
public static class TcpDeferAccept
{
    private const int Timeout = 1; // TCP_TIMEOUT_INIT in seconds
    private const int MaxTimeout = 120; // TCP_RTO_MAX in seconds

    /// <summary>The fewest timeouts that last <paramref name="seconds"/>, at most 255; 0 for 0 and less.</summary>
    public static byte FromSeconds(int seconds)
    {
        if (seconds <= 0) return 0;
        byte timeouts = 1;
        int timeout = Timeout, period = Timeout;
        for (; seconds > period && timeouts < 255; timeouts++)
        {
            timeout = Math.Min(timeout << 1, MaxTimeout);
            period += timeout;
        }

        return timeouts;
    }

    /// <summary>How long that many timeouts last, in seconds: what <c>getsockopt</c> answers.</summary>
    public static int ToSeconds(byte timeouts)
    {
        if (timeouts == 0) return 0;
        int timeout = Timeout, period = Timeout;
        while (--timeouts > 0)
        {
            timeout = Math.Min(timeout << 1, MaxTimeout);
            period += timeout;
        }

        return period;
    }
}
