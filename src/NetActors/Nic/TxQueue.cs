using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Gso;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// A transmit queue: a ring of packets on their way to the hardware, and packets that it has sent and the driver has not freed; stopped
/// while it is full or holds more bytes than its limit (kernel: <c>struct netdev_queue</c> with a driver's ring).
/// </summary>
internal sealed class TxQueue
{
    private const int DescriptorsNeeded = 21; // MAX_SKB_FRAGS + 4: the most that one packet may take (ixgbe: DESC_NEEDED)
    private const int DescriptorBytes = 16_384; // IXGBE_MAX_DATA_PER_TXD
    private const int DriverOff = 1; // __QUEUE_STATE_DRV_XOFF
    private const int StackOff = 2; // __QUEUE_STATE_STACK_XOFF

    private readonly Channel<SkBuff> _posted;
    private readonly Channel<SkBuff> _done;
    private readonly int _slots;
    private readonly int _stopBelow;
    private readonly int _wakeFrom;
    private readonly TsoEngine _tso;
    private int _used;
    private int _belled;
    private int _off;

    /// <param name="slots">Descriptors of the ring.</param>
    /// <param name="frames">Where the frames of large packets come from.</param>
    public TxQueue(int slots, SkbPool frames)
    {
        _tso = new TsoEngine(frames);
        _slots = slots - 1; // head = tail means empty
        _stopBelow = Math.Clamp(_slots / 4, 1, DescriptorsNeeded); // a small ring could never hold twice what a packet may take
        _wakeFrom = Math.Min(_slots, 2 * _stopBelow);
        _posted = SkbChannel.Create(slots, frames.IsShared);
        _done = SkbChannel.Create(slots, frames.IsShared);
    }

