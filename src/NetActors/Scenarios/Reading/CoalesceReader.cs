using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads interrupt moderation.</summary>
internal static class CoalesceReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.coalesce", "Interrupt moderation (`ethtool -C`)");

    private static readonly SettingKey<KernelTime> RxUsecs = Usecs("rx-usecs",
        "longest wait of a received frame, or the least gap between interrupts, by model");
    private static readonly SettingKey<int> RxFrames = Keys.Whole("rx-frames", 128, 0, 65535,
        "received frames that fire at once; 0 is no such limit");
    private static readonly SettingKey<KernelTime> TxUsecs = Usecs("tx-usecs", "longest wait of a transmit completion");
    private static readonly SettingKey<int> TxFrames = Keys.Whole("tx-frames", 128, 0, 65535,
        "completions that fire at once; 0 is no such limit");
    private static readonly SettingKey<bool> AdaptiveRx = Keys.Switch("adaptive-rx", false,
        "the driver adapts the receive values to the load");
    private static readonly SettingKey<CoalesceModel> Model = Keys.Choice("model", "events",
        "what the values mean: since the first frame, or Intel's least gap",
        ("events", CoalesceModel.Events), ("throttle", CoalesceModel.Throttle));

    /// <summary>The moderation.</summary>
    public static CoalesceSettings Read(Section section)
    {
        var read = new CoalesceSettings(
            section.Get(RxUsecs), section.Get(RxFrames), section.Get(TxUsecs), section.Get(TxFrames),
            section.Get(AdaptiveRx), section.Get(Model));
        if (read.Model == CoalesceModel.Throttle) return read;
        if (read.RxUsecs == KernelTime.Zero && read.RxFrames == 0)
            section.Faults.Add(section.PlaceOf(RxUsecs),
                "`rx-usecs` and `rx-frames` both 0 would never fire: `rx-frames: 1` is an interrupt a frame");
        if (read.TxUsecs == KernelTime.Zero && read.TxFrames == 0)
            section.Faults.Add(section.PlaceOf(TxUsecs),
                "`tx-usecs` and `tx-frames` both 0 would never fire: `tx-frames: 1` is an interrupt a frame");
        return read;
    }

    private static SettingKey<KernelTime> Usecs(string name, string doc) =>
        Keys.Time(name, "8us", doc, most: "65535us", quantity: Quantity.TimeOrMicroseconds);
}
