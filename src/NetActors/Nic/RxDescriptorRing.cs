using NetActors.Buffers;

namespace NetActors.Nic;

/// <summary>
/// The accounting of a receive descriptor ring (specification section 2.1; kernel: <c>ixgbe_desc_unused</c>,
/// <c>ixgbe_alloc_rx_buffers</c>). Of N descriptors N-1 are usable, since head = tail has to mean empty; at all times
/// <c>Posted + Done + Unused = N - 1</c>.
/// </summary>
public sealed class RxDescriptorRing
{
    // Each count has one writer, since in real time hardware and driver are two threads.
    private OwnLine _filled; // by the hardware
    private OwnLine _failed; // by the hardware: posted, but there was no memory
    private OwnLine _cleaned; // by the driver
    private OwnLine _given; // by the driver: buffers ever posted

    /// <summary>A ring of <paramref name="size"/> descriptors, all usable ones posted.</summary>
    /// <param name="size">Descriptors.</param>
    /// <param name="refillBatch">Cleaned descriptors that are worth posting: 16 on ixgbe and igb, 32 on i40e and ice.</param>
    public RxDescriptorRing(int size, int refillBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(refillBatch, 1);
        (Size, RefillBatch, _given.Value) = (size, Math.Min(refillBatch, size - 1), size - 1);
    }

    /// <summary>Descriptors.</summary>
    public int Size { get; private set; }

    /// <summary>Cleaned descriptors that are worth posting.</summary>
    public int RefillBatch { get; }

    /// <summary>Descriptors with a buffer that the hardware may fill.</summary>
    public int Posted => (int)(_given.Value - _filled.Value - _failed.Value);

    /// <summary>Filled descriptors that the driver has not cleaned.</summary>
    public int Done => (int)(_filled.Value - _cleaned.Value);

    /// <summary>Descriptors without a buffer: cleaned, or their allocation failed (kernel: <c>ixgbe_desc_unused</c>).</summary>
    public int Unused => Size - 1 - (int)(_given.Value - _failed.Value - _cleaned.Value);

    /// <summary>True when enough are unused for the driver to post them.</summary>
    public bool NeedsRefill => Unused >= RefillBatch;

    /// <summary>The hardware fills <paramref name="descriptors"/> for one packet. False, and none is taken, when fewer are
    /// posted.</summary>
    public bool TryFill(int descriptors = 1)
    {
        if (Posted < descriptors) return false;
        _filled.Value += descriptors;
        return true;
    }

    /// <summary>The driver took a packet of <paramref name="descriptors"/> out of the ring.</summary>
    public void OnCleaned(int descriptors = 1)
    {
        if (descriptors > Done) throw new InvalidOperationException("more descriptors cleaned than the hardware filled");
        _cleaned.Value += descriptors;
    }

    /// <summary>The driver posts up to <paramref name="buffers"/> of the unused; for the others it had no memory, they stay
    /// unused.</summary>
    /// <returns>How many were posted.</returns>
    public int Refill(int buffers = int.MaxValue)
    {
        var posted = Math.Min(buffers, Unused);
        _given.Value += posted;
        return posted;
    }

    /// <summary>The ring is set up without buffers: what is posted comes from a socket's memory (kernel: <c>ixgbe_txrx_ring_enable</c> with a pool).</summary>
    internal void Empty() => (_given.Value, _filled.Value, _failed.Value, _cleaned.Value) = (0, 0, 0, 0);

    /// <summary>There was no memory behind a posted descriptor after all: it stays unfilled until the next refill.</summary>
    public void OnAllocationFailed()
    {
        if (Posted > 0) _failed.Value++;
    }

    /// <summary>A new ring of <paramref name="size"/> descriptors takes its place; what the old one held is gone (<c>ethtool
    /// -G</c>).</summary>
    public void Resize(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        (Size, _given.Value, _filled.Value, _failed.Value, _cleaned.Value) = (size, size - 1, 0, 0, 0);
    }
}
