namespace NetActors.Apps.Traffic;

/// <summary>Addresses and ports of a flow of datagrams, all in host order.</summary>
/// <param name="SourceAddress">IPv4 address of the sender.</param>
/// <param name="SourcePort">Port of the sender.</param>
/// <param name="DestinationAddress">IPv4 address of the receiver.</param>
/// <param name="DestinationPort">Port of the receiver.</param>
public readonly record struct TrafficFlow(uint SourceAddress, ushort SourcePort, uint DestinationAddress, ushort DestinationPort);
