namespace NetActors.Udp;

/// <summary>What a datagram brings to a lookup.</summary>
/// <param name="Source">Sender's address in host order.</param>
/// <param name="SourcePort">Sender's port.</param>
/// <param name="Destination">Receiver's address in host order.</param>
/// <param name="DestinationPort">Receiver's port.</param>
/// <param name="IfIndex">Device it came in by.</param>
/// <param name="Cpu">CPU that handles it.</param>
public readonly record struct UdpLookup(
    uint Source, ushort SourcePort, uint Destination, ushort DestinationPort, int IfIndex, int Cpu);
