using System.Runtime.CompilerServices;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Nic;
using NetActors.Observe;

namespace NetActors.Hosts;

/// <content>Packets that only pass through the host (kernel: <c>ip_forward</c>, <c>ip_forward_finish</c>, <c>ip_output</c>).</content>
internal sealed partial class NetStack
{
    private readonly RedirectLimiter _redirects;

    /// <summary>Devices that forward merge with care only (kernel: <c>dev_disable_lro</c>).</summary>
    public void SwitchLroOff()
    {
        foreach (var device in Devices)
        {
            if (device is not NicDevice card || Net.Device(card.IfIndex) is not { Forwarding: true } || (card.Receive.Features & NicFeatures.Lro) == 0) continue;
            card.Receive.SetFeatures(card.Receive.Features & ~NicFeatures.Lro, Execution.ExecutionLayer.ThreadNode is { } node ? node.Layer.Now : Time.KernelTime.Zero);
        }
    }

    /// <summary>Takes a packet with a unicast route; its way out is a hand-over like others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Delivery Forward(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (cpu.Trace is not null) cpu.Emit(TracePoint.ip_forward, skb, route.IfIndex, skb.Length);
        cpu.Cpu.Charge(CostOp.IpOutput);
        if (Net.Fib.FarLines > 0) cpu.Cpu.Charge(CostOp.RouteTrieLine, Net.Fib.FarLines);
        var reason = IpForward.Check(skb, route, cpu.Mib, out var error, _settings.Kernel);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            Refuse(cpu, skb, route, error, reason);
            return default;
        }

        if (skb.IsCloned) // skb_cow: packet sockets see it as it came
        {
            cpu.Cpu.Charge(CostOp.SkbAlloc);
            if (MakePrivate(cpu, skb) is not { } copy) return default;
            skb = copy;
        }

        IpForward.DecreaseTtl(skb);
        skb.Priority = InetOptions.PriorityOf(skb.Cb.Tos);
        if (skb.TransportHeader - skb.NetworkHeader > Ipv4Header.Size) WriteOptions(cpu, skb, route);
        return new Delivery(skb, ForwardTarget.Rent(cpu, route));
    }

    /// <summary>Tells the sender of a better way if there is one, and sends the packet on.</summary>
    public void FinishForward(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (route.DoRedirect) Do(cpu, new SharedWork(SharedWorkKind.Redirect, skb, route));
        else SendOn(cpu, skb, route);
    }

    /// <summary>Kernel: <c>ip_rt_send_redirect</c>.</summary>
    private void Redirect(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (_redirects.Allow(skb.Cb.SourceAddress, cpu.Cpu.Now)) Refuse(cpu, skb, route, IcmpError.RedirectHost(route.NextHop));
        cpu.Hand = skb;
        SendOn(cpu, skb, route);
    }

    private void SendOn(HostCpu cpu, SkBuff skb, in Route route)
    {
        skb.Tstamp = Time.KernelTime.Zero;
        skb.IfIndex = route.IfIndex;
        if (cpu.Trace is not null) cpu.Emit(TracePoint.ip_output, skb, route.IfIndex, skb.Length);
        if (_settings.Kernel == KernelVersion.V310) IpOutput.Count(skb, route, cpu.Mib, KernelVersion.V310);
        cpu.Release(skb);
        cpu.Out = skb;
        if (IpForward.SegmentLength(skb) <= route.Mtu) ToNeighbour(cpu, skb, route);
        else if (skb.Shared.GsoSize == 0) Fragment(cpu, skb, route);
        else FragmentSegments(cpu, skb, route);
    }

    /// <summary>A merged packet whose segments are too large for the way on: segments, and fragments of each (kernel: <c>ip_finish_output_gso</c>).</summary>
    private void FragmentSegments(HostCpu cpu, SkBuff skb, in Route route)
    {
        skb.Push(EthernetHeader.Size); // its old link header, where cutters begin
        var next = GsoCutter.Cut(cpu, skb);
        while (next is not null)
        {
            var segment = next;
            next = segment.Next;
            segment.Next = null;
            segment.NetworkHeader = segment.DataOffset + EthernetHeader.Size;
            segment.Pull(EthernetHeader.Size);
            cpu.Out = segment;
            if (segment.Length <= route.Mtu) ToNeighbour(cpu, segment, route);
            else Fragment(cpu, segment, route);
        }
    }

    private void WriteOptions(HostCpu cpu, SkBuff skb, in Route route)
    {
        var net = Net;
        if (net.Device(route.IfIndex) is not { } leaving) return;
        var address = net.SelectAddress(leaving, route.NextHop, RouteScope.Universe);
        IpForwardOptions.Write(skb.Data[..(skb.TransportHeader - skb.NetworkHeader)], address, net, cpu.Cpu.Now);
    }

    /// <summary>A copy of a packet that others see too, in its place. Null when there is no memory: the packet is dropped.</summary>
    private static SkBuff? MakePrivate(HostCpu cpu, SkBuff skb)
    {
        var room = skb.DataOffset + skb.Length;
        var copy = cpu.PoolFor(room).Rent(room);
        if (copy is null)
        {
            cpu.Drop(skb, SkbDropReason.NOMEM);
            return null;
        }

        cpu.CountOriginated();
        var pulled = skb.DataOffset - skb.MacHeader;
        copy.Reserve(skb.MacHeader);
        skb.From(skb.MacHeader)[..pulled].CopyTo(copy.Put(pulled));
        SkbChecksum.CopyBits(skb, 0, copy.Put(skb.Length));
        copy.Pull(pulled);
        copy.CopyMarksOf(skb);
        cpu.Consume(skb);
        cpu.Hand = copy;
        return copy;
    }
}
