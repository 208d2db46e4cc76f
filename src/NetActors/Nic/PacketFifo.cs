using NetActors.Buffers;
using NetActors.Links;

namespace NetActors.Nic;

/// <summary>
/// The packet buffer on the chip: first in, first out for all queues together, bounded in bytes (specification section 2.2). A frame
/// whose queue has no descriptor holds up everything behind it.
/// </summary>
/// <param name="capacityBytes">Bytes it holds.</param>
internal sealed class PacketFifo(int capacityBytes)
{
    private GrowingRing<HeldFrame> _frames;

    /// <summary>Frames waiting.</summary>
    public int Count => _frames.Count;

    /// <summary>Bytes waiting, FCS included.</summary>
    public int Bytes { get; private set; }

    /// <summary>Frames beyond this are missed; lower values take hold as frames leave.</summary>
    public int CapacityBytes { get; } = capacityBytes;

    /// <summary>Lets a frame wait. False when it does not fit.</summary>
    public bool TryAdd(in HeldFrame held)
    {
        var bytes = SizeOf(held.Frame);
        if (Bytes + bytes > CapacityBytes) return false;
        _frames.Add(held);
        Bytes += bytes;
        return true;
    }

    /// <summary>The frame that waits longest; there is one.</summary>
    public ref readonly HeldFrame Peek() => ref _frames[0];

    /// <summary>It goes on.</summary>
    public void Remove()
    {
        Bytes -= SizeOf(_frames[0].Frame);
        _frames.RemoveFirst();
    }

    private static int SizeOf(in WireFrame frame) => Math.Max(frame.Length + 4, WireFrame.MinimumBytes);
}
