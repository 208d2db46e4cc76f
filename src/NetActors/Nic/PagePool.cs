namespace NetActors.Nic;

/// <summary>
/// The accounting of a receive queue's page pool (kernel: net/core/page_pool.c): a cache that only its NAPI touches, a ring by which other
/// CPUs give pages back, and the page allocator behind. A buffer has a page of its own. Knows no CPU: who calls says which it is.
/// </summary>
public sealed class PagePool
{
    /// <summary>Pages that the cache holds (<c>PP_ALLOC_CACHE_SIZE</c>).</summary>
    public const int CacheSize = 128;

    /// <summary>Pages that are fetched at a time, from the ring or the allocator (<c>PP_ALLOC_CACHE_REFILL</c>).</summary>
    public const int Refill = 64;

    private readonly int _ringSize;
    private int _cache;
    private int _ring;
    private long _ringPuts;
    private long _ringFull;

    /// <summary>A pool without pages.</summary>
    /// <param name="ringSize">Pages that its ring holds: descriptors of the queue (<c>pool_size</c>).</param>
    public PagePool(int ringSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ringSize, 1);
        _ringSize = ringSize;
    }

    /// <summary>Pages from the cache (<c>alloc_stats.fast</c>).</summary>
    public long AllocFast { get; private set; }

    /// <summary>Times that the page allocator was asked, for <see cref="Refill"/> pages each (<c>slow</c>).</summary>
    public long AllocSlow { get; private set; }

    /// <summary>Times that the ring was empty, so that the allocator had to be asked (<c>empty</c>).</summary>
    public long AllocEmpty { get; private set; }

    /// <summary>Times that the cache was filled from the ring (<c>refill</c>).</summary>
    public long AllocRefill { get; private set; }

    /// <summary>Pages put into the cache (<c>recycle_stats.cached</c>).</summary>
    public long RecycleCached { get; private set; }

    /// <summary>Pages for which the cache was full (<c>cache_full</c>).</summary>
    public long RecycleCacheFull { get; private set; }

    /// <summary>Pages put on the ring (<c>ring</c>).</summary>
    public long RecycleRing => Volatile.Read(ref _ringPuts);

    /// <summary>Pages for which the ring was full: given back to the allocator (<c>ring_full</c>).</summary>
    public long RecycleRingFull => Volatile.Read(ref _ringFull);

    /// <summary>Pages in the cache.</summary>
    public int Cached => _cache;

    /// <summary>Pages on the ring.</summary>
    public int InRing => Volatile.Read(ref _ring);

    /// <summary>
    /// All counters under the kernel's names (<c>page_pool_ethtool_stats_get</c>, less <c>rx_pp_</c>). Three are always 0 here: a buffer has one
    /// page (slow_ho), a pool's pages are of one node (waive), and packets share them as a whole (released_ref).
    /// </summary>
    public IEnumerable<(string Name, long Value)> Entries() =>
    [
        ("alloc_fast", AllocFast), ("alloc_slow", AllocSlow), ("alloc_slow_ho", 0), ("alloc_empty", AllocEmpty), ("alloc_refill", AllocRefill),
        ("alloc_waive", 0), ("recycle_cached", RecycleCached), ("recycle_cache_full", RecycleCacheFull), ("recycle_ring", RecycleRing),
        ("recycle_ring_full", RecycleRingFull), ("recycle_released_ref", 0),
    ];

    /// <summary>Takes a page (kernel: <c>page_pool_alloc_netmems</c>).</summary>
    /// <returns>Pages that the allocator had to give for it.</returns>
    public int Alloc()
    {
        if (_cache > 0)
        {
            _cache--;
            AllocFast++;
            return 0;
        }

        var came = Math.Min(Refill, InRing);
        if (came > 0)
        {
            Interlocked.Add(ref _ring, -came);
            _cache = came - 1;
            AllocRefill++;
            return 0;
        }

        AllocEmpty++;
        AllocSlow++;
        _cache = Refill - 1;
        return Refill;
    }

    /// <summary>The NAPI gives a page back (kernel: <c>page_pool_recycle_in_cache</c>). False when the cache is full.</summary>
    public bool TryPutInCache()
    {
        if (_cache == CacheSize)
        {
            RecycleCacheFull++;
            return false;
        }

        _cache++;
        RecycleCached++;
        return true;
    }

    /// <summary>Anybody gives a page back (kernel: <c>page_pool_recycle_in_ring</c>). False when the ring is full: the page is the allocator's.</summary>
    public bool TryPutOnRing()
    {
        if (Interlocked.Increment(ref _ring) > _ringSize)
        {
            Interlocked.Decrement(ref _ring);
            Interlocked.Increment(ref _ringFull);
            return false;
        }

        Interlocked.Increment(ref _ringPuts);
        return true;
    }
}
