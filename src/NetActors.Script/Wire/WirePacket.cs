using NetActors.Headers;
using NetActors.Script.Syntax;

namespace NetActors.Script.Wire;

/// <summary>A packet that the stack has sent, taken apart once; sequence numbers are those of the wire until they are translated.</summary>
internal sealed record WirePacket
{
    /// <summary>True for IPv6.</summary>
    public required bool IsIpv6 { get; init; }

    /// <summary>Protocol above IP.</summary>
    public required byte Protocol { get; init; }

    /// <summary>TOS byte or traffic class.</summary>
    public required byte Tos { get; init; }

    /// <summary>TTL or hop limit.</summary>
    public required byte Ttl { get; init; }

    /// <summary>IPv6 flow label.</summary>
    public uint FlowLabel { get; init; }

    /// <summary>Bytes of the IP header.</summary>
    public required int IpHeaderLength { get; init; }

    /// <summary>The sender; port 0 where there are none.</summary>
    public required WireEndpoint Source { get; init; }

    /// <summary>The receiver.</summary>
    public required WireEndpoint Destination { get; init; }

    /// <summary>TCP flags.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>The three reserved bits of the TCP header.</summary>
    public byte ReservedBits { get; init; }

    /// <summary>TCP sequence number.</summary>
    public uint Sequence { get; init; }

    /// <summary>TCP acknowledgement number.</summary>
    public uint Acknowledgment { get; init; }

    /// <summary>TCP window field.</summary>
    public ushort Window { get; init; }

    /// <summary>TCP urgent pointer.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>TCP options.</summary>
    public IReadOnlyList<TcpOptionSpec> Options { get; init; } = [];

    /// <summary>ICMP type.</summary>
    public byte IcmpType { get; init; }

    /// <summary>ICMP code.</summary>
    public byte IcmpCode { get; init; }

    /// <summary>The four bytes behind an ICMP checksum.</summary>
    public uint IcmpRest { get; init; }

    /// <summary>What follows the transport header; of ICMP, what follows its eight bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>True for TCP.</summary>
    public bool IsTcp => Protocol == IpProtocols.Tcp;

    /// <summary>True for UDP.</summary>
    public bool IsUdp => Protocol == IpProtocols.Udp;

    /// <summary>True for ICMP and ICMPv6.</summary>
    public bool IsIcmp => Protocol == (IsIpv6 ? IpProtocols.Icmpv6 : IpProtocols.Icmp);

    /// <summary>True when all these bits are set.</summary>
    public bool Has(TcpFlags flags) => (Flags & flags) == flags;

    /// <summary>The timestamp option; null when there is none.</summary>
    public TimestampOption? Timestamp => Options.OfType<TimestampOption>().FirstOrDefault();
}
