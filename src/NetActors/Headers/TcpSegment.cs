namespace NetActors.Headers;

/// <summary>The numbers of a TCP header, for <see cref="FrameBuilder"/>.</summary>
/// <param name="SourcePort">The sender's port.</param>
/// <param name="DestinationPort">The receiver's port.</param>
/// <param name="Sequence">Number of the first payload byte, or of the SYN.</param>
/// <param name="Acknowledgment">Number of the next byte expected.</param>
/// <param name="Flags">Control bits.</param>
/// <param name="Window">Receive window in bytes, before scaling.</param>
public readonly record struct TcpSegment(
    ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgment, TcpFlags Flags, ushort Window = 65535);
