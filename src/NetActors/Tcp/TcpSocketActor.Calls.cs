using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>The calls of programs (kernel: <c>inet_stream_ops</c>, <c>tcp_prot</c>).</content>
internal sealed partial class TcpSocketActor
{
    private const int MsgOob = 0x1;
    private const int MsgPeek = 0x2;
    private const int MsgTrunc = 0x20;
    private const int MsgDontWait = 0x40;
    private const int MsgWaitAll = 0x100;
    private const int MsgMore = 0x8000;
    private const int MsgFastOpen = 0x2000_0000;
    private const int MsgEor = 0x80;
    private const int Fionread = 0x541B;
    private const int Siocatmark = 0x8905;
    private const int Siocoutq = 0x5411;
    private const int SiocoutqNsd = 0x894B;

    private void Call(SystemCall call)
    {
        if (call.Resumed)
        {
            call.Resumed = false;
        }
        else
        {
            _cpu.Cpu.Charge(CostOp.SyscallEntry);
            if (call.RecordsFlow) RecordFlow(_socket);
        }

        if (_socket.IsClosed && call.Name != Syscall.Close)
        {
            Answer(call, Errno.EBADF);
            return;
        }

        if ((call.Flags & MsgDontWait) != 0 && call.Name is Syscall.Send or Syscall.Receive) call.NonBlocking = true;
        var done = call.Name switch
        {
            Syscall.Bind => Bind(call),
            Syscall.Listen => Listen(call),
            Syscall.Accept => Accept(call),
            Syscall.Connect => Connect(call),
            Syscall.Send => Send(call),
            Syscall.SendFile => SendFile(call),
            Syscall.Receive => Receive(call),
            Syscall.Shutdown => Shutdown(call),
            Syscall.Close => Close(call),
            Syscall.GetSockOpt => GetOption(call),
            Syscall.SetSockOpt => SetOption(call),
            Syscall.GetSockName => Name(call, _socket.Endpoint.LocalAddress, _socket.Endpoint.LocalPort),
            Syscall.GetPeerName => PeerName(call),
            Syscall.Ioctl => Ioctl(call),
            Syscall.EpollCtl or Syscall.EpollWait => Fail(call, Errno.EINVAL), // no epoll instance
            _ => Fail(call, Errno.EOPNOTSUPP),
        };
        if (done) Answer(call);
    }

    /// <summary>A program on this CPU uses a connection (kernel: <c>sock_rps_record_flow</c>): 6.x asks whether it is established.</summary>
    private void RecordFlow(TcpSocket socket)
    {
        if (socket.RxHash != 0 && (_stack.Kernel == KernelVersion.V310 || socket.Block is { State: TcpState.Established }))
            _stack.RecordFlow(socket.RxHash, _cpu);
    }

    private static bool Fail(SystemCall call, Errno error)
    {
        call.Fail(error);
        return true;
    }

    private static bool Name(SystemCall call, uint address, ushort port)
    {
        (call.Address, call.Port) = (address, port);
        call.End(0);
        return true;
    }

    private bool PeerName(SystemCall call)
    {
        var connected = _socket.Block is { State: not (TcpState.Close or TcpState.SynSent) };
        return connected ? Name(call, _socket.Endpoint.RemoteAddress, _socket.Endpoint.RemotePort) : Fail(call, Errno.ENOTCONN);
    }

    /// <summary>The call sleeps in <paramref name="queue"/>; its timeout runs from its first sleep.</summary>
    private bool Sleep(SystemCall call, ref CallList queue, KernelTime timeout)
    {
        if (!timeout.IsNever && call.Deadline.IsNever) call.Deadline = _cpu.Cpu.Now + timeout;
        call.ArmTimeout(_cpu);
        TaskQueues.Sleep(Context, call, _cpu.Cpu.Scheduler);
        queue.Add(call);
        return false;
    }

    private void Cancel(SystemCall call)
    {
        if (!_socket.Readers.Remove(call) && !_socket.Writers.Remove(call) && !_socket.Changers.Remove(call) && !_socket.Accepters.Remove(call)) return;
        call.TimedOut = true;
        TcpSocket.Resume(_cpu, call);
    }

