namespace NetActors.Script;

/// <summary>Over which IP a script runs (<c>--ip_version</c>).</summary>
public enum ScriptIpVersion
{
    /// <summary>IPv4 sockets, IPv4 packets.</summary>
    Ipv4,

    /// <summary>IPv6 sockets with mapped addresses, IPv4 packets.</summary>
    Ipv4MappedIpv6,

    /// <summary>IPv6 sockets, IPv6 packets.</summary>
    Ipv6,
}
