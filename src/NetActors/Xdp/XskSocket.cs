using NetActors.Time;

namespace NetActors.Xdp;

/// <summary>
/// An AF_XDP socket, bound to one queue of a device: rings between the kernel and a program over memory of the program's (kernel:
/// <c>struct xdp_sock</c>, net/xdp/xsk.c). Knows no actor and no clock.
/// </summary>
public sealed class XskSocket
{
    /// <summary>Frames that one <c>sendto</c> moves at most where they are copied (<c>TX_BATCH_SIZE</c>).</summary>
    public const int TxBatch = 32;

    private int _waits;

    /// <summary>Number on the host, plus one, of the CPU that had the receive ring last; 0 for none.</summary>
    internal short RxLastCpu;

    /// <summary>A socket with its UMEM.</summary>
    /// <param name="settings">How it is set up.</param>
    /// <param name="ifIndex">The device.</param>
    /// <param name="queue">Its queue.</param>
    public XskSocket(XskSettings settings, int ifIndex, int queue)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (Settings, IfIndex, Queue) = (settings, ifIndex, queue);
        (Umem, Rx, Tx) = (new XskUmem(settings), new XskRing(settings.RxRing), new XskRing(settings.TxRing));
        Tx.NeedWakeup = true; // nothing is sent before the first call (kernel: xp_assign_dev)
    }

    /// <summary>How it is set up.</summary>
    public XskSettings Settings { get; }

    /// <summary>The device it is bound to.</summary>
    public int IfIndex { get; }

    /// <summary>The device's queue.</summary>
    public int Queue { get; }

    /// <summary>Its memory with the fill and completion rings.</summary>
    public XskUmem Umem { get; }

    /// <summary>Frames that came.</summary>
    public XskRing Rx { get; }

    /// <summary>Frames to be sent.</summary>
    public XskRing Tx { get; }

    /// <summary>Frames that went into the receive ring.</summary>
    public long Received { get; private set; }

    /// <summary>Frames that were sent.</summary>
    public long Sent { get; internal set; }

    /// <summary>Frames dropped because they are longer than a frame of the UMEM, or there was none (<c>rx_dropped</c>).</summary>
    public long RxDropped { get; private set; }

    /// <summary>Frames that found the receive ring full (<c>rx_ring_full</c>).</summary>
    public long RxRingFull { get; private set; }

    /// <summary>Descriptors to be sent that name no bytes of one frame (<c>tx_invalid_descs</c>).</summary>
    public long TxInvalid { get; private set; }

    /// <summary>Frames under way to the wire.</summary>
    public int InFlight { get; private set; }

    /// <summary>The program.</summary>
    internal IXdpConsumer? Reader { get; set; }

    /// <summary>Frees the places of what is sent.</summary>
    internal Buffers.ISkbOwner? TxOwner { get; set; }

    /// <summary>A frame is copied into the UMEM (kernel: <c>__xsk_rcv</c>). False when it is dropped, counted.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="arrival">When it reached the device.</param>
    /// <param name="now">The time.</param>
    /// <param name="address">Where it was copied to.</param>
    internal bool ReceiveCopy(ReadOnlySpan<byte> frame, KernelTime arrival, KernelTime now, out int address)
    {
        address = -1;
        if (frame.Length > Umem.LargestFrame)
        {
            RxDropped++;
            return false;
        }

        address = Umem.Alloc(now);
        if (address >= 0) return ReceiveInto(address, frame, arrival);
        RxDropped++;
        return false;
    }

    /// <summary>A frame that the device wrote to the UMEM (kernel: <c>__xsk_rcv_zc</c>). False when it is dropped, counted.</summary>
    internal bool ReceiveInto(int address, ReadOnlySpan<byte> frame, KernelTime arrival)
    {
        var descriptor = new XdpDescriptor(address + XskUmem.Headroom, frame.Length);
        if (!Rx.TryWrite(descriptor, arrival))
        {
            RxRingFull++;
            Umem.Release(address);
            return false;
        }

        frame.CopyTo(Umem.Bytes(descriptor));
        Umem.GiveUp();
        Received++;
        return true;
    }

    /// <summary>What was received shows to the program (kernel: <c>xsk_flush</c>).</summary>
    internal void Flush(KernelTime now)
    {
        Rx.Submit(now);
        Reader?.OnFlushed();
    }

    /// <summary>
    /// The next frame to send, for which there is a place in the completion ring (kernel: <c>xsk_tx_peek_desc</c>). False when there is none.
    /// </summary>
    internal bool TryTakeTx(KernelTime now, out XdpDescriptor descriptor)
    {
        descriptor = default;
        if (Umem.Completion.Free - InFlight <= 0) return false;
        while (Tx.TryConsume(now, out descriptor))
        {
            if (Umem.IsValid(descriptor))
            {
                InFlight++;
                return true;
            }

            TxInvalid++;
        }

        Tx.EmptyDescriptors++;
        return false;
    }

    /// <summary>A frame was sent: its place is the program's again (kernel: <c>xsk_tx_completed</c>).</summary>
    internal void Complete(int address, KernelTime now)
    {
        InFlight--;
        Sent++;
        Umem.Completion.TryProduce(new XdpDescriptor(address, 0), now);
    }

    /// <summary>The program is about to sleep; after this it looks once more.</summary>
    internal void BeginWait() => Interlocked.Exchange(ref _waits, 1);

    /// <summary>Takes that back, or finds who sleeps. False when there was nobody.</summary>
    internal bool TryEndWait() => Interlocked.Exchange(ref _waits, 0) == 1;
}