    private bool Bind(SystemCall call)
    {
        if (call.IsAddressShort) return Fail(call, Errno.EINVAL);
        if (!call.HasAddress) return Fail(call, Errno.EAFNOSUPPORT);
        var address = call.Address;
        if (address != 0 && _stack.Net.DeviceOf(address) is null) return Fail(call, Errno.EADDRNOTAVAIL);
        var endpoint = _socket.Endpoint;
        using (_stack.Tcp.Change(_cpu.Cpu.Now))
        {
            var error = _socket.Block is not null || endpoint.IsListening ? Errno.EINVAL
                : call.Port != 0 ? _stack.Tcp.Tables.Bind(endpoint, address, call.Port)
                : endpoint.LocalPort != 0 ? Errno.EINVAL : _stack.Tcp.Tables.BindEphemeral(endpoint, address);
            call.End(0, error);
        }

        return true;
    }

    private bool Listen(SystemCall call)
    {
        if (_socket.Block is not null && !_socket.IsDisconnected) return Fail(call, Errno.EINVAL); // it is or was connected
        using (_stack.Tcp.Change(_cpu.Cpu.Now))
        {
            var listener = _socket.Listener ?? new TcpListenerCore(_socket.Endpoint, _stack.Tcp.Listeners);
            Configure(listener);
            if (_socket.FastOpenQueue > 0) listener.FastOpen.MaxLength = _socket.FastOpenQueue;
            var error = listener.Listen(call.Argument);
            if (error == Errno.None && _socket.Listener is null)
            {
                _socket.Listener = listener;
                if (_cpu.Trace is not null) TcpTrace.SetState(_cpu, _socket, TcpState.Close, TcpState.Listen);
            }

            call.End(0, error);
        }

        return true;
    }

    /// <summary>What a listener takes from its socket.</summary>
    private void Configure(TcpListenerCore listener)
    {
        listener.Options.UserMss = (ushort)_socket.Options.MaxSeg;
        listener.Options.ReceiveBuffer = _socket.Options.RcvBuf > 0 ? _socket.Options.RcvBuf : _stack.Tcp.Sysctls.TcpRmem.Default;
        listener.Options.IsReceiveBufferLocked = _socket.Options.RcvBuf > 0;
        listener.Options.WindowClamp = (uint)_socket.Options.WindowClamp;
        listener.Options.SynRetries = (byte)_socket.Options.SynCnt;
        listener.Options.NeedsEcn = (_socket.Options.Congestion ?? _stack.Tcp.Sysctls.TcpCongestionControl) == "dctcp";
        listener.Options.DeferAccept = _socket.DeferAccept;
        (listener.Options.FastOpenWithoutCookie, listener.Options.FastOpenKeys) = (_socket.Options.FastOpenNoCookie, _socket.FastOpenKeys);
    }

    private bool Accept(SystemCall call)
    {
        if (_socket.Listener is not { } listener) return Fail(call, Errno.EINVAL);
        if (!call.Files.HasRoom()) return Fail(call, Errno.EMFILE); // get_unused_fd_flags comes first: the connection stays in the queue
        if (_stack.OpenFiles.Count >= _stack.OpenFiles.Most) return Fail(call, Errno.ENFILE); // and sock_alloc_file
        if (listener.TryAccept(out var endpoint))
        {
            var child = (TcpSocket)endpoint.Owner;
            child.Parent = null;
            if (child.Block is { } accepted) accepted.HasSocket = true;
            child.NonBlocking = (call.Second & 0x800) != 0; // SOCK_NONBLOCK
            _stack.OpenFiles.TryOpen(child);
            var fd = call.Files.Install(child);
            if (fd < 0) // another thread of the process took the last one at this moment
            {
                Disown(child);
                return Fail(call, Errno.EMFILE);
            }

            RecordFlow(child);
            (call.Address, call.Port) = (endpoint.RemoteAddress, endpoint.RemotePort);
            call.End(fd);
            return true;
        }

        if (call.NonBlocking || call.TimedOut) return Fail(call, Errno.EAGAIN);
        return Sleep(call, ref _socket.Accepters, _socket.ReceiveTimeout);
    }

