using NetActors.Buffers;
using NetActors.DataLink;
using NetActors.Ip;
using NetActors.Observe;

namespace NetActors.Hosts;

/// <content>Datagrams in pieces, both ways (kernel: <c>ip_defrag</c>, <c>ip_do_fragment</c>).</content>
internal sealed partial class NetStack
{
    private const int MaxLinear = 16_064; // SKB_MAX_ALLOC: larger datagrams lie in page fragments

    /// <summary>Takes a fragment in, and delivers the datagram that it completes.</summary>
    private Delivery TakeFragment(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (cpu.Trace is not null) cpu.Emit(TracePoint.ip_defrag, skb);
        var reason = Fragments.Receive(skb, cpu.Mib, cpu.Cpu.Now, out var whole);
        if (reason == SkbDropReason.NOT_DROPPED_YET) cpu.Release(skb);
        if (whole is not null)
        {
            cpu.Originate(whole);
            (cpu.Hand, cpu.Out) = (whole, null); // goes on as what was received
        }

        OnDue(cpu, _fragmentTimer, Fragments.Deadline);
        if (reason != SkbDropReason.NOT_DROPPED_YET) cpu.Drop(skb, reason);
        return whole is null ? default : DeliverLocal(cpu, whole, route);
    }

    /// <summary>Gives datagrams up whose time is over and tells their senders (kernel: <c>ip_expire</c>).</summary>
    private void ExpireFragments(HostCpu cpu)
    {
        while (Fragments.TryExpire(cpu.Cpu.Now, cpu.Mib, out var first))
        {
            if (first is null) continue;
            if (Net.Device(first.IfIndex) is { } device
                && RouteLookup.Input(Net, device, first.Cb.DestinationAddress, first.Cb.SourceAddress, first.Cb.IpProtocol, out var route)
                    == SkbDropReason.NOT_DROPPED_YET
                && route.IsLocal)
            {
                Refuse(cpu, first, route, IcmpError.ReassemblyTimeExceeded);
            }

            first.Free(SkbDropReason.FRAG_REASM_TIMEOUT); // counted with the other pieces
        }

        OnDue(cpu, _fragmentTimer, Fragments.Deadline);
    }

    /// <summary>Cuts a packet that its route does not take whole and sends the pieces.</summary>
    private void Fragment(HostCpu cpu, SkBuff skb, in Route route)
    {
        cpu.Release(skb);
        var reason = SkbDropReason.ACTOR_FAILED;
        try
        {
            var cut = new IpFragmenter(skb, route.Mtu, EthernetOutput.Headroom, cpu.PoolFor(route.Mtu + EthernetOutput.Headroom), cpu.Mib);
            while (cut.TryNext(out var piece))
            {
                (piece.Id, piece.Arrival) = (cpu.NextPacketId(), skb.Arrival);
                if (skb.Owner is Udp.IPacketCharge sender) sender.Charge(piece);
                cpu.Originate(piece);
                ToNeighbour(cpu, piece, route);
            }

            reason = cut.Error switch
            {
                Sockets.Errno.None => SkbDropReason.CONSUMED,
                Sockets.Errno.EMSGSIZE => SkbDropReason.PKT_TOO_BIG,
                _ => SkbDropReason.NOMEM,
            };
        }
        finally
        {
            if (reason == SkbDropReason.CONSUMED) cpu.Consume(skb);
            else cpu.Drop(skb, reason);
        }
    }

    /// <summary>
    /// A packet with <paramref name="headers"/> bytes reserved, charged as <c>__ip_append_data</c> would; null when memory is spent.
    /// </summary>
    private static SkBuff? Allocate(HostCpu cpu, int headers, int payload)
    {
        var room = headers + payload;
        var skb = cpu.PoolFor(room).Rent(room);
        if (skb is null) return null;
        if (room > MaxLinear) skb.TrueSize = SkBuff.TrueSizeOf(headers) + payload;
        skb.Reserve(headers);
        return skb;
    }
}
