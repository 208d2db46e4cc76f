namespace NetActors.Ip;

/// <summary>What a received ICMP message asks for.</summary>
public enum IcmpAction : byte
{
    /// <summary>Nothing: the message is used up.</summary>
    None,

    /// <summary>Answer with <see cref="IcmpOutput.Reply"/>.</summary>
    Reply,

    /// <summary>Tell the layer that the notice names.</summary>
    Notify,

    /// <summary>An answer to a ping of ours: for ping sockets (kernel: <c>ping_rcv</c>).</summary>
    Pong,
}
