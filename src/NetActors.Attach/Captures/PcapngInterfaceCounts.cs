using NetActors.Buffers;

namespace NetActors.Attach;

/// <summary>What the statistics block at the end says of one interface (pcapng section 4.6).</summary>
internal sealed class PcapngInterfaceCounts
{
    /// <summary>Frames that came by, written or not.</summary>
    public ulong Received { get; private set; }

    /// <summary>Frames that the device or its wire dropped.</summary>
    public ulong InterfaceDrops { get; private set; }

    /// <summary>Frames that the stack dropped.</summary>
    public ulong SystemDrops { get; private set; }

    /// <summary>Frames written.</summary>
    public ulong Delivered { get; private set; }

    /// <summary>Drops without a frame since the last frame: the next one's <c>epb_dropcount</c>.</summary>
    public ulong PendingDrops { get; private set; }

    public void Add(SkbDropReason reason)
    {
        Received++;
        Delivered++;
        PendingDrops = 0;
        if (!PcapngComments.IsDrop(reason)) return;
        if (IsHardware(reason)) InterfaceDrops++;
        else SystemDrops++;
    }

    public void AddUnseen(ulong count)
    {
        Received += count;
        InterfaceDrops += count;
        PendingDrops += count;
    }

    private static bool IsHardware(SkbDropReason reason) =>
        reason is >= SkbDropReason.HW_NO_DESCRIPTOR and <= SkbDropReason.WIRE_QUEUE_FULL or SkbDropReason.HW_LINK_DOWN;
}
