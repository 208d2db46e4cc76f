namespace NetActors.Udp;

/// <summary>
/// Memory of all UDP sockets together, in pages of 4096 bytes (kernel: <c>udp_memory_allocated</c>, <c>net.ipv4.udp_mem</c>,
/// <c>__sk_mem_raise_allocated</c>). Below the first limit nobody is refused; above it only sockets below <c>udp_rmem_min</c> get more;
/// above the third nobody does.
/// </summary>
public sealed class UdpMemory(UdpSettings settings)
{
    private const int PageShift = 12;
    private long _sharedBytes;

    /// <summary>Pages taken.</summary>
    public long AllocatedPages { get; private set; }

    /// <summary>Real time: takes bytes for one datagram, without a socket's reserve. False when there are no more.</summary>
    internal bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _sharedBytes, bytes) >> PageShift <= settings.UdpMemMax) return true;
        Interlocked.Add(ref _sharedBytes, -bytes);
        return false;
    }

    /// <summary>Real time: gives them back.</summary>
    internal void Give(int bytes) => Interlocked.Add(ref _sharedBytes, -bytes);

    /// <summary>Makes sure that a socket has <paramref name="size"/> bytes to charge. False when it may not get them.</summary>
    internal bool TrySchedule(ref int forwardAlloc, int size, int rmemAlloc)
    {
        if (size <= forwardAlloc) return true;
        var pages = (size - forwardAlloc + (1 << PageShift) - 1) >> PageShift;
        var allocated = AllocatedPages + pages;
        var allowed = allocated <= settings.UdpMemMin || (allocated <= settings.UdpMemMax && rmemAlloc < settings.UdpRmemMin);
        if (!allowed) return false;
        AllocatedPages = allocated;
        forwardAlloc += pages << PageShift;
        return true;
    }

    /// <summary>Takes whole pages back that a socket does not use.</summary>
    internal void Reclaim(ref int forwardAlloc)
    {
        var pages = forwardAlloc >> PageShift;
        AllocatedPages -= pages;
        forwardAlloc -= pages << PageShift;
    }
}
