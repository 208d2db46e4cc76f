using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>
/// A range of sequence numbers that is on its way (kernel: <c>struct tcp_skb_cb</c> of an skb in <c>tcp_rtx_queue</c>). The bytes are in
/// the send buffer; plain fields, as in C.
/// </summary>
internal sealed class TxSegment
{
    /// <summary>First sequence number.</summary>
    public uint Seq;

    /// <summary>Number behind the last, SYN and FIN counted.</summary>
    public uint EndSeq;

    /// <summary>Control bits as first sent.</summary>
    public TcpFlags Flags;

    /// <summary>What is known of it.</summary>
    public SegmentTags Tags;

    /// <summary>Segments on the wire (kernel: <c>tcp_skb_pcount</c>).</summary>
    public int Count;

    /// <summary>Payload bytes of each but the last; 0 when there is one (kernel: <c>tcp_skb_mss</c>).</summary>
    public int SegmentSize;

    /// <summary>When it last left, in microseconds (<c>skb_mstamp</c>).</summary>
    public long SentUs;

    /// <summary>Tells whether it is still in the host's queues: <see cref="TcpSmallQueue.Holds"/>.</summary>
    public long HostStamp;

    /// <summary>Send time of the segment that began the rate sample (<c>tx.first_tx_mstamp</c>).</summary>
    public long FirstSentUs;

    /// <summary>When <see cref="Delivered"/> was reached; 0 once the segment gave its sample (<c>tx.delivered_mstamp</c>).</summary>
    public long DeliveredUs;

    /// <summary>Segments delivered when it left (<c>tx.delivered</c>).</summary>
    public uint Delivered;

    /// <summary>The application was the limit when it left (<c>tx.is_app_limited</c>).</summary>
    public bool IsAppLimited;

    /// <summary>Neighbours in the order of sending (<c>tcp_tsorted_anchor</c>); the pool's chain uses <see cref="Later"/> too.</summary>
    public TxSegment? Earlier, Later;

    /// <summary>It is in the order of sending.</summary>
    public bool IsListed;

    /// <summary>Payload bytes: SYN and FIN take a number, but no byte.</summary>
    public int Length
    {
        get
        {
            var numbers = (int)(EndSeq - Seq);
            if ((Flags & TcpFlags.Syn) != 0) numbers--;
            if ((Flags & TcpFlags.Fin) != 0) numbers--;
            return numbers;
        }
    }

    /// <summary>Payload bytes of one segment on the wire (kernel: <c>tcp_skb_seglen</c>).</summary>
    public int SegmentLength => Count == 1 ? Length : SegmentSize;

    public bool Has(SegmentTags any) => (Tags & any) != 0;

    /// <summary>Counts its segments anew (kernel: <c>tcp_set_skb_tso_segs</c>).</summary>
    public void SetCount(int mss)
    {
        var length = Length;
        if (length <= mss) (Count, SegmentSize) = (1, 0);
        else (Count, SegmentSize) = ((length + mss - 1) / mss, mss);
    }
}
