namespace NetActors.Scenarios;

/// <summary>A rule of chain PREROUTING of table raw, as <c>iptables -t raw -A PREROUTING</c> writes it. What is null matches all.</summary>
/// <param name="Protocol">IP protocol.</param>
/// <param name="Source">Source prefix.</param>
/// <param name="Destination">Destination prefix.</param>
/// <param name="DestinationPort">Destination port of TCP or UDP.</param>
/// <param name="Drops">-j DROP; else -j ACCEPT.</param>
public sealed record RawRuleSettings(byte? Protocol, Ipv4Prefix? Source, Ipv4Prefix? Destination, ushort? DestinationPort, bool Drops);
