using NetActors.Buffers;
using NetActors.DataLink;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Time;

namespace NetActors.Neighbours;

/// <summary>
/// What ARP sends, and which entry a route leads to (kernel: <c>arp_solicit</c>, <c>arp_create</c>, <c>arp_constructor</c>).
/// </summary>
public static class ArpOutput
{
    /// <summary>
    /// The entry of a route's next hop, made when there is none; groups, loopback and devices without ARP need no resolution. Null when
    /// the table is full: NEIGH_CREATEFAIL.
    /// </summary>
    public static Neighbour? Resolve(NeighbourTable table, in Route route, InetDevice device, KernelTime now)
    {
        var n = table.Lookup(device.IfIndex, route.NextHop);
        if (n is not null) return n;
        MacAddress? noArp = Ipv4Address.IsMulticast(route.NextHop) ? Ipv4Address.MulticastMac(route.NextHop)
            : device.NoArp || device.Loopback ? device.HardwareAddress
            : route.Type == RouteType.Broadcast ? MacAddress.Broadcast
            : null;
        return table.LookupOrCreate(device.IfIndex, route.NextHop, now, noArp, exemptFromGc: device.Loopback);
    }

    /// <summary>
    /// The question that <see cref="NudEffects.Solicit"/> asks for, as a frame. Null when it is left to a daemon, when the device has no
    /// ARP or the pool is spent; a lost question is repeated.
    /// </summary>
    public static SkBuff? Solicit(Neighbour neighbour, Ipv4Snapshot net, InetDevice device, SkbPool pool)
    {
        if (device.NoArp || neighbour.Nud.ProbeKind == NudProbeKind.Application) return null;
        var unicast = neighbour.Nud.ProbeKind == NudProbeKind.Unicast;
        var to = unicast ? neighbour.HardwareAddress : MacAddress.Broadcast;
        var target = unicast ? neighbour.HardwareAddress : MacAddress.Zero;
        return Create(pool, device, ArpPacket.Request, to, SourceFor(neighbour, net, device), target, neighbour.Address);
    }

    /// <summary>An answer, as a frame; null when the device has no ARP or the pool is spent.</summary>
    public static SkBuff? Reply(in ArpResult result, InetDevice device, SkbPool pool) => device.NoArp
        ? null
        : Create(pool, device, ArpPacket.Reply, result.ReplyTo, result.ReplySource, result.ReplyTo, result.ReplyTarget);

    /// <summary>
    /// An announcement of our own address (kernel: <c>inetdev_send_gratuitous_arp</c>, <c>arp_notify</c>), as a frame; null as above.
    /// </summary>
    public static SkBuff? Announce(uint address, InetDevice device, SkbPool pool) => device.NoArp
        ? null
        : Create(pool, device, ArpPacket.Request, MacAddress.Broadcast, address, device.HardwareAddress, address);

    /// <summary>Which of our addresses asks: that of the waiting packet, as <c>arp_announce</c> allows, else the device's best.</summary>
    private static uint SourceFor(Neighbour neighbour, Ipv4Snapshot net, InetDevice device)
    {
        var source = neighbour.PeekNewest?.Cb.SourceAddress ?? 0;
        var allowed = source != 0 && net.Fib.AddressType(source) == RouteType.Local && device.ArpAnnounce switch
        {
            0 => true,
            1 => device.HasAddress(source, neighbour.Address),
            _ => false,
        };
        return allowed ? source : net.SelectAddress(device, neighbour.Address, RouteScope.Link);
    }

    private static SkBuff? Create(
        SkbPool pool, InetDevice device, ushort operation, MacAddress to, uint source, MacAddress targetMac, uint target)
    {
        var skb = pool.Rent(EthernetOutput.Headroom + ArpPacket.Size);
        if (skb is null) return null;
        skb.Reserve(EthernetOutput.Headroom);
        skb.IfIndex = device.IfIndex;
        if (ArpPacket.TryCreate(skb.Put(ArpPacket.Size), out var arp))
        {
            (arp.Operation, arp.SenderMac, arp.SenderAddress) = (operation, device.HardwareAddress, source);
            (arp.TargetMac, arp.TargetAddress) = (targetMac, target);
        }

        skb.NetworkHeader = skb.DataOffset;
        EthernetOutput.HardHeader(skb, to, device.HardwareAddress, EtherTypes.Arp);
        return skb;
    }
}
