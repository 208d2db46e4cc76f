namespace NetActors.Headers;

/// <summary>Protocol numbers above IPv4 and IPv6 (kernel: <c>IPPROTO_*</c>, <c>NEXTHDR_*</c>).</summary>
public static class IpProtocols
{
    /// <summary>IPv6 hop-by-hop options (<c>NEXTHDR_HOP</c>).</summary>
    public const byte HopByHop = 0;

    /// <summary>ICMP.</summary>
    public const byte Icmp = 1;

    /// <summary>IGMP.</summary>
    public const byte Igmp = 2;

    /// <summary>IPv4 in IP (<c>IPPROTO_IPIP</c>).</summary>
    public const byte IpIp = 4;

    /// <summary>TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>UDP.</summary>
    public const byte Udp = 17;

    /// <summary>DCCP.</summary>
    public const byte Dccp = 33;

    /// <summary>IPv6 in IP (<c>IPPROTO_IPV6</c>).</summary>
    public const byte Ipv6 = 41;

    /// <summary>IPv6 routing header (<c>NEXTHDR_ROUTING</c>).</summary>
    public const byte Routing = 43;

    /// <summary>IPv6 fragment header (<c>NEXTHDR_FRAGMENT</c>).</summary>
    public const byte Fragment = 44;

    /// <summary>GRE.</summary>
    public const byte Gre = 47;

    /// <summary>IPsec encapsulating security payload.</summary>
    public const byte Esp = 50;

    /// <summary>IPsec authentication header.</summary>
    public const byte Ah = 51;

    /// <summary>ICMPv6.</summary>
    public const byte Icmpv6 = 58;

    /// <summary>Nothing follows an IPv6 header (<c>NEXTHDR_NONE</c>).</summary>
    public const byte NoNext = 59;

    /// <summary>IPv6 destination options (<c>NEXTHDR_DEST</c>).</summary>
    public const byte DestinationOptions = 60;

    /// <summary>SCTP.</summary>
    public const byte Sctp = 132;

    /// <summary>UDP-Lite.</summary>
    public const byte UdpLite = 136;

    /// <summary>MPLS in IP.</summary>
    public const byte Mpls = 137;

    /// <summary>Where the 4 bytes of ports begin in the transport header; -1 without ports (kernel: <c>proto_ports_offset</c>).</summary>
    public static int PortsOffset(byte protocol) => protocol switch
    {
        Tcp or Udp or Dccp or Esp or Sctp or UdpLite => 0,
        Ah => 4,
        _ => -1,
    };

    /// <summary>Packets whose headers the program writes (<c>IPPROTO_RAW</c>).</summary>
    public const byte Raw = 255;
}
