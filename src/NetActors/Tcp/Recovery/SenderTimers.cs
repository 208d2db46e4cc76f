namespace NetActors.Tcp;

/// <summary>Which timer runs: there is one at a time (kernel: <c>icsk_pending</c>).</summary>
public enum DeadlineKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>Retransmission timeout (<c>ICSK_TIME_RETRANS</c>).</summary>
    Rto,

    /// <summary>Tail loss probe (<c>ICSK_TIME_LOSS_PROBE</c>).</summary>
    LossProbe,

    /// <summary>RACK's wait for segments out of order (<c>ICSK_TIME_REO_TIMEOUT</c>).</summary>
    Reorder,

    /// <summary>The pause behind a paced segment ends (<c>pacing_timer</c>); it runs beside the others.</summary>
    Pacing,
}

/// <summary>What is to be done after <see cref="TcpSender.OnDeadline"/>.</summary>
[Flags]
public enum SenderTimerOutcome
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Call <see cref="TcpSender.TryRetransmit"/> until it answers false.</summary>
    Retransmit = 1,

    /// <summary>
    /// Send one segment of new data whatever Nagle and the window of congestion say, then <see cref="TcpSender.OnProbeSent"/>.
    /// </summary>
    ProbeWithNewData = 2,

    /// <summary>Pacing allows to send again, new data or old.</summary>
    Transmit = 4,

    /// <summary>
    /// The retransmission timer ran out: see whether the connection is to be given up (kernel: <c>tcp_write_timeout</c>).
    /// </summary>
    TimedOut = 8,
}
