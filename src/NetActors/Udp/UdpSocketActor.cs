using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// Carries out the calls of one datagram socket on whichever CPU makes them, and wakes who waits for it (kernel: <c>udp_recvmsg</c>,
/// <c>udp_sendmsg</c>, <c>sock_def_readable</c>).
/// </summary>
internal sealed partial class UdpSocketActor : UntypedActor
{
    private readonly DatagramSocket _socket;
    private readonly NetStack _stack;
    private readonly EmulatedCpu _home;
    private RecvRequest? _receiving; // the call at work
    private SendRequest? _sending;
    private HostCpu? _cpu; // who makes it

    public UdpSocketActor(DatagramSocket socket, NetStack stack, EmulatedCpu home) =>
        (_socket, _stack, _home) = (socket, stack, home);

    public static Props Props(DatagramSocket socket, NetStack stack, EmulatedCpu home) =>
        Akka.Actor.Props.Create(() => new UdpSocketActor(socket, stack, home)).WithDispatcher("caller-cpu");

    protected override void PreStart() => TaskQueues.Home(Context, _home);

    protected override void OnReceive(object message)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        _cpu = cpu;
        _stack.Enter(cpu);
        switch (message)
        {
            case RecvRequest request when _socket.IsClosed: Refuse(request); break;
            case SendRequest request when _socket.IsClosed: Refuse(request); break;
            case RecvRequest request: Receive(cpu, _receiving = request); break;
            case SendRequest request: Send(cpu, _sending = request); break;
            case SystemCall call: Call(cpu, call); break;
            case CloseRequest request: Close(cpu, request); break;
            case UdpSocketProtocol.DataReady: _socket.Readable(cpu); break;
            case UdpSocketProtocol.ZeroCopyDone(var key, var count, var isCopied): _socket.OnZeroCopyDone(cpu, key, count, isCopied); break;
            case UdpSocketProtocol.WriteSpace: _socket.Writable(cpu); break;
            case CancelCall { IsLate: false, Call: var call }: Cancel(cpu, call); break;
            case CancelCall: break; // it has ended
            default: Unhandled(message); break;
        }

