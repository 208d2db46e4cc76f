using NetActors.Buffers;
using NetActors.Costs;
using NetActors.DataLink;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Neighbours;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <content>The way down: route, neighbour, link header, driver (design section 4).</content>
internal sealed partial class NetStack
{
    /// <summary>
    /// Sends an echo request of a socket (kernel: <c>ping_v4_sendmsg</c>): the message with its ICMP header, whose identifier is the
    /// socket's.
    /// </summary>
    public Errno SendEcho(HostCpu cpu, PingSocket socket, ReadOnlySpan<byte> message, uint destination)
    {
        if (message.Length < IcmpHeader.Size) return Errno.EINVAL;
        if (message.Length > UdpOutput.MaxDatagram) return Errno.EMSGSIZE;
        var inet = socket.Inet;
        var error = RouteLookup.Output(Net, new RouteQuery(destination, 0, socket.BoundDevice, socket.Options.Broadcast), out var route);
        if (error != Errno.None) return IpOutput.NoRoute(error, cpu.Mib);
        var options = new IpSendOptions(IpProtocols.Icmp, inet.Tos, inet.TtlFor(route.Type == RouteType.Multicast), inet.Discovery);
        error = IpOutput.CheckSize(message.Length, route, options);
        if (error != Errno.None)
        {
            socket.LocalError(cpu, error, route.Destination, (uint)route.Mtu);
            return error;
        }

        if (!socket.SendBuffer.HasRoom) return Errno.EAGAIN;
        var skb = Allocate(cpu, EthernetOutput.Headroom + Ipv4Header.Size, message.Length);
        if (skb is null) return Errno.ENOBUFS;
        message.CopyTo(skb.Put(message.Length));
        (skb.Id, skb.Arrival) = (cpu.NextPacketId(), cpu.Cpu.Now);
        if (IcmpHeader.TryParse(skb.Data, out var icmp))
        {
            icmp.Identifier = socket.Ident;
            icmp.FillChecksum();
            IcmpStats.CountOut(cpu.Mib, icmp.Type);
        }

        (skb.Priority, skb.Mark) = (socket.Options.Priority, socket.Options.Mark);
        IpOutput.LocalOut(skb, route, options, _ident, cpu.Mib);
        socket.SendBuffer.Charge(skb);
        cpu.Originate(skb);
        cpu.Cpu.Charge(CostOp.IpOutput);
        FinishOutput(cpu, skb, route);
        return Errno.None;
    }

    /// <summary>Sends a packet with its IP header (kernel: <c>ip_output</c>, <c>ip_finish_output2</c>).</summary>
    public void Output(HostCpu cpu, SkBuff skb, in Route route)
    {
        cpu.Originate(skb);
        FinishOutput(cpu, skb, route);
    }

    private void FinishOutput(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (cpu.Trace is not null) cpu.Emit(TracePoint.ip_output, skb, route.IfIndex, skb.Length);
        if (_settings.Kernel == KernelVersion.V310) IpOutput.Count(skb, route, cpu.Mib, KernelVersion.V310);
        if (IpOutput.NeedsFragmenting(skb, route)) Fragment(cpu, skb, route);
        else ToNeighbour(cpu, skb, route);
    }

    private void ToNeighbour(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (_settings.Kernel == KernelVersion.V6) IpOutput.Count(skb, route, cpu.Mib);
        IpOutput.CountGroup(skb, route, cpu.Mib);
        var net = Net;
        var inet = route.Type == RouteType.Local ? net.LoopbackDevice! : net.Device(route.IfIndex)!;
        var device = Devices[inet.IfIndex - 1];
        if (inet.Loopback)
        {
            Link(cpu, skb, device, device.Address, EtherTypes.Ipv4);
            return;
        }

        cpu.Cpu.Charge(CostOp.NeighbourOutput);
        if (_shared is null) ToUnresolved(cpu, skb, route);
        else if (Neighbours.TryResolved(inet.IfIndex, route.NextHop, cpu.Cpu.Now, out var address)) Link(cpu, skb, device, address, EtherTypes.Ipv4);
        else Do(cpu, new SharedWork(SharedWorkKind.Transmit, skb, route));
    }