    /// <summary>Kernel: <c>__inet_stream_connect</c>, <c>tcp_v4_connect</c>.</summary>
    private bool Connect(SystemCall call)
    {
        var block = _socket.Block;
        if (!call.Waited && call is { HasAddress: false, IsAddressShort: false, Family: 0 }) return Disconnect(call);
        if (_socket.Listener is not null) return Fail(call, Errno.EISCONN);
        if (!call.Waited && block is { State: not TcpState.Close } && !_socket.IsConnecting) return Fail(call, Errno.EISCONN);
        if (!call.Waited && _socket.IsConnecting && block is { State: TcpState.SynSent or TcpState.SynRecv })
        {
            if (block.IsDeferred) return Fail(call, Errno.EISCONN);
            if (call.NonBlocking) return Fail(call, Errno.EALREADY);
        }
        else if (!call.Waited && !_socket.IsConnecting)
        {
            var error = BeginConnect(call);
            if (error != Errno.None) return Fail(call, error);
            if (_socket.Block is { IsDeferred: true })
            {
                call.End(0);
                return true;
            }

            if (call.NonBlocking) return Fail(call, Errno.EINPROGRESS);
        }

        block = _socket.Block!;
        if (block.State is TcpState.SynSent or TcpState.SynRecv)
        {
            if (call.TimedOut) return Fail(call, Errno.EINPROGRESS);
            call.Waited = true;
            return Sleep(call, ref _socket.Changers, _socket.SendTimeout);
        }

        _socket.IsConnecting = false;
        if (block.State != TcpState.Close)
        {
            call.End(0);
            return true;
        }

        var failed = block.TakeError();
        _socket.IsDisconnected = true;
        return Fail(call, failed != Errno.None ? failed : Errno.ECONNABORTED);
    }

    /// <summary>AF_UNSPEC: the connection ends, and the socket may connect or listen again (kernel: <c>tcp_disconnect</c>).</summary>
    private bool Disconnect(SystemCall call)
    {
        if (_socket.Listener is not null) StopListening();
        if (_socket.Block is { } block)
        {
            Carry(_socket, block.Disconnect(_cpu.Cpu.Now));
            if (block.State == TcpState.Close) Unhash(_socket);
            (_socket.IsConnecting, _socket.IsDisconnected) = (false, true);
        }

        using (_stack.Tcp.Change(_cpu.Cpu.Now)) _stack.Tcp.Tables.Disconnect(_socket.Endpoint);
        call.End(0);
        return true;
    }

    private Errno BeginConnect(SystemCall call)
    {
        if (call.IsAddressShort) return Errno.EINVAL;
        if (!call.HasAddress) return Errno.EAFNOSUPPORT;
        var endpoint = _socket.Endpoint;
        var destination = call.Address == 0 ? 0x7F00_0001u : call.Address;
        var error = RouteLookup.Output(_stack.Net, new RouteQuery(destination, endpoint.LocalAddress, endpoint.BoundDevice), out var route);
        if (error != Errno.None) return IpOutput.NoRoute(error, _cpu.Mib);
        if (route.IsGroup) return Errno.ENETUNREACH;
        var now = _cpu.Cpu.Now;
        var source = endpoint.LocalAddress != 0 ? endpoint.LocalAddress : route.Source;
        uint reused;
        using (_stack.Tcp.Change(now))
        {
            error = _stack.Tcp.Tables.Connect(endpoint, source, destination, call.Port, _stack.Tcp, _cpu.Mib);
            reused = _stack.Tcp.ReusedIsn;
        }

        if (error != Errno.None) return error;
        (_socket.IsUnhashed, _socket.IsConnecting, _socket.IsDisconnected) = (false, true, false);
        _socket.Block = _stack.Tcp.NewBlock(_socket, NetStack.PathOf(route));
        _socket.Block.PathMetrics = _stack.Metrics(source, destination, route.Metrics, now);
        var isn = reused != 0 ? reused : _stack.Tcp.Secure.Sequence(source, endpoint.LocalPort, destination, call.Port, now);
        var offset = _stack.Tcp.Sysctls.TcpTimestamps == 1 ? _stack.Tcp.Secure.TimestampOffset(source, destination) : 0;
        BeginSyn(call, _socket.Block, isn, offset);
        return Errno.None;
    }

    private bool Send(SystemCall call)
    {
        if (((call.Flags & MsgFastOpen) != 0 || _socket.Block is { IsDeferred: true }) && !call.Waited)
        {
            var refused = BeginFastOpen(call);
            if (refused != Errno.None) return Fail(call, refused);
            if (call.NonBlocking)
            {
                call.End(call.Done, call.Done > 0 ? Errno.None : Errno.EINPROGRESS);
                return true;
            }
        }

        if (_socket.Block is not { } block || _socket.Listener is not null) return Fail(call, Errno.EPIPE);
        var flags = (TcpSendFlags)(call.Flags & (MsgOob | MsgMore | MsgEor));
        if (!BeginZeroCopy(call, block)) return Fail(call, Errno.ENOBUFS);
        var ended = Send(call, block, flags);
        if (ended) EndZeroCopySend(call, block);
        return ended;
    }

