namespace NetActors.Scenarios.Reading;

/// <summary>Reads ring sizes and flow control.</summary>
internal static class RingReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.ring",
        "Descriptors of each queue (`ethtool -G`); one always stays empty");
    internal static readonly KeyTable PauseKeys = new("hosts.HOST.devices.DEVICE.pause", "Link-level flow control (`ethtool -A`)");

    private const int Least = 64;
    private const int Most = 8192;

    private static readonly SettingKey<int> Rx = Keys.Whole("rx", 512, Least, Most, "receive descriptors");
    private static readonly SettingKey<int> Tx = Keys.Whole("tx", 512, Least, Most, "transmit descriptors");
    private static readonly SettingKey<bool> PauseRx = PauseKeys.Switch("rx", false, "obey pause frames");
    private static readonly SettingKey<bool> PauseTx = PauseKeys.Switch("tx", false,
        "send pause frames instead of dropping when a ring is full");

    /// <summary>Ring sizes.</summary>
    public static RingSettings ReadRing(Section section) => new(section.Get(Rx), section.Get(Tx));

    /// <summary>Flow control.</summary>
    public static PauseSettings ReadPause(Section section) => new(section.Get(PauseRx), section.Get(PauseTx));
}
