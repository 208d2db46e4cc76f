using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>A source outside any host that puts frames straight onto a device's wire.</summary>
public abstract record TrafficSettings
{
    /// <summary>Its name, unique in the scenario.</summary>
    public string Name { get; init; } = "";

    /// <summary>The device that receives.</summary>
    public DevicePort To { get; init; }

    /// <summary>Its first frame leaves not before.</summary>
    public KernelTime Start { get; init; }

    /// <summary>Its last frame leaves before; as read from a file not after the run.</summary>
    public KernelTime Stop { get; init; } = KernelTime.Never;
}

/// <summary>Generated frames at a rate of their own (open loop).</summary>
public abstract record GeneratedTrafficSettings : TrafficSettings
{
    /// <summary>Packets a second.</summary>
    public long Rate { get; init; } = 1;

    /// <summary>When they leave.</summary>
    public ArrivalProcess Arrival { get; init; }

    /// <summary>Packets that leave back to back at each arrival; the rate stays.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>Ethernet frames in bytes, check sequence included, VLAN tag not.</summary>
    public SizeMix Size { get; init; } = SizeMix.Of(64);

    /// <summary>Their flows.</summary>
    public FlowSettings Flows { get; init; } = new(1, FlowDistribution.Uniform, 1.1, 0.5);

    /// <summary>Addresses they come from.</summary>
    public Ipv4Prefix Source { get; init; } = new(System.Net.IPAddress.Parse("198.18.0.0"), 15);

    /// <summary>VLAN identifier of their tag; null for none.</summary>
    public int? Vlan { get; init; }
}

/// <summary><c>udp-flood</c>: UDP datagrams.</summary>
public sealed record UdpFloodSettings : GeneratedTrafficSettings
{
    /// <summary>Ports they come from.</summary>
    public required PortRange SourcePorts { get; init; }

    /// <summary>Where they go.</summary>
    public required EndpointRange Destination { get; init; }
}

/// <summary><c>icmp-flood</c>: echo requests; a flow is one source address.</summary>
public sealed record IcmpFloodSettings : GeneratedTrafficSettings
{
    /// <summary>Whom they ask.</summary>
    public required System.Net.IPAddress Destination { get; init; }
}

/// <summary>When the frames of a capture leave.</summary>
public enum ReplayTiming
{
    /// <summary>At the gaps they were captured with.</summary>
    Original,

    /// <summary>At those gaps divided by <see cref="ReplaySettings.Speed"/>.</summary>
    Scaled,

    /// <summary>As fast as the wire takes them.</summary>
    Maximum,
}

/// <summary><c>replay</c>: the frames of a pcap or pcapng file.</summary>
public sealed record ReplaySettings : TrafficSettings
{
    /// <summary>The capture, as a path that can be opened.</summary>
    public required string File { get; init; }

    /// <summary>When its frames leave.</summary>
    public required ReplayTiming Timing { get; init; }

    /// <summary>How much faster than captured, with <see cref="ReplayTiming.Scaled"/>.</summary>
    public required double Speed { get; init; }
}
