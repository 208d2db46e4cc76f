using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>
/// Where a packet goes, decided once (kernel: <c>struct rtable</c>). A value: nothing to count or to give back.
/// </summary>
/// <param name="Type">What kind of destination it is.</param>
/// <param name="IfIndex">Device it leaves by; for <see cref="RouteType.Local"/> the loopback device.</param>
/// <param name="NextHop">Host on that link to send to, in host order.</param>
/// <param name="Source">Source address for a packet of ours.</param>
/// <param name="Destination">Destination address; differs from the one asked for only when that was 0.0.0.0.</param>
/// <param name="Mtu">Largest IP packet in bytes (kernel: <c>dst_mtu</c>).</param>
/// <param name="IsLocal">We get the packet, or a copy of it (<c>RTCF_LOCAL</c>).</param>
/// <param name="Error">
/// For <see cref="RouteType.Unreachable"/> on input: what the ICMP error says (kernel: <c>dst.error</c>, <c>ip_error</c>).
/// </param>
public readonly record struct Route(
    RouteType Type, int IfIndex, uint NextHop, uint Source, uint Destination, int Mtu, bool IsLocal, Errno Error = Errno.None)
{
    /// <summary>What the table says of the way beside the MTU; null for nothing.</summary>
    public RouteMetrics? Metrics { get; init; }

    /// <summary>The sender should hear that it could do without us (<c>IPSKB_DOREDIRECT</c>).</summary>
    public bool DoRedirect { get; init; }

    /// <summary>
    /// True for broadcast and multicast: no ICMP error may answer such a packet (<c>RTCF_BROADCAST</c>, <c>RTCF_MULTICAST</c>).
    /// </summary>
    public bool IsGroup => Type is RouteType.Broadcast or RouteType.Multicast;
}
