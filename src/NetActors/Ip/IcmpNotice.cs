using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>
/// An ICMP error about a packet that we sent, for the layer that sent it (kernel: <c>icmp_socket_deliver</c>, <c>err_handler</c>).
/// </summary>
/// <param name="Type">ICMP type.</param>
/// <param name="Code">ICMP code.</param>
/// <param name="Info">Next hop's MTU or a parameter problem's pointer; 0 otherwise.</param>
/// <param name="Protocol">Protocol above IP of our packet.</param>
/// <param name="Source">Its source: our address, in host order.</param>
/// <param name="Destination">Its destination: the peer, in host order.</param>
/// <param name="SourcePort">Our port.</param>
/// <param name="DestinationPort">The peer's port.</param>
/// <param name="TransportWord">The second four bytes of its transport header: TCP's sequence number.</param>
public readonly record struct IcmpNotice(
    byte Type, byte Code, uint Info, byte Protocol, uint Source, uint Destination, ushort SourcePort, ushort DestinationPort,
    uint TransportWord)
{
    /// <summary>
    /// What a socket gets to see (kernel: <c>__udp4_lib_err</c>, <c>icmp_err_convert</c>); None for source quench and redirect.
    /// </summary>
    /// <param name="hard">The error is final: a connected socket hears of it without IP_RECVERR.</param>
    public Errno ToErrno(out bool hard)
    {
        hard = false;
        switch (Type)
        {
            case IcmpTypes.SourceQuench or IcmpTypes.Redirect:
                return Errno.None;
            case IcmpTypes.ParameterProblem:
                hard = true;
                return Errno.EPROTO;
            case IcmpTypes.DestinationUnreachable when Code == 4:
                hard = true;
                return Errno.EMSGSIZE;
            case IcmpTypes.DestinationUnreachable:
                hard = Code is 2 or 3 or (>= 6 and <= 10) or (>= 13 and <= 15);
                return Code switch
                {
                    0 or 6 or 9 or 11 => Errno.ENETUNREACH,
                    2 => Errno.ENOPROTOOPT,
                    3 => Errno.ECONNREFUSED,
                    5 => Errno.EOPNOTSUPP,
                    7 => Errno.EHOSTDOWN,
                    8 => Errno.ENONET,
                    _ => Errno.EHOSTUNREACH,
                };
            default: // time exceeded
                return Errno.EHOSTUNREACH;
        }
    }
}
