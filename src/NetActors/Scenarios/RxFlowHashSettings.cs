namespace NetActors.Scenarios;

/// <summary>Fields of a packet that the receive hash covers, by ethtool's letters.</summary>
[Flags]
public enum FlowHashFields
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>s</c>: source address.</summary>
    SourceAddress = 1,

    /// <summary><c>d</c>: destination address.</summary>
    DestinationAddress = 2,

    /// <summary><c>f</c>: first two bytes of the layer 4 header, the source port.</summary>
    SourcePort = 4,

    /// <summary><c>n</c>: next two bytes, the destination port.</summary>
    DestinationPort = 8,
}

/// <summary>What the receive hash covers (<c>ethtool -N DEV rx-flow-hash</c>); other IPv4 is always <c>sd</c>.</summary>
/// <param name="Tcp4">Of TCP over IPv4.</param>
/// <param name="Udp4">Of UDP over IPv4.</param>
public sealed record RxFlowHashSettings(FlowHashFields Tcp4, FlowHashFields Udp4);
