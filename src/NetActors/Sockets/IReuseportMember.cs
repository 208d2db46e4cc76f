namespace NetActors.Sockets;

/// <summary>A socket that may share its address and port by SO_REUSEPORT, as its <see cref="ReuseportGroup"/> sees it.</summary>
public interface IReuseportMember
{
    /// <summary>It has a peer of its own: flows are not given to it by hash (kernel: <c>TCP_ESTABLISHED</c>).</summary>
    bool IsConnected { get; }

    /// <summary>SO_INCOMING_CPU; -1 for none.</summary>
    int IncomingCpu { get; }

    /// <summary>A program attached before it had a group, which its own group takes over; null for none.</summary>
    IReuseportProgram? Program { get; }

    /// <summary>Its group; null outside one. Set by the group.</summary>
    ReuseportGroup? Group { get; set; }
}
