namespace NetActors.Tcp;

/// <summary>What an input to a control block leaves to be done by its owner.</summary>
[Flags]
public enum TcpEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Segments wait for <see cref="TcpControlBlock.TryTakeSegment"/>; take them before the next input.</summary>
    Output = 0x001,

    /// <summary>Enough data, its end or an error can be read (kernel: <c>sk_data_ready</c>).</summary>
    Readable = 0x002,

    /// <summary>There is room again for a writer that found none (kernel: <c>sk_write_space</c>).</summary>
    Writable = 0x004,

    /// <summary>The handshake is done (kernel: <c>sk_state_change</c>, POLL_OUT).</summary>
    Established = 0x008,

    /// <summary><see cref="TcpControlBlock.Error"/> was set (kernel: <c>sk_error_report</c>).</summary>
    Error = 0x010,

    /// <summary>The peer's FIN arrived in order (kernel: POLL_IN and RDHUP).</summary>
    PeerClosed = 0x020,

    /// <summary>The control block is in CLOSE: take its last segments and let it go (kernel: <c>tcp_done</c>).</summary>
    Closed = 0x040,

    /// <summary>A TIME_WAIT entry takes over: <see cref="TcpControlBlock.TakeTimeWait"/>; comes with <see cref="Closed"/>.</summary>
    TimeWait = 0x080,

    /// <summary>The peer reset the connection.</summary>
    Reset = 0x100,

    /// <summary>New urgent data is announced (kernel: <c>sk_send_sigurg</c>).</summary>
    Urgent = 0x200,

    /// <summary>A lingering close is over: our FIN is acknowledged (kernel: FIN_WAIT2's <c>sk_state_change</c>).</summary>
    FinAcked = 0x400,

    /// <summary>The peer's ACK proves that the neighbour is alive (kernel: <c>sk_dst_confirm</c>).</summary>
    Confirm = 0x800,

    /// <summary>More would leave if there is room below: take the segments, then call <see cref="TcpControlBlock.Continue"/>.</summary>
    More = 0x1000,

    /// <summary>The SYN-ACK of a Fast Open child is to be sent again: <see cref="TcpListenerCore.RetransmitSynAck"/>.</summary>
    SynAck = 0x2000,

    /// <summary>The segment's data was dropped for want of memory (kernel: <c>SKB_DROP_REASON_PROTO_MEM</c>).</summary>
    NoMemory = 0x4000,
}