    private bool Send(SystemCall call, TcpControlBlock block, TcpSendFlags flags)
    {
        while (true)
        {
            var sndNxt = block.SndNxt;
            var piece = NextToSend(call, flags, out var total, out var ended);
            var error = block.Send(piece, ended, _cpu.Cpu.Now, out var written, out var effects);
            _cpu.Cpu.Charge(CostOp.SendMsg);
            PayFor(call, written);
            call.Done += written;
            if (written > 0 && (call.Done == total || call.NonBlocking)) MarkStamp(block, sndNxt);
            Carry(_socket, effects);
            if (call.Done == total && error == Errno.None) break;
            if (written == piece.Length && error is (Errno.None or Errno.EAGAIN)) continue; // the next packet's worth, or the pipe's next pages
            if (error is not (Errno.None or Errno.EAGAIN))
            {
                if (call.Done > 0) break;
                return Fail(call, error);
            }

            if (call.NonBlocking || call.TimedOut)
            {
                if (call.Done > 0) break;
                return Fail(call, Errno.EAGAIN);
            }

            if (error == Errno.EAGAIN || written == 0) return Sleep(call, ref _socket.Writers, _socket.SendTimeout);
        }

        call.End(call.Done);
        return true;
    }

    /// <summary>Kernel: <c>tcp_recvmsg_locked</c>.</summary>
    private bool Receive(SystemCall call)
    {
        if ((call.Flags & MessageFlags.ErrQueue) != 0) return ReceiveError(call);
        if (_socket.Block is not { } block || _socket.Listener is not null) return Fail(call, Errno.ENOTCONN);
        if (call.BusyState == BusyLoopState.None) // once a call, before it looks
        {
            var begins = !_socket.EndsBusyLoop && block.State == TcpState.Established && _socket.TryBusyLoop(_cpu, call, call.NonBlocking);
            if (begins) return false;
            call.BusyState = BusyLoopState.Done;
        }

        var flags = (TcpReceiveFlags)(call.Flags & (MsgOob | MsgPeek | MsgTrunc));
        var target = (call.Flags & MsgWaitAll) != 0 ? call.Data.Length : Math.Min(_socket.Options.RcvLowat, Math.Max(call.Data.Length, 1));
        while (true)
        {
            var error = block.Receive(call.Data.Span[call.Done..], flags, _cpu.Cpu.Now, out var copied, out var effects);
            _cpu.Cpu.Charge(CostOp.RecvMsg);
            _cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, copied);
            call.Done += copied;
            Carry(_socket, effects);
            var ended = error == Errno.None && copied == 0;
            if (call.Done >= target || ended || call.Data.Length == 0) break;
            if (error is not (Errno.None or Errno.EAGAIN))
            {
                if (call.Done > 0) break;
                return Fail(call, error);
            }

            if (error == Errno.None) continue; // more may be there, behind the urgent mark
            if (call.NonBlocking || call.TimedOut || (flags & TcpReceiveFlags.Oob) != 0)
            {
                if (call.Done > 0) break;
                return Fail(call, error);
            }

            return Sleep(call, ref _socket.Readers, _socket.ReceiveTimeout);
        }

