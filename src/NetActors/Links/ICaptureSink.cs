using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Links;

/// <summary>
/// Takes a copy of frames for a capture file (kernel: what a <c>packet_type</c> of <c>ETH_P_ALL</c> is to <c>tcpdump</c>). One caller
/// at a time; never throws for a full disk and allocates nothing per frame.
/// </summary>
public interface ICaptureSink
{
    /// <summary>Adds a device and answers its number for <see cref="Write"/>, from 0 on.</summary>
    /// <param name="name">The device's name, such as <c>host1/eth0</c>.</param>
    /// <param name="linkType">The link type's number in the registry of capture files: 1 is Ethernet, 101 raw IP.</param>
    int AddInterface(string name, int linkType);

    /// <summary>Copies one frame into the capture.</summary>
    /// <param name="interfaceId">What <see cref="AddInterface"/> answered.</param>
    /// <param name="time">Virtual time of the frame.</param>
    /// <param name="frame">The frame's bytes, without the check sequence; free for reuse after the call.</param>
    /// <param name="originalLength">Length on the wire in bytes; more than <paramref name="frame"/> when only a part is at hand.</param>
    /// <param name="direction">Which way the frame went.</param>
    /// <param name="cpu">The emulated CPU that handled it; negative when none did.</param>
    /// <param name="dropReason">Why it was dropped; <see cref="SkbDropReason.NOT_DROPPED_YET"/> when it was not.</param>
    /// <param name="packetId">The same number wherever the same packet is seen (<c>epb_packetid</c>); negative for none.</param>
    void Write(
        int interfaceId,
        KernelTime time,
        ReadOnlySpan<byte> frame,
        int originalLength,
        CaptureDirection direction,
        int cpu,
        SkbDropReason dropReason,
        long packetId);
}
