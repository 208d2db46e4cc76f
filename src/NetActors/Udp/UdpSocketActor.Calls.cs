using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Udp;

/// <content>The calls of programs by name (kernel: <c>inet_dgram_ops</c>, <c>packet_ops</c>).</content>
internal sealed partial class UdpSocketActor
{
    private const int Fionread = 0x541B;
    private const int Siocoutq = 0x5411;

    private void Call(HostCpu cpu, SystemCall call)
    {
        if (call.Resumed)
        {
            call.Resumed = false;
        }
        else
        {
            cpu.Cpu.Charge(CostOp.SyscallEntry);
            if (call.RecordsFlow) _stack.RecordFlow(_socket.RecordedHash, cpu);
        }

        if ((call.Flags & MessageFlags.DontWait) != 0 && call.Name is Syscall.Send or Syscall.Receive) call.NonBlocking = true;
        var done = call.Name switch
        {
            _ when _socket.IsClosed && call.Name != Syscall.Close => Fail(call, Errno.EBADF),
            Syscall.Bind => Fail(call, _socket.Bind(_stack, call)),
            Syscall.Connect => Fail(call, _socket.Connect(_stack, cpu, call)),
            Syscall.Send => Send(cpu, call),
            Syscall.Receive => Receive(cpu, call),
            Syscall.Close => CloseOne(call),
            Syscall.GetSockOpt => Fail(call, _socket.GetOption(_stack, call)),
            Syscall.SetSockOpt => Fail(call, _socket.SetOption(_stack, cpu, call)),
            Syscall.GetSockName => Fail(call, _socket.SockName(_stack, call)),
            Syscall.GetPeerName => Fail(call, _socket.PeerName(call)),
            Syscall.Ioctl => Ioctl(call),
            Syscall.Shutdown => Shutdown(cpu, call),
            Syscall.EpollCtl or Syscall.EpollWait => Fail(call, Errno.EINVAL), // no epoll instance
            _ => Fail(call, Errno.EOPNOTSUPP),
        };
        if (!done) return;
        cpu.Cpu.Charge(CostOp.SyscallExit);
        call.Task.Actor.Tell(call, Akka.Actor.ActorRefs.NoSender);
        cpu.IrqExit();
    }

    private static bool Fail(SystemCall call, Errno error)
    {
        call.End(0, error);
        return true;
    }

    private bool Send(HostCpu cpu, SystemCall call)
    {
        var error = _socket.Send(_stack, cpu, call);
        if (error == Errno.EAGAIN && !_socket.SendBuffer.HasRoom) return NoRoom(cpu, call);
        if (error == Errno.None)
        {
            cpu.Cpu.Charge(CostOp.SendMsg);
            cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, call.Data.Length);
            _socket.TxPackets++;
            _socket.TxBytes += call.Data.Length;
        }

