namespace NetActors.Tcp;

/// <summary>What the algorithms share (kernel: net/ipv4/tcp_cong.c; RFC 5681 section 3.1).</summary>
internal static class CongestionAvoidance
{
    /// <summary>
    /// Grows the window by every delivered segment up to the threshold and answers how many are left over (kernel:
    /// <c>tcp_slow_start</c>, RFC 3465 without its limit).
    /// </summary>
    public static int SlowStart(TcpCongestionState state, int acked)
    {
        var cwnd = (int)Math.Min((long)state.Cwnd + acked, state.Ssthresh);
        acked -= cwnd - state.Cwnd;
        state.Cwnd = Math.Min(cwnd, state.CwndClamp);
        return acked;
    }

    /// <summary>Grows the window by one for every <paramref name="w"/> delivered segments (kernel: <c>tcp_cong_avoid_ai</c>).</summary>
    public static void AdditiveIncrease(TcpCongestionState state, int w, int acked)
    {
        if (state.CwndCount >= w) // credits from a larger w are worth one segment at most
        {
            state.CwndCount = 0;
            state.Cwnd++;
        }

        state.CwndCount += acked;
        if (state.CwndCount >= w)
        {
            var grown = state.CwndCount / w;
            state.CwndCount -= grown * w;
            state.Cwnd += grown;
        }

        state.Cwnd = Math.Min(state.Cwnd, state.CwndClamp);
    }

    /// <summary>Slow start, then one segment a round trip (kernel: <c>tcp_reno_cong_avoid</c>).</summary>
    public static void Reno(TcpCongestionState state, int acked)
    {
        if (!state.MayGrow) return;
        if (state.InSlowStart)
        {
            acked = SlowStart(state, acked);
            if (acked == 0) return;
        }

        AdditiveIncrease(state, state.Cwnd, acked);
    }

    /// <summary>Half of the window, at least two segments (kernel: <c>tcp_reno_ssthresh</c>).</summary>
    public static int HalfWindow(TcpCongestionState state) => Math.Max(state.Cwnd >> 1, 2);

    /// <summary>The window before the reduction (kernel: <c>tcp_reno_undo_cwnd</c>).</summary>
    public static int PriorWindow(TcpCongestionState state) => Math.Max(state.Cwnd, state.PriorCwnd);
}
