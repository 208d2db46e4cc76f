using NetActors.Time;

namespace NetActors.Attach;

/// <summary>An Ethernet frame of a replayed capture; its bytes are valid until the next <see cref="CaptureTimeline.TryTake"/>.</summary>
/// <param name="Buffer">The frame lies in here.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its length in bytes, without check sequence.</param>
/// <param name="Arrival">When it has arrived.</param>
/// <param name="Id">Its number within the file, from 0 on, counting the packets that are not replayed.</param>
/// <param name="InterfaceIndex">The interface it was captured on.</param>
/// <param name="IsPadded">True when zeros stand for bytes that were not captured.</param>
public readonly record struct CapturedFrame(
    byte[] Buffer,
    int Offset,
    int Length,
    KernelTime Arrival,
    long Id,
    int InterfaceIndex,
    bool IsPadded)
{
    /// <summary>The frame's bytes.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(Offset, Length);
}
