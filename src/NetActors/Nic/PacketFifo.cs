using NetActors.Links;

namespace NetActors.Nic;

/// <summary>
/// The packet buffer on the chip: first in, first out for all queues together, bounded in bytes (specification section 2.2). A frame
/// whose queue has no descriptor holds up everything behind it.
/// </summary>
/// <param name="capacityBytes">Bytes it holds.</param>
internal sealed class PacketFifo(int capacityBytes)
{
    private HeldFrame[] _frames = new HeldFrame[16];
    private int _head;

    /// <summary>Frames waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes waiting, FCS included.</summary>
    public int Bytes { get; private set; }

    /// <summary>Frames beyond this are missed; lower values take hold as frames leave.</summary>
    public int CapacityBytes { get; } = capacityBytes;

    /// <summary>Lets a frame wait. False when it does not fit.</summary>
    public bool TryAdd(in HeldFrame held)
    {
        var bytes = SizeOf(held.Frame);
        if (Bytes + bytes > CapacityBytes) return false;
        if (Count == _frames.Length) Grow();
        _frames[(_head + Count++) & (_frames.Length - 1)] = held;
        Bytes += bytes;
        return true;
    }

    /// <summary>The frame that waits longest; there is one.</summary>
    public ref readonly HeldFrame Peek() => ref _frames[_head];

    /// <summary>It goes on.</summary>
    public void Remove()
    {
        Bytes -= SizeOf(_frames[_head].Frame);
        _frames[_head] = default;
        _head = (_head + 1) & (_frames.Length - 1);
        Count--;
    }

    private static int SizeOf(in WireFrame frame) => Math.Max(frame.Length + 4, WireFrame.MinimumBytes);

    private void Grow()
    {
        var larger = new HeldFrame[_frames.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = _frames[(_head + i) & (_frames.Length - 1)];
        (_frames, _head) = (larger, 0);
    }
}
