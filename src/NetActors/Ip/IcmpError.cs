using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>An ICMP error that a layer wants sent about the packet in hand (kernel: the arguments of <c>icmp_send</c>).</summary>
/// <param name="Type">ICMP type; 0 in <see cref="None"/>.</param>
/// <param name="Code">ICMP code.</param>
/// <param name="Info">Rest of the header: a parameter problem's pointer in the highest byte, a next hop's MTU in the low half.</param>
public readonly record struct IcmpError(byte Type, byte Code, uint Info = 0)
{
    /// <summary>Nothing to send.</summary>
    public static readonly IcmpError None;

    /// <summary>No way to that network (<c>ICMP_NET_UNREACH</c>).</summary>
    public static readonly IcmpError NetUnreachable = new(IcmpTypes.DestinationUnreachable, 0);

    /// <summary>The host does not answer (<c>ICMP_HOST_UNREACH</c>).</summary>
    public static readonly IcmpError HostUnreachable = new(IcmpTypes.DestinationUnreachable, 1);

    /// <summary>Nobody speaks the protocol (<c>ICMP_PROT_UNREACH</c>).</summary>
    public static readonly IcmpError ProtocolUnreachable = new(IcmpTypes.DestinationUnreachable, 2);

    /// <summary>Nobody listens on the port (<c>ICMP_PORT_UNREACH</c>).</summary>
    public static readonly IcmpError PortUnreachable = new(IcmpTypes.DestinationUnreachable, 3);

    /// <summary>Prohibited by an administrator (<c>ICMP_PKT_FILTERED</c>).</summary>
    public static readonly IcmpError PacketFiltered = new(IcmpTypes.DestinationUnreachable, 13);

    /// <summary>No hop left to live (<c>ICMP_EXC_TTL</c>).</summary>
    public static readonly IcmpError TtlExceeded = new(IcmpTypes.TimeExceeded, 0);

    /// <summary>The rest of a datagram did not come in time (<c>ICMP_EXC_FRAGTIME</c>).</summary>
    public static readonly IcmpError ReassemblyTimeExceeded = new(IcmpTypes.TimeExceeded, 1);

    /// <summary>True unless there is nothing to send.</summary>
    public bool IsWanted => Type != 0;

    /// <summary>The byte at <paramref name="pointer"/> of the header is wrong (<c>ICMP_PARAMETERPROB</c>).</summary>
    public static IcmpError ParameterProblem(int pointer) => new(IcmpTypes.ParameterProblem, 0, (uint)pointer << 24);

    /// <summary>A better way to that host is by <paramref name="gateway"/>, an address in host order (<c>ICMP_REDIR_HOST</c>).</summary>
    public static IcmpError RedirectHost(uint gateway) => new(IcmpTypes.Redirect, 1, gateway);

    /// <summary>Larger than the next hop takes and not to be cut (<c>ICMP_FRAG_NEEDED</c>).</summary>
    public static IcmpError FragmentationNeeded(int mtu) => new(IcmpTypes.DestinationUnreachable, 4, (uint)mtu);
}
