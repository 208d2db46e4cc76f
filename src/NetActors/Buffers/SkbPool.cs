namespace NetActors.Buffers;

/// <summary>
/// Packets of one owner (an emulated CPU or a device). Only the owner rents; whoever frees sends the packet home, so pools need no
/// balancing. Bounded: past <c>limit</c> packets <see cref="Rent()"/> answers null, as the kernel's allocators may.
/// </summary>
public sealed class SkbPool
{
    private readonly int _bufferBytes;
    private readonly int _limit;
    private readonly bool _shared;
    private readonly KernelVersion _kernel;
    private readonly int _trueSize;
    private SkBuff? _free;
    private SkBuff? _returned; // pushed by other threads, taken whole by the owner
    private OwnLine _rented; // by the owner
    private long _back;
    private int _created;

    /// <summary>A pool of packets of <paramref name="bufferBytes"/> data room each.</summary>
    /// <param name="bufferBytes">Data room of a packet in bytes, headroom included.</param>
    /// <param name="limit">Packets that may exist at once.</param>
    /// <param name="shared">Real time: other threads than the owner's free packets.</param>
    /// <param name="kernel">Whose allocator decides what a packet is charged for.</param>
    public SkbPool(int bufferBytes, int limit, bool shared = false, KernelVersion kernel = KernelVersion.V6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferBytes, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        (_bufferBytes, _limit, _shared, _kernel) = (bufferBytes, limit, shared, kernel);
        _trueSize = SkBuff.TrueSizeOf(bufferBytes, kernel);
    }

    /// <summary>Packets rented and not yet home. Zero when a host is idle.</summary>
    public long Outstanding
    {
        get
        {
            var back = Volatile.Read(ref _back); // first: what comes home in between must not make it negative
            return _rented.Value - back;
        }
    }

    /// <summary>Sees the pool's packets that are dropped; null when nobody does.</summary>
    internal IFreeObserver? Observer { get; set; }

    /// <summary>Where the memory of its packets comes from; null for nobody who counts it.</summary>
    internal IBufferHome? Buffers { get; set; }

    /// <summary>Real time: other threads than the owner's free packets.</summary>
    internal bool IsShared => _shared;

    /// <summary>Packets rented since the pool was made.</summary>
    public long Rented => _rented.Value;

    /// <summary>
    /// A packet of its own, empty, with one holder, charged for the whole buffer. Null when the pool is spent (kernel: <c>alloc_skb</c>).
    /// </summary>
    public SkBuff? Rent()
    {
        var skb = Take();
        skb?.Reset(_trueSize);
        return skb;
    }

    /// <summary>
    /// A packet charged as one that Linux allocates with <paramref name="roomBytes"/> of data room, headroom included, whatever the
    /// size of the pool's buffers. Null when the pool is spent or its buffers are smaller.
    /// </summary>
    public SkBuff? Rent(int roomBytes)
    {
        if (roomBytes > _bufferBytes) return null;
        var skb = Take();
        skb?.Reset(SkBuff.TrueSizeOf(roomBytes, _kernel));
        return skb;
    }

    internal void Return(SkBuff skb)
    {
        if (Buffers is not null) skb.GiveMemoryBack();
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

    /// <summary>A packet as it came home. Null when the pool is spent.</summary>
    internal SkBuff? Take()
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
            skb = new SkBuff(this, _bufferBytes);
        }

        _rented.Value++;
        return skb;
    }
}
