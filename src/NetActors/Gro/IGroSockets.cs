namespace NetActors.Gro;

/// <summary>Tells for which datagrams aggregation was asked for.</summary>
internal interface IGroSockets
{
    /// <summary>Some socket has set UDP_GRO (kernel: <c>udp_encap_needed_key</c>).</summary>
    bool AnyWantsGro { get; }

    /// <summary>The socket that would get the datagram has set UDP_GRO (kernel: <c>udp4_gro_lookup_skb</c>).</summary>
    bool WantsGro(Buffers.SkBuff skb, uint source, ushort sourcePort, uint destination, ushort destinationPort);
}
