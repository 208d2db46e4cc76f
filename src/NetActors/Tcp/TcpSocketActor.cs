using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <summary>
/// Runs one TCP socket on whichever CPU has a segment, a call or its timer (kernel: <c>tcp_v4_do_rcv</c> under the socket's lock): takes
/// segments, carries calls out, sends what the connection answers, wakes who waits.
/// </summary>
internal sealed partial class TcpSocketActor : UntypedActor
{
    private readonly TcpSocket _socket;
    private readonly NetStack _stack;
    private ListenOutput? _listenOutput; // a listener's, or a Fast Open child's
    private HostCpu _cpu = null!; // who runs it now

    public TcpSocketActor(TcpSocket socket, NetStack stack) => (_socket, _stack) = (socket, stack);

    private ListenOutput Output => _listenOutput ??= new ListenOutput();

    public static Props Props(TcpSocket socket, NetStack stack) =>
        Akka.Actor.Props.CreateBy(new Producer(socket, stack)).WithDispatcher("caller-cpu");

    protected override void OnReceive(object message)
    {
        _cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        _stack.Enter(_cpu);
        _cpu.Cpu.Touch(ref _socket.LastCpu, CacheLines.TcpSock);
        switch (message)
        {
            case TcpSocketProtocol.Segments: TakeSegments(); break;
            case TcpSocketProtocol.Deadline: OnDeadline(); break;
            case SystemCall call:
                _socket.Backlog.Lock(_cpu.Cpu.LocalId);
                Call(call);
                _socket.Backlog.Unlock(_cpu.Cpu.Now);
                break;
            case CloseRequest request: Close(request); break;
            case CancelCall { IsLate: false, Call: SystemCall call }: Cancel(call); break;
            case CancelCall: break; // it has ended
            case TcpSocketProtocol.Disown: OnDisowned(); break;
            case TcpSocketProtocol.ChildReady: _socket.NotifyAccept(_cpu); break;
            case TcpSocketProtocol.FastOpenDone done: OnFastOpenDone(done); break;
            case TcpSocketProtocol.SmallQueue: OnSmallQueue(); break;
            case TcpSocketProtocol.Icmp(var notice): OnIcmp(notice); break;
            case Adopted: OnAdopted(); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>It failed: the connection is reset, whoever calls or waits gets an error, what it held is counted (design section 5).</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _cpu?.Reclaim(SkbDropReason.ACTOR_FAILED);
        _socket.Release(SkbDropReason.ACTOR_FAILED);
        if (_cpu is not null)
        {
            if (_socket.Block is { } block) Carry(_socket, block.Abort(_cpu.Cpu.Now));
            Unhash(_socket);
            _socket.Notify(_cpu, TcpEffects.Closed | TcpEffects.Error);
        }

        if (message is SystemCall { Ticket: 0 } call) Answer(call, Errno.EBADF);
        _socket.Answer();
    }

    protected override void PostStop()
    {
        _socket.Timer.Cancel(_cpu is null || _cpu.Cpu.Layer.IsVirtual);
        _socket.IsGone = true;
        if (EmulatedCpu.Current?.Hooks is HostCpu cpu) NetStack.DropLate(cpu, _socket);
        _socket.Release(SkbDropReason.HOST_SHUTDOWN);
        _socket.Forget();
    }

    private void OnAdopted()
    {
        if (_socket.IsDisowned) OnDisowned();
        if (_socket is { IsClosed: true, Block: null or { State: TcpState.Close } }) Retire(_socket); // it ended before it had an actor
        else _socket.Ring();
    }

    private void TakeSegments()
    {
        if (_socket.Backlog.Bytes > 0 && _socket.Block is { } block)
        {
            TakeBacklog(block);
            return;
        }

        while (_socket.TryTake(out var skb))
        {
            _cpu.Hand = skb;
            if (_socket.Listener is not null) ToListener(skb);
            else ToConnection(skb);
            if (!_cpu.Cpu.MustYield) continue; // asked behind a segment: two that give way to each other must both get on
            _cpu.Cpu.Again(TcpSocketProtocol.Segments.Instance);
            return;
        }

        _socket.Answer();
    }

    /// <summary>The task that had the socket goes through what came meanwhile, and then sends one ACK for it (kernel: <c>__release_sock</c>).</summary>
    private void TakeBacklog(TcpControlBlock block)
    {
        _socket.Backlog.Lock(_cpu.Cpu.LocalId);
        block.DefersAcks = _stack.Tcp.Sysctls.TcpBacklogAckDefer;
        while (_socket.TryTake(out var skb))
        {
            _cpu.Hand = skb;
            ToConnection(skb);
        }

        block.DefersAcks = false;
        Carry(_socket, block.OnReleased(_cpu.Cpu.Now));
        _socket.Backlog.Unlock(_cpu.Cpu.Now);
        _socket.Answer();
    }

    private void ToConnection(SkBuff skb)
    {
        if (_socket.Block is not { } block || block.State == TcpState.Close)
        {
            _stack.RefuseTcp(_cpu, skb); // it was on its way when the connection ended
            return;
        }

        SaveRxHash(_socket, skb);
        if (_socket.FastOpenRequest is not null && !PassesFastOpen(skb)) return;
        _socket.NapiId = skb.NapiId;
        if (_cpu.IsProbed) TcpTrace.Probe(_cpu, _socket, block, skb);
        var effects = block.OnSegment(NetStack.TcpSegmentOf(skb), _cpu.Cpu.Now);
        if ((effects & TcpEffects.NoMemory) != 0) _cpu.Drop(skb, SkbDropReason.PROTO_MEM);
        else _cpu.Consume(skb);
        Carry(_socket, effects);
    }

    /// <summary>Kernel: <c>sock_rps_save_rxhash</c>.</summary>
    private void SaveRxHash(TcpSocket socket, SkBuff skb)
    {
        if (socket.RxHash != skb.Hash) socket.RxHash = _stack.SaveRxHash(socket.RxHash, skb.Hash);
    }

    private void OnDeadline()
    {
        if (_socket.Listener is { } listener)
        {
            while (true)
            {
                bool due;
                using (_stack.Tcp.Change(_cpu.Cpu.Now)) due = listener.OnDeadline(_cpu.Mib, _cpu.Cpu.Now, Output);
                if (!due) break;
                _stack.Send(_cpu, Output.Reply, _socket.Options);
            }

            _socket.Timer.Arm(_cpu, listener.Deadline);
        }
        else if (_socket.Block is { } block)
        {
            Carry(_socket, block.OnDeadline(_cpu.Cpu.Now));
        }
    }

    /// <summary>Kernel: <c>tcp_tsq_handler</c>.</summary>
    private void OnSmallQueue()
    {
        if (_socket.Block is { } block) Carry(_socket, block.OnHostQueueFreed(_cpu.Cpu.Now));
    }

    private void OnIcmp(in Ip.IcmpNotice notice)
    {
        if (_socket.Block is { } block)
        {
            Carry(_socket, block.OnIcmp(notice, _cpu.Cpu.Now));
        }
        else if (_socket.Listener is { } listener
            && _stack.Tcp.Tables.LookupEstablished(new TcpLookup(notice.Destination, notice.DestinationPort, notice.Source, notice.SourcePort)) is RequestSock request)
        {
            using (_stack.Tcp.Change(_cpu.Cpu.Now)) listener.OnIcmpError(request, notice.TransportWord, notice.Code is 2 or 3, _cpu.Mib);
        }
    }

    /// <summary>Does what an input to the connection left to be done.</summary>
    private void Carry(TcpSocket socket, TcpEffects effects)
    {
        var block = socket.Block!;
        if (_cpu.Trace is not null) TcpTrace.Walk(_cpu, socket, block);
        if ((effects & TcpEffects.Output) != 0) Flush(socket, block);
        while ((effects & TcpEffects.More) != 0)
        {
            effects = (effects & ~TcpEffects.More) | block.Continue(_cpu.Cpu.Now);
            Flush(socket, block);
        }

        EndZeroCopies(_cpu, socket, block);
        if ((effects & TcpEffects.SynAck) != 0) SendSynAckAgain(socket);
        if ((effects & TcpEffects.Closed) != 0) OnClosed(socket, block);
        else socket.Timer.Arm(_cpu, block.TickDeadline, block.ExactDeadline);
        if ((effects & TcpEffects.Confirm) != 0) _stack.Confirm(_cpu, socket.Endpoint.RemoteAddress);
        if ((effects & TcpEffects.Established) != 0 && block.FastOpenLesson is { } lesson) Learn(socket, lesson);
        socket.Notify(_cpu, effects);
        if ((effects & TcpEffects.Established) != 0 && socket.Parent is { } parent)
        {
            if (ReferenceEquals(parent, _socket)) parent.NotifyAccept(_cpu);
            else parent.Tell(TcpSocketProtocol.ChildReady.Instance);
        }
    }

    private void Flush(TcpSocket socket, TcpControlBlock block)
    {
        var endpoint = socket.Endpoint;
        while (block.TryTakeSegment(out var segment))
            _stack.Send(_cpu, endpoint.LocalAddress, endpoint.LocalPort, endpoint.RemoteAddress, endpoint.RemotePort, segment, block);
    }

    /// <summary>The connection is over: it leaves the tables, or an entry in TIME_WAIT takes its place.</summary>
    private void OnClosed(TcpSocket socket, TcpControlBlock block)
    {
        socket.Timer.Arm(_cpu, Time.KernelTime.Never);
        if (block.Error == Errno.None && !socket.IsUnhashed) _stack.SaveMetrics(socket, block, _cpu.Cpu.Now);
        if (block.TakeTimeWait() is { } entry && !socket.IsUnhashed)
        {
            socket.IsUnhashed = true;
            _stack.ForgetFlow(socket.RxHash);
            _stack.EnterTimeWait(_cpu, socket, entry);
        }

        Unhash(socket);
        EndFastOpen(socket, reset: false);
        if (socket.IsClosed && !socket.IsLingering) Retire(socket);
    }

    private void Unhash(TcpSocket socket)
    {
        using (_stack.Tcp.Change(_cpu.Cpu.Now))
        {
            if (!socket.IsUnhashed && socket.Endpoint.IsEstablishedHashed) _stack.Tcp.Tables.OnClosed(socket.Endpoint);
            if (socket.IsClosed) _stack.Tcp.Tables.PutPort(socket.Endpoint);
        }

        if (socket.Listener is not null || socket.Block is not { State: TcpState.Close }) return;
        if (!socket.IsUnhashed) _stack.ForgetFlow(socket.RxHash);
        socket.IsUnhashed = true;
    }

    /// <summary>Nobody has the socket open and nothing is under way: its actor goes.</summary>
    private static void Retire(TcpSocket socket)
    {
        if (!socket.Actor.IsNobody()) socket.Actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
    }

    private void Answer(SystemCall call, Errno error)
    {
        call.End(call.Result, error);
        Answer(call);
    }

    private void Answer(SystemCall call)
    {
        _cpu.Cpu.Charge(CostOp.SyscallExit);
        call.Task.Actor.Tell(call, ActorRefs.NoSender);
        _cpu.IrqExit(); // local_bh_enable: what was sent runs now
    }

    private sealed class Producer(TcpSocket socket, NetStack stack) : ActorProducer
    {
        public override Type ActorType => typeof(TcpSocketActor);

        public override ActorBase Produce() => new TcpSocketActor(socket, stack);
    }
}

/// <summary>The actor of a socket was made.</summary>
internal sealed record Adopted
{
    public static readonly Adopted Instance = new();
}
