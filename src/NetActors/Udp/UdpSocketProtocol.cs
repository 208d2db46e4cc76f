namespace NetActors.Udp;

/// <summary>What <see cref="UdpSocketActor"/> is told.</summary>
internal static class UdpSocketProtocol
{
    /// <summary>A datagram came while somebody waits (kernel: <c>sk_data_ready</c>).</summary>
    public sealed record DataReady
    {
        public static readonly DataReady Instance = new();
    }
}
