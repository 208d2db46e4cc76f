using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>A source outside any host that puts frames straight onto a device's wire.</summary>
public abstract record TrafficSettings
{
    /// <summary>Its name, unique in the scenario.</summary>
    public required string Name { get; init; }

    /// <summary>The device that receives.</summary>
    public required DevicePort To { get; init; }

    /// <summary>Its first frame leaves not before.</summary>
    public required KernelTime Start { get; init; }

    /// <summary>Its last frame leaves before; the end of the run unless written.</summary>
    public required KernelTime Stop { get; init; }
}

/// <summary>Generated frames at a rate of their own (open loop).</summary>
public abstract record GeneratedTrafficSettings : TrafficSettings
{
    /// <summary>Packets a second.</summary>
    public required long Rate { get; init; }

    /// <summary>When they leave.</summary>
    public required ArrivalProcess Arrival { get; init; }

    /// <summary>Packets that leave back to back at each arrival; the rate stays.</summary>
    public required int Burst { get; init; }

    /// <summary>Ethernet frames in bytes, check sequence included, VLAN tag not.</summary>
    public required SizeMix Size { get; init; }

    /// <summary>Their flows.</summary>
    public required FlowSettings Flows { get; init; }

    /// <summary>Addresses they come from.</summary>
    public required Ipv4Prefix Source { get; init; }

    /// <summary>VLAN identifier of their tag; null for none.</summary>
    public required int? Vlan { get; init; }
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
