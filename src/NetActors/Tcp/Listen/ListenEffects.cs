namespace NetActors.Tcp;

/// <summary>What is to be done after a listener has seen a segment.</summary>
[Flags]
public enum ListenEffects
{
    /// <summary>Nothing: the segment is done with.</summary>
    None = 0,

    /// <summary>Send <see cref="ListenOutput.Reply"/>.</summary>
    Reply = 1,

    /// <summary>
    /// Make a connection of <see cref="ListenOutput.Handshake"/>, give it to <see cref="TcpListenerCore.AddChild"/> and, unless it is a
    /// Fast Open, the segment to it (kernel: <c>tcp_child_process</c>).
    /// </summary>
    Accepted = 2,

    /// <summary>The handshake allows the Fast Open child to see the segment (kernel: <c>tcp_check_req</c> answers the child).</summary>
    ToChild = 4,

    /// <summary>A valid RST ends the Fast Open child (kernel: <c>tcp_reset</c>).</summary>
    ResetChild = 8,
}
