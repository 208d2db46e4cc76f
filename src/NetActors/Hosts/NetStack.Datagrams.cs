using NetActors.Buffers;
using NetActors.DataLink;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Qdisc;
using NetActors.Sockets;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <content>UDP's way down, and what it hears of it by ICMP (kernel: <c>udp_sendmsg</c>, <c>__udp4_lib_err</c>).</content>
internal sealed partial class NetStack
{
    /// <summary>What paths take, as ICMP told.</summary>
    public PathMtuTable PathMtus { get; } = new();

    /// <summary>Routes a datagram of a socket (kernel: <c>udp_sendmsg</c>, <c>ip_route_output_flow</c>).</summary>
    /// <param name="cpu">The CPU that runs.</param>
    /// <param name="socket">The sender.</param>
    /// <param name="destination">In host order.</param>
    /// <param name="cookie">What the message wants that the socket does not.</param>
    /// <param name="onLink">SO_DONTROUTE, MSG_DONTROUTE.</param>
    /// <param name="route">Where it goes.</param>
    /// <returns>None; ENETUNREACH and others as the route refuses; EACCES for a broadcast without SO_BROADCAST.</returns>
    public Errno RouteUdp(HostCpu cpu, UdpSocket socket, uint destination, in IpCookie cookie, bool onLink, out Route route)
    {
        var own = socket.Endpoint.LocalAddress;
        var source = cookie.Source != 0 ? cookie.Source : own;
        if (source != 0 && source == own && Net.Fib.AddressType(source) is RouteType.Broadcast or RouteType.Multicast) source = 0; // bound to receive only
        var device = cookie.IfIndex != 0 ? cookie.IfIndex : socket.BoundDevice;
        var error = RouteLookup.Output(Net, new RouteQuery(destination, source, device, socket.Options.Broadcast, onLink), out route);
        if (error != Errno.None) return IpOutput.NoRoute(error, cpu.Mib);
        route = route with { Mtu = PathMtuOf(route, socket) };
        return Errno.None;
    }

    /// <summary>What a path takes, in bytes, for a socket that heeds it (kernel: <c>ip_sk_use_pmtu</c>, <c>dst_mtu</c>).</summary>
    public int PathMtuOf(in Route route, InetSocket socket)
    {
        if (socket.Inet.Discover >= (byte)PathMtuDiscovery.Probe || !PathMtus.TryGet(route.Destination, Now, out var mtu, out _)) return route.Mtu;
        return Math.Min(mtu, route.Mtu);
    }

