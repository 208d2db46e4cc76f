using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// What softirqs leave to the task that has a socket locked (kernel: <c>sk_backlog</c>, <c>tcp_add_backlog</c>; specification section 11.3):
/// memory is its bound. Knows no actor and no clock; the segments themselves wait in the socket's ring.
/// </summary>
internal struct TcpBacklog
{
    private const int Headroom = 64 * 1024;
    private const TcpFlags Alone = TcpFlags.Syn | TcpFlags.Rst | TcpFlags.Urg;
    private int _owner; // CPU of the task that has the socket
    private long _ownedUntil; // its clock when it let go of it; so long others find it locked
    private int _bytes;
    private int _tailFrags;
    private SkBuff? _tail;

    /// <summary>Truesize that waits, and has waited since the backlog was last empty (kernel: <c>sk_backlog.len</c>).</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>A task takes the socket (kernel: <c>lock_sock</c>).</summary>
    public void Lock(int cpu)
    {
        _owner = cpu;
        Volatile.Write(ref _ownedUntil, long.MaxValue);
    }

    /// <summary>It lets go of it (kernel: <c>release_sock</c>).</summary>
    public void Unlock(KernelTime now) => Volatile.Write(ref _ownedUntil, now.Nanoseconds);

    /// <summary>Whether a task of another CPU has the socket (kernel: <c>sock_owned_by_user</c>).</summary>
    public bool IsOwned(int cpu, KernelTime now) => Volatile.Read(ref _ownedUntil) > now.Nanoseconds && _owner != cpu;

    /// <summary>
    /// Whether a segment may wait. One that continues the last may also above the limit, for in 6.x it becomes a part of it.
    /// </summary>
    /// <param name="skb">From its TCP header on.</param>
    /// <param name="block">The connection.</param>
    /// <param name="kernel">3.10 has a lower limit and puts nothing together.</param>
    /// <param name="shared">Several CPUs may add at once: only the limit is looked at.</param>
    /// <param name="mib">The CPU's counters.</param>
    public bool TryAdd(SkBuff skb, TcpControlBlock block, KernelVersion kernel, bool shared, MibSet mib)
    {
        var coalesces = kernel == KernelVersion.V6 && !shared && _tail is { } tail && _tailFrags < TcpConstants.MaxSkbFrags && Continues(tail.Data, skb.Data, tail.Cb.Tos == skb.Cb.Tos);
        if (!coalesces && (long)Bytes + block.RmemAlloc > Limit(block, kernel)) return false;
        if (coalesces) mib.Add(LinuxMib.TCPBacklogCoalesce);
        _tailFrags = coalesces ? _tailFrags + 1 : 1;
        _tail = shared ? null : skb;
        Interlocked.Add(ref _bytes, skb.TrueSize);
        return true;
    }

    /// <summary>The owner took a segment out of the ring.</summary>
    public void OnTaken(SkBuff skb)
    {
        if (ReferenceEquals(_tail, skb)) _tail = null;
    }

    /// <summary>The ring is empty: only now is its memory free, so that a flood cannot keep the owner at it for ever (kernel: <c>__release_sock</c>).</summary>
    public void Clear()
    {
        if (Bytes != 0) Interlocked.Exchange(ref _bytes, 0);
    }

    /// <summary>Truesize of backlog and receive queue together.</summary>
    private static long Limit(TcpControlBlock block, KernelVersion kernel) => kernel == KernelVersion.V310
        ? (long)block.RcvBuf + block.SndBuf
        : (2L * block.RcvBuf) + (block.SndBuf / 2) + Headroom;

    /// <summary>Kernel: the conditions of <c>tcp_add_backlog</c>: the next bytes with the same options and flags.</summary>
    private static bool Continues(Span<byte> tail, Span<byte> next, bool sameTos)
    {
        if (!sameTos || !TcpHeader.TryParse(tail, out var before) || !TcpHeader.TryParse(next, out var after)) return false;
        var (flags, all) = (before.Flags ^ after.Flags, before.Flags | after.Flags);
        var end = before.Sequence + (uint)before.Payload.Length + ((before.Flags & TcpFlags.Fin) != 0 ? 1u : 0);
        return end == after.Sequence && (all & Alone) == 0 && (before.Flags & after.Flags & TcpFlags.Ack) != 0
            && (flags & (TcpFlags.Ece | TcpFlags.Cwr)) == 0 && before.Options.SequenceEqual(after.Options);
    }
}
