using System.Net;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads sources outside any host.</summary>
internal static class TrafficReader
{
    internal static readonly KeyTable Keys = new("traffic[]", "A source outside any host, straight onto a device's wire");
    internal static readonly KeyTable GeneratedKeys = new("traffic[] (generated)", "What udp-flood and icmp-flood share", Keys);
    internal static readonly KeyTable UdpKeys = new("traffic[] (udp-flood)", "UDP datagrams", GeneratedKeys);
    internal static readonly KeyTable IcmpKeys = new("traffic[] (icmp-flood)", "ICMP echo requests; a flow is one source address",
        GeneratedKeys);
    internal static readonly KeyTable ReplayKeys = new("traffic[] (replay)", "The frames of a capture", Keys);

    private const string Mpps1000 = "1000Mpps";
    private static readonly string[] Kinds = ["udp-flood", "icmp-flood", "replay"];

    private static readonly SettingKey<string> Name = Keys.Text("name", KeyTable.Required, "its name, unique");
    private static readonly SettingKey To = Keys.Node("to", "text", "host.device", KeyTable.Required, "the device that receives");
    private static readonly SettingKey<string> Kind = Keys.Choice("kind", KeyTable.Required, "what it sends", ("udp-flood", "udp-flood"),
        ("icmp-flood", "icmp-flood"), ("replay", "replay"));
    private static readonly SpanReader Span = new(Keys);

    private static readonly SettingKey<long> Rate = GeneratedKeys.Amount("rate", Quantity.PacketRate, KeyTable.Required, "1pps", Mpps1000,
        "packets a second");
    private static readonly SettingKey<ArrivalProcess> Arrival = FlowReader.Arrival(GeneratedKeys);
    private static readonly SettingKey<int> Burst = GeneratedKeys.Whole("burst", 1, 1, 4096,
        "packets back to back at each arrival; the rate stays");
    private static readonly SizeReader Size = new(GeneratedKeys, 64, 9216, 64, "Ethernet frame, check sequence included");
    private static readonly FlowReader Flows = new(GeneratedKeys);
    private static readonly SettingKey<Ipv4Prefix> Source = GeneratedKeys.Value("source", "prefix", "IPv4", "198.18.0.0/15",
        new Ipv4Prefix(IPAddress.Parse("198.18.0.0"), 15),
        Values.Prefix, "addresses they come from; the default is RFC 2544's");
    private static readonly SettingKey<int?> Vlan = GeneratedKeys.Value<int?>("vlan", "whole number", "1 to 4094", "no tag", null,
        text => Values.Whole(text, 1, 4094).Then<int?>(n => (int)n), "VLAN of their tag");

    private static readonly SettingKey<PortRange> SourcePorts = UdpKeys.Value("source-ports", "ports", "0 to 65535", "1024-65535",
        new PortRange(1024, 65535), Values.Ports, "ports they come from");
    private static readonly SettingKey<EndpointRange?> UdpTo = UdpKeys.Value<EndpointRange?>("destination", "address:port",
        "IPv4, one port or a range", KeyTable.Required, null,
        text => Values.Endpoints(text).Then<EndpointRange?>(e => e), "where they go");
    private static readonly SettingKey<IPAddress> IcmpTo = IcmpKeys.Value("destination", "address", "IPv4", KeyTable.Required,
        IPAddress.Any, Values.Address, "whom they ask");

    private static readonly SettingKey<string> CaptureFile = ReplayKeys.Text("file", KeyTable.Required,
        "a pcap or pcapng; the path begins from this file");
    private static readonly SettingKey<ReplayTiming> Timing = ReplayKeys.Choice("timing", "original",
        "gaps as captured, divided by speed, or none",
        ("original", ReplayTiming.Original), ("scaled", ReplayTiming.Scaled), ("maximum", ReplayTiming.Maximum));
    private static readonly SettingKey<double> Speed = ReplayKeys.Value("speed", "number", "0.001 to 1000000", "1", 1.0, text =>
        FlowReader.Number(text, 0.001, 1_000_000), "how much faster than captured, with timing scaled");

