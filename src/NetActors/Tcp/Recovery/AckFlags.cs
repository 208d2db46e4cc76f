namespace NetActors.Tcp;

/// <summary>What an acknowledgement did (kernel: <c>FLAG_*</c> of net/ipv4/tcp_input.c), and what the sender asks for.</summary>
[Flags]
public enum AckFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The segment carried data (<c>FLAG_DATA</c>).</summary>
    Data = 0x01,

    /// <summary>It changed the window (<c>FLAG_WIN_UPDATE</c>).</summary>
    WinUpdate = 0x02,

    /// <summary>It acknowledged new data (<c>FLAG_DATA_ACKED</c>).</summary>
    DataAcked = 0x04,

    /// <summary>Some of that had been sent again (<c>FLAG_RETRANS_DATA_ACKED</c>).</summary>
    RetransDataAcked = 0x08,

    /// <summary>It acknowledged our SYN (<c>FLAG_SYN_ACKED</c>).</summary>
    SynAcked = 0x10,

    /// <summary>It acknowledged data selectively (<c>FLAG_DATA_SACKED</c>).</summary>
    DataSacked = 0x20,

    /// <summary>It reported congestion (<c>FLAG_ECE</c>).</summary>
    Ece = 0x40,

    /// <summary>A retransmission was found lost (<c>FLAG_LOST_RETRANS</c>).</summary>
    LostRetrans = 0x80,

    /// <summary>The segment took the long way (<c>FLAG_SLOWPATH</c>).</summary>
    SlowPath = 0x100,

    /// <summary>Data below the point of recovery arrived that was sent only once (<c>FLAG_ORIG_SACK_ACKED</c>).</summary>
    OrigSackAcked = 0x200,

    /// <summary>It moved SND.UNA (<c>FLAG_SND_UNA_ADVANCED</c>).</summary>
    SndUnaAdvanced = 0x400,

    /// <summary>It carried a D-SACK (<c>FLAG_DSACKING_ACK</c>).</summary>
    DsackingAck = 0x800,

    /// <summary>The timer is to be set anew (<c>FLAG_SET_XMIT_TIMER</c>).</summary>
    SetXmitTimer = 0x1000,

    /// <summary>The receiver gave up data that it had acknowledged selectively (<c>FLAG_SACK_RENEGING</c>).</summary>
    SackReneging = 0x2000,

    /// <summary>The D-SACK was for a tail loss probe (<c>FLAG_DSACK_TLP</c>).</summary>
    DsackTlp = 0x2_0000,

    /// <summary>The receiver may have waited with it (<c>FLAG_ACK_MAYBE_DELAYED</c>).</summary>
    AckMaybeDelayed = 0x1_0000,

    /// <summary>Call <see cref="TcpSender.TryRetransmit"/> until it answers false.</summary>
    Retransmit = 0x10_0000,

    /// <summary>Send new data first, without Nagle, then as <see cref="Retransmit"/> (kernel: <c>REXMIT_NEW</c>, F-RTO's test).</summary>
    SendNewFirst = 0x20_0000,

    /// <summary>It was older than SND.UNA; only its selective acknowledgements counted.</summary>
    Old = 0x40_0000,

    /// <summary>It acknowledged what was never sent; nothing was changed (RFC 9293 section 3.10.7.4).</summary>
    Unsent = 0x80_0000,

    /// <summary>Data or SYN was acknowledged (<c>FLAG_ACKED</c>).</summary>
    Acked = DataAcked | SynAcked,

    /// <summary>It is no duplicate (<c>FLAG_NOT_DUP</c>).</summary>
    NotDup = Data | WinUpdate | Acked,

    /// <summary>Recovery must look at it (<c>FLAG_CA_ALERT</c>).</summary>
    CaAlert = DataSacked | Ece | DsackingAck,

    /// <summary>Something arrived (<c>FLAG_FORWARD_PROGRESS</c>).</summary>
    ForwardProgress = Acked | DataSacked,
}
