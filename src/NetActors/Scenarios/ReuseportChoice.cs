namespace NetActors.Scenarios;

/// <summary>Which socket of a SO_REUSEPORT group gets a flow.</summary>
public enum ReuseportChoice
{
    /// <summary>By the flow's hash.</summary>
    Hash,

    /// <summary>Each socket has SO_INCOMING_CPU of its thread's CPU.</summary>
    IncomingCpu,

    /// <summary>A program chooses by the CPU that handles the packet, modulo sockets (SO_ATTACH_REUSEPORT_CBPF).</summary>
    Cbpf,
}
