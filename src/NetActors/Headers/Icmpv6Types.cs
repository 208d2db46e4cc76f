namespace NetActors.Headers;

/// <summary>ICMPv6 message types (RFC 4443, RFC 4861; kernel: include/uapi/linux/icmpv6.h).</summary>
public static class Icmpv6Types
{
    /// <summary>Destination unreachable (<c>ICMPV6_DEST_UNREACH</c>).</summary>
    public const byte DestinationUnreachable = 1;

    /// <summary>Packet too big (<c>ICMPV6_PKT_TOOBIG</c>).</summary>
    public const byte PacketTooBig = 2;

    /// <summary>Time exceeded (<c>ICMPV6_TIME_EXCEED</c>).</summary>
    public const byte TimeExceeded = 3;

    /// <summary>Parameter problem (<c>ICMPV6_PARAMPROB</c>).</summary>
    public const byte ParameterProblem = 4;

    /// <summary>Echo request (<c>ICMPV6_ECHO_REQUEST</c>).</summary>
    public const byte EchoRequest = 128;

    /// <summary>Answer to an echo (<c>ICMPV6_ECHO_REPLY</c>).</summary>
    public const byte EchoReply = 129;

    /// <summary>Neighbour solicitation (<c>NDISC_NEIGHBOUR_SOLICITATION</c>).</summary>
    public const byte NeighbourSolicitation = 135;

    /// <summary>Neighbour advertisement (<c>NDISC_NEIGHBOUR_ADVERTISEMENT</c>).</summary>
    public const byte NeighbourAdvertisement = 136;

    /// <summary>True for the types that report an error and carry the packet at fault (RFC 4443 section 2.1).</summary>
    public static bool IsError(byte type) => type < 128;
}
