using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// A transmit queue: a ring of packets on their way to the hardware, and packets that it has sent and the driver has not freed; stopped
/// while it is full or holds more bytes than its limit (kernel: <c>struct netdev_queue</c> with a driver's ring).
/// </summary>
internal sealed class TxQueue
{
    private const int DescriptorsNeeded = 21; // MAX_SKB_FRAGS + 4: the most that one packet may take (ixgbe: DESC_NEEDED)
    private const int DriverOff = 1; // __QUEUE_STATE_DRV_XOFF
    private const int StackOff = 2; // __QUEUE_STATE_STACK_XOFF

    private readonly Channel<SkBuff> _posted;
    private readonly Channel<SkBuff> _done;
    private readonly int _slots;
    private readonly int _stopBelow;
    private readonly int _wakeFrom;
    private int _used;
    private int _belled;
    private int _off;

    public TxQueue(int slots)
    {
        _slots = slots - 1; // head = tail means empty
        _stopBelow = Math.Clamp(_slots / 4, 1, DescriptorsNeeded); // a small ring could never hold twice what a packet may take
        _wakeFrom = Math.Min(_slots, 2 * _stopBelow);
        _posted = Ring(slots);
        _done = Ring(slots);
    }

    /// <summary>Packets handed to the hardware so far.</summary>
    public long Packets { get; private set; }

    public long Bytes { get; private set; }

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

    /// <summary>Every descriptor is in use. One CPU at a time posts (kernel: <c>_xmit_lock</c>); others only free.</summary>
    public bool IsFull => Used >= _slots;

    /// <summary>Queues a packet, unless it is full. <paramref name="ring"/>: the doorbell has to be rung.</summary>
    public void Post(SkBuff skb, out bool ring)
    {
        Interlocked.Increment(ref _used);
        var bytes = skb.Length;
        _posted.Writer.TryWrite(skb);
        ring = Interlocked.Exchange(ref _belled, 1) == 0;
        LimitBytes(bytes);
        if (_slots - Used >= _stopBelow) return;
        Interlocked.Or(ref _off, DriverOff);
        if (_slots - Used >= _wakeFrom) Interlocked.And(ref _off, ~DriverOff); // cleaned on another CPU meanwhile
        else Stops++;
    }

    /// <summary>Packets that were sent wait to be freed.</summary>
    public bool HasDone => _done.Reader.Count > 0;

    /// <summary>The hardware will come back by itself: the doorbell need not be rung.</summary>
    public void Defer() => Volatile.Write(ref _belled, 1);

    /// <summary>The hardware answers the doorbell.</summary>
    public void Answer() => Interlocked.Exchange(ref _belled, 0);

    /// <summary>The next packet to send that is there at <paramref name="now"/>.</summary>
    public bool TryFetch(KernelTime now, out SkBuff skb)
    {
        if (!_posted.Reader.TryPeek(out skb!) || skb.VisibleFrom > now || !_posted.Reader.TryRead(out skb!)) return false;
        Packets++;
        Bytes += skb.Length;
        return true;
    }

    /// <summary>The next packet that waits for the wire, still in the ring.</summary>
    public bool TryPeek(out SkBuff skb) => _posted.Reader.TryPeek(out skb!);

    /// <summary>The hardware has sent it, from <paramref name="at"/> on.</summary>
    public void Complete(SkBuff skb, KernelTime at)
    {
        skb.VisibleFrom = at;
        _done.Writer.TryWrite(skb);
    }

    /// <summary>Takes a packet that was sent by <paramref name="now"/>.</summary>
    public bool TryClean(KernelTime now, out SkBuff skb)
    {
        if (!_done.Reader.TryPeek(out skb!) || skb.VisibleFrom > now || !_done.Reader.TryRead(out skb!)) return false;
        Interlocked.Decrement(ref _used);
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

    private static Channel<SkBuff> Ring(int slots) =>
        Channel.CreateBounded<SkBuff>(new BoundedChannelOptions(slots) { FullMode = BoundedChannelFullMode.Wait });
}
