namespace NetActors.Tcp;

/// <summary>What happens to a connection besides acknowledgements (kernel: <c>enum tcp_ca_event</c>).</summary>
public enum CongestionEvent
{
    /// <summary>The first segment is sent when none is in flight (<c>CA_EVENT_TX_START</c>).</summary>
    TxStart,

    /// <summary>The window restarts after an idle time (<c>CA_EVENT_CWND_RESTART</c>).</summary>
    CwndRestart,

    /// <summary>A reduction of the window is complete (<c>CA_EVENT_COMPLETE_CWR</c>).</summary>
    CompleteCwr,

    /// <summary>The retransmission timer ran out (<c>CA_EVENT_LOSS</c>).</summary>
    Loss,

    /// <summary>A segment came without the mark of congestion (<c>CA_EVENT_ECN_NO_CE</c>).</summary>
    EcnNoCe,

    /// <summary>A segment came with the mark of congestion (<c>CA_EVENT_ECN_IS_CE</c>).</summary>
    EcnIsCe,
}
