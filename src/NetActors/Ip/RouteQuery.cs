namespace NetActors.Ip;

/// <summary>What a sender knows of where its packet goes (kernel: <c>struct flowi4</c>).</summary>
/// <param name="Destination">Destination in host order; 0 for this host.</param>
/// <param name="Source">Source in host order; 0 to have it chosen.</param>
/// <param name="IfIndex">Device to leave by (SO_BINDTODEVICE, IP_PKTINFO); 0 for any.</param>
/// <param name="AllowBroadcast">SO_BROADCAST is set; kernel code of its own sets it too.</param>
/// <param name="OnLink">Only a destination on the link (SO_DONTROUTE, MSG_DONTROUTE).</param>
public readonly record struct RouteQuery(
    uint Destination, uint Source = 0, int IfIndex = 0, bool AllowBroadcast = false, bool OnLink = false);
