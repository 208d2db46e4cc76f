using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// When data is acknowledged (RFC 9293 section 3.8.6.3; kernel: <c>icsk_ack</c>): at once while quick ACKs are left, later once the
/// connection proved to be interactive.
/// </summary>
internal sealed class TcpDelayedAck
{
    /// <summary>Why an ACK is owed.</summary>
    internal TcpAckPending Pending;

    /// <summary>Quick ACKs left (<c>quick</c>).</summary>
    internal int Quick;

    /// <summary>The route asks for quick ACKs (RTAX_QUICKACK).</summary>
    internal bool AlwaysQuick;

    /// <summary>Answers that followed data in time (<c>pingpong</c>).</summary>
    internal int Pingpong;

    /// <summary>The estimated pause between segments, which an ACK may wait (<c>ato</c>); zero before the first data.</summary>
    internal KernelTime Ato;

    /// <summary>When the delayed ACK goes out (<c>timeout</c>), while <see cref="TcpAckPending.Timer"/> is set.</summary>
    internal KernelTime Timeout = KernelTime.Never;

    /// <summary>When data last came (<c>lrcvtime</c>).</summary>
    internal KernelTime LastReceived;

    /// <summary>Size of the last segment that was not full (<c>last_seg_size</c>).</summary>
    internal int LastSegmentSize;

    /// <summary>The peer's segment size as seen (<c>rcv_mss</c>).</summary>
    internal int RcvMss = TcpConstants.MssDefault;

    /// <summary>An ACK is owed (kernel: <c>inet_csk_ack_scheduled</c>).</summary>
    internal bool IsScheduled => (Pending & TcpAckPending.Scheduled) != 0;

    /// <summary>When the timer is due.</summary>
    internal KernelTime Deadline => (Pending & TcpAckPending.Timer) != 0 ? Timeout : KernelTime.Never;

    /// <summary>Our answers follow the peer's data (kernel: <c>inet_csk_in_pingpong_mode</c>).</summary>
    internal bool IsPingpong(TcpSysctls sysctls) => Pingpong >= sysctls.TcpPingpongThresh;

    /// <summary>Every segment is acknowledged at once (kernel: <c>tcp_in_quickack_mode</c>).</summary>
    internal bool IsQuick(TcpSysctls sysctls) => AlwaysQuick || (Quick > 0 && !IsPingpong(sysctls));

    /// <summary>An ACK is owed from now on (kernel: <c>inet_csk_schedule_ack</c>).</summary>
    internal void Schedule() => Pending |= TcpAckPending.Scheduled;

    /// <summary>Interactive from now on (kernel: <c>inet_csk_enter_pingpong_mode</c>).</summary>
    internal void EnterPingpong(TcpSysctls sysctls) => Pingpong = sysctls.TcpPingpongThresh;

    /// <summary>Raises the count of quick ACKs to half a window of segments (kernel: <c>tcp_incr_quickack</c>).</summary>
    internal void IncreaseQuick(uint rcvWnd, int max)
    {
        var quick = (int)(rcvWnd / (2u * (uint)RcvMss));
        if (quick == 0) quick = 2;
        Quick = Math.Max(Quick, Math.Min(quick, max));
    }

    /// <summary>Acknowledges every segment for a while (kernel: <c>tcp_enter_quickack_mode</c>).</summary>
    internal void EnterQuick(uint rcvWnd, int max)
    {
        IncreaseQuick(rcvWnd, max);
        Pingpong = 0;
        Ato = TcpConstants.AtoMin;
    }

    /// <summary>
    /// Learns from the pause before data that came <paramref name="now"/> (kernel: the middle of <c>tcp_event_data_recv</c>).
    /// </summary>
    internal void OnData(uint rcvWnd, KernelTime rto, KernelTime now)
    {
        var pause = now - LastReceived;
        if (Ato == KernelTime.Zero)
        {
            IncreaseQuick(rcvWnd, TcpConstants.MaxQuickAcks); // the first data of the connection
            Ato = TcpConstants.AtoMin;
        }
        else if (pause.Nanoseconds <= TcpConstants.AtoMin.Nanoseconds / 2)
        {
            Ato = new KernelTime((Ato.Nanoseconds / 2) + (TcpConstants.AtoMin.Nanoseconds / 2));
        }
        else if (pause < Ato)
        {
            Ato = KernelTime.Min(new KernelTime((Ato.Nanoseconds / 2) + pause.Nanoseconds), rto);
        }
        else if (pause > rto)
        {
            IncreaseQuick(rcvWnd, TcpConstants.MaxQuickAcks); // the sender should have restarted its window: be quick
        }

        LastReceived = now;
    }

    /// <summary>
    /// Starts or keeps the timer (kernel: <c>tcp_send_delayed_ack</c>). True when the ACK is better sent now, since the timer is about
    /// to run out.
    /// </summary>
    internal bool Delay(TcpSysctls sysctls, KernelTime srtt, KernelTime now)
    {
        var ato = Ato;
        if (ato > TcpConstants.AtoMin)
        {
            var most = IsPingpong(sysctls) || (Pending & TcpAckPending.Pushed) != 0
                ? TcpConstants.DelackMax
                : KernelTime.FromMilliseconds(500);
            if (srtt > KernelTime.Zero) most = KernelTime.Min(most, KernelTime.Max(srtt, TcpConstants.AtoMin));
            ato = KernelTime.Min(ato, most);
        }

        ato = KernelTime.Min(ato, KernelTime.Min(TcpConstants.DelackMax, sysctls.TcpRtoMin));
        var timeout = now + ato;
        if ((Pending & TcpAckPending.Timer) != 0)
        {
            if (Timeout <= now + new KernelTime(ato.Nanoseconds / 4)) return true;
            timeout = KernelTime.Min(timeout, Timeout);
        }

        Pending |= TcpAckPending.Scheduled | TcpAckPending.Timer;
        Timeout = timeout;
        return false;
    }

    /// <summary>The timer ran out; what is owed is sent now (kernel: <c>tcp_delack_timer_handler</c>).</summary>
    internal void OnTimer(TcpSysctls sysctls, KernelTime rto)
    {
        Pending &= ~TcpAckPending.Timer;
        if (!IsScheduled) return;
        if (IsPingpong(sysctls))
        {
            Pingpong = 0; // the answer did not come in time
            Ato = TcpConstants.AtoMin;
        }
        else
        {
            Ato = KernelTime.Min(new KernelTime(Ato.Nanoseconds * 2), rto);
        }
    }

    /// <summary>An ACK went out, alone or with data (kernel: <c>tcp_event_ack_sent</c>).</summary>
    internal void OnAckSent()
    {
        if (Quick > 0 && IsScheduled && --Quick == 0) Ato = TcpConstants.AtoMin; // leaving quick mode: deflate

        Pending = TcpAckPending.None;
        Timeout = KernelTime.Never;
    }
}
