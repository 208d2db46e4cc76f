namespace NetActors.Attach;

/// <summary>A device that packets were captured on (pcapng section 4.2; a classic file has exactly one, without a name).</summary>
/// <param name="Index">Number within the file, from 0 on; sections do not begin anew.</param>
/// <param name="Name"><c>if_name</c>, at most 256 bytes of it; empty when the file has none.</param>
/// <param name="LinkTypeNumber">The link type as the file has it, known or not.</param>
/// <param name="SnapLength">Most bytes that were captured of a packet; 0 for no limit.</param>
/// <param name="Resolution">Unit of the timestamps.</param>
/// <param name="OffsetSeconds"><c>if_tsoffset</c>: seconds to add to each timestamp.</param>
/// <param name="FcsBytes">Bytes of frame check sequence at the end of each whole packet.</param>
public sealed record CaptureInterface(
    int Index,
    string Name,
    int LinkTypeNumber,
    uint SnapLength,
    TimestampResolution Resolution,
    long OffsetSeconds,
    int FcsBytes)
{
    /// <summary>The link type, if it is one that can be replayed; otherwise a number without a name.</summary>
    public CaptureLinkType LinkType => (CaptureLinkType)LinkTypeNumber;

    /// <summary>True for a link type of <see cref="CaptureLinkType"/>; packets of others are a fault.</summary>
    public bool HasKnownLinkType => LinkType is CaptureLinkType.Null or CaptureLinkType.Ethernet or CaptureLinkType.RawIp
        or CaptureLinkType.Loop or CaptureLinkType.LinuxSll or CaptureLinkType.LinuxSll2;
}
