namespace NetActors.Headers;

/// <summary>PPP protocol numbers, for PPPoE and PPTP (kernel: include/uapi/linux/ppp_defs.h).</summary>
internal static class PppProtocols
{
    /// <summary>Bytes of a PPPoE session header with the protocol number behind it (<c>PPPOE_SES_HLEN</c>).</summary>
    public const int PppoeSessionSize = 8;

    /// <summary>IPv4 (<c>PPP_IP</c>).</summary>
    public const ushort Ipv4 = 0x21;

    /// <summary>IPv6 (<c>PPP_IPV6</c>).</summary>
    public const ushort Ipv6 = 0x57;

    /// <summary>MPLS (<c>PPP_MPLS_UC</c>).</summary>
    public const ushort MplsUnicast = 0x281;

    /// <summary>MPLS to a group (<c>PPP_MPLS_MC</c>).</summary>
    public const ushort MplsMulticast = 0x283;

    /// <summary>The EtherType of the same protocol; 0 when the dissector follows none.</summary>
    public static ushort ToEtherType(ushort ppp) => ppp switch
    {
        Ipv4 => EtherTypes.Ipv4,
        Ipv6 => EtherTypes.Ipv6,
        MplsUnicast => EtherTypes.MplsUnicast,
        MplsMulticast => EtherTypes.MplsMulticast,
        _ => 0,
    };

    /// <summary>True for a two-byte number as RFC 1661 section 2 builds them (kernel: <c>ppp_proto_is_valid</c>).</summary>
    public static bool IsValid(ushort ppp) => (ppp & 0x0101) == 0x0001;
}
