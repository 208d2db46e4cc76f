using System.Runtime.CompilerServices;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.DataLink;
using NetActors.Execution;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Neighbours;
using NetActors.Observe;
using NetActors.Qdisc;
using NetActors.Softirq;
using NetActors.Steering;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>
/// The layers between driver and socket of one host, as plain calls in the context of whichever CPU has the packet (design section 3).
/// What must be seen by other CPUs in the order of time is answered as a <see cref="Delivery"/> and done by <see cref="Commit"/>.
/// </summary>
internal sealed partial class NetStack : ITimerTarget
{
    private readonly HostSettingsView _settings;
    private readonly SoftwareFlowHash _flowHash;
    private readonly IcmpOutput _icmp;
    private readonly IcmpSettings _icmpSettings;
    private readonly IpIdent _ident;
    private readonly IpProtocolTable _protocols = new();
    private readonly TimerEntry _fragmentTimer;
    private readonly TimerEntry _timeWaitTimer;

    public NetStack(HostCpu[] cpus, HostSettingsView settings, NetStackSettings network, KernelRandom random, KernelRandom tcpRandom, bool shared = false)
    {
        (_settings, Cpus) = (settings, cpus);
        Rps = new RpsSteering(settings.Kernel, new HostRpsCpus(cpus));
        _flowHash = new SoftwareFlowHash(settings.Kernel, random.NextUInt64());
        _ident = new IpIdent(random.NextUInt32());
        _icmpSettings = network.Icmp;
        _icmp = new IcmpOutput(new IcmpRateLimiter(network.Icmp, settings.Kernel), _ident, random);
        Neighbours = new NeighbourTable(network.Neighbours, random.NextUInt32());
        Udp = new UdpHashTable(random.NextUInt32(), version: settings.Kernel);
        OpenFiles = new OpenFiles(network.FileMax);
        UdpSettings = network.Udp;
        UdpMemory = new UdpMemory(network.Udp);
        (PortLow, PortHigh) = (network.PortLow, network.PortHigh);
        Random = random;
        NeighbourTimer = new TimerEntry(this);
        _fragmentTimer = new TimerEntry(this);
        FragmentPool = new SkbPool(IpOutput.MaxPacket + 128, settings.LargePoolLimit, shared, settings.Kernel);
        Fragments = new IpReassembly(network.Fragments, FragmentPool);
        _timeWaitTimer = new TimerEntry(this);
        Tcp = new TcpHost(tcpRandom, network.Tcp, network.Jiffies, shared);
        Tcp.Listeners.Kernel = settings.Kernel;
        _redirects = new RedirectLimiter(network.Icmp.InetPeerThreshold);
        _shared = shared ? new OwnedBacklog<SharedWork>() : null;
    }

    /// <summary>Devices, addresses and routes: replaced whole by their one writer (RCU).</summary>
    public Ipv4Snapshot Net { get; set; } = Ipv4Snapshot.Create([]);

    /// <summary>Files that its tasks have open.</summary>
    public OpenFiles OpenFiles { get; }

    public NeighbourTable Neighbours { get; }

    public UdpHashTable Udp { get; }

    /// <summary>Sockets for echo requests by identifier; replaced whole while packets come in.</summary>
    public Dictionary<ushort, PingSocket> Pings { get; set; } = [];

    /// <summary>Datagrams that wait for their other fragments.</summary>
    public IpReassembly Fragments { get; }

    /// <summary>Where joined datagrams come from.</summary>
    public SkbPool FragmentPool { get; }

    public UdpSettings UdpSettings { get; }

    public UdpMemory UdpMemory { get; }

    public ushort PortLow { get; }

    public ushort PortHigh { get; }

    public KernelRandom Random { get; }

    public NetDevice[] Devices { get; set; } = [];

    /// <summary>The host's CPUs by number.</summary>
    public HostCpu[] Cpus { get; }

    /// <summary>Chooses the CPUs of packets.</summary>
    public RpsSteering Rps { get; }

