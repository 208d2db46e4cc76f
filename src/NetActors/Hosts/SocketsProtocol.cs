using NetActors.Tcp;

namespace NetActors.Hosts;

/// <summary>What <see cref="SocketsActor"/> is told, beside system calls.</summary>
internal static class SocketsProtocol
{
    /// <summary>Make the actor of a socket that is there already: an accepted connection.</summary>
    public sealed record Adopt(TcpSocket Socket);
}
