namespace NetActors.Buffers;

/// <summary>
/// Packets of one owner (an emulated CPU or a device). Only the owner rents; whoever frees sends the packet home, so pools need no
/// balancing. Bounded: past <c>limit</c> packets <see cref="Rent"/> answers null, as the kernel's allocators may.
/// </summary>
public sealed class SkbPool
{
    private readonly int _bufferBytes;
    private readonly int _limit;
    private readonly bool _shared;
    private SkBuff? _free;
    private SkBuff? _returned; // pushed by other threads, taken whole by the owner
    private long _rented;
    private long _back;
    private int _created;

    /// <summary>A pool of packets of <paramref name="bufferBytes"/> data room each.</summary>
    /// <param name="bufferBytes">Data room of a packet in bytes, headroom included.</param>
    /// <param name="limit">Packets that may exist at once.</param>
    /// <param name="shared">Real time: other threads than the owner's free packets.</param>
    public SkbPool(int bufferBytes, int limit, bool shared = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferBytes, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        (_bufferBytes, _limit, _shared) = (bufferBytes, limit, shared);
    }

    /// <summary>Packets rented and not yet home. Zero when a host is idle.</summary>
    public long Outstanding => Volatile.Read(ref _rented) - Volatile.Read(ref _back);

    /// <summary>Packets rented since the pool was made.</summary>
    public long Rented => Volatile.Read(ref _rented);

    /// <summary>A packet of its own, empty, with one holder. Null when the pool is spent (kernel: <c>alloc_skb</c>).</summary>
    public SkBuff? Rent()
    {
        var skb = Take();
        skb?.Reset(_bufferBytes);
        return skb;
    }

    internal SkBuff? RentClone()
    {
        var skb = Take();
        skb?.ResetClone();
        return skb;
    }

    internal void Return(SkBuff skb)
    {
        if (!_shared)
        {
            skb.Next = _free;
            _free = skb;
            _back++;
            return;
        }

        SkBuff? head;
        do
        {
            head = Volatile.Read(ref _returned);
            skb.Next = head;
        }
        while (Interlocked.CompareExchange(ref _returned, skb, head) != head);
        Interlocked.Increment(ref _back);
    }

    private SkBuff? Take()
    {
        if (_free is null && _shared) _free = Interlocked.Exchange(ref _returned, null);
        var skb = _free;
        if (skb is not null)
        {
            _free = skb.Next;
            skb.Next = null;
        }
        else
        {
            if (_created == _limit) return null;
            _created++;
            skb = new SkBuff(this, new SkbSharedInfo(_bufferBytes));
        }

        Volatile.Write(ref _rented, _rented + 1);
        return skb;
    }
}
