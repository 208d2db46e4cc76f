using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// What a socket's receive queue is charged, in truesize bytes (kernel: <c>sk_rmem_alloc</c>, <c>sk_rcvbuf</c>, <c>sk_drops</c>;
/// <c>__udp_enqueue_schedule_skb</c>). The datagrams themselves wait in the socket's channel.
/// </summary>
/// <param name="memory">What all UDP sockets of the namespace share.</param>
/// <param name="settings">The namespace's settings.</param>
/// <param name="shared">Real time: several CPUs charge at once, as the kernel's atomics allow.</param>
public sealed class UdpReceiveBuffer(UdpMemory memory, UdpSettings settings, bool shared = false)
{
    private int _rmemAlloc;
    private long _drops;
    private int _forwardAlloc; // bytes taken from udp_mem and not yet used (sk_forward_alloc)

    /// <summary>Real time: several CPUs at once.</summary>
    internal bool IsShared => shared;

    /// <summary>Limit in bytes (kernel: <c>sk_rcvbuf</c>): twice what SO_RCVBUF was given.</summary>
    public int RcvBuf { get; private set; } = settings.RmemDefault;

    /// <summary>Bytes charged (kernel: <c>sk_rmem_alloc</c>).</summary>
    public int RmemAlloc => Volatile.Read(ref _rmemAlloc);

    /// <summary>Bytes that it has of <c>udp_mem</c> and does not use (kernel: <c>sk_forward_alloc</c>).</summary>
    public int ForwardAlloc => _forwardAlloc;

    /// <summary>Datagrams lost here (kernel: <c>sk_drops</c>).</summary>
    public long Drops => Volatile.Read(ref _drops);

    /// <summary>
    /// SO_RCVBUF: capped by <c>rmem_max</c>, doubled, at least <c>SOCK_MIN_RCVBUF</c> (kernel: <c>__sock_set_rcvbuf</c>). A negative
    /// number is a large one.
    /// </summary>
    public void SetRcvBuf(int bytes) => Store((int)Math.Min((uint)bytes, (uint)settings.RmemMax));

    /// <summary>SO_RCVBUFFORCE: the same without the cap; the caller has checked CAP_NET_ADMIN.</summary>
    public void ForceRcvBuf(int bytes) => Store(Math.Max(bytes, 0));

    /// <summary>
    /// Charges a datagram.
    /// </summary>
    /// <returns>
    /// None; ENOMEM when the buffer is full (SOCKET_RCVBUFF, RcvbufErrors and InErrors); ENOBUFS when <c>udp_mem</c> is spent
    /// (PROTO_MEM, MemErrors and InErrors). Both count in <see cref="Drops"/>.
    /// </returns>
    public Errno TryCharge(int trueSize)
    {
        if (shared) return TryChargeShared(trueSize);
        if (!Fits(_rmemAlloc, trueSize))
        {
            _drops++;
            return Errno.ENOMEM;
        }

        if (!memory.TrySchedule(ref _forwardAlloc, trueSize, _rmemAlloc))
        {
            _drops++;
            return Errno.ENOBUFS;
        }

        _forwardAlloc -= trueSize;
        _rmemAlloc += trueSize;
        return Errno.None;
    }

    /// <summary>A datagram was refused for another reason (checksum, filter): counts it in <see cref="Drops"/>.</summary>
    public void CountDrop() => Interlocked.Increment(ref _drops);

    /// <summary>A datagram left the queue: gives its charge back (kernel: <c>udp_rmem_release</c>).</summary>
    public void Uncharge(int trueSize)
    {
        if (shared)
        {
            Interlocked.Add(ref _rmemAlloc, -trueSize);
            memory.Give(trueSize);
            return;
        }

        _rmemAlloc -= trueSize;
        _forwardAlloc += trueSize;
        memory.Reclaim(ref _forwardAlloc);
    }

    private bool Fits(int charged, int trueSize) => settings.Version == KernelVersion.V310
        ? charged < RcvBuf // may overshoot by one datagram
        : (long)charged + trueSize <= RcvBuf || (charged == 0 && RcvBuf <= int.MaxValue >> 1);

    private Errno TryChargeShared(int trueSize)
    {
        var before = Interlocked.Add(ref _rmemAlloc, trueSize) - trueSize;
        var error = !Fits(before, trueSize) ? Errno.ENOMEM : !memory.TryTake(trueSize) ? Errno.ENOBUFS : Errno.None;
        if (error == Errno.None) return error;
        Interlocked.Add(ref _rmemAlloc, -trueSize);
        Interlocked.Increment(ref _drops);
        return error;
    }

    private void Store(int bytes) =>
        RcvBuf = Math.Max(Math.Min(bytes, int.MaxValue / 2) * 2, settings.MinRcvBuf);
}
