using System.Net;

namespace NetActors.Scenarios;

/// <summary>Protocols a flow rule may name.</summary>
public enum NtupleFlowType
{
    /// <summary>Any IPv4.</summary>
    Ip4,

    /// <summary>TCP over IPv4.</summary>
    Tcp4,

    /// <summary>UDP over IPv4.</summary>
    Udp4,
}

/// <summary>A flow rule (<c>ethtool -N DEV flow-type ...</c>, specification section 1.8). A field that is null matches anything.</summary>
public sealed record NtupleSettings
{
    /// <summary>The action that drops.</summary>
    public const int Drop = -1;

    /// <summary>The action that wakes the machine.</summary>
    public const int WakeOnLan = -2;

    /// <summary>Protocol.</summary>
    public required NtupleFlowType FlowType { get; init; }

    /// <summary>Source address.</summary>
    public IPAddress? SourceIp { get; init; }

    /// <summary>Bits of the source address that are compared; ethtool's <c>m</c> gives those that are not.</summary>
    public uint SourceIpMask { get; init; } = uint.MaxValue;

    /// <summary>Destination address.</summary>
    public IPAddress? DestinationIp { get; init; }

    /// <summary>Bits of the destination address that are compared.</summary>
    public uint DestinationIpMask { get; init; } = uint.MaxValue;

    /// <summary>Source port.</summary>
    public int? SourcePort { get; init; }

    /// <summary>Bits of the source port that are compared.</summary>
    public int SourcePortMask { get; init; } = ushort.MaxValue;

    /// <summary>Destination port.</summary>
    public int? DestinationPort { get; init; }

    /// <summary>Bits of the destination port that are compared.</summary>
    public int DestinationPortMask { get; init; } = ushort.MaxValue;

    /// <summary>VLAN identifier.</summary>
    public int? Vlan { get; init; }

    /// <summary>Queue, or <see cref="Drop"/> or <see cref="WakeOnLan"/>.</summary>
    public required int Action { get; init; }

    /// <summary>Place in the table; the lowest that matches wins.</summary>
    public required int Location { get; init; }
}
