namespace NetActors.Tcp;

/// <summary>What is known of a segment that was sent (kernel: <c>TCPCB_*</c> of <c>struct tcp_skb_cb</c>).</summary>
[Flags]
internal enum SegmentTags : byte
{
    /// <summary>In flight for the first time.</summary>
    None = 0,

    /// <summary>Selectively acknowledged (<c>TCPCB_SACKED_ACKED</c>).</summary>
    SackedAcked = 0x01,

    /// <summary>Sent again, and that copy is in flight (<c>TCPCB_SACKED_RETRANS</c>).</summary>
    SackedRetrans = 0x02,

    /// <summary>Taken for lost (<c>TCPCB_LOST</c>).</summary>
    Lost = 0x04,

    /// <summary>It ends a record: nothing behind it may join it (<c>eor</c>).</summary>
    EndOfRecord = 0x08,

    /// <summary>Was sent again at some time (<c>TCPCB_EVER_RETRANS</c>): its acknowledgement measures no round trip.</summary>
    EverRetrans = 0x80,

    /// <summary>Either sign of a retransmission (<c>TCPCB_RETRANS</c>).</summary>
    Retrans = SackedRetrans | EverRetrans,
}
