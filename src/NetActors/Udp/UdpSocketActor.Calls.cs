using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <content>The calls of programs by name (kernel: <c>inet_dgram_ops</c>, <c>udp_prot</c>).</content>
internal sealed partial class UdpSocketActor
{
    private const int MsgDontWait = 0x40;
    private const int MsgTrunc = 0x20;
    private const int MsgPeek = 0x2;
    private const int Fionread = 0x541B;

    private void Call(HostCpu cpu, SystemCall call)
    {
        if (call.Resumed) call.Resumed = false;
        else cpu.Cpu.Charge(CostOp.SyscallEntry);
        if ((call.Flags & MsgDontWait) != 0 && call.Name is Syscall.Send or Syscall.Receive) call.NonBlocking = true;
        var done = call.Name switch
        {
            _ when _socket.IsClosed && call.Name != Syscall.Close => Fail(call, Errno.EBADF),
            Syscall.Bind => Bind(call),
            Syscall.Connect => Connect(call),
            Syscall.Send => Send(cpu, call),
            Syscall.Receive => Receive(cpu, call),
            Syscall.Close => CloseOne(call),
            Syscall.GetSockOpt => GetOption(call),
            Syscall.SetSockOpt => SetOption(call),
            Syscall.GetSockName => SockName(call),
            Syscall.GetPeerName => PeerName(call),
            Syscall.Ioctl => Ioctl(call),
            Syscall.Shutdown => Fail(call, _socket is UdpSocket { Endpoint.IsConnected: true } ? Errno.None : Errno.ENOTCONN),
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

    private bool Bind(SystemCall call)
    {
        if (!call.HasAddress) return Fail(call, Errno.EAFNOSUPPORT);
        if (call.Address != 0 && _stack.Net.DeviceOf(call.Address) is null) return Fail(call, Errno.EADDRNOTAVAIL);
        if (_socket is not UdpSocket { Endpoint: var endpoint }) return Fail(call, Errno.None);
        return Fail(call, call.Port != 0
            ? _stack.Udp.Bind(endpoint, call.Address, call.Port)
            : _stack.Udp.BindEphemeral(endpoint, call.Address, _stack.PortLow, _stack.PortHigh, _stack.Random.NextUInt32()));
    }

    /// <summary>Kernel: <c>__ip4_datagram_connect</c>; AF_UNSPEC takes the peer away.</summary>
    private bool Connect(SystemCall call)
    {
        if (_socket is PingSocket ping) ping.Peer = call.HasAddress ? call.Address : 0;
        if (_socket is not UdpSocket { Endpoint: var endpoint } udp) return Fail(call, Errno.None);
        if (!call.HasAddress)
        {
            if (endpoint.IsConnected) _stack.Udp.Disconnect(endpoint, addressLocked: true, portLocked: true);
            return Fail(call, Errno.None);
        }

        var error = Autobind(endpoint);
        if (error != Errno.None) return Fail(call, error);
        error = RouteLookup.Output(_stack.Net, new RouteQuery(call.Address, endpoint.LocalAddress, endpoint.BoundDevice, udp.Broadcast), out var route);
        return Fail(call, error != Errno.None ? error : _stack.Udp.Connect(endpoint, route.Source, route.Destination, call.Port));
    }

    private Errno Autobind(UdpEndpoint endpoint) => endpoint.IsBound
        ? Errno.None
        : _stack.Udp.BindEphemeral(endpoint, 0, _stack.PortLow, _stack.PortHigh, _stack.Random.NextUInt32(), autobind: true);

    private bool Send(HostCpu cpu, SystemCall call)
    {
        var error = _socket.TakeError();
        if (error == Errno.None && _socket is UdpSocket { Endpoint: var endpoint }) error = Autobind(endpoint);
        if (error == Errno.None)
        {
            cpu.Cpu.Charge(CostOp.SendMsg);
            cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, call.Data.Length);
            error = _socket.Send(_stack, cpu, call.Data.Span, call.HasAddress ? call.Address : 0, call.HasAddress ? call.Port : (ushort)0);
        }

        if (error == Errno.None)
        {
            _socket.TxPackets++;
            _socket.TxBytes += call.Data.Length;
        }

        call.End(call.Data.Length, error);
        return true;
    }

    private bool Receive(HostCpu cpu, SystemCall call)
    {
        var error = _socket.TakeError();
        if (error != Errno.None) return Fail(call, error);
        var isPeek = (call.Flags & MsgPeek) != 0;
        if (isPeek && Peek(cpu, call)) return true;
        while (!isPeek && _socket.TryDequeue(cpu.Cpu.Now, out var skb))
        {
            var reason = _socket.Receive(skb, cpu.Mib);
            if (reason != SkbDropReason.NOT_DROPPED_YET)
            {
                cpu.Drop(skb, reason);
                continue;
            }

            var length = skb.Length;
            var copied = Math.Min(length, call.Data.Length);
            skb.Data[..copied].CopyTo(call.Data.Span);
            (call.Address, call.Port, call.HasAddress) = (skb.Cb.SourceAddress, skb.Cb.SourcePort, true);
            call.MessageFlags = copied < length ? MsgTrunc : 0;
            _socket.Delivered++;
            _socket.DeliveredBytes += length;
            cpu.Cpu.Charge(CostOp.RecvMsg);
            cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, copied);
            cpu.ConsumeByProgram(skb);
            call.End((call.Flags & MsgTrunc) != 0 ? length : copied);
            return true;
        }

        if (call.NonBlocking || call.TimedOut) return Fail(call, Errno.EAGAIN);
        call.ArmTimeout(cpu);
        TaskQueues.Sleep(Context, call, cpu.Cpu.Scheduler);
        _socket.Sleepers.Add(call);
        if (_socket.Queued > 0 || _socket.HasError) // came in between, or from a CPU whose clock is ahead
            cpu.Cpu.TellFromSoftirq(Self, UdpSocketProtocol.DataReady.Instance, _socket.HasError ? cpu.Cpu.Now : _socket.NextVisible);
        return false;
    }

