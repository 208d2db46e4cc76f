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
        "with `model: completion-queue` each received frame restarts the time");
    private static readonly SettingKey<bool> CqeModeTx = Keys.Switch("cqe-mode-tx", false,
        "with `model: completion-queue` each transmit completion restarts the time");
    private static readonly SettingKey<CoalesceModel> Model = Keys.Choice("model", "events",
        "what the values mean: time since the first frame, since the last interrupt (mlx5's completion queue; with cqe-mode the last completion), or Intel's least gap",
        ("events", CoalesceModel.Events), ("completion-queue", CoalesceModel.CompletionQueue), ("throttle", CoalesceModel.Throttle));

    /// <summary>The moderation.</summary>
    public static CoalesceSettings Read(Section section)
    {
        var read = new CoalesceSettings(
            section.Get(RxUsecs), section.Get(RxFrames), section.Get(TxUsecs), section.Get(TxFrames),
            section.Get(AdaptiveRx), section.Get(AdaptiveTx), section.Get(CqeModeRx), section.Get(CqeModeTx), section.Get(Model));
        foreach (var (key, isOn) in ((SettingKey, bool)[])[(CqeModeRx, read.CqeModeRx), (CqeModeTx, read.CqeModeTx)])
        {
            if (isOn && read.Model != CoalesceModel.CompletionQueue)
                section.Faults.Add(section.PlaceOf(key), $"`{key.Name}` needs `model: completion-queue`: other cards have no such mode");
        }

        if (read is { Model: CoalesceModel.Throttle, AdaptiveTx: true })
            section.Faults.Add(section.PlaceOf(AdaptiveTx), "`adaptive-tx`: with `model: throttle` a vector is for both directions, and `adaptive-rx` holds for both");
        if (read.Model == CoalesceModel.Throttle) return read;
        if (read is { RxFrames: 0, AdaptiveRx: false } && read.RxUsecs == KernelTime.Zero)
            section.Faults.Add(section.PlaceOf(RxUsecs),
                "`rx-usecs` and `rx-frames` both 0 would never fire: `rx-frames: 1` is an interrupt a frame");
        if (read is { TxFrames: 0, AdaptiveTx: false } && read.TxUsecs == KernelTime.Zero)
            section.Faults.Add(section.PlaceOf(TxUsecs),
                "`tx-usecs` and `tx-frames` both 0 would never fire: `tx-frames: 1` is an interrupt a frame");
        return read;
    }

    private static SettingKey<KernelTime> Usecs(string name, string doc) =>
        Keys.Time(name, "8us", doc, most: "65535us", quantity: Quantity.TimeOrMicroseconds);
}
