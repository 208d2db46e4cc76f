namespace NetActors.Buffers;

/// <summary>
/// Who is charged for a packet while it is in the host (kernel: <c>skb-&gt;sk</c> with <c>skb-&gt;destructor</c>). Told on any CPU.
/// </summary>
internal interface ISkbOwner
{
    /// <summary>A number that no other socket of the host has; 0 when its packets are of many flows (kernel: the address of <c>sk</c>).</summary>
    long FlowId => 0;

    /// <summary>The transmit queue that its packets take; -1 for none yet (kernel: <c>sk_tx_queue_mapping</c>).</summary>
    int TxQueueMapping { get => -1; set => _ = value; }

    /// <summary>The receive queue that its packets come by; -1 when not known (kernel: <c>sk_rx_queue_mapping</c>).</summary>
    int RxQueueMapping => -1;

    /// <summary>Bytes a second that it may send; <see cref="long.MaxValue"/> for as fast as it can (kernel: <c>sk_pacing_rate</c>).</summary>
    long PacingRate => long.MaxValue;

    /// <summary>A packet charged with <paramref name="bytes"/> of truesize left the host or was dropped (kernel: <c>tcp_wfree</c>, <c>sock_wfree</c>).</summary>
    void OnFreed(int bytes);

    /// <summary>A queueing discipline holds packets back until they are to depart: the owner need not (kernel: <c>SK_PACING_FQ</c>).</summary>
    void OnPacedBelow();
}
