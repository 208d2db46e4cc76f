using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>A transmit ring: packets on their way to the hardware, and packets that it has sent and the driver has not freed.</summary>
internal sealed class TxQueue
{
    private readonly Channel<SkBuff> _posted;
    private readonly Channel<SkBuff> _done;
    private readonly int _slots;
    private int _used;
    private int _belled;

    public TxQueue(int slots)
    {
        _slots = slots - 1; // head = tail means empty
        _posted = Ring(slots);
        _done = Ring(slots);
    }

    /// <summary>Packets handed to the hardware so far.</summary>
    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Descriptors in use.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>Queues a packet. False when every descriptor is in use. <paramref name="ring"/>: the doorbell has to be rung.</summary>
    public bool TryPost(SkBuff skb, out bool ring)
    {
        ring = false;
        if (Interlocked.Increment(ref _used) > _slots)
        {
            Interlocked.Decrement(ref _used);
            return false;
        }

        _posted.Writer.TryWrite(skb);
        ring = Interlocked.Exchange(ref _belled, 1) == 0;
        return true;
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

    /// <summary>Gives everything back, for shutting down.</summary>
    public void Purge(SkbDropReason reason)
    {
        while (_posted.Reader.TryRead(out var skb)) skb.Free(reason);
        while (_done.Reader.TryRead(out var skb)) skb.Free(SkbDropReason.CONSUMED);
        _used = 0;
    }

    private static Channel<SkBuff> Ring(int slots) =>
        Channel.CreateBounded<SkBuff>(new BoundedChannelOptions(slots) { FullMode = BoundedChannelFullMode.Wait });
}
