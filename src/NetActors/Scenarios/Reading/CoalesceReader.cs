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
        "the driver adapts the receive values to the load: DIM, or Intel's way with `model: throttle`");
    private static readonly SettingKey<bool> AdaptiveTx = Keys.Switch("adaptive-tx", false,
        "the driver adapts the transmit values to the load: DIM");
    private static readonly SettingKey<bool> CqeModeRx = Keys.Switch("cqe-mode-rx", false,
        "each received frame restarts the time, as mlx5 has it");
    private static readonly SettingKey<bool> CqeModeTx = Keys.Switch("cqe-mode-tx", false,
        "each transmit completion restarts the time");
    private static readonly SettingKey<CoalesceModel> Model = Keys.Choice("model", "events",
        "what the values mean: since the first frame, or Intel's least gap",
        ("events", CoalesceModel.Events), ("throttle", CoalesceModel.Throttle));

    /// <summary>The moderation.</summary>
    public static CoalesceSettings Read(Section section)
    {
        var read = new CoalesceSettings(
            section.Get(RxUsecs), section.Get(RxFrames), section.Get(TxUsecs), section.Get(TxFrames),
            section.Get(AdaptiveRx), section.Get(AdaptiveTx), section.Get(CqeModeRx), section.Get(CqeModeTx), section.Get(Model));
        if (read.Model == CoalesceModel.Throttle) return Throttled(section, read);
        if (read is { RxFrames: 0, AdaptiveRx: false } && read.RxUsecs == KernelTime.Zero)
            section.Faults.Add(section.PlaceOf(RxUsecs),
                "`rx-usecs` and `rx-frames` both 0 would never fire: `rx-frames: 1` is an interrupt a frame");
        if (read is { TxFrames: 0, AdaptiveTx: false } && read.TxUsecs == KernelTime.Zero)
            section.Faults.Add(section.PlaceOf(TxUsecs),
                "`tx-usecs` and `tx-frames` both 0 would never fire: `tx-frames: 1` is an interrupt a frame");
        return read;
    }

    private static CoalesceSettings Throttled(Section section, CoalesceSettings read)
    {
        foreach (var (key, isOn) in ((SettingKey, bool)[])[(AdaptiveTx, read.AdaptiveTx), (CqeModeRx, read.CqeModeRx), (CqeModeTx, read.CqeModeTx)])
        {
            if (isOn) section.Faults.Add(section.PlaceOf(key), $"`{key.Name}`: a card with `model: throttle` has no such mode");
        }

        return read;
    }

    private static SettingKey<KernelTime> Usecs(string name, string doc) =>
        Keys.Time(name, "8us", doc, most: "65535us", quantity: Quantity.TimeOrMicroseconds);
}
