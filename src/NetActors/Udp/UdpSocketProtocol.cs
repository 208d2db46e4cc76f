namespace NetActors.Udp;

/// <summary>What <see cref="UdpSocketActor"/> is told.</summary>
internal static class UdpSocketProtocol
{
    /// <summary>A datagram came while somebody waits (kernel: <c>sk_data_ready</c>).</summary>
    public sealed record DataReady
    {
        public static readonly DataReady Instance = new();
    }

    /// <summary>Sends with MSG_ZEROCOPY need their bytes no longer (kernel: <c>__msg_zerocopy_callback</c>).</summary>
    public sealed record ZeroCopyDone(uint Key, uint Count, bool IsCopied);

    /// <summary>There is room to send while somebody waits for it (kernel: <c>sk_write_space</c>).</summary>
    public sealed record WriteSpace
    {
        public static readonly WriteSpace Instance = new();
    }
}
