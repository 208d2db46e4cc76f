namespace NetActors.Tcp;

/// <summary>What <see cref="TcpSocketActor"/> is told.</summary>
internal static class TcpSocketProtocol
{
    /// <summary>Segments wait in the ring.</summary>
    public sealed record Segments
    {
        public static readonly Segments Instance = new();
    }

    /// <summary>The socket's timer expired.</summary>
    public sealed record Deadline
    {
        public static readonly Deadline Instance = new();
    }

    /// <summary>A packet has left the host, for which the connection had stopped.</summary>
    public sealed record SmallQueue
    {
        public static readonly SmallQueue Instance = new();
    }

    /// <summary>Its listener has ended, and nobody had accepted it.</summary>
    public sealed record Disown
    {
        public static readonly Disown Instance = new();
    }

    /// <summary>A child's handshake was done behind its listener's back: it can be accepted.</summary>
    public sealed record ChildReady
    {
        public static readonly ChildReady Instance = new();
    }

    /// <summary>The handshake of a listener's Fast Open child is over, well or by a RST.</summary>
    public sealed record FastOpenDone(RequestSock Request, bool Reset);

    /// <summary>An ICMP error about one of its segments.</summary>
    public sealed record Icmp(Ip.IcmpNotice Notice);
}
