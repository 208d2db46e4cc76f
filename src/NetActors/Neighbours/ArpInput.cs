using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Time;

namespace NetActors.Neighbours;

/// <summary>ARP input (RFC 826; kernel: <c>arp_rcv</c>, <c>arp_process</c>, net/ipv4/arp.c). No proxy ARP yet.</summary>
public static class ArpInput
{
    /// <summary>
    /// Handles a packet whose data starts behind the link header. CONSUMED for one that was used or is none of our business,
    /// NOT_SPECIFIED for a broken one; the caller frees it with that and carries the result out.
    /// </summary>
    public static SkbDropReason Receive(
        SkBuff skb, Ipv4Snapshot net, InetDevice device, NeighbourTable table, KernelTime now, out ArpResult result)
    {
        result = default;
        if (device.NoArp || skb.PacketType is PacketType.OtherHost or PacketType.Loopback) return SkbDropReason.CONSUMED;
        if (!ArpPacket.TryParse(skb.Data, out var arp)) return SkbDropReason.NOT_SPECIFIED;
        var operation = arp.Operation;
        var (sender, target) = (arp.SenderAddress, arp.TargetAddress);
        if (operation is not (ArpPacket.Request or ArpPacket.Reply)) return SkbDropReason.CONSUMED;
        if (Ipv4Address.IsMulticast(target) || (Ipv4Address.IsLoopback(target) && !device.RouteLocalnet)) return SkbDropReason.CONSUMED;
        if (sender == target && device.DropGratuitousArp) return SkbDropReason.CONSUMED;

        if (sender == 0) // somebody probes whether the address is free (RFC 2131, RFC 5227)
        {
            if (operation == ArpPacket.Request && net.Fib.AddressType(target) == RouteType.Local && MayAnswer(device, sender, target))
            {
                result = new ArpResult(true, arp.SenderMac, target, sender, null, NudEffects.None);
            }

            return SkbDropReason.CONSUMED;
        }

        if (operation == ArpPacket.Request
            && RouteLookup.Input(net, device, target, sender, 0, out var route, isIpv4: false) == SkbDropReason.NOT_DROPPED_YET
            && route.Type == RouteType.Local)
        {
            if (MayAnswer(device, sender, target)) Answer(arp, device, table, now, out result);
            return SkbDropReason.CONSUMED;
        }

        Learn(arp, skb.PacketType, net, device, table, now, out result);
        return SkbDropReason.CONSUMED;
    }

    /// <summary>Who asks for us will talk to us: remembered as stale before it is answered (kernel: <c>neigh_event_ns</c>).</summary>
    private static void Answer(in ArpPacket arp, InetDevice device, NeighbourTable table, KernelTime now, out ArpResult result)
    {
        result = default;
        var n = table.LookupOrCreate(device.IfIndex, arp.SenderAddress, now);
        if (n is null) return; // table full: no answer either
        var effects = table.Update(n, arp.SenderMac, NudState.Stale, NudUpdateFlags.Override, now, out _);
        result = new ArpResult(true, arp.SenderMac, arp.TargetAddress, arp.SenderAddress, n, effects);
    }

    private static void Learn(
        in ArpPacket arp, PacketType packetType, Ipv4Snapshot net, InetDevice device, NeighbourTable table, KernelTime now,
        out ArpResult result)
    {
        result = default;
        var sender = arp.SenderAddress;
        var n = table.Lookup(device.IfIndex, sender);
        var accepts = device.ArpAccept == 1 || (device.ArpAccept == 2 && device.IsOnLink(sender));
        if (n is null && !accepts) return;

        var isUnicast = net.Fib.AddressType(sender) == RouteType.Unicast;
        var isReply = arp.Operation == ArpPacket.Reply;
        var isGratuitous = arp.TargetAddress == sender && isUnicast && (!isReply || arp.TargetMac == arp.SenderMac);
        if (n is null && (isGratuitous || (isReply && isUnicast))) n = table.LookupOrCreate(device.IfIndex, sender, now);
        if (n is null) return;

        // The first of several answers wins for locktime. Only an answer to us alone proves that the neighbour hears us.
        var flags = isGratuitous || n.Nud.MayOverride(now) ? NudUpdateFlags.Override : NudUpdateFlags.None;
        var state = isReply && packetType == PacketType.Host ? NudState.Reachable : NudState.Stale;
        var effects = table.Update(n, arp.SenderMac, state, flags, now, out _);
        result = new ArpResult(false, default, 0, 0, n, effects);
    }

    /// <summary>Kernel: <c>arp_ignore</c>.</summary>
    private static bool MayAnswer(InetDevice device, uint sender, uint target) => device.ArpIgnore switch
    {
        1 => device.HasAddress(target),
        2 => device.HasAddress(target, sender),
        8 => false,
        _ => true,
    };
}
