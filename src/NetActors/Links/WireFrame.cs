using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Links;

/// <summary>A frame on a link: bytes from the destination address to the end of the payload, without the check sequence (FCS).</summary>
/// <param name="Buffer">The array that holds the bytes; not written by whoever carries or receives the frame.</param>
/// <param name="Offset">Where the frame begins.</param>
/// <param name="Length">Bytes, without preamble, padding and FCS.</param>
/// <param name="Arrival">When the last bit reaches the far end; on the sending side, when the frame was handed to the wire.</param>
/// <param name="Owner">Whom the bytes belong to; freed once by whoever ends the frame. Null when the bytes outlive it anyway.</param>
/// <param name="BadFcs">The check sequence will not fit the bytes.</param>
/// <param name="Id">Number of the packet in its simulation.</param>
/// <param name="FlippedBit">
/// One plus the number of a bit that the far end sees inverted, 0 for none. It is carried beside the bytes, since the sender still
/// needs them as they were (a retransmission).
/// </param>
public readonly record struct WireFrame(
    byte[] Buffer,
    int Offset,
    int Length,
    KernelTime Arrival,
    SkBuff? Owner = null,
    bool BadFcs = false,
    long Id = 0,
    int FlippedBit = 0)
{
    /// <summary>Shortest frame in bytes, FCS included (IEEE 802.3 section 3.2.7); shorter ones are padded by the sending
    /// hardware.</summary>
    public const int MinimumBytes = 64;

    /// <summary>Bytes a frame takes beside its own: preamble and start 8, FCS 4, gap 12 (IEEE 802.3 section 4.4.2).</summary>
    public const int OverheadBytes = 24;

    /// <summary>The bytes as they were sent.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(Offset, Length);

    /// <summary>Bytes of link time the frame takes, padding and overhead included.</summary>
    public int BytesOnWire => Math.Max(Length, MinimumBytes - 4) + OverheadBytes;
}
