namespace NetActors.Headers;

/// <summary>EtherType numbers in host order (kernel: <c>ETH_P_*</c>, include/uapi/linux/if_ether.h).</summary>
public static class EtherTypes
{
    /// <summary>IPv4 (<c>ETH_P_IP</c>).</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>ARP (<c>ETH_P_ARP</c>).</summary>
    public const ushort Arp = 0x0806;

    /// <summary>Ethernet inside GRE (<c>ETH_P_TEB</c>).</summary>
    public const ushort TransparentBridging = 0x6558;

    /// <summary>Reverse ARP (<c>ETH_P_RARP</c>).</summary>
    public const ushort Rarp = 0x8035;

    /// <summary>802.1Q tag (<c>ETH_P_8021Q</c>).</summary>
    public const ushort Vlan = 0x8100;

    /// <summary>IPv6 (<c>ETH_P_IPV6</c>).</summary>
    public const ushort Ipv6 = 0x86DD;

    /// <summary>MPLS (<c>ETH_P_MPLS_UC</c>).</summary>
    public const ushort MplsUnicast = 0x8847;

    /// <summary>MPLS to a group (<c>ETH_P_MPLS_MC</c>).</summary>
    public const ushort MplsMulticast = 0x8848;

    /// <summary>PPPoE discovery (<c>ETH_P_PPP_DISC</c>).</summary>
    public const ushort PppoeDiscovery = 0x8863;

    /// <summary>PPPoE session (<c>ETH_P_PPP_SES</c>).</summary>
    public const ushort PppoeSession = 0x8864;

    /// <summary>PPP inside GRE version 1, PPTP (<c>GRE_PROTO_PPP</c>).</summary>
    public const ushort PptpPpp = 0x880B;

    /// <summary>802.1ad outer tag (<c>ETH_P_8021AD</c>).</summary>
    public const ushort VlanServiceTag = 0x88A8;

    /// <summary>LLDP (<c>ETH_P_LLDP</c>).</summary>
    public const ushort Lldp = 0x88CC;

    /// <summary>The least number that is an EtherType; below, the field is an 802.3 length (<c>ETH_P_802_3_MIN</c>).</summary>
    public const ushort Minimum = 0x0600;

    /// <summary>True for the two tags that carry a further EtherType (kernel: <c>eth_type_vlan</c>).</summary>
    public static bool IsVlan(ushort etherType) => etherType is Vlan or VlanServiceTag;
}
