using NetActors.Buffers;

namespace NetActors.Sockets;

/// <summary>
/// Numbers the sends of a socket with MSG_ZEROCOPY and bounds those whose bytes are still in use (kernel: <c>sk_zckey</c>,
/// <c>msg_zerocopy_alloc</c>, <c>sock_omalloc</c>).
/// </summary>
internal sealed class ZeroCopyKeys
{
    /// <summary>What each send under way is charged, in bytes: the notification is made beforehand.</summary>
    private static readonly int Charge = SkBuff.TrueSizeOf(0);

    private const int OptmemMax = 131_072; // net.core.optmem_max of 6.18
    private uint _next;
    private int _underWay;

    /// <summary>Sends whose bytes are still in use.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Begins a send. False when too many are under way (ENOBUFS).</summary>
    public bool TryBegin(out uint key)
    {
        key = _next;
        if ((long)(UnderWay + 1) * Charge > OptmemMax) return false;
        _next++;
        Interlocked.Increment(ref _underWay);
        return true;
    }

    /// <summary>Another send joins the last one: one notification for both (kernel: <c>msg_zerocopy_realloc</c>).</summary>
    public uint Join() => _next++;

    /// <summary>The send that began last did not happen: its number is free again.</summary>
    public void TakeBack() => _next--;

    /// <summary>Its bytes are in use no longer; on any CPU.</summary>
    public void End() => Interlocked.Decrement(ref _underWay);
}