    /// <summary>Sends to a neighbour, whatever is known of it (kernel: <c>neigh_resolve_output</c>).</summary>
    private void ToUnresolved(HostCpu cpu, SkBuff skb, in Route route)
    {
        var inet = Net.Device(route.IfIndex)!;
        var device = Devices[inet.IfIndex - 1];
        cpu.Out = skb;
        var neighbour = ArpOutput.Resolve(Neighbours, route, inet, cpu.Cpu.Now);
        if (neighbour is null)
        {
            cpu.Drop(skb, SkbDropReason.NEIGH_CREATEFAIL);
            return;
        }

        cpu.Release(skb); // waits there, is freed there, or comes back
        var discarded = Neighbours.Stats.UnresolvedDiscards;
        var effects = Neighbours.Output(neighbour, skb, cpu.Cpu.Now);
        cpu.Drops[DropTable.IndexOf(SkbDropReason.NEIGH_QUEUEFULL)] += Neighbours.Stats.UnresolvedDiscards - discarded;
        if ((effects & NudEffects.DropFailed) != 0) cpu.Drops[DropTable.IndexOf(SkbDropReason.NEIGH_FAILED)]++;
        else if (effects == NudEffects.None) cpu.Drops[DropTable.IndexOf(SkbDropReason.NEIGH_DEAD)]++;
        if ((effects & NudEffects.Transmit) != 0) Link(cpu, skb, device, neighbour.HardwareAddress, EtherTypes.Ipv4);
        Act(cpu, neighbour, effects);
    }

    /// <summary>Carries out what a neighbour's machine asks for.</summary>
    public void Act(HostCpu cpu, Neighbour neighbour, NudEffects effects)
    {
        var inet = Net.Device(neighbour.IfIndex);
        if (inet is null) return;
        var device = Devices[neighbour.IfIndex - 1];
        if (effects != NudEffects.None) OnDue(cpu, NeighbourTimer, Neighbours.Deadline);
        if ((effects & NudEffects.Solicit) != 0)
        {
            var question = ArpOutput.Solicit(neighbour, Net, inet, cpu.Pool);
            if (question is not null)
            {
                cpu.Originate(question);
                cpu.Emit(TracePoint.arp_send, question, device.IfIndex, 1);
                Start(cpu, question, device);
            }
        }

        if ((effects & NudEffects.SendQueue) != 0)
        {
            while (neighbour.TryDequeue(out var waiting)) Link(cpu, waiting, device, neighbour.HardwareAddress, EtherTypes.Ipv4);
        }

        if ((effects & NudEffects.FailQueue) != 0)
        {
            while (neighbour.TryDequeue(out var lost))
            {
                Refuse(cpu, lost, default, IcmpError.HostUnreachable); // ipv4_link_failure
                cpu.Drop(lost, SkbDropReason.NEIGH_FAILED);
            }
        }
    }

    private void TakeArp(HostCpu cpu, SkBuff skb)
    {
        var inet = Net.Device(skb.IfIndex)!;
        var reason = ArpInput.Receive(skb, Net, inet, Neighbours, cpu.Cpu.Now, out var result);
        var reply = result.SendReply ? ArpOutput.Reply(result, inet, cpu.Pool) : null;
        if (reply is not null)
        {
            cpu.Originate(reply);
            Start(cpu, reply, Devices[skb.IfIndex - 1]);
        }

        if (result.Updated is { } neighbour) Act(cpu, neighbour, result.Effects);
        if (reason == SkbDropReason.CONSUMED) cpu.Consume(skb);
        else cpu.Drop(skb, reason);
    }

    private void ExpireNeighbours(HostCpu cpu)
    {
        while (Neighbours.TryTakeDue(cpu.Cpu.Now, out var neighbour, out var effects)) Act(cpu, neighbour, effects);
        OnDue(cpu, NeighbourTimer, Neighbours.Deadline);
    }

    private static void Link(HostCpu cpu, SkBuff skb, NetDevice device, MacAddress destination, ushort etherType)
    {
        cpu.Out = skb;
        EthernetOutput.HardHeader(skb, destination, device.Address, etherType);
        Start(cpu, skb, device);
    }

    /// <summary>Hands a complete frame to the device (kernel: <c>dev_queue_xmit</c>).</summary>
    private static void Start(HostCpu cpu, SkBuff skb, NetDevice device)
    {
        cpu.Cpu.Charge(CostOp.DevQueueXmit);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.net_dev_queue, skb, device.IfIndex, skb.Length);
        device.Xmit(cpu, skb);
    }
}
