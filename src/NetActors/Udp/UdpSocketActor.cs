using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// Carries out the calls of one UDP socket on whichever CPU makes them, and wakes who waits for it (kernel: <c>udp_recvmsg</c>,
/// <c>udp_sendmsg</c>, <c>sock_def_readable</c>).
/// </summary>
internal sealed class UdpSocketActor : UntypedActor
{
    private readonly UdpSocket _socket;
    private readonly NetStack _stack;
    private readonly EmulatedCpu _home;
    private readonly List<RecvRequest> _waiting = [];

    public UdpSocketActor(UdpSocket socket, NetStack stack, EmulatedCpu home)
    {
        (_socket, _stack, _home) = (socket, stack, home);
        socket.Actor = Self;
    }

    public static Props Props(UdpSocket socket, NetStack stack, EmulatedCpu home) =>
        Akka.Actor.Props.Create(() => new UdpSocketActor(socket, stack, home)).WithDispatcher("caller-cpu");

    protected override void PreStart() => TaskQueues.Home(Context, _home);

    protected override void OnReceive(object message)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        switch (message)
        {
            case RecvRequest request: Receive(cpu, request); break;
            case SendRequest request: Send(cpu, request); break;
            case UdpSocketProtocol.DataReady: Wake(cpu); break;
            case CancelRecv(var request): Cancel(cpu, request); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        _socket.IsClosed = true;
        _stack.Udp.Unbind(_socket.Endpoint);
        Close();
        foreach (var request in _waiting)
        {
            request.Error = Errno.EBADF;
            if (EmulatedCpu.Current?.Hooks is HostCpu cpu) cpu.Wake(request.Task);
            request.Task.Actor.Tell(request, ActorRefs.NoSender);
        }
    }

    private void Receive(HostCpu cpu, RecvRequest request)
    {
        var error = _socket.TakeError();
        var now = cpu.Cpu.Now;
        var bytes = 0;
        request.Count = 0;
        while (request.Count < request.Batch.Length && _socket.TryDequeue(now, out var skb))
        {
            var reason = UdpReceive.Receive(skb, _socket.Buffer, cpu.Mib);
            if (reason != SkbDropReason.NOT_DROPPED_YET)
            {
                cpu.Drop(skb, reason);
                continue;
            }

            if (cpu.Trace is not null) cpu.Emit(TracePoint.skb_copy_datagram_iovec, skb, skb.HeadLength);
            bytes += skb.HeadLength;
            request.Batch[request.Count++] = skb;
        }

        if (request.Resumed) request.Resumed = false; // the call goes on where it slept
        else cpu.Cpu.Charge(CostOp.SyscallEntry);
        if (request.Count == 0 && error == Errno.None)
        {
            if (request.NonBlocking)
            {
                error = Errno.EAGAIN;
            }
            else
            {
                _waiting.Add(request);
                _socket.Waiters = _waiting.Count;
                cpu.Cpu.Scheduler.BlockCurrent();
                if (_socket.Queued > 0) cpu.Cpu.TellFromSoftirq(Self, UdpSocketProtocol.DataReady.Instance, cpu.Cpu.Now); // came in between
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
        cpu.Cpu.Charge(CostOp.SyscallEntry);
        request.Error = _socket.TakeError();
        for (request.Sent = 0; request.Error == Errno.None && request.Sent < request.Count; request.Sent++)
        {
            ref var message = ref request.Messages[request.Sent];
            cpu.Cpu.Charge(CostOp.SendMsg);
            cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, message.Length);
            var (address, port) = message.Port != 0 ? (message.Address, message.Port) : (_socket.Endpoint.RemoteAddress, _socket.Endpoint.RemotePort);
            request.Error = port == 0 ? Errno.EDESTADDRREQ
                : _stack.SendUdp(cpu, _socket, message.Payload.AsSpan(0, message.Length), address, port);
            if (request.Error != Errno.None) break;
            _socket.TxPackets++;
            _socket.TxBytes += message.Length;
        }

        cpu.Cpu.Charge(CostOp.SyscallExit);
        request.Task.Actor.Tell(request, ActorRefs.NoSender);
        cpu.IrqExit(); // local_bh_enable: what the send raised runs now
    }

    private void Wake(HostCpu cpu)
    {
        _socket.Answer();
        var wanted = Math.Max(1, _socket.Queued);
        while (wanted-- > 0 && _waiting.Count > 0)
        {
            var request = _waiting[0];
            _waiting.RemoveAt(0);
            _socket.Wakeups++;
            cpu.Emit(TracePoint.sock_def_readable, arg1: _socket.Id);
            Resume(cpu, request);
        }

        _socket.Waiters = _waiting.Count;
    }

    private void Cancel(HostCpu cpu, RecvRequest request)
    {
        if (!_waiting.Remove(request)) return;
        _socket.Waiters = _waiting.Count;
        request.NonBlocking = true; // SO_RCVTIMEO: looks once more, then EAGAIN
        Resume(cpu, request);
    }

    private static void Resume(HostCpu cpu, RecvRequest request)
    {
        request.Resumed = true;
        cpu.Wake(request.Task);
        request.Task.Actor.Tell(RecvRequest.Woken.Instance, ActorRefs.NoSender);
    }

    private void Close()
    {
        var reason = EmulatedCpu.Current is null ? SkbDropReason.HOST_SHUTDOWN : SkbDropReason.ACTOR_FAILED;
        while (_socket.TryDequeue(Time.KernelTime.Never, out var skb))
        {
            _socket.Buffer.Uncharge(skb.Cb.ChargedBytes);
            if (EmulatedCpu.Current?.Hooks is HostCpu cpu) cpu.Drops[DropTable.IndexOf(reason)]++;
            skb.Free(reason);
        }
    }
}
