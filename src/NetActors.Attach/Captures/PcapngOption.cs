namespace NetActors.Attach;

/// <summary>Option codes (pcapng sections 3.5 and 4), which mean something in their block only.</summary>
internal static class PcapngOption
{
    public const ushort EndOfOptions = 0;
    public const ushort Comment = 1;

    public const ushort SectionHardware = 2;
    public const ushort SectionOs = 3;
    public const ushort SectionApplication = 4;

    public const ushort InterfaceName = 2;
    public const ushort InterfaceResolution = 9;
    public const ushort InterfaceFcsLength = 13;
    public const ushort InterfaceOffset = 14;

    public const ushort PacketFlags = 2;
    public const ushort PacketDropCount = 4;
    public const ushort PacketId = 5;
    public const ushort PacketQueue = 6;

    public const ushort StatisticsStartTime = 2;
    public const ushort StatisticsEndTime = 3;
    public const ushort StatisticsReceived = 4;
    public const ushort StatisticsInterfaceDrops = 5;
    public const ushort StatisticsSystemDrops = 7;
    public const ushort StatisticsDelivered = 8;
}
