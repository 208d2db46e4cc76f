namespace NetActors.Xdp;

/// <summary>How an AF_XDP socket is set up.</summary>
public sealed record XskSettings
{
    /// <summary>Frames of the UMEM.</summary>
    public int Frames { get; init; } = 4096;

    /// <summary>Bytes of a frame: 2048 or 4096 (<c>XDP_UMEM_REG</c> chunk_size).</summary>
    public int FrameBytes { get; init; } = 4096;

    /// <summary>Entries of the receive ring (<c>XDP_RX_RING</c>).</summary>
    public int RxRing { get; init; } = 2048;

    /// <summary>Entries of the transmit ring (<c>XDP_TX_RING</c>).</summary>
    public int TxRing { get; init; } = 2048;

    /// <summary>Entries of the fill ring (<c>XDP_UMEM_FILL_RING</c>).</summary>
    public int FillRing { get; init; } = 2048;

    /// <summary>Entries of the completion ring (<c>XDP_UMEM_COMPLETION_RING</c>).</summary>
    public int CompletionRing { get; init; } = 2048;

    /// <summary>The device works on the UMEM itself (<c>XDP_ZEROCOPY</c>); else frames are copied (<c>XDP_COPY</c>).</summary>
    public bool ZeroCopy { get; init; }

    /// <summary>The kernel says when it has to be woken (<c>XDP_USE_NEED_WAKEUP</c>); else the program calls with every batch.</summary>
    public bool NeedWakeup { get; init; } = true;
}
