namespace NetActors.Headers;

/// <summary>Which addresses a flow has (kernel: <c>flow_dissector_key_control.addr_type</c>).</summary>
public enum FlowAddressType : byte
{
    /// <summary>None: no IP header was found.</summary>
    None,

    /// <summary>IPv4.</summary>
    Ipv4,

    /// <summary>IPv6.</summary>
    Ipv6,
}
