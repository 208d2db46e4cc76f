using NetActors.Time;

namespace NetActors.Xdp;

/// <summary>A descriptor on a ring of an AF_XDP socket (kernel: <c>struct xdp_desc</c>); fill and completion rings have the address alone.</summary>
/// <param name="Address">Where the frame begins in the UMEM, in bytes.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct XdpDescriptor(int Address, int Length);

/// <summary>
/// A ring of an AF_XDP socket, with one producer and one consumer (kernel: <c>struct xsk_queue</c>): what is written shows once it is
/// submitted, from the producer's time on.
/// </summary>
public sealed class XskRing
{
    private readonly XdpDescriptor[] _descriptors;
    private readonly long[] _from; // nanoseconds
    private readonly KernelTime[] _arrivals;
    private uint _written; // by the producer
    private uint _producer;
    private uint _consumer;

    /// <param name="entries">Descriptors; a power of two.</param>
    public XskRing(int entries)
    {
        if (!int.IsPow2(entries)) throw new ArgumentOutOfRangeException(nameof(entries), "a power of two");
        (_descriptors, _from, _arrivals) = (new XdpDescriptor[entries], new long[entries], new KernelTime[entries]);
    }

    /// <summary>Descriptors that it holds at most.</summary>
    public int Size => _descriptors.Length;

    /// <summary>The kernel has gone to sleep over it: a system call has to wake it (<c>XDP_RING_NEED_WAKEUP</c>).</summary>
    public bool NeedWakeup { get; internal set; }

    /// <summary>Descriptors that were submitted and not taken.</summary>
    public int Count => (int)(Volatile.Read(ref _producer) - Volatile.Read(ref _consumer));

    /// <summary>Descriptors that may be written.</summary>
    public int Free => Size - (int)(_written - Volatile.Read(ref _consumer));

    /// <summary>Times that its consumer found it empty (kernel: <c>queue_empty_descs</c>).</summary>
    public long EmptyDescriptors { get; internal set; }

    /// <summary>Writes a descriptor, which shows when it is submitted. False when the ring is full.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="arrival">When its frame reached the device; for programs that measure.</param>
    public bool TryWrite(XdpDescriptor descriptor, KernelTime arrival = default)
    {
        if (Free == 0) return false;
        var slot = _written++ & (uint)(Size - 1);
        (_descriptors[slot], _arrivals[slot]) = (descriptor, arrival);
        return true;
    }

    /// <summary>Shows what was written.</summary>
    /// <param name="now">The producer's time.</param>
    public void Submit(KernelTime now)
    {
        for (var i = _producer; i != _written; i++) _from[i & (uint)(Size - 1)] = now.Nanoseconds;
        Volatile.Write(ref _producer, _written);
    }

    /// <summary>Writes and submits one.</summary>
    public bool TryProduce(XdpDescriptor descriptor, KernelTime now)
    {
        if (!TryWrite(descriptor)) return false;
        Submit(now);
        return true;
    }

    /// <summary>When the next descriptor shows; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime NextVisible => Count == 0 ? KernelTime.Never : new KernelTime(_from[_consumer & (uint)(Size - 1)]);

    /// <summary>Takes the next descriptor that shows at <paramref name="now"/>.</summary>
    public bool TryConsume(KernelTime now, out XdpDescriptor descriptor) => TryConsume(now, out descriptor, out _);

    /// <summary>The same, with the arrival of its frame.</summary>
    public bool TryConsume(KernelTime now, out XdpDescriptor descriptor, out KernelTime arrival)
    {
        var slot = _consumer & (uint)(Size - 1);
        if (Count == 0 || _from[slot] > now.Nanoseconds)
        {
            (descriptor, arrival) = (default, default);
            return false;
        }

        (descriptor, arrival) = (_descriptors[slot], _arrivals[slot]);
        Volatile.Write(ref _consumer, _consumer + 1);
        return true;
    }
}
