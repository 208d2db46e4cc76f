namespace NetActors.Attach;

/// <summary>Numbers of blocks (pcapng section 4).</summary>
internal static class PcapngBlockType
{
    public const uint SectionHeader = 0x0A0D0D0A;
    public const uint InterfaceDescription = 1;
    public const uint ObsoletePacket = 2;
    public const uint SimplePacket = 3;
    public const uint InterfaceStatistics = 5;
    public const uint EnhancedPacket = 6;

    /// <summary>What the section header has after its length, read in the right byte order.</summary>
    public const uint ByteOrderMagic = 0x1A2B3C4D;
}
