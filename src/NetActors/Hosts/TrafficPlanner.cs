using NetActors.Apps.Traffic;
using NetActors.Headers;
using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>A scenario's generated traffic as a source of frames.</summary>
internal static class TrafficPlanner
{
    private const int HeaderBytes = EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size;
    private const int FcsBytes = 4;

    public static FrameFlood Flood(GeneratedTrafficSettings settings, NicDevice to, KernelRandom random, ulong seed, int number)
    {
        var (sizes, bytes) = Sizes(settings.Size, random);
        var space = new FlowSpace
        {
            FirstSource = settings.Source.Number + (settings.Source.Length < 31 ? 1u : 0), // not the network's own address
            Sources = (int)Math.Min(65_000, Math.Max(1, (1L << (32 - settings.Source.Length)) - 2)),
        };
        space = settings switch
        {
            UdpFloodSettings udp => space with
            {
                FirstDestination = SimulationPlanner.ToNumber(udp.Destination.Address),
                FirstDestinationPort = (ushort)udp.Destination.Ports.First,
                DestinationPorts = udp.Destination.Ports.Count,
                FirstSourcePort = (ushort)udp.SourcePorts.First,
                SourcePorts = udp.SourcePorts.Count,
            },
            IcmpFloodSettings icmp => space with { FirstDestination = SimulationPlanner.ToNumber(icmp.Destination), SourcePorts = 1 },
            _ => throw new ScenarioException($"traffic {settings.Name}: an unknown kind"),
        };
        var flows = FlowTable.Draw(settings.Flows.Count, seed + (ulong)number, space);
        var sender = MacAddress.Local(0xFE0000 | (uint)number);
        var templates = new FrameTemplates(flows, bytes, sender, to.Address, settings is IcmpFloodSettings, settings.Vlan);
        return new FrameFlood(Arrivals(settings, random), Distribution(settings.Flows, random), sizes, templates)
        {
            End = settings.Stop,
            FirstId = ((long)number << 48) | 1,
        };
    }

    public static Apps.Traffic.ArrivalProcess Arrivals(Scenarios.ArrivalProcess kind, KernelTime start, long rate, KernelRandom random) =>
        Arrivals(kind, start, rate, 1, random);

    /// <summary>One's share of a rate that so many have together.</summary>
    public static Apps.Traffic.ArrivalProcess Arrivals(Scenarios.ArrivalProcess kind, KernelTime start, long rate, int among, KernelRandom random) =>
        kind == Scenarios.ArrivalProcess.Poisson ? new PoissonArrivals(start, (double)rate / among, random) : new ConstantArrivals(start, rate, KernelTime.FromSeconds(among));

    public static Apps.Traffic.FlowDistribution Distribution(FlowSettings flows, KernelRandom random) => flows.Distribution switch
    {
        Scenarios.FlowDistribution.Zipf => Apps.Traffic.FlowDistribution.Zipf(flows.Count, flows.ZipfExponent, random),
        Scenarios.FlowDistribution.Elephant => Apps.Traffic.FlowDistribution.Elephant(flows.Count, flows.ElephantShare, random),
        _ => Apps.Traffic.FlowDistribution.Uniform(flows.Count, random),
    };

    /// <summary>Sizes of the scenario count the check sequence, as the field does ("64-byte packets"); frames here do not.</summary>
    private static (FrameSizeMix Mix, int[] Bytes) Sizes(SizeMix mix, KernelRandom random)
    {
        int[] bytes = [.. mix.Sizes.Select(s => Math.Max(s.Bytes - FcsBytes, FrameSizeMix.Smallest))];
        if (bytes.Length == 1) return (FrameSizeMix.Fixed(bytes[0]), bytes);
        double[] weights = [.. mix.Sizes.Select(s => (double)s.Weight)];
        return (FrameSizeMix.Weighted(bytes, weights, random), bytes);
    }

    private static Apps.Traffic.ArrivalProcess Arrivals(GeneratedTrafficSettings settings, KernelRandom random) => settings.Burst > 1
        ? new BurstArrivals(settings.Start, settings.Burst, Math.Max(1, settings.Rate / settings.Burst), KernelTime.FromSeconds(1))
        : Arrivals(settings.Arrival, settings.Start, settings.Rate, random);
}
