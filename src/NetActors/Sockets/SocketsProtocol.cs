namespace NetActors.Sockets;

/// <summary>What <see cref="Hosts.SocketsActor"/> is told.</summary>
internal static class SocketsProtocol
{
    /// <summary>Make the actor of a socket that is there already: an accepted connection.</summary>
    public sealed record Adopt(Tcp.TcpSocket Socket);
}
