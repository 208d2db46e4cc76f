namespace NetActors.Headers;

/// <summary>What tells one flow from another, as read off a packet (kernel: <c>struct flow_keys</c>). Numbers in host order.</summary>
public struct FlowKeys
{
    /// <summary>EtherType of the innermost header read (<c>basic.n_proto</c>).</summary>
    public ushort NetworkProtocol;

    /// <summary>Protocol above the innermost IP header; 0 without one (<c>basic.ip_proto</c>).</summary>
    public byte IpProtocol;

    /// <summary>Which addresses were found last (<c>control.addr_type</c>).</summary>
    public FlowAddressType AddressType;

    /// <summary>Part of a datagram: no ports were read (<c>FLOW_DIS_IS_FRAGMENT</c>).</summary>
    public bool IsFragment;

    /// <summary>The part with the transport header (<c>FLOW_DIS_FIRST_FRAG</c>).</summary>
    public bool IsFirstFragment;

    /// <summary>Found inside a tunnel (<c>FLOW_DIS_ENCAPSULATION</c>).</summary>
    public bool IsEncapsulated;

    /// <summary>Source port; for ESP and AH the upper half of the SPI.</summary>
    public ushort SourcePort;

    /// <summary>Destination port; for ESP and AH the lower half of the SPI.</summary>
    public ushort DestinationPort;

    /// <summary>EtherType of the outermost VLAN tag, 0 without one (<c>vlan.vlan_tpid</c>).</summary>
    public ushort VlanTpid;

    /// <summary>VLAN number of the outermost tag (<c>vlan.vlan_id</c>).</summary>
    public ushort VlanId;

    /// <summary>Priority in the outermost tag (<c>vlan.vlan_priority</c>).</summary>
    public byte VlanPriority;

    /// <summary>EtherType behind the outermost tag (<c>vlan.vlan_eth_type</c>).</summary>
    public ushort VlanEtherType;

    /// <summary>IPv6 flow label at which dissection stopped; 0 when it did not (<c>tags.flow_label</c>).</summary>
    public uint FlowLabel;

    /// <summary>GRE key (<c>keyid</c>).</summary>
    public uint GreKey;

    /// <summary>Source address; an IPv4 address in the lowest 32 bits.</summary>
    public UInt128 Source;

    /// <summary>Destination address; an IPv4 address in the lowest 32 bits.</summary>
    public UInt128 Destination;

    /// <summary>Where the transport header begins, in bytes from the network header (<c>control.thoff</c>).</summary>
    public int TransportOffset;

    /// <summary>True when the hash is that of a connection, not only of two hosts (kernel: <c>flow_keys_have_l4</c>).</summary>
    public readonly bool HasL4 => (SourcePort | DestinationPort) != 0 || FlowLabel != 0;
}
