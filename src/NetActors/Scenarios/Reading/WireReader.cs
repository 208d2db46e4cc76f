using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads wires.</summary>
internal static class WireReader
{
    internal static readonly KeyTable Keys = new("wires[]", "A link between two devices; both directions are alike and independent");

    private static readonly SettingKey Between = Keys.Node("between", "list", "two of host.device", KeyTable.Required,
        "its ends: [client.eth0, server.eth0]");
    private static readonly SettingKey<long> Rate = Keys.Amount("rate", Quantity.BitRate, "10Gbit", "1kbit", "800Gbit",
        "bits a second; preamble, check sequence and gap count");
    private static readonly SettingKey<KernelTime> Delay = Keys.Time("delay", "1us", "time that a bit travels", most: "60s");
    private static readonly SettingKey<double> Loss = Keys.Share("loss", "0%", "probability that a frame is lost");
    private static readonly SettingKey<double> Duplicate = Keys.Share("duplicate", "0%", "probability that a frame arrives twice");
    private static readonly SettingKey<double> Reorder = Keys.Share("reorder", "0%", "probability that a frame is held back");
    private static readonly SettingKey<KernelTime> ReorderDelay = Keys.Time("reorder-delay", "20us", "how long it is held back",
        most: "60s");
    private static readonly SettingKey<double> Corrupt = Keys.Share("corrupt", "0%", "probability that a bit of a frame is flipped");
    private static readonly SettingKey<int> Queue = Keys.Whole("queue", 1000, 1, 1_000_000,
        "frames that may wait for the wire; more are lost");

    /// <summary>The wires; those whose ends are faulty are left out.</summary>
    public static List<WireSettings> ReadAll(IReadOnlyList<SettingNode> items, PortTable ports, ReadingContext context)
    {
        var wires = new List<WireSettings>();
        var taken = new HashSet<DevicePort>();
        foreach (var item in items)
        {
            var section = new Section(item, item.Place, Keys, context.Faults);
            var ends = Ends(section, ports, taken);
            var wire = new WireSettings
            {
                A = ends.ElementAtOrDefault(0),
                B = ends.ElementAtOrDefault(1),
                Rate = section.Get(Rate),
                Delay = section.Get(Delay),
                Loss = section.Get(Loss),
                Duplicate = section.Get(Duplicate),
                Reorder = section.Get(Reorder),
                ReorderDelay = section.Get(ReorderDelay),
                Corrupt = section.Get(Corrupt),
                Queue = section.Get(Queue),
            };
            if (ends.Count == 2) wires.Add(wire);
        }

        return wires;
    }

    private static List<DevicePort> Ends(Section section, PortTable ports, HashSet<DevicePort> taken)
    {
        var items = section.Items(Between);
        if (!section.Has(Between) || (items.Count != 2 && section.Node(Between) is SequenceNode))
            section.Faults.Add(section.PlaceOf(Between), "`between` needs two devices: [client.eth0, server.eth0]");
        var ends = new List<DevicePort>();
        foreach (var item in items)
        {
            var port = Section.Value(item, "between", ports.Read, default, section.Faults);
            if (port == default) continue;
            if (!taken.Add(port)) section.Faults.Add(item.Place, $"{port} is already at the end of a wire");
            else ends.Add(port);
        }

        return ends;
    }
}