    /// <summary>Frames that the hardware has fetched, of large packets each of those it cut.</summary>
    public long Packets { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Frames that were posted.</summary>
    public long Posted { get; private set; }

    /// <summary>Descriptors in use.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>Bytes that it may hold; null without such a limit.</summary>
    public DynamicQueueLimits? Limits { get; set; }

    /// <summary>Nothing may be posted now (kernel: <c>netif_xmit_stopped</c>).</summary>
    public bool IsStopped => Volatile.Read(ref _off) != 0;

    /// <summary>How often the driver stopped it for want of descriptors (<c>tx_restart_queue</c> counts the wakes).</summary>
    public long Stops { get; private set; }

    /// <summary>How often its limit of bytes stopped it.</summary>
    public long LimitStops { get; private set; }

    /// <summary>Descriptors that a packet takes: of a large one, one that says how to cut it and one for each 16 KiB (ixgbe).</summary>
    public static int Descriptors(SkBuff skb) => skb.Shared.GsoSize == 0 ? 1 : 1 + ((skb.Length + DescriptorBytes - 1) / DescriptorBytes);

    /// <summary>There are descriptors for a packet. One CPU at a time posts (kernel: <c>_xmit_lock</c>); others only free.</summary>
    public bool HasRoom(SkBuff skb) => _slots - Used >= Math.Min(Descriptors(skb), _slots);

    /// <summary>Queues a packet, for which there is room. <paramref name="ring"/>: the doorbell has to be rung.</summary>
    public void Post(SkBuff skb, out bool ring)
    {
        Interlocked.Add(ref _used, Descriptors(skb));
        var bytes = GsoSegmenter.WireLength(skb);
        Posted += GsoSegmenter.Count(skb);
        _posted.Writer.TryWrite(skb);
        ring = Interlocked.Exchange(ref _belled, 1) == 0;
        LimitBytes(bytes);
        if (_slots - Used >= _stopBelow) return;
        Interlocked.Or(ref _off, DriverOff);
        if (_slots - Used >= _wakeFrom) Interlocked.And(ref _off, ~DriverOff); // cleaned on another CPU meanwhile
        else Stops++;
    }

    /// <summary>Packets that were sent wait to be freed.</summary>
    public bool HasDone => Done > 0;

    /// <summary>How many.</summary>
    public int Done => _done.Reader.Count;

    /// <summary>What moderation of its interrupts looks at.</summary>
    public TxProgress Progress => new(Done, Packets, Bytes);

    /// <summary>The hardware will come back by itself: the doorbell need not be rung.</summary>
    public void Defer() => Volatile.Write(ref _belled, 1);

    /// <summary>The hardware answers the doorbell.</summary>
    public void Answer() => Interlocked.Exchange(ref _belled, 0);

    /// <summary>
    /// The next frame to send that is there at <paramref name="now"/>. The packet it is the last of has been sent with it. False also when
    /// the chip has no memory for the frames of a large one.
    /// </summary>
    public bool TryFetch(KernelTime now, out WireFrame frame)
    {
        frame = default;
        if (_tso.Large is null)
        {
            if (!_posted.Reader.TryPeek(out var skb) || skb.VisibleFrom > now || !_posted.Reader.TryRead(out skb)) return false;
            if (skb.Shared.GsoSize == 0)
            {
                frame = new WireFrame(skb.Shared.Head, skb.DataOffset, skb.HeadLength, now, skb.Hold(), false, skb.Id);
                Sent(frame, skb, now);
                return true;
            }

            _tso.Begin(skb);
        }

        var large = _tso.Large!;
        if (!_tso.TryCut(now, out frame, out var isLast)) return false;
        Sent(frame, isLast ? large : null, now);
        return true;
    }

    /// <summary>When there is something to fetch: what waits in the ring may come from a CPU whose clock stands ahead.</summary>
    public KernelTime NextFetch => _tso.Large is not null ? KernelTime.Zero : _posted.Reader.TryPeek(out var skb) ? skb.VisibleFrom : KernelTime.Never;

    private void Sent(in WireFrame frame, SkBuff? done, KernelTime at)
    {
        Packets++;
        Bytes += frame.Length;
        if (done is null) return;
        done.VisibleFrom = at;
        _done.Writer.TryWrite(done);
    }

    /// <summary>Takes a packet that was sent by <paramref name="now"/>.</summary>
    public bool TryClean(KernelTime now, out SkBuff skb)
    {
        if (!_done.Reader.TryPeek(out skb!) || skb.VisibleFrom > now || !_done.Reader.TryRead(out skb!)) return false;
        Interlocked.Add(ref _used, -Descriptors(skb));
        return true;
    }

    /// <summary>
    /// A cleaning ended (kernel: <c>netdev_tx_completed_queue</c>, <c>netif_wake_subqueue</c>). True when the queue goes on with it: its
    /// qdisc has to be run.
    /// </summary>
    public bool EndClean(int bytes, KernelTime now)
    {
        if (bytes == 0) return false;
        var before = Volatile.Read(ref _off);
        if (Limits is { } limits)
        {
            limits.Completed(bytes, now);
            if (limits.Available >= 0) Interlocked.And(ref _off, ~StackOff);
        }

        if (_slots - Used >= _wakeFrom) Interlocked.And(ref _off, ~DriverOff);
        return before != 0 && !IsStopped;
    }

    /// <summary>Gives everything back, for shutting down.</summary>
    public void Purge(SkbDropReason reason)
    {
        _tso.Release(reason);
        while (_posted.Reader.TryRead(out var skb)) skb.Free(reason);
        while (_done.Reader.TryRead(out var skb)) skb.Free(SkbDropReason.CONSUMED);
        _used = 0;
    }

    /// <summary>Counts the bytes; past the limit the queue stops (kernel: <c>netdev_tx_sent_queue</c>).</summary>
    private void LimitBytes(int bytes)
    {
        if (Limits is not { } limits) return;
        limits.Queued(bytes);
        if (limits.Available >= 0) return;
        Interlocked.Or(ref _off, StackOff);
        if (limits.Available >= 0) Interlocked.And(ref _off, ~StackOff);
        else LimitStops++;
    }
}