        if (_socket.Options.Inq) call.Received?.Put(SocketOptions.SolTcp, SocketOptions.TcpInq, block.InqHint);
        call.End(call.Done);
        return true;
    }

    private bool Shutdown(SystemCall call)
    {
        if (call.Argument is < 0 or > 2) return Fail(call, Errno.EINVAL);
        if (_socket.Listener is not null)
        {
            if (call.Argument != 1) StopListening();
            call.End(0);
            return true;
        }

        if (_socket.Block is not { } block) return Fail(call, Errno.ENOTCONN);
        var error = block.Shutdown(call.Argument != 1, call.Argument != 0, _cpu.Cpu.Now, out var effects);
        Carry(_socket, effects);
        call.End(0, error);
        return true;
    }

    /// <summary>Kernel: <c>inet_release</c>, <c>tcp_close</c>.</summary>
    private bool Close(SystemCall call)
    {
        if (!call.Waited && --_socket.Descriptors > 0)
        {
            call.End(0);
            return true;
        }

        if (_socket.IsClosed) return Lingered(call);
        var linger = _socket.Options is { LingerOn: true, LingerTime.Nanoseconds: > 0 } ? _socket.Options.LingerTime : KernelTime.Zero;
        if (Release(call.Waited ? KernelTime.Zero : linger))
        {
            call.Waited = true;
            return Sleep(call, ref _socket.Changers, linger);
        }

        call.End(0);
        return true;
    }

    /// <summary>A task ends that had it open: as close(), but without lingering (kernel: <c>PF_EXITING</c>).</summary>
    private void Close(CloseRequest request)
    {
        _cpu.Cpu.Charge(CostOp.SyscallEntry);
        if (--_socket.Descriptors <= 0 && !_socket.IsClosed) Release(KernelTime.Zero);
        _cpu.Cpu.Charge(CostOp.SyscallExit);
        request.Task?.Actor.Tell(request, Akka.Actor.ActorRefs.NoSender);
        _cpu.IrqExit();
    }

    /// <summary>Nobody has it open any more. True: the peer has not answered yet and the caller may wait for that.</summary>
    private bool Release(KernelTime linger)
    {
        _socket.IsClosed = true;
        _stack.OpenFiles.Close(_socket);
        _socket.LeaveWatchers();
        if (_socket.Listener is not null) StopListening();
        if (_socket.Block is { } block)
        {
            Carry(_socket, block.Close(_cpu.Cpu.Now));
            if (linger > KernelTime.Zero && IsLingering(block))
            {
                _socket.IsLingering = true;
                return true;
            }
        }
        else
        {
            using (_stack.Tcp.Change(_cpu.Cpu.Now)) _stack.Tcp.Tables.PutPort(_socket.Endpoint);
        }

        if (_socket.Block is { State: TcpState.Close }) Unhash(_socket); // a port given to bind was kept until now
        if (_socket.Block is null or { State: TcpState.Close }) Retire(_socket);
        return false;
    }

    private bool Lingered(SystemCall call)
    {
        if (!call.TimedOut && _socket.Block is { } block && IsLingering(block)) return Sleep(call, ref _socket.Changers, KernelTime.Never);
        _socket.IsLingering = false;
        if (_socket.Block is null or { State: TcpState.Close }) Retire(_socket);
        call.End(0);
        return true;
    }

    private static bool IsLingering(TcpControlBlock block) => block.State is TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;

    /// <summary>The listener ends: half-open connections are forgotten, finished ones that nobody took are reset (kernel: <c>inet_csk_listen_stop</c>).</summary>
    private void StopListening()
    {
        var listener = _socket.Listener!;
        using (_stack.Tcp.Change(_cpu.Cpu.Now)) listener.Stop(_cpu.Mib, _cpu.Cpu.LocalId);
        while (listener.TryAccept(out var endpoint))
        {
            var child = (TcpSocket)endpoint.Owner;
            child.Parent = null;
            Disown(child);
        }

        _socket.Timer.Arm(_cpu, KernelTime.Never);
        _socket.Listener = null;
        if (_cpu.Trace is not null) TcpTrace.SetState(_cpu, _socket, TcpState.Listen, TcpState.Close);
        while (_socket.Accepters.TryTake(out var call)) TcpSocket.Resume(_cpu, call); // they will see that nobody listens
        _socket.Notify(_cpu, TcpEffects.Closed);
    }

    /// <summary>As softirq, since the task may end before all is done. A child whose actor is about to be made will see for itself.</summary>
    private void Disown(TcpSocket child)
    {
        child.IsDisowned = true;
        if (child.HasActor) _cpu.Cpu.TellFromSoftirq(child.Actor, TcpSocketProtocol.Disown.Instance, _cpu.Cpu.Now);
    }

    /// <summary>Kernel: <c>inet_child_forget</c>.</summary>
    private void OnDisowned()
    {
        if (_socket.IsClosed || _socket.Block is not { } block) return;
        _socket.IsClosed = true;
        Carry(_socket, block.Abort(_cpu.Cpu.Now));
        Carry(_socket, block.Close(_cpu.Cpu.Now));
        if (block.State != TcpState.Close) return;
        Unhash(_socket); // its peer had reset it while it waited
        Retire(_socket);
    }

    private bool Ioctl(SystemCall call)
    {
        var block = _socket.Block;
        var answer = call.Argument switch
        {
            Fionread when _socket.Listener is null => block?.Readable ?? 0,
            Siocatmark => block is { IsAtMark: true } ? 1 : 0,
            Siocoutq when _socket.Listener is null => block is null ? 0 : (int)(block.WriteSeq - block.SndUna),
            SiocoutqNsd when _socket.Listener is null => block is null ? 0 : (int)(block.WriteSeq - block.SndNxt),
            Fionread or Siocoutq or SiocoutqNsd => -1,
            _ => -2,
        };
        if (answer < 0) return Fail(call, answer == -1 ? Errno.EINVAL : Errno.ENOTTY);
        call.Value = SocketOptions.Int(answer);
        call.End(0);
        return true;
    }
}
