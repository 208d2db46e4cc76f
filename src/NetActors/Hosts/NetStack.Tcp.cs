using System.Runtime.CompilerServices;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.DataLink;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Qdisc;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Hosts;

/// <content>TCP between IP and its sockets (kernel: <c>tcp_v4_rcv</c>, <c>ip_queue_xmit</c>, <c>ip_send_unicast_reply</c>).</content>
internal sealed partial class NetStack
{
    private const byte EcnBits = 3; // INET_ECN_MASK
    private const int TcpHeaders = EthernetOutput.Headroom + Ipv4Header.Size + TcpHeader.MaxSize;

    /// <summary>TCP's tables and settings.</summary>
    public TcpHost Tcp { get; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Delivery ReceiveTcp(HostCpu cpu, SkBuff skb, in Route route)
    {
        cpu.Cpu.Charge(CostOp.TcpReceive);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.tcp_v4_rcv, skb, TraceArguments.Port(skb), skb.Length);
        var reason = CheckTcp(cpu, skb);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            cpu.Drop(skb, reason);
            return default;
        }

        switch (Tcp.Tables.Lookup(TcpKeyOf(cpu, skb), skb))
        {
            case TcpEndpoint endpoint:
                return new Delivery(skb, (TcpSocket)endpoint.Owner);
            case RequestSock request:
                return new Delivery(skb, (TcpSocket)request.Listener.Endpoint.Owner);
            case TimeWaitSock:
                Do(cpu, new SharedWork(SharedWorkKind.TimeWait, skb, route));
                return default;
            default:
                RefuseTcp(cpu, skb);
                return default;
        }
    }

    /// <summary>Hands a segment to its socket's actor.</summary>
    public static void QueueToTcp(HostCpu cpu, TcpSocket socket, SkBuff skb)
    {
        if (socket.Listener is null) socket.Endpoint.IncomingCpu = cpu.Cpu.LocalId; // sk_incoming_cpu_update
        if (skb.QueueMapping > 0 && socket.Block?.HostQueue is TcpSocketQueue below) below.RxQueueMapping = skb.QueueMapping - 1;
        if (socket.Options.Filter is { } filter && !socket.Passes(filter, skb))
        {
            cpu.Drop(skb, SkbDropReason.SOCKET_FILTER);
            return;
        }

        if (!socket.TryQueue(cpu, skb))
        {
            cpu.Mib.Add(LinuxMib.TCPBacklogDrop);
            cpu.Drop(skb, SkbDropReason.SOCKET_BACKLOG);
            return;
        }

        cpu.Release(skb);
        socket.Ring();
        if (socket.IsGone) DropLate(cpu, socket);
    }

    /// <summary>Segments that were looked up while their socket was there, and came when it was gone.</summary>
    public static void DropLate(HostCpu cpu, TcpSocket socket)
    {
        while (socket.TryTake(out var skb)) cpu.Drop(skb, SkbDropReason.NO_SOCKET);
    }

    /// <summary>What a lookup needs of a segment.</summary>
    public static TcpLookup TcpKeyOf(HostCpu cpu, SkBuff skb) => new(
        skb.Cb.SourceAddress, skb.Cb.SourcePort, skb.Cb.DestinationAddress, skb.Cb.DestinationPort, skb.IfIndex, cpu.Cpu.LocalId);

    /// <summary>Nobody has the segment: a RST goes back (kernel: <c>tcp_v4_send_reset</c>).</summary>
    public void RefuseTcp(HostCpu cpu, SkBuff skb)
    {
        var segment = TcpSegmentOf(skb);
        if (TcpReset.TryAnswer(segment, out var reset) && skb.PacketType == PacketType.Host)
        {
            cpu.Mib.Add(TcpMib.OutSegs);
            cpu.Mib.Add(TcpMib.OutRsts);
            Answer(cpu, skb, reset);
        }

        cpu.Drop(skb, SkbDropReason.NO_SOCKET);
    }

    /// <summary>Sends a segment without data back to where <paramref name="to"/> came from; a RST with its DSCP (kernel: <c>tcp_v4_send_reset</c>).</summary>
    public void Answer(HostCpu cpu, SkBuff to, in TcpOutSegment segment) => Send(
        cpu, to.Cb.DestinationAddress, to.Cb.DestinationPort, to.Cb.SourceAddress, to.Cb.SourcePort, segment, null,
        tos: (segment.Flags & TcpFlags.Rst) != 0 ? (byte)(to.Cb.Tos & ~EcnBits) : null);

    /// <summary>Sends a listener's answer, marked as its socket wants it (kernel: <c>ip_build_and_send_pkt</c>).</summary>
    public void Send(HostCpu cpu, in TcpReply reply, TcpSocketOptions options)
    {
        var segment = new TcpOutSegment
        {
            Sequence = reply.Sequence,
            Acknowledgment = reply.Acknowledgment,
            Flags = reply.Flags,
            Window = reply.Window,
            Options = reply.Options,
        };
        Send(cpu, reply.Source, reply.SourcePort, reply.Destination, reply.DestinationPort, segment, null, options, reply.Tos);
    }

    /// <summary>
    /// Sends a segment (kernel: <c>__tcp_transmit_skb</c>, <c>ip_queue_xmit</c>); its payload is copied from <paramref name="block"/>. What
    /// cannot be sent is lost, as on a wire, and counted.
    /// </summary>
    public void Send(
        HostCpu cpu, uint source, ushort sourcePort, uint destination, ushort destinationPort, in TcpOutSegment segment, TcpControlBlock? block,
        TcpSocketOptions? options = null, byte? tos = null)
    {
        cpu.Cpu.Charge(CostOp.TcpTransmit);
        var error = RouteLookup.Output(Net, new RouteQuery(destination, source), out var route);
        if (error != Errno.None)
        {
            IpOutput.NoRoute(error, cpu.Mib);
            block?.HostQueue?.Forgo(segment.TrueSize);
            return;
        }

        var (ends, way) = (new TcpEnds(source, sourcePort, destination, destinationPort), route with { Source = source });
        var isSingle = segment.GsoSize == 0 || segment.PayloadLength <= segment.GsoSize;
        if (isSingle || _settings.Kernel == KernelVersion.V6 || Devices[route.IfIndex - 1].Gso) Send(cpu, ends, way, segment, block, options, tos); // always, from 4.17 on
        else SendInSegments(cpu, ends, way, segment, block);
    }

    /// <summary>Sends what 3.10 does not put together for a device without <c>gso</c>: PSH and FIN go with the last, CWR with the first.</summary>
    private void SendInSegments(HostCpu cpu, in TcpEnds ends, in Route route, in TcpOutSegment large, TcpControlBlock? block)
    {
        var segment = large with { GsoSize = 0 };
        for (var sent = 0; sent < large.PayloadLength; sent += segment.PayloadLength)
        {
            segment.Sequence = large.Sequence + (uint)sent;
            segment.PayloadLength = Math.Min(large.GsoSize, large.PayloadLength - sent);
            segment.Flags = large.Flags;
            if (sent + segment.PayloadLength < large.PayloadLength) segment.Flags &= ~(TcpFlags.Psh | TcpFlags.Fin);
            if (sent > 0) segment.Flags &= ~TcpFlags.Cwr;
            segment.TrueSize = sent + segment.PayloadLength < large.PayloadLength ? 0 : large.TrueSize; // the last one speaks for all
            Send(cpu, ends, route, segment, block);
        }
    }

    private void Send(
        HostCpu cpu, in TcpEnds ends, in Route route, in TcpOutSegment segment, TcpControlBlock? block, TcpSocketOptions? options = null, byte? dscp = null)
    {
        var skb = Allocate(cpu, TcpHeaders, segment.PayloadLength);
        if (skb is null)
        {
            cpu.Mib.Add(IpMib.OutDiscards);
            block?.HostQueue?.Forgo(segment.TrueSize);
            return;
        }

        block?.CopyPayload(segment, skb.Put(segment.PayloadLength));
        (skb.Id, skb.Arrival, skb.Tstamp) = (cpu.NextPacketId(), cpu.Cpu.Now, segment.DepartsAt);
        var below = block?.HostQueue as TcpSocketQueue;
        if (below is not null) Describe(skb, below, block!, segment);
        else if ((segment.Flags & TcpFlags.Syn) != 0 && _settings.Kernel == KernelVersion.V6) (skb.Hash, skb.L4Hash) = (TxHash.Of(segment.Sequence), true); // the request's, which is as random
        if (segment.TrueSize > 0 && below is not null)
        {
            below.Charge(segment.TrueSize);
            skb.SetOwner(below, segment.TrueSize);
        }

        WriteTcp(skb, ends.SourcePort, ends.DestinationPort, segment);
        var device = Devices[route.IfIndex - 1];
        var isLarge = segment.GsoSize > 0 && segment.PayloadLength > segment.GsoSize;
        FillTcpChecksum(skb, ends.Source, ends.Destination, device is LoopbackDevice || (isLarge && device is not TunDevice));
        options ??= block?.Options;
        var tos = (byte)((dscp ?? options?.Tos ?? 0) | (segment.Ect ? (byte)EcnCodepoint.Ect0 : 0));
        if (options is not null) (skb.Priority, skb.Mark) = (options.Priority, options.Mark);
        if (isLarge)
        {
            (skb.Shared.GsoSize, skb.Shared.GsoAccurateEcn) = ((ushort)segment.GsoSize, segment.IsAccurateEcn);
            skb.Shared.GsoSegs = (ushort)((segment.PayloadLength + segment.GsoSize - 1) / segment.GsoSize);
        }

        var discovery = route.Metrics is { IsMtuLocked: true } ? PathMtuDiscovery.Dont : PathMtuDiscovery.Do;
        IpOutput.LocalOut(skb, route, new IpSendOptions(IpProtocols.Tcp, tos, options is { Ttl: > 0 } ? (byte)options.Ttl : (byte)0, discovery, Ident: below?.Ident), _ident, cpu.Mib);
        if (skb.IpSummed == ChecksumState.Partial) skb.CsumStart = Ipv4Header.Size;
        cpu.Originate(skb);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.tcp_transmit_skb, skb, ends.SourcePort, segment.PayloadLength);
        cpu.Cpu.Charge(CostOp.IpOutput);
        if (below?.Stamps is { } stamps) stamps.OnQueued(skb, segment, cpu.Cpu.Now);
        cpu.XmitResult = NetXmit.Success;
        FinishOutput(cpu, skb, route);
        if (cpu.XmitResult == NetXmit.Success || block is null) return;
        block.OnLocalCongestion(cpu.Cpu.Now); // a qdisc dropped this packet or another for it
        if (cpu.XmitResult == NetXmit.Drop) block.OnNotSent(segment, cpu.Cpu.Now);
    }

    /// <summary>
    /// What queues on the way down see of a connection's packet: its hash, and whether it may take another transmit queue (kernel:
    /// <c>skb_set_hash_from_sk</c>, <c>ooo_okay</c>).
    /// </summary>
    private void Describe(SkBuff skb, TcpSocketQueue below, TcpControlBlock block, in TcpOutSegment segment)
    {
        skb.Socket = below;
        skb.OooOkay = below.MayChangeQueue(_settings.Kernel, hasUnacknowledged: segment.IsRetransmission || TcpSeq.After(segment.Sequence, block.SndUna));
        if (below.TxHash != 0) (skb.Hash, skb.L4Hash) = (below.TxHash, true);
    }

    /// <summary>What a connection needs to know of the way to a peer.</summary>
    public static TcpPath PathOf(in Route route) // large packets always: what a device cannot cut, software does
    {
        var path = new TcpPath { Mtu = route.Mtu, IsLoopback = route.Type == RouteType.Local };
        return route.Metrics is not { } metrics ? path : path with
        {
            AdvMss = metrics.AdvMss,
            Window = metrics.Window,
            InitialCwnd = metrics.InitCwnd,
            InitialReceiveWindow = metrics.InitRwnd,
            RtoMin = metrics.RtoMin,
            QuickAck = metrics.QuickAck,
            Ecn = metrics.Ecn,
            FastOpenWithoutCookie = metrics.FastOpenNoCookie,
            Congestion = metrics.Congestion,
        };
    }

    /// <summary>What a listener needs to know of the way back.</summary>
    public static ListenRoute ListenRouteOf(in Route route)
    {
        var path = PathOf(route);
        return new ListenRoute(
            (ushort)Math.Min(path.EffectiveAdvMss, ushort.MaxValue), (ushort)path.InitialReceiveWindow, path.Window, path.Ecn, path.FastOpenWithoutCookie);
    }

    /// <summary>The segment of a packet whose data begins at its TCP header.</summary>
    public static TcpInSegment TcpSegmentOf(SkBuff skb)
    {
        _ = TcpHeader.TryParse(skb.Data, out var tcp);
        var options = TcpOptions.Parse(tcp.Options, (tcp.Flags & TcpFlags.Syn) != 0);
        return TcpInSegment.Of(tcp, options, skb.TrueSize, (EcnCodepoint)(skb.Cb.Tos & 3)) with
        {
            GsoSize = skb.Shared.GsoSize,
            Payload = TcpPayload.Of(tcp.Payload, skb),
        };
    }

    /// <summary>What earlier connections to a peer learned, or the route says (kernel: <c>tcp_init_metrics</c>, <c>tcpm_suck_dst</c>).</summary>
    public TcpPathMetrics Metrics(uint local, uint remote, RouteMetrics? route, KernelTime now)
    {
        TcpMetrics known;
        using (Tcp.Change(now)) known = Tcp.Metrics.Get(local, remote, now);
        var learned = new TcpPathMetrics((int)known.Ssthresh, 0, (int)known.Reordering, KernelTime.FromMicroseconds(known.Rtt >> 3));
        return route is null ? learned : new TcpPathMetrics(
            learned.Ssthresh > 0 ? learned.Ssthresh : route.Ssthresh, route.LockedCwnd,
            learned.Reordering > 0 ? learned.Reordering : route.Reordering, learned.Rtt > KernelTime.Zero ? learned.Rtt : route.Rtt);
    }

    /// <summary>A connection ended well: what it learned is kept for the next (kernel: <c>tcp_update_metrics</c>).</summary>
    public void SaveMetrics(TcpSocket socket, TcpControlBlock block, KernelTime now)
    {
        var sender = block.Sender;
        var sample = new TcpMetricsSample(
            (uint)sender.Rtt.Srtt.Microseconds << 3, (uint)sender.Rtt.Rttvar.Microseconds << 2, sender.Rtt.Backoff > 0, (uint)sender.Cwnd,
            (uint)sender.Ssthresh, sender.CaState == TcpCaState.Open, (uint)sender.Reordering);
        using (Tcp.Change(now)) Tcp.Metrics.Update(socket.Endpoint.LocalAddress, socket.Endpoint.RemoteAddress, sample, now);
    }

    /// <summary>A peer's answer proves that its neighbour is there (kernel: <c>sk_dst_confirm</c>).</summary>
    public void Confirm(HostCpu cpu, uint remote)
    {
        if (_shared is not null || RouteLookup.Output(Net, new RouteQuery(remote), out var route) != Errno.None) return;
        Neighbours.Lookup(route.IfIndex, route.NextHop)?.Nud.OnConfirm(cpu.Cpu.Now);
    }

    /// <summary>A segment for an entry in TIME_WAIT (kernel: <c>tcp_timewait_state_process</c>).</summary>
    private void TakeTimeWait(HostCpu cpu, SkBuff skb)
    {
        var key = TcpKeyOf(cpu, skb);
        var now = cpu.Cpu.Now;
        if (Tcp.Tables.LookupEstablished(key) is not TimeWaitSock entry)
        {
            RefuseTcp(cpu, skb); // it ended meanwhile
            return;
        }

        var state = (TcpTimeWait)entry.State;
        var before = state.Deadline;
        var verdict = state.OnSegment(TcpSegmentOf(skb), Tcp.Sysctls, cpu.Mib, now, out var answer);
        if (verdict is TcpTimeWaitVerdict.Ack or TcpTimeWaitVerdict.Reset)
        {
            cpu.Mib.Add(TcpMib.OutSegs);
            if (verdict == TcpTimeWaitVerdict.Reset) cpu.Mib.Add(TcpMib.OutRsts);
            Answer(cpu, skb, answer);
        }

        using (Tcp.Change(now))
        {
            if (verdict is TcpTimeWaitVerdict.Kill or TcpTimeWaitVerdict.Reset or TcpTimeWaitVerdict.Syn) Tcp.Tables.TimeWaits.Kill(entry);
            else if (state.Deadline != before) Tcp.Tables.TimeWaits.Reschedule(entry, state.Deadline - now, now);
        }

        if (verdict == TcpTimeWaitVerdict.Syn && Tcp.Tables.LookupListener(key) is { } listener)
        {
            skb.Cb.TimeWaitIsn = answer.Sequence;
            QueueToTcp(cpu, (TcpSocket)listener.Owner, skb);
            return;
        }

        cpu.Drop(skb, SkbDropReason.NO_SOCKET);
    }

    /// <summary>A connection leaves an entry in TIME_WAIT behind.</summary>
    public void EnterTimeWait(HostCpu cpu, TcpSocket socket, TcpTimeWait state)
    {
        var now = cpu.Cpu.Now;
        using (Tcp.Change(now)) Tcp.Tables.TimeWaits.Enter(socket.Endpoint, state, state.Deadline - now, cpu.Mib, now);
        if (_shared is null) OnDue(cpu, _timeWaitTimer, Tcp.Tables.TimeWaits.Deadline);
        else Do(cpu, new SharedWork(SharedWorkKind.TimeWaitTimer));
    }

    /// <summary>Ends entries that are due (kernel: <c>tw_timer_handler</c>).</summary>
    private void ExpireTimeWaits(HostCpu cpu)
    {
        var now = cpu.Cpu.Now;
        using (Tcp.Change(now))
        {
            while (Tcp.Tables.TimeWaits.TryExpire(now, out _))
            {
            }
        }

        OnDue(cpu, _timeWaitTimer, Tcp.Tables.TimeWaits.Deadline);
    }

    /// <summary>An ICMP error about a segment of ours (kernel: <c>tcp_v4_err</c>).</summary>
    private void NotifyTcp(HostCpu cpu, SkBuff skb, in IcmpNotice notice)
    {
        var key = new TcpLookup(notice.Destination, notice.DestinationPort, notice.Source, notice.SourcePort, skb.IfIndex, cpu.Cpu.LocalId);
        switch (Tcp.Tables.Lookup(key))
        {
            case TcpEndpoint { IsListening: false } endpoint:
                ((TcpSocket)endpoint.Owner).Tell(new TcpSocketProtocol.Icmp(notice));
                break;
            case RequestSock request:
                ((TcpSocket)request.Listener.Endpoint.Owner).Tell(new TcpSocketProtocol.Icmp(notice));
                break;
            case TimeWaitSock:
                break;
            default:
                cpu.Mib.Add(IcmpMib.InErrors);
                break;
        }
    }

    private readonly record struct TcpEnds(uint Source, ushort SourcePort, uint Destination, ushort DestinationPort);

    private static SkbDropReason CheckTcp(HostCpu cpu, SkBuff skb)
    {
        cpu.Mib.Add(TcpMib.InSegs);
        if (!TcpHeader.TryParse(skb.Data, out var tcp))
        {
            cpu.Mib.Add(TcpMib.InErrs);
            return skb.Length < TcpHeader.Size ? SkbDropReason.PKT_TOO_SMALL : SkbDropReason.NOT_SPECIFIED;
        }

        (skb.Cb.SourcePort, skb.Cb.DestinationPort) = (tcp.SourcePort, tcp.DestinationPort);
        skb.Cb.PayloadLength = skb.Length - tcp.HeaderLength;
        skb.Cb.TimeWaitIsn = 0;
        var pseudo = InternetChecksum.PseudoHeader(skb.Cb.SourceAddress, skb.Cb.DestinationAddress, IpProtocols.Tcp, skb.Length);
        if (skb.IpSummed is ChecksumState.Unnecessary or ChecksumState.Partial || SkbChecksum.Complete(skb, pseudo)) return SkbDropReason.NOT_DROPPED_YET;
        cpu.Mib.Add(TcpMib.InCsumErrors);
        cpu.Mib.Add(TcpMib.InErrs);
        return SkbDropReason.TCP_CSUM;
    }

    private static void WriteTcp(SkBuff skb, ushort sourcePort, ushort destinationPort, in TcpOutSegment segment)
    {
        var options = TcpOptionsWriter.Length(segment.Options);
        var bytes = skb.Push(TcpHeader.Size + options);
        bytes[12] = 0; // the reserved bits
        TcpHeader.TryOverlay(bytes, out var tcp);
        (tcp.SourcePort, tcp.DestinationPort) = (sourcePort, destinationPort);
        (tcp.Sequence, tcp.Acknowledgment) = (segment.Sequence, segment.Acknowledgment);
        tcp.DataOffset = (byte)((TcpHeader.Size + options) / 4);
        (tcp.Flags, tcp.Window, tcp.UrgentPointer, tcp.Checksum) = (segment.Flags, segment.Window, segment.UrgentPointer, 0);
        TcpOptionsWriter.Write(segment.Options, skb.Data[TcpHeader.Size..]);
        (skb.Cb.SourcePort, skb.Cb.DestinationPort) = (sourcePort, destinationPort);
    }

    private static void FillTcpChecksum(SkBuff skb, uint source, uint destination, bool offload)
    {
        var pseudo = InternetChecksum.PseudoHeader(source, destination, IpProtocols.Tcp, skb.Length);
        _ = TcpHeader.TryOverlay(skb.Data, out var tcp);
        if (offload)
        {
            tcp.Checksum = (ushort)~InternetChecksum.Fold(pseudo); // the device goes on from here
            skb.IpSummed = ChecksumState.Partial;
            (skb.CsumStart, skb.CsumOffset) = (0, 16);
            return;
        }

        tcp.Checksum = InternetChecksum.Fold(SkbChecksum.Sum(skb, 0, pseudo));
        skb.IpSummed = ChecksumState.None;
    }
}