    /// <summary>The sources.</summary>
    public static List<TrafficSettings> ReadAll(IReadOnlyList<SettingNode> items, PortTable ports, ReadingContext context)
    {
        var sources = new List<TrafficSettings>();
        var names = new UniqueNames("traffic", context.Faults);
        foreach (var item in items)
        {
            var (kind, table) = Choose(item);
            var section = new Section(item, item.Place, table, context.Faults);
            if (section.Get(Kind) is { Length: > 0 } && section.Has(Name)) names.Add(section.Get(Name), section.PlaceOf(Name));
            sources.Add(Read(section, kind, ports, context));
        }

        return sources;
    }

    // a misspelt kind is one fault, not one more for each of its keys
    private static (string Kind, KeyTable Table) Choose(SettingNode item)
    {
        var word = ((item as MappingNode)?.Find("kind")?.Value as ScalarNode)?.Text ?? "";
        return (NearestName.Of(word, Kinds) ?? word) switch
        {
            "icmp-flood" => ("icmp-flood", IcmpKeys),
            "replay" => ("replay", ReplayKeys),
            _ => ("udp-flood", UdpKeys),
        };
    }

    private static TrafficSettings Read(Section section, string kind, PortTable ports, ReadingContext context)
    {
        var name = section.Get(Name);
        var to = section.Node(To) is { } node ? Section.Value(node, "to", ports.Read, default, context.Faults) : default;
        if (!section.Has(To)) context.Faults.Add(section.Place, "`to` is missing (the device that receives)");
        var (start, stop) = Span.Read(section, context.Duration);
        TrafficSettings source = kind switch { "replay" => Replay(section, context), "icmp-flood" => Icmp(section), _ => Udp(section) };
        return source with { Name = name, To = to, Start = start, Stop = stop };
    }

    private static GeneratedTrafficSettings Udp(Section section)
    {
        var destination = section.Get(UdpTo) ?? new EndpointRange(IPAddress.Any, default);
        var ports = section.Get(SourcePorts);
        return Generated(section, new UdpFloodSettings { SourcePorts = ports, Destination = destination },
            (long)ports.Count * destination.Ports.Count);
    }

    private static GeneratedTrafficSettings Icmp(Section section) =>
        Generated(section, new IcmpFloodSettings { Destination = section.Get(IcmpTo) }, 1);

    private static GeneratedTrafficSettings Generated(Section section, GeneratedTrafficSettings source, long portPairs)
    {
        var read = source with
        {
            Rate = section.Get(Rate),
            Arrival = section.Get(Arrival),
            Burst = section.Get(Burst),
            Size = Size.Read(section),
            Flows = Flows.Read(section),
            Source = section.Get(Source),
            Vlan = section.Get(Vlan),
        };
        Flows.CheckCount(section, read.Flows, Addresses(read.Source) * portPairs);
        return read;
    }

    private static ReplaySettings Replay(Section section, ReadingContext context)
    {
        var timing = section.Get(Timing);
        if (section.Has(Speed) && timing != ReplayTiming.Scaled)
            context.Faults.Add(section.PlaceOf(Speed), "`speed` needs `timing: scaled`");
        var file = section.Get(CaptureFile);
        var path = Path.Combine(context.Directory, file);
        if (file.Length > 0 && !File.Exists(path))
            context.Faults.Add(section.PlaceOf(CaptureFile), $"capture `{Words.Cut(path)}` does not exist");
        return new ReplaySettings { File = path, Timing = timing, Speed = section.Get(Speed) };
    }

    // the network's own address and its broadcast are left out where there is room
    private static long Addresses(Ipv4Prefix prefix) => prefix.Length >= 31 ? 1L << (32 - prefix.Length) : (1L << (32 - prefix.Length)) - 2;
}
