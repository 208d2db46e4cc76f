using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>Segments for a listener (kernel: <c>tcp_v4_rcv</c> with TCP_NEW_SYN_RECV and TCP_LISTEN).</content>
internal sealed partial class TcpSocketActor
{
    private void ToListener(SkBuff skb)
    {
        var key = NetStack.TcpKeyOf(_cpu, skb);
        var known = _stack.Tcp.Tables.LookupEstablished(key);
        if (known is TcpEndpoint connected)
        {
            NetStack.QueueToTcp(_cpu, (TcpSocket)connected.Owner, skb); // its handshake was done while the segment waited
            return;
        }

        var now = _cpu.Cpu.Now;
        var segment = ListenSegmentOf(skb);
        if (RouteLookup.Output(_stack.Net, new RouteQuery(segment.Source, segment.Destination), out var route) != Errno.None)
        {
            _cpu.Drop(skb, SkbDropReason.IP_INNOROUTES);
            return;
        }

        var listener = _socket.Listener!;
        var way = NetStack.ListenRouteOf(route);
        ListenVerdict verdict;
        using (_stack.Tcp.Change(now))
        {
            verdict = known is RequestSock request && ReferenceEquals(request.Listener, listener)
                ? listener.OnRequestSegment(request, segment, way, _cpu.Mib, now, Output)
                : listener.OnSegment(segment, way, _cpu.Mib, now, Output);
        }

        if ((verdict.Effects & ListenEffects.Reply) != 0) _stack.Send(_cpu, Output.Reply, _socket.Options);
        if ((verdict.Effects & ListenEffects.Accepted) != 0) Accept(skb, route);
        _socket.Timer.Arm(_cpu, listener.Deadline);
        if (verdict.Reason == SkbDropReason.CONSUMED) _cpu.Consume(skb);
        else _cpu.Drop(skb, verdict.Reason);
    }

    /// <summary>A handshake is done: the connection begins (kernel: <c>tcp_v4_syn_recv_sock</c>, <c>tcp_child_process</c>).</summary>
    private void Accept(SkBuff skb, in Route route)
    {
        ref var handshake = ref Output.Handshake;
        var now = _cpu.Cpu.Now;
        var child = new TcpSocket(_stack.Tcp, _socket.Options with { }) { Parent = _socket, FastOpenRequest = handshake.FastOpen, NapiId = skb.NapiId };
        if (handshake.Tos is { } tos) child.Options.Tos = tos;
        if (child.Options.Mark == 0) child.Options.Mark = handshake.Mark;
        if (_socket.BusyOptions is { } busy) child.Sock.SetBusyPoll(busy.BusyPoll, busy.PreferBusyPoll, busy.BusyPollBudget);
        child.Block = _stack.Tcp.NewBlock(child, NetStack.PathOf(route));
        child.Block.HasSocket = false;
        var segment = NetStack.TcpSegmentOf(skb);
        child.Block.PathMetrics = _stack.Metrics(handshake.LocalAddress, handshake.RemoteAddress, route.Metrics, now);
        child.Block.Accept(HandshakeOf(handshake, segment), now);
        if (handshake.AccurateEcn.IsNegotiated) child.Block.BeginAccurateEcn(handshake.AccurateEcn, segment);
        bool added;
        using (_stack.Tcp.Change(now))
        {
            added = _stack.Tcp.Tables.AddChild(_socket.Endpoint, child.Endpoint, handshake.LocalAddress, handshake.RemoteAddress, handshake.RemotePort);
        }

        if (!added)
        {
            child.Forget(); // another segment was quicker
            return;
        }

        SaveRxHash(child, skb); // tcp_check_req
        child.Endpoint.IncomingCpu = _cpu.Cpu.LocalId; // sk_clone_lock
        _socket.Listener!.AddChild(child.Endpoint, handshake.FastOpen);
        _cpu.SocketsOf(_stack.Number).Tell(new SocketsProtocol.Adopt(child), Akka.Actor.ActorRefs.NoSender);
        if (_cpu.IsProbed) TcpTrace.Probe(_cpu, child, child.Block, skb);
        if (handshake.FastOpen is null)
        {
            Carry(child, child.Block.OnSegment(segment, now));
            return;
        }

        Carry(child, child.Block.OnSynData(segment, now));
        child.Parent = null; // told now, and not when the handshake is done
        _socket.NotifyAccept(_cpu);
    }

    private static TcpHandshake HandshakeOf(in AcceptedHandshake handshake, in TcpInSegment segment) => new()
    {
        Isn = handshake.Isn,
        PeerIsn = handshake.PeerIsn,
        PeerMss = handshake.Mss,
        PeerWindow = (int)handshake.SendWindow,
        WindowScaling = handshake.IsWindowScaled,
        SndWscale = handshake.SendWindowScale,
        RcvWscale = handshake.ReceiveWindowScale,
        SackOk = handshake.HasSack,
        TimestampsOk = handshake.HasTimestamps,
        TsRecent = handshake.TimestampRecent,
        TsOffset = handshake.TimestampOffset,
        RcvWnd = handshake.ReceiveWindow,
        WindowClamp = handshake.WindowClamp,
        EcnOk = handshake.HasEcn,
        SynAckSentAt = handshake.SynAckSentAt,
        IsFastOpen = handshake.FastOpen is not null,
    };

    private static ListenSegment ListenSegmentOf(SkBuff skb)
    {
        var segment = NetStack.TcpSegmentOf(skb);
        return new ListenSegment
        {
            Source = skb.Cb.SourceAddress,
            Destination = skb.Cb.DestinationAddress,
            SourcePort = skb.Cb.SourcePort,
            DestinationPort = skb.Cb.DestinationPort,
            Sequence = segment.Sequence,
            Acknowledgment = segment.Acknowledgment,
            Flags = segment.Flags,
            Window = segment.Window,
            PayloadLength = segment.Payload.Length,
            Tos = (byte)skb.Cb.Tos,
            Mark = skb.Mark,
            IsEcnCapable = segment.Ecn != EcnCodepoint.NotEct,
            IsToGroup = skb.PacketType != PacketType.Host && skb.PacketType != PacketType.Loopback,
            TimeWaitIsn = skb.Cb.TimeWaitIsn,
            Options = segment.Options,
        };
    }
}
