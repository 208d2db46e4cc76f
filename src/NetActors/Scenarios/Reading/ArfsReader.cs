using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads what a card can do of accelerated RFS.</summary>
internal static class ArfsReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.arfs",
        "Accelerated RFS: on with `features: { ntuple: on }`, `rps_flow_cnt` of the queues and `net.core.rps_sock_flow_entries`; a flow follows its task "
        + "to the queue of the new CPU within `delay` of its first packet after the task's first call there");

    private static readonly SettingKey<int> Rules = Keys.Whole("rules", 8192, 0, 65535, "filters that the card has; 0 is a card that cannot");
    private static readonly SettingKey<KernelTime> Delay = Keys.Time("delay", "100us",
        "from the stack's request until frames follow: the driver's work queue and the card's command", most: "1s");
    private static readonly SettingKey<KernelTime> Scan = Keys.Time("scan", "1s",
        "how often the driver looks at 60 filters, and deletes those of flows whose CPU has dequeued ten tables' worth of packets since", "1ms", most: "60s");

    /// <summary>The settings.</summary>
    public static ArfsSettings Read(Section section) => new(section.Get(Rules), section.Get(Delay), section.Get(Scan));
}
