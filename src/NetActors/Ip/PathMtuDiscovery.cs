namespace NetActors.Ip;

/// <summary>Whether a sender lets its packets be cut (kernel: <c>IP_PMTUDISC_*</c>, IP_MTU_DISCOVER).</summary>
public enum PathMtuDiscovery : byte
{
    /// <summary>Never sets DF.</summary>
    Dont = 0,

    /// <summary>Sets DF on what fits and cuts the rest here: what sockets start with.</summary>
    Want = 1,

    /// <summary>Always sets DF; larger packets are EMSGSIZE.</summary>
    Do = 2,

    /// <summary>As <see cref="Do"/>, but by the device's MTU.</summary>
    Probe = 3,
}