    /// <summary>What is dropped before its route is looked up.</summary>
    public RawTable Raw { get; init; } = RawTable.Empty;

    /// <summary>Wakes the neighbours' machines, on the CPU that armed it.</summary>
    public TimerEntry NeighbourTimer { get; }

    /// <summary>Neighbours are due (kernel: <c>neigh_timer_handler</c>), or fragments (<c>ip_expire</c>).</summary>
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        Enter(cpu);
        var kind = _shared is not null ? SharedWorkKind.Timers
            : ReferenceEquals(timer, _fragmentTimer) ? SharedWorkKind.FragmentTimer
            : ReferenceEquals(timer, _timeWaitTimer) ? SharedWorkKind.TimeWaitTimer : SharedWorkKind.NeighbourTimer;
        Do(cpu, new SharedWork(kind));
    }

    /// <summary>A driver hands a packet up (kernel: <c>netif_receive_skb_internal</c>): to another CPU if RPS says so, else on here.</summary>
    public Delivery Input(HostCpu cpu, NetDevice device, SkBuff skb, ref RpsFlowRef flow)
    {
        if (device.RxSteering.Length == 0 || Steer(cpu, device, skb, out flow) is not { } target) return Receive(cpu, skb);
        cpu.Cpu.Charge(CostOp.BacklogEnqueue); // before the hand-over, which the horizon must not cross
        cpu.Cpu.Touch(ref target.Softnet.LastCpu, CacheLines.Backlog);
        return new Delivery(skb, target);
    }

    /// <summary>The CPU that RPS or RFS picks; null for none (kernel: <c>get_rps_cpu</c>; specification sections 5.3 and 6.3).</summary>
    public HostCpu? Steer(HostCpu cpu, NetDevice device, SkBuff skb, out RpsFlowRef flow)
    {
        flow = default;
        var steering = device.RxSteering;
        var queue = Math.Max(0, skb.QueueMapping - 1);
        if (queue >= steering.Length || steering[queue] is { Map: null, Flows: null }) return null;
        var target = Rps.WithoutHash(steering[queue]);
        if (target < 0)
        {
            cpu.Cpu.Charge(CostOp.RpsHash);
            target = Rps.Pick(steering[queue], _flowHash.GetHash(skb), skb, device.FlowSteer, out flow);
        }

        if (target < 0) return null;
        if (cpu.Trace is not null) cpu.Emit(TracePoint.get_rps_cpu, skb, target, flow.Table is null ? -1 : target);
        return Cpus[target];
    }

    /// <summary>Protocol processing of one packet (kernel: <c>__netif_receive_skb_core</c>).</summary>
    public Delivery Receive(HostCpu cpu, SkBuff skb)
    {
        cpu.Softnet.Processed++;
        cpu.Cpu.Charge(CostOp.NetifReceiveSkb);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.netif_receive_skb, skb, skb.IfIndex, skb.Length);
        if (_taps.Length > 0) Tap(cpu, skb, DeviceOf(skb), isOutgoing: false);
        var verdict = DeviceOf(skb).ClassifyIngress(cpu, skb);
        if (verdict == TcVerdict.Stolen) return default;
        if (verdict == TcVerdict.Shot)
        {
            DeviceOf(skb).Counters[cpu.Cpu.LocalId].RxDropped++;
            cpu.Drop(skb, SkbDropReason.TC_INGRESS);
            return default;
        }

        if (DeviceOf(skb) is { XdpGeneric: { } program } device && !((Nic.NicDevice)device).PassesGeneric(cpu, program, skb)) return default;
        if (skb.VlanTci is { } tci)
        {
            // No VLAN device has the tag: other protocols see the packet as somebody else's (kernel: vlan_do_receive).
            if ((tci & 0xFFF) != 0) skb.PacketType = PacketType.OtherHost;
            skb.VlanTci = null;
        }

        switch (skb.Protocol)
        {
            case EtherTypes.Ipv4:
                return ReceiveIpv4(cpu, skb);
            case EtherTypes.Arp:
                ReceiveArp(cpu, skb);
                return default;
            case EtherTypes.Ipv6:
                cpu.Drop(skb, SkbDropReason.IPV6DISABLED);
                return default;
            default:
                DeviceOf(skb).Counters[cpu.Cpu.LocalId].RxDropped++;
                cpu.Drop(skb, SkbDropReason.UNHANDLED_PROTO);
                return default;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // here and below: what is rare stays out of the frame that every packet clears
    private void ReceiveArp(HostCpu cpu, SkBuff skb)
    {
        cpu.Cpu.Charge(CostOp.ArpReceive);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.arp_rcv, skb, skb.IfIndex, TraceArguments.Byte(skb, 7));
        Do(cpu, new SharedWork(SharedWorkKind.Arp, skb));
    }

    /// <summary>Does what <see cref="Receive"/> answered, once nothing earlier can happen any more.</summary>
    public void Commit(HostCpu cpu, ref Delivery delivery, in RpsFlowRef flow = default)
    {
        cpu.InHand--;
        var (skb, target) = (delivery.Skb!, delivery.Target!);
        cpu.Hand = skb;
        delivery = default;
        target.Deliver(this, cpu, skb, flow);
    }

    /// <summary>
    /// Appends a packet to a CPU's backlog (kernel: <c>enqueue_to_backlog</c>; specification section 5.4). Its cost the caller has charged.
    /// </summary>
    /// <returns>False when it is dropped.</returns>
    public bool EnqueueToBacklog(HostCpu cpu, HostCpu target, SkBuff skb, in RpsFlowRef flow = default)
    {
        cpu.Emit(TracePoint.enqueue_to_backlog, skb, target.Cpu.LocalId, target.Softnet.InputLength);
        (skb.VisibleFrom, skb.Netns) = (cpu.Cpu.Now, Number);
        if (Net.Device(skb.IfIndex) is { Up: false })
        {
            DeviceOf(skb).Counters[cpu.Cpu.LocalId].RxDropped++;
            cpu.Drop(skb, SkbDropReason.DEV_READY);
            return false;
        }

        var tail = 0u;
        if (LimitsFlow(cpu, target, skb) || !target.Softnet.TryEnqueue(skb, out tail))
        {
            DeviceOf(skb).Counters[cpu.Cpu.LocalId].RxDropped++;
            cpu.Drop(skb, SkbDropReason.CPU_BACKLOG);
            return false;
        }

        flow.SaveTail(tail);
        cpu.Release(skb);
        var napi = target.Softnet.Backlog;
        if (napi.Scheduled || !napi.TryClaim()) return true;
        if (ReferenceEquals(target, cpu))
        {
            NapiScheduling.Enlist(cpu, napi, _settings.Kernel);
            return true;
        }

        cpu.Softnet.RpsIpiList.Add(target);
        if (!cpu.Softnet.InNetRxAction) cpu.Raise(SoftirqVector.NetRx);
        return true;
    }

    /// <summary>A flow has too much of a backlog that is half full (kernel: <c>skb_flow_limit</c>).</summary>
    private bool LimitsFlow(HostCpu cpu, HostCpu target, SkBuff skb)
    {
        if (cpu.Softnet.FlowLimit is not { } limit || target.Softnet.IsFull) return false;
        if (FlowLimit.IsIdle(target.Softnet.InputLength, target.Softnet.MaxBacklog) || !limit.Refuses(_flowHash.GetHash(skb))) return false;
        target.Softnet.CountDropped();
        return true;
    }

    private NetDevice DeviceOf(SkBuff skb) => Devices[skb.IfIndex - 1];

    private Delivery ReceiveIpv4(HostCpu cpu, SkBuff skb)
    {
        cpu.Cpu.Charge(CostOp.IpReceive);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.ip_rcv, skb, skb.IfIndex, skb.Length);
        var net = Net;
        var device = net.Device(skb.IfIndex)!;
        var reason = IpInput.ReceiveCore(skb, cpu.Mib, _settings.Kernel);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            if (reason == SkbDropReason.OTHERHOST) DeviceOf(skb).Counters[cpu.Cpu.LocalId].RxOtherHostDropped++;
            cpu.Drop(skb, reason);
            return default;
        }

        if (Raw.Drops(skb))
        {
            cpu.Drop(skb, SkbDropReason.NETFILTER_DROP);
            return default;
        }

        cpu.Cpu.Charge(CostOp.IpRouteLookup);
        reason = IpInput.Finish(skb, net, device, cpu.Mib, out var route, out var error);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            Refuse(cpu, skb, route, error, reason);
            return default;
        }

        if (!route.IsLocal) return Forward(cpu, skb, route);
        return IpInput.IsFragment(skb) ? ReceiveFragment(cpu, skb, route) : DeliverLocal(cpu, skb, route);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Delivery ReceiveFragment(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (_shared is null) return TakeFragment(cpu, skb, route);
        Do(cpu, new SharedWork(SharedWorkKind.Fragment, skb, route));
        return default;
    }

    /// <summary>Hands a whole datagram to its protocol (kernel: <c>ip_local_deliver_finish</c>).</summary>
    private Delivery DeliverLocal(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (_raws.Length > 0 && DeliverRaw(cpu, skb) && !_protocols.Contains(skb.Cb.IpProtocol))
        {
            cpu.Mib.Add(IpMib.InDelivers);
            cpu.Consume(skb);
            return default;
        }

        var reason = IpInput.Deliver(skb, _protocols, cpu.Mib, out var error);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            Refuse(cpu, skb, route, error, reason);
            return default;
        }

        if (cpu.Trace is not null) cpu.Emit(TracePoint.ip_local_deliver, skb, skb.Cb.IpProtocol, skb.Length);
        return skb.Cb.IpProtocol switch
        {
            IpProtocols.Udp => ReceiveUdp(cpu, skb, route),
            IpProtocols.Tcp => ReceiveTcp(cpu, skb, route),
            _ => ReceiveIcmp(cpu, skb, route),
        };
    }

    private Delivery ReceiveUdp(HostCpu cpu, SkBuff skb, in Route route)
    {
        if (cpu.Trace is not null) cpu.Emit(TracePoint.udp_rcv, skb, TraceArguments.Port(skb), skb.Length);
        var reason = UdpReceive.CheckHeader(skb, cpu.Mib, _settings.Kernel);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            cpu.Drop(skb, reason);
            return default;
        }

        var key = UdpReceive.KeyOf(skb, cpu.Cpu.LocalId);
        if (route.IsGroup) return DeliverToGroup(cpu, skb, key);
        if (Udp.Lookup(key, skb) is { } endpoint) return To(cpu, skb, (UdpSocket)endpoint.Owner);
        cpu.Cpu.Charge(CostOp.UdpNoSocket);
        reason = UdpReceive.NoSocket(skb, cpu.Mib, out var error);
        Refuse(cpu, skb, route, error, reason);
        return default;
    }

    /// <summary>A broadcast or group's datagram goes to every socket that wants it (kernel: <c>__udp4_lib_mcast_deliver</c>).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Delivery DeliverToGroup(HostCpu cpu, SkBuff skb, in UdpLookup key)
    {
        var first = Udp.NextGroupReceiver(key, null);
        if (first is null)
        {
            UdpReceive.NoGroupReceiver(cpu.Mib);
            cpu.Consume(skb);
            return default;
        }

        for (var next = Udp.NextGroupReceiver(key, first); next is not null; next = Udp.NextGroupReceiver(key, next))
        {
            var clone = skb.Clone(cpu.Pool);
            if (clone is null)
            {
                cpu.Mib.Add(UdpMib.RcvbufErrors);
                cpu.Mib.Add(UdpMib.InErrors);
                continue;
            }

            cpu.Originate(clone);
            QueueToSocket(cpu, (UdpSocket)next.Owner, clone);
        }

        return To(cpu, skb, (UdpSocket)first.Owner);
    }

    /// <summary>The socket's queue is another CPU's, if that read from it last.</summary>
    private static Delivery To(HostCpu cpu, SkBuff skb, UdpSocket socket)
    {
        cpu.Cpu.Charge(CostOp.UdpReceive);
        cpu.Cpu.Touch(ref socket.LastCpu, CacheLines.UdpSock);
        return new Delivery(skb, socket);
    }

    /// <summary>Puts a datagram into a socket's receive queue (kernel: <c>udp_queue_rcv_skb</c>, <c>__udp_enqueue_schedule_skb</c>).</summary>
    public void QueueToSocket(HostCpu cpu, DatagramSocket socket, SkBuff skb)
    {
        socket.Mark(this, cpu, skb);
        if (skb.Shared.GsoSize > 0 && socket is UdpSocket udp && UnmergeFor(cpu, udp, ref skb)) return;
        if (cpu.Trace is not null) cpu.Emit(TracePoint.udp_queue_rcv_skb, skb, socket.Id, socket.Buffer.RmemAlloc);
        socket.MarkNapiId(skb.NapiId);
        var reason = socket.Enqueue(skb, cpu.Mib, cpu.Cpu.Now);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            cpu.Drop(skb, reason);
            return;
        }

        cpu.Release(skb);
        socket.Readable(cpu);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Delivery ReceiveIcmp(HostCpu cpu, SkBuff skb, in Route route)
    {
        cpu.Cpu.Charge(CostOp.IcmpReceive);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.icmp_rcv, skb, TraceArguments.Byte(skb, 0), TraceArguments.Byte(skb, 1));
        var reason = IcmpInput.Receive(skb, route, _icmpSettings, cpu.Mib, out var action, out var notice);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            cpu.Drop(skb, reason);
            return default;
        }

        if (action == IcmpAction.Pong && IcmpHeader.TryParse(skb.Data, out var pong) && Pings.TryGetValue(pong.Identifier, out var socket))
        {
            return new Delivery(skb, socket);
        }

        if (action == IcmpAction.Reply)
        {
            cpu.Cpu.Charge(CostOp.IcmpReply);
            Do(cpu, new SharedWork(SharedWorkKind.Reply, skb, route));
            return default;
        }

        if (action == IcmpAction.Notify && _raws.Length > 0) NotifyRaw(cpu, skb, notice);
        if (action == IcmpAction.Notify && notice.Protocol == IpProtocols.Tcp)
        {
            NotifyTcp(cpu, skb, notice);
        }
        else if (action == IcmpAction.Notify && notice.Protocol == IpProtocols.Udp)
        {
            NotifyUdp(cpu, skb, notice);
        }

        cpu.Consume(skb);
        return default;
    }

    private void Reply(HostCpu cpu, SkBuff skb, in Route route)
    {
        var pool = cpu.PoolFor(EthernetOutput.Headroom + Ipv4Header.Size + skb.Length);
        var reply = _icmp.Reply(skb, route, Net, Net.Device(skb.IfIndex)!, pool, cpu.Mib, cpu.Cpu.Now, out var back);
        if (reply is not null) Output(cpu, reply, back);
        cpu.Consume(skb);
    }

    /// <summary>Drops a packet, and tells its sender if there is something to tell.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(HostCpu cpu, SkBuff skb, in Route about, IcmpError error, SkbDropReason reason)
    {
        if (error.IsWanted) Do(cpu, new SharedWork(SharedWorkKind.Refuse, skb, about, error, reason));
        else cpu.Drop(skb, reason);
    }

    private void Refuse(HostCpu cpu, SkBuff skb, in Route about, IcmpError error)
    {
        cpu.Emit(TracePoint.icmp_send, skb, error.Type, error.Code);
        var message = _icmp.Send(skb, about, error, Net, Net.Device(skb.IfIndex)!, cpu.Pool, cpu.Mib, cpu.Cpu.Now, out var back);
        if (message is not null) Output(cpu, message, back);
    }
}
