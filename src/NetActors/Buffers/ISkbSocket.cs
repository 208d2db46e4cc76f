namespace NetActors.Buffers;

/// <summary>What the way down knows of the socket that a packet belongs to (kernel: <c>skb-&gt;sk</c>, struct sock).</summary>
public interface ISkbSocket
{
    /// <summary>A number that no other socket of the host has (kernel: the socket's address).</summary>
    long FlowId { get; }

    /// <summary>Not in TCP_CLOSE: all its packets are one flow. A UDP socket that is not connected has many.</summary>
    bool IsConnected { get; }

    /// <summary>Bytes a second that it may send; <see cref="long.MaxValue"/> for as fast as it can (kernel: <c>sk_pacing_rate</c>).</summary>
    long PacingRate { get; }

    /// <summary>A program or TCP limits its rate through the qdisc: the fast path is not for it (kernel: <c>sk_max_pacing_rate</c> of a socket
    /// that is not TCP's).</summary>
    bool HasMaxPacingRate { get; }

    /// <summary>fq paces it, so that it need not do so itself (kernel: <c>SK_PACING_FQ</c>).</summary>
    void OnPacedByQdisc();

    /// <summary>
    /// A packet of it has left the host or was dropped: its memory is free again (kernel: <c>sock_wfree</c>, <c>tcp_wfree</c>). Called on
    /// whichever CPU frees it, once a packet.
    /// </summary>
    void OnWriteFree(SkBuff skb);

    /// <summary>The transmit queue that it uses; -1 for none yet (kernel: <c>sk_tx_queue_mapping</c>).</summary>
    int TxQueueMapping { get; set; }
}
