namespace NetActors.Tcp;

/// <summary>What a segment brings to a lookup. Addresses and ports in host order.</summary>
/// <param name="Source">Sender's address.</param>
/// <param name="SourcePort">Sender's port.</param>
/// <param name="Destination">Receiver's address.</param>
/// <param name="DestinationPort">Receiver's port.</param>
/// <param name="IfIndex">Device it came in by.</param>
/// <param name="Cpu">CPU that handles it.</param>
public readonly record struct TcpLookup(
    uint Source, ushort SourcePort, uint Destination, ushort DestinationPort, int IfIndex = 0, int Cpu = 0);
