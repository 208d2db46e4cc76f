namespace NetActors.Headers;

/// <summary>From whom a frame comes and to whom it goes.</summary>
/// <param name="SourceMac">The sender's Ethernet address.</param>
/// <param name="DestinationMac">Ethernet address of the receiver or of the router to it.</param>
/// <param name="Source">The sender's IPv4 address in host order.</param>
/// <param name="Destination">The receiver's IPv4 address in host order.</param>
public readonly record struct FrameEnds(MacAddress SourceMac, MacAddress DestinationMac, uint Source, uint Destination)
{
    /// <summary>The way back.</summary>
    public FrameEnds Reversed => new(DestinationMac, SourceMac, Destination, Source);
}