    /// <summary>Shows the first datagram and leaves it (kernel: <c>__skb_recv_udp</c> with <c>MSG_PEEK</c>). False when there is none.</summary>
    private bool Peek(HostCpu cpu, SystemCall call)
    {
        SkBuff skb;
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
        (call.Address, call.Port, call.HasAddress) = (skb.Cb.SourceAddress, skb.Cb.SourcePort, true);
        call.MessageFlags = copied < payload.Length ? MsgTrunc : 0;
        cpu.Cpu.Charge(CostOp.RecvMsg);
        cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, copied);
        call.End((call.Flags & MsgTrunc) != 0 ? payload.Length : copied);
        return true;
    }

    private bool CloseOne(SystemCall call)
    {
        if (--_socket.Descriptors == 0 && !_socket.IsClosed) Close(SkbDropReason.QUEUE_PURGE);
        return Fail(call, Errno.None);
    }

    private bool SockName(SystemCall call)
    {
        if (_socket is UdpSocket udp) (call.Address, call.Port) = (udp.Name.Local, udp.Name.LocalPort);
        return Fail(call, Errno.None);
    }

    private bool PeerName(SystemCall call)
    {
        if (_socket is not UdpSocket { Endpoint: { IsConnected: true } endpoint }) return Fail(call, Errno.ENOTCONN);
        (call.Address, call.Port) = (endpoint.RemoteAddress, endpoint.RemotePort);
        return Fail(call, Errno.None);
    }

    private bool Ioctl(SystemCall call)
    {
        if (call.Argument != Fionread) return Fail(call, Errno.ENOTTY);
        call.Value = SocketOptions.Int(_socket.NextLength);
        return Fail(call, Errno.None);
    }

    private bool SetOption(SystemCall call)
    {
        if (!SocketOptions.TryReadInt(call.Value, out var value)) return Fail(call, Errno.EINVAL);
        var endpoint = (_socket as UdpSocket)?.Endpoint;
        switch (call.Level, call.Option)
        {
            case (SocketOptions.SolSocket, SocketOptions.RcvBuf):
                _socket.Buffer.SetRcvBuf(value);
                break;
            case (SocketOptions.SolSocket, SocketOptions.ReuseAddr) when endpoint is not null:
                endpoint.ReuseAddress = value != 0;
                break;
            case (SocketOptions.SolSocket, SocketOptions.ReusePort) when endpoint is not null:
                endpoint.ReusePort = value != 0;
                break;
            case (SocketOptions.SolSocket, SocketOptions.BroadcastOption) when _socket is UdpSocket udp:
                udp.Broadcast = value != 0;
                break;
            case (SocketOptions.SolSocket, SocketOptions.IncomingCpu) when endpoint is not null:
                endpoint.IncomingCpu = value;
                break;
            default:
                return Fail(call, Errno.ENOPROTOOPT);
        }

        return Fail(call, Errno.None);
    }

    private bool GetOption(SystemCall call)
    {
        var endpoint = (_socket as UdpSocket)?.Endpoint;
        byte[]? value = (call.Level, call.Option) switch
        {
            (SocketOptions.SolSocket, SocketOptions.ErrorOption) => SocketOptions.Int((int)_socket.TakeError()),
            (SocketOptions.SolSocket, SocketOptions.RcvBuf) => SocketOptions.Int(_socket.Buffer.RcvBuf),
            (SocketOptions.SolSocket, SocketOptions.ReuseAddr) => SocketOptions.Int(endpoint is { ReuseAddress: true } ? 1 : 0),
            (SocketOptions.SolSocket, SocketOptions.ReusePort) => SocketOptions.Int(endpoint is { ReusePort: true } ? 1 : 0),
            (SocketOptions.SolSocket, SocketOptions.Type) => SocketOptions.Int(2),
            (SocketOptions.SolSocket, SocketOptions.Domain) => SocketOptions.Int(2),
            (SocketOptions.SolSocket, SocketOptions.Protocol) => SocketOptions.Int(endpoint is null ? 1 : 17),
            (SocketOptions.SolSocket, SocketOptions.MemInfo) => MemInfo(),
            _ => null,
        };
        if (value is null) return Fail(call, Errno.ENOPROTOOPT);
        call.Value = value;
        return Fail(call, Errno.None);
    }

    private byte[] MemInfo()
    {
        var value = new byte[36];
        BinaryPrimitives.WriteInt32LittleEndian(value, _socket.Buffer.RmemAlloc);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(4), _socket.Buffer.RcvBuf);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(32), (int)_socket.Buffer.Drops);
        return value;
    }
}