        (_receiving, _sending) = (null, null);
    }

    /// <summary>It failed: the socket is closed, what it held is lost and counted, whoever calls or waits gets EBADF.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        Close(SkbDropReason.ACTOR_FAILED);
        _cpu?.Reclaim(SkbDropReason.ACTOR_FAILED);
        if (_receiving is { Ticket: 0 } call)
        {
            for (; call.Count > 0; call.Batch[call.Count] = null!) Lose(call.Batch[--call.Count], SkbDropReason.ACTOR_FAILED);
            Refuse(call);
        }

        if (_sending is { Ticket: 0 }) Refuse(_sending);
        while (_socket.Sleepers.TryTake(out var request) || _socket.Writers.TryTake(out request))
        {
            if (EmulatedCpu.Current?.Hooks is HostCpu cpu) cpu.Wake(request.Task);
            if (request is RecvRequest receive) Refuse(receive);
            else if (request is SendRequest send) Refuse(send);
            else if (request is SystemCall made) Refuse(made);
        }
    }

    protected override void PostStop() => Close(SkbDropReason.HOST_SHUTDOWN);

    private static void Refuse(RecvRequest request)
    {
        (request.Error, request.Count, request.Resumed) = (Errno.EBADF, 0, false);
        request.Task.Forget();
        request.Task.Actor.Tell(request, ActorRefs.NoSender);
    }

    private static void Refuse(SystemCall call)
    {
        call.Fail(Errno.EBADF);
        call.Resumed = false;
        call.Task.Forget();
        call.Task.Actor.Tell(call, ActorRefs.NoSender);
    }

    private static void Refuse(SendRequest request)
    {
        (request.Error, request.Resumed) = (Errno.EBADF, false);
        request.Task.Forget();
        request.Task.Actor.Tell(request, ActorRefs.NoSender);
    }

    private void Receive(HostCpu cpu, RecvRequest request)
    {
        var error = _socket.TakeError();
        var now = cpu.Cpu.Now;
        var bytes = 0;
        if (_socket.Queued > 0) cpu.Cpu.Touch(ref _socket.LastCpu, CacheLines.UdpSock);
        request.Count = 0;
        while (error == Errno.None && request.Count < request.Batch.Length && _socket.TryDequeue(now, out var skb)) // an error comes first
        {
            var reason = _socket.Receive(skb, cpu.Mib);
            if (reason != SkbDropReason.NOT_DROPPED_YET)
            {
                cpu.Drop(skb, reason);
                continue;
            }

            cpu.Cpu.Touch(ref skb.LastCpu, CacheLines.SkBuff);
            request.Batch[request.Count++] = skb;
            bytes += skb.HeadLength;
            if (cpu.Trace is not null) cpu.Emit(TracePoint.skb_copy_datagram_iovec, skb, skb.HeadLength);
        }

        if (request.Resumed)
        {
            request.Resumed = false; // the call goes on where it slept
        }
        else
        {
            cpu.Cpu.Charge(CostOp.SyscallEntry);
            _stack.RecordFlow(_socket.RecordedHash, cpu); // inet_recvmsg
        }

        if (request.Count == 0 && error == Errno.None)
        {
            if (request.BusyState != BusyLoopState.Done && _socket.TryBusyLoop(cpu, request, request.NonBlocking)) return;
            request.BusyState = BusyLoopState.None; // after a sleep it may again
            if (request.NonBlocking)
            {
                error = Errno.EAGAIN;
            }
            else
            {
                TaskQueues.Sleep(Context, request, cpu.Cpu.Scheduler);
                _socket.Sleepers.Add(request);
                if (_socket.Queued > 0 || _socket.HasError) // came in between, or from a CPU whose clock is ahead
                    cpu.Cpu.TellFromSoftirq(Self, UdpSocketProtocol.DataReady.Instance, _socket.HasError ? cpu.Cpu.Now : _socket.NextVisible);
                return;
            }
        }

        if (request.Count > 0)
        {
            _socket.Delivered += request.Count;
            _socket.DeliveredBytes += bytes;
            cpu.Cpu.Charge(CostOp.RecvMsg, request.Count);
            cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, bytes);
        }

        cpu.Cpu.Charge(CostOp.SyscallExit);
        request.Error = request.Count > 0 ? Errno.None : error;
        request.Task.Actor.Tell(request, ActorRefs.NoSender);
    }

    private void Send(HostCpu cpu, SendRequest request)
    {
        if (request.Resumed)
        {
            request.Resumed = false;
        }
        else
        {
            cpu.Cpu.Charge(CostOp.SyscallEntry);
            _stack.RecordFlow(_socket.RecordedHash, cpu); // inet_send_prepare
            request.Sent = 0;
        }

        request.Error = _socket.TakeError();
        for (; request.Error == Errno.None && request.Sent < request.Count; request.Sent++)
        {
            ref var message = ref request.Messages[request.Sent];
            cpu.Cpu.Charge(CostOp.SendMsg);
            cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, message.Length);
            request.Error = _socket.Send(_stack, cpu, message.Payload.AsSpan(0, message.Length), message.Address, message.Port);
            if (request.Error == Errno.EAGAIN && !_socket.SendBuffer.HasRoom)
            {
                TaskQueues.Sleep(Context, request, cpu.Cpu.Scheduler);
                _socket.Writers.Add(request);
                if (_socket.SendBuffer.IsWritable) cpu.Cpu.TellFromSoftirq(Self, UdpSocketProtocol.WriteSpace.Instance, cpu.Cpu.Now); // freed in between
                cpu.IrqExit();
                return;
            }

            if (request.Error != Errno.None) break;
            _socket.TxPackets++;
            _socket.TxBytes += message.Length;
            if (request.Sent + 1 == request.Count || !RunsSoftirqs(cpu)) continue;
            request.Sent++;
            request.Resumed = true;
            cpu.Cpu.Again(request);
            return;
        }

        cpu.Cpu.Charge(CostOp.SyscallExit);
        request.Task.Actor.Tell(request, ActorRefs.NoSender);
        cpu.IrqExit(); // local_bh_enable: what the send raised runs now
    }

    /// <summary>
    /// A datagram is on its way, bottom halves are on again: what it raised runs before the next one is sent (kernel: <c>__dev_queue_xmit</c>,
    /// <c>local_bh_enable</c>). Over loopback and veth that receives it.
    /// </summary>
    private static bool RunsSoftirqs(HostCpu cpu)
    {
        cpu.IrqExit();
        return cpu.InSoftirq;
    }

    /// <summary>SO_RCVTIMEO: looks once more, then EAGAIN.</summary>
    private void Cancel(HostCpu cpu, BlockingCall request)
    {
        if (!_socket.Sleepers.Remove(request) && !_socket.Writers.Remove(request))
        {
            request.NonBlocking |= request.BusyState == BusyLoopState.Looping;
            return;
        }

        request.NonBlocking = request.Resumed = true;
        cpu.Wake(request.Task);
    }

    /// <summary>A descriptor is gone; the last one takes the socket with it (kernel: <c>udp_lib_close</c>, <c>inet_sock_destruct</c>).</summary>
    private void Close(HostCpu cpu, CloseRequest request)
    {
        cpu.Cpu.Charge(CostOp.SyscallEntry);
        if (--_socket.Descriptors == 0 && !_socket.IsClosed) Close(SkbDropReason.QUEUE_PURGE);
        cpu.Cpu.Charge(CostOp.SyscallExit);
        request.Task?.Actor.Tell(request, ActorRefs.NoSender);
    }

    private void Close(SkbDropReason reason)
    {
        _socket.ClosedFor = reason;
        _stack.OpenFiles.Close(_socket);
        _socket.LeaveWatchers();
        _socket.Unbind(_stack);
        while (_socket.TryDequeue(Time.KernelTime.Never, out var skb))
        {
            _socket.Buffer.Uncharge(skb.Cb.ChargedBytes);
            _socket.CountPurged();
            Lose(skb, reason);
        }
    }

    private void Lose(SkBuff skb, SkbDropReason reason)
    {
        if (_cpu is not null) _cpu.Drops[DropTable.IndexOf(reason)]++;
        skb.Free(reason);
    }
}