        call.End(call.Data.Length, error);
        return true;
    }

    /// <summary>Waits for room to send (kernel: <c>sock_alloc_send_pskb</c>, <c>sock_wait_for_wmem</c>). False: the call sleeps.</summary>
    private bool NoRoom(HostCpu cpu, SystemCall call)
    {
        if (call.NonBlocking || call.TimedOut)
        {
            _socket.CountNoRoom(cpu.Mib);
            return Fail(call, Errno.EAGAIN);
        }

        Sleep(cpu, call, _socket.Writers, _socket.Options.SendTimeout);
        if (_socket.SendBuffer.IsWritable) cpu.Cpu.TellFromSoftirq(Self, UdpSocketProtocol.WriteSpace.Instance, cpu.Cpu.Now); // freed in between
        return false;
    }

    private static void Sleep(HostCpu cpu, SystemCall call, WaitQueue queue, KernelTime timeout)
    {
        if (!timeout.IsNever && call.Deadline.IsNever) call.Deadline = cpu.Cpu.Now + timeout;
        call.ArmTimeout(cpu);
        TaskQueues.Sleep(Context, call, cpu.Cpu.Scheduler);
        queue.Add(call);
    }

    private bool Receive(HostCpu cpu, SystemCall call)
    {
        var error = _socket.CheckReceive(call.Flags);
        if (error != Errno.None) return Fail(call, error);
        if ((call.Flags & MessageFlags.ErrQueue) != 0) return ReceiveError(cpu, call);
        error = _socket.TakeError();
        if (error != Errno.None) return Fail(call, error);
        if ((call.Flags & MessageFlags.Peek) != 0 ? Peek(cpu, call) : Take(cpu, call)) return true;
        if (call.BusyState != BusyLoopState.Done && _socket.TryBusyLoop(cpu, call, call.NonBlocking || call.TimedOut)) return false;
        call.BusyState = BusyLoopState.None; // after a sleep it may again
        if (call.NonBlocking || call.TimedOut) return Fail(call, Errno.EAGAIN);
        if (_socket.IsReceiveShutdown) return Fail(call, Errno.None); // the end
        Sleep(cpu, call, _socket.Sleepers, _socket.Options.ReceiveTimeout);
        if (_socket.Queued > 0 || _socket.HasError || _socket.IsReceiveShutdown) // came in between, or from a CPU whose clock is ahead
            cpu.Cpu.TellFromSoftirq(Self, UdpSocketProtocol.DataReady.Instance, _socket.Queued == 0 ? cpu.Cpu.Now : _socket.NextVisible);
        return false;
    }

    /// <summary>Takes the next datagram that is good. False when there is none.</summary>
    private bool Take(HostCpu cpu, SystemCall call)
    {
        while (_socket.TryDequeue(cpu.Cpu.Now, out var skb))
        {
            var reason = _socket.Receive(skb, cpu.Mib);
            if (reason != Buffers.SkbDropReason.NOT_DROPPED_YET)
            {
                cpu.Drop(skb, reason);
                continue;
            }

            cpu.Cpu.Touch(ref _socket.LastCpu, CacheLines.UdpSock);
            cpu.Cpu.Touch(ref skb.LastCpu, CacheLines.SkBuff);
            var length = skb.Length;
            var copied = Math.Min(length, call.Data.Length);
            Ip.SkbChecksum.CopyBits(skb, 0, call.Data.Span[..copied]);
            Told(cpu, call, skb, length, copied);
            _socket.Delivered++;
            _socket.DeliveredBytes += length;
            cpu.ConsumeByProgram(skb);
            return true;
        }

        return false;
    }

    /// <summary>Shows the first datagram and leaves it (kernel: <c>__skb_recv_udp</c> with <c>MSG_PEEK</c>). False when there is none.</summary>
    private bool Peek(HostCpu cpu, SystemCall call)
    {
        Buffers.SkBuff skb;
        ReadOnlySpan<byte> payload;
        while (true)
        {
            if (!_socket.TryPeek(cpu.Cpu.Now, out skb)) return false;
            if (_socket.TryView(skb, out payload)) break;
            if (!_socket.TryDequeue(cpu.Cpu.Now, out skb)) return false;
            cpu.Drop(skb, _socket.Receive(skb, cpu.Mib)); // its checksum is wrong
        }

        var copied = Math.Min(payload.Length, call.Data.Length);
        payload[..copied].CopyTo(call.Data.Span);
        Told(cpu, call, skb, payload.Length, copied);
        return true;
    }

    private void Told(HostCpu cpu, SystemCall call, Buffers.SkBuff skb, int length, int copied)
    {
        call.MessageFlags = copied < length ? MessageFlags.Trunc : 0;
        _socket.Describe(_stack, skb, call);
        call.MessageFlags |= call.Received?.Flags ?? 0;
        cpu.Cpu.Charge(CostOp.RecvMsg);
        cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, copied);
        call.End((call.Flags & MessageFlags.Trunc) != 0 ? length : copied);
    }

    /// <summary>MSG_ERRQUEUE (kernel: <c>ip_recv_error</c>): never sleeps.</summary>
    private bool ReceiveError(HostCpu cpu, SystemCall call)
    {
        if (!_socket.TakeQueued(cpu, out var error)) return Fail(call, Errno.EAGAIN);
        var copied = Math.Min(error.Payload.Length, call.Data.Length);
        error.Payload.AsSpan(0, copied).CopyTo(call.Data.Span);
        _socket.DescribeError(error, call);
        call.MessageFlags = MessageFlags.ErrQueue | (copied < error.Payload.Length ? MessageFlags.Trunc : 0) | (call.Received?.Flags ?? 0);
        call.End(copied);
        return true;
    }

    private bool CloseOne(SystemCall call)
    {
        if (--_socket.Descriptors == 0 && !_socket.IsClosed) Close(Buffers.SkbDropReason.QUEUE_PURGE);
        return Fail(call, Errno.None);
    }

    /// <summary>Kernel: <c>inet_shutdown</c>: without a peer it is an error, and done all the same.</summary>
    private bool Shutdown(HostCpu cpu, SystemCall call)
    {
        if (call.Argument is < 0 or > 2) return Fail(call, Errno.EINVAL);
        if (!_socket.HasShutdown) return Fail(call, Errno.EOPNOTSUPP);
        _socket.Shut(cpu, call.Argument + 1);
        return Fail(call, _socket.IsConnected ? Errno.None : Errno.ENOTCONN);
    }

    private bool Ioctl(SystemCall call)
    {
        if (call.Argument is not (Fionread or Siocoutq)) return Fail(call, _socket.Ioctl(_stack, call));
        call.Value = SocketOptions.Int(call.Argument == Fionread ? _socket.NextLength : _socket.SendBuffer.WmemAlloc);
        return Fail(call, Errno.None);
    }
}
