namespace NetActors.Nic;

/// <summary>Classes of packets that a NIC tells apart (kernel: <c>TCP_V4_FLOW</c> and others, include/uapi/linux/ethtool.h).</summary>
public enum FlowType : byte
{
    /// <summary>Not IP, or too broken to tell: no hash (<c>ETHER_FLOW</c>).</summary>
    Ether,

    /// <summary>IPv4 of another protocol, and every fragment (<c>IPV4_FLOW</c>).</summary>
    Ip4,

    /// <summary>TCP over IPv4.</summary>
    Tcp4,

    /// <summary>UDP over IPv4.</summary>
    Udp4,

    /// <summary>SCTP over IPv4.</summary>
    Sctp4,

    /// <summary>IPsec AH over IPv4.</summary>
    Ah4,

    /// <summary>IPsec ESP over IPv4.</summary>
    Esp4,

    /// <summary>IPv6 of another protocol, and every fragment (<c>IPV6_FLOW</c>).</summary>
    Ip6,

    /// <summary>TCP over IPv6.</summary>
    Tcp6,

    /// <summary>UDP over IPv6.</summary>
    Udp6,

    /// <summary>SCTP over IPv6.</summary>
    Sctp6,

    /// <summary>IPsec AH over IPv6.</summary>
    Ah6,

    /// <summary>IPsec ESP over IPv6.</summary>
    Esp6,
}

/// <summary>Names and classes of <see cref="FlowType"/>.</summary>
public static class FlowTypes
{
    private static readonly string[] Names =
        ["ether", "ip4", "tcp4", "udp4", "sctp4", "ah4", "esp4", "ip6", "tcp6", "udp6", "sctp6", "ah6", "esp6"];

    /// <summary>How many there are.</summary>
    public const int Count = 13;

    /// <summary>True for the classes over IPv6.</summary>
    public static bool IsIPv6(this FlowType type) => type >= FlowType.Ip6;

    /// <summary>True for the classes over IPv4.</summary>
    public static bool IsIPv4(this FlowType type) => type is >= FlowType.Ip4 and <= FlowType.Esp4;

    /// <summary>True for TCP, UDP and SCTP, whose headers begin with two ports.</summary>
    public static bool HasPorts(this FlowType type) =>
        type is FlowType.Tcp4 or FlowType.Udp4 or FlowType.Sctp4 or FlowType.Tcp6 or FlowType.Udp6 or FlowType.Sctp6;

    /// <summary>The word ethtool uses.</summary>
    public static string Name(this FlowType type) => Names[(int)type];

    /// <summary>Reads ethtool's word. False when there is no such flow type.</summary>
    public static bool TryParse(string word, out FlowType type)
    {
        var index = Array.IndexOf(Names, word);
        type = (FlowType)Math.Max(index, 0);
        return index >= 0;
    }
}