    /// <summary>Sends a datagram of a socket (kernel: <c>ip_make_skb</c>, <c>udp_send_skb</c>): the payload is copied.</summary>
    /// <param name="cpu">The CPU that runs.</param>
    /// <param name="socket">The sender.</param>
    /// <param name="payload">What it sends.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="sourcePort">Local port.</param>
    /// <param name="port">Peer's port.</param>
    /// <param name="cookie">What the message wants that the socket does not.</param>
    /// <param name="charge">Who pays for the packets; null for the send buffer alone.</param>
    /// <returns>None, or the error that the call answers; EAGAIN when the socket's send buffer is full.</returns>
    public Errno SendUdp(
        HostCpu cpu, UdpSocket socket, ReadOnlySpan<byte> payload, in Route route, ushort sourcePort, ushort port, in IpCookie cookie, IPacketCharge? charge = null)
    {
        var inet = socket.Inet;
        var ttl = cookie.Ttl != 0 ? cookie.Ttl : inet.TtlFor(route.Type == RouteType.Multicast);
        var tos = cookie.HasTos ? cookie.Tos : inet.Tos;
        var options = new IpSendOptions(IpProtocols.Udp, tos, ttl, DiscoveryFor(route, inet));
        var isLarge = cookie.GsoSize > 0 && payload.Length > cookie.GsoSize; // whose segments fit
        var error = IpOutput.CheckSize(payload.Length + UdpHeader.Size, isLarge ? route with { Mtu = IpOutput.MaxPacket } : route, inet.KeepsToMtu ? options with { Discovery = PathMtuDiscovery.Do } : options);
        if (error != Errno.None)
        {
            socket.LocalError(cpu, error, route.Destination, (uint)route.Mtu);
            return error;
        }

        if (!socket.SendBuffer.HasRoom) return Errno.EAGAIN;
        var skb = Allocate(cpu, EthernetOutput.Headroom + Ipv4Header.Size + UdpHeader.Size, payload.Length);
        if (skb is null) return UdpOutput.NoBuffer(cpu.Mib);
        payload.CopyTo(skb.Put(payload.Length));
        if (isLarge) (skb.Shared.GsoSize, skb.Shared.GsoSegs) = (cookie.GsoSize, (ushort)((payload.Length + cookie.GsoSize - 1) / cookie.GsoSize));
        (skb.Id, skb.Arrival) = (cpu.NextPacketId(), cpu.Cpu.Now);
        skb.Priority = cookie.Priority ?? (cookie.HasTos ? InetOptions.PriorityOf(tos) : socket.Options.Priority);
        skb.Mark = cookie.Mark != 0 ? cookie.Mark : socket.Options.Mark;
        var isLoopback = Devices[route.IfIndex - 1] is LoopbackDevice;
        UdpOutput.Send(skb, sourcePort, port, route, options, isLoopback, _ident, cpu.Mib, socket.Options.NoCheck);
        (charge ?? socket.SendBuffer).Charge(skb);
        if (socket.IsConnected) Describe(skb, socket.SendBuffer);
        cpu.Originate(skb);
        cpu.Emit(TracePoint.udp_sendmsg, skb, socket.Id, payload.Length);
        cpu.Cpu.Charge(Costs.CostOp.IpOutput);
        cpu.XmitResult = NetXmit.Success;
        FinishOutput(cpu, skb, route);
        if (!cpu.XmitResult.IsError()) return Errno.None;
        cpu.Mib.Add(IpMib.OutDiscards);
        if (inet.RecvErr) return Errno.ENOBUFS;
        cpu.Mib.Add(UdpMib.SndbufErrors); // a qdisc dropped it: told to nobody who did not ask (kernel: udp_send_skb)
        return Errno.None;
    }

    /// <summary>A connected socket keeps the transmit queue of its first datagram: 6.18 sets <c>ooo_okay</c> for TCP only (specification section 7.1).</summary>
    private static void Describe(SkBuff skb, SendBuffer below)
    {
        skb.Socket = below;
        if (below.TxHash != 0) (skb.Hash, skb.L4Hash) = (below.TxHash, true);
    }

    /// <summary>An ICMP error about a datagram: to the socket that sent it.</summary>
    private void NotifyUdp(HostCpu cpu, SkBuff skb, in IcmpNotice notice)
    {
        var endpoint = UdpReceive.OnIcmp(notice, Udp, skb.IfIndex, cpu.Cpu.LocalId, cpu.Mib);
        if (endpoint is null) return;
        if (notice is { Type: IcmpTypes.DestinationUnreachable, Code: 4 }) LearnPathMtu(notice);
        ((UdpSocket)endpoint.Owner).OnIcmp(cpu, notice, skb.Cb.SourceAddress, PayloadOf(skb, UdpHeader.Size));
    }

    /// <summary>What an ICMP error shows of our packet, behind the header of its transport.</summary>
    private static ReadOnlySpan<byte> PayloadOf(SkBuff skb, int transportSize)
    {
        if (!IcmpHeader.TryParse(skb.Data, out var icmp) || !Ipv4Header.TryOverlay(icmp.Payload, out var inner)) return [];
        var skip = IcmpHeader.Size + inner.HeaderLength + transportSize;
        return skip < skb.HeadLength ? skb.Data[skip..] : [];
    }

    private void LearnPathMtu(in IcmpNotice notice)
    {
        if (RouteLookup.Output(Net, new RouteQuery(notice.Destination, AllowBroadcast: true), out var route) != Errno.None) return;
        PathMtus.Learn(notice.Destination, (int)Math.Min(notice.Info, int.MaxValue), route.Mtu, Now);
    }

    private PathMtuDiscovery DiscoveryFor(in Route route, InetOptions inet) =>
        inet.Discovery == PathMtuDiscovery.Want && PathMtus.TryGet(route.Destination, Now, out _, out var isLocked) && isLocked
            ? PathMtuDiscovery.Dont // ip_dont_fragment: the path is cut for, without DF
            : inet.Discovery;

    private static Time.KernelTime Now => Execution.EmulatedCpu.Current!.Now;
}
