using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Attach;

/// <summary>Everything that <see cref="PcapngWriter"/> can say of one frame; its bytes are the caller's.</summary>
/// <param name="interfaceId">What <see cref="PcapngWriter.AddInterface"/> answered.</param>
/// <param name="time">Virtual time, zero or later.</param>
/// <param name="frame">The frame's bytes.</param>
public readonly ref struct PcapngPacket(int interfaceId, KernelTime time, ReadOnlySpan<byte> frame)
{
    /// <summary>What <see cref="PcapngWriter.AddInterface"/> answered.</summary>
    public int InterfaceId { get; } = interfaceId;

    /// <summary>Virtual time.</summary>
    public KernelTime Time { get; } = time;

    /// <summary>The frame's bytes.</summary>
    public ReadOnlySpan<byte> Frame { get; } = frame;

    /// <summary>Length on the wire in bytes; the frame's own length is the least that is written.</summary>
    public int OriginalLength { get; init; } = frame.Length;

    /// <summary>Which way the frame went.</summary>
    public CaptureDirection Direction { get; init; }

    /// <summary>The emulated CPU that handled it; negative for none.</summary>
    public int Cpu { get; init; } = -1;

    /// <summary>Why it was dropped; <see cref="SkbDropReason.NOT_DROPPED_YET"/> when it was not.</summary>
    public SkbDropReason DropReason { get; init; }

    /// <summary>The same number wherever the same packet is seen (<c>epb_packetid</c>); negative for none.</summary>
    public long PacketId { get; init; } = -1;

    /// <summary>The device queue (<c>epb_queue</c>); negative for none.</summary>
    public int Queue { get; init; } = -1;
}
