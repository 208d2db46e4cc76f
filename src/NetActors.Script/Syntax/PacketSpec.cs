using NetActors.Headers;

namespace NetActors.Script.Syntax;

/// <summary>A packet as a script writes it.</summary>
/// <param name="Direction">Which way it goes.</param>
/// <param name="Ip">What is said of its IP header.</param>
/// <param name="Position">Where it is written.</param>
public abstract record PacketSpec(PacketDirection Direction, IpSpec Ip, ScriptPosition Position);

/// <summary>A TCP segment.</summary>
/// <param name="Direction">Which way it goes.</param>
/// <param name="Ip">What is said of its IP header.</param>
/// <param name="Ports">The ports; null for those of the connection.</param>
/// <param name="Flags">The control bits.</param>
/// <param name="Sequence">Sequence number: as written in a SYN, else relative to the initial one.</param>
/// <param name="PayloadLength">Payload in bytes.</param>
/// <param name="Acknowledgment">Acknowledgement number; 0 when not said.</param>
/// <param name="Window">The window field; null when not said, which only outbound segments may be.</param>
/// <param name="UrgentPointer">The urgent pointer; 0 when not said.</param>
/// <param name="Options">The options in their order; null for <c>&lt;...&gt;</c>, which any do.</param>
/// <param name="Position">Where it is written.</param>
public sealed record TcpPacketSpec(
    PacketDirection Direction,
    IpSpec Ip,
    PortPair? Ports,
    TcpFlags Flags,
    uint Sequence,
    int PayloadLength,
    uint Acknowledgment,
    ushort? Window,
    ushort UrgentPointer,
    IReadOnlyList<TcpOptionSpec>? Options,
    ScriptPosition Position) : PacketSpec(Direction, Ip, Position)
{
    /// <summary>True when all these bits are set.</summary>
    public bool Has(TcpFlags flags) => (Flags & flags) == flags;
}

/// <summary>A UDP datagram.</summary>
/// <param name="Direction">Which way it goes.</param>
/// <param name="Ip">What is said of its IP header.</param>
/// <param name="Ports">The ports; null for those of the socket.</param>
/// <param name="PayloadLength">Payload in bytes.</param>
/// <param name="Position">Where it is written.</param>
public sealed record UdpPacketSpec(PacketDirection Direction, IpSpec Ip, PortPair? Ports, int PayloadLength, ScriptPosition Position)
    : PacketSpec(Direction, Ip, Position);

/// <summary>An ICMP or ICMPv6 message.</summary>
/// <param name="Direction">Which way it goes.</param>
/// <param name="Ip">What is said of its IP header.</param>
/// <param name="Type">The type byte.</param>
/// <param name="Code">The code byte.</param>
/// <param name="TypeText">Type and code as they were written.</param>
/// <param name="Mtu">The next hop's MTU; null when not said.</param>
/// <param name="EchoId">The identifier of an echo; null when not said.</param>
/// <param name="Echoed">What packet it is about.</param>
/// <param name="Position">Where it is written.</param>
public sealed record IcmpPacketSpec(
    PacketDirection Direction,
    IpSpec Ip,
    byte Type,
    byte Code,
    string TypeText,
    uint? Mtu,
    ushort? EchoId,
    EchoedSpec Echoed,
    ScriptPosition Position) : PacketSpec(Direction, Ip, Position);

/// <summary>Ports written into a packet.</summary>
/// <param name="Source">The sender's.</param>
/// <param name="Destination">The receiver's.</param>
public sealed record PortPair(ushort Source, ushort Destination);
