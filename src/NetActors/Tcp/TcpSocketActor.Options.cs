using System.Buffers.Binary;
using System.Text;
using NetActors.Filters;
using NetActors.Ip;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>Socket options (kernel: <c>do_tcp_setsockopt</c>, <c>do_tcp_getsockopt</c>, <c>sk_setsockopt</c>, <c>sk_getsockopt</c>).</content>
internal sealed partial class TcpSocketActor
{
    private bool SetOption(SystemCall call)
    {
        if (call.Level == SocketOptions.SolTcp && call.Option == SocketOptions.TcpCongestion) return SetCongestion(call);
        if (call.Level == SocketOptions.SolTcp && call.Option == SocketOptions.TcpFastOpenKey)
        {
            call.End(0, SetFastOpenKey(call.Value));
            return true;
        }

        if (call.Level == SocketOptions.SolSocket && call.Option is SocketOptions.Linger or SocketOptions.RcvTimeo or SocketOptions.SndTimeo)
        {
            call.End(0, SetTimes(call));
            return true;
        }

        if (call is { Level: SocketOptions.SolIp, Value.Length: >= 1 and < 4 }) call.Value = SocketOptions.Int(call.Value[0]); // ip_setsockopt takes a byte
        if (!SocketOptions.TryReadInt(call.Value, out var value)) return Fail(call, Errno.EINVAL);
        if (call.Level == SocketOptions.SolSocket && call.Option is SocketOptions.AttachReuseportCbpf or SocketOptions.AttachFilter or SocketOptions.MaxPacingRate)
        {
            call.End(0, SetLong(call));
            return true;
        }

        var error = call.Level switch
        {
            SocketOptions.SolSocket => SetSocket(call.Option, value),
            SocketOptions.SolTcp => SetTcp(call.Option, value),
            SocketOptions.SolIp => SetIp(call.Option, value),
            _ => Errno.ENOPROTOOPT,
        };
        if (_socket.Listener is { } listening) Configure(listening);
        call.End(0, error);
        return true;
    }

    private bool SetCongestion(SystemCall call)
    {
        var name = Encoding.ASCII.GetString(call.Value).TrimEnd('\0');
        var error = CongestionControls.TryCreate(name, _stack.Random, out var congestion);
        if (error == Errno.None)
        {
            _socket.Options.Congestion = name;
            _socket.Block?.Sender.SetCongestionControl(congestion!, _cpu.Cpu.Now);
        }

        call.End(0, error);
        return true;
    }

    private Errno SetTimes(SystemCall call)
    {
        var value = call.Value.AsSpan();
        if (call.Option == SocketOptions.Linger)
        {
            if (value.Length < 8) return Errno.EINVAL;
            var options = _socket.Options;
            options.LingerOn = BinaryPrimitives.ReadInt32LittleEndian(value) != 0;
            options.LingerTime = KernelTime.FromSeconds(Math.Max(BinaryPrimitives.ReadInt32LittleEndian(value[4..]), 0));
            return Errno.None;
        }

        if (value.Length < 16) return Errno.EINVAL;
        var (seconds, micros) = (BinaryPrimitives.ReadInt64LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value[8..]));
        if (micros is < 0 or >= 1_000_000) return Errno.EDOM;
        var time = seconds == 0 && micros == 0 ? KernelTime.Never : KernelTime.FromMicroseconds((seconds * 1_000_000) + micros);
        if (call.Option == SocketOptions.RcvTimeo) _socket.ReceiveTimeout = time;
        else _socket.SendTimeout = time;
        return Errno.None;
    }

    /// <summary>Options that are no int.</summary>
    private Errno SetLong(SystemCall call) => call.Option switch
    {
        SocketOptions.AttachFilter => AttachFilter(call.Value),
        SocketOptions.MaxPacingRate => SetMaxPacingRate(call.Value),
        _ => AttachReuseport(call.Value),
    };

    /// <summary>SO_ATTACH_FILTER (kernel: <c>sk_attach_filter</c>).</summary>
    private Errno AttachFilter(byte[] program)
    {
        if (_socket.Options.IsFilterLocked) return Errno.EPERM;
        var error = SocketFilter.TryCreate(program, out var filter);
        if (error == Errno.None) _socket.Options.Filter = filter;
        return error;
    }

    private Errno SetMaxPacingRate(byte[] value)
    {
        _ = SocketOptions.TryReadRate(value, out var rate);
        if (_socket.Block is { } block) block.SetMaxPacingRate(rate);
        else _socket.Options.MaxPacingRate = rate;
        return Errno.None;
    }

    /// <summary>SO_DETACH_FILTER, SO_LOCK_FILTER (kernel: <c>sk_detach_filter</c>, <c>sk_setsockopt</c>).</summary>
    private static Errno ChangeFilter(TcpSocketOptions options, bool locks, int value)
    {
        if (options.IsFilterLocked && (!locks || value == 0)) return Errno.EPERM;
        if (locks) options.IsFilterLocked = value != 0;
        else if (options.Filter is null) return Errno.ENOENT;
        else options.Filter = null;
        return Errno.None;
    }

    /// <summary>SO_ATTACH_REUSEPORT_CBPF (kernel: <c>sk_reuseport_attach_filter</c>): before listen, or on a listener of a group.</summary>
    private Errno AttachReuseport(byte[] program)
    {
        var error = SocketFilter.TryCreate(program, out var filter);
        if (error != Errno.None) return error;
        var endpoint = _socket.Endpoint;
        return ReuseportGroup.Attach(endpoint, endpoint.ReusePort, endpoint.IsListening || endpoint.IsEstablishedHashed, filter!, kept => endpoint.Program = kept);
    }

    private Errno SetSocket(int option, int value)
    {
        var (block, options, now) = (_socket.Block, _socket.Options, _cpu.Cpu.Now);
        switch (option)
        {
            case SocketOptions.ReuseAddr:
                _socket.Endpoint.ReuseAddress = value != 0;
                break;
            case SocketOptions.ReusePort:
                _socket.Endpoint.ReusePort = value != 0;
                break;
            case SocketOptions.KeepAlive:
                if (block is null) options.KeepAlive = value != 0;
                else block.SetKeepAlive(value != 0, now);
                Rearm();
                break;
            case SocketOptions.OobInline:
                options.OobInline = value != 0;
                break;
            case SocketOptions.RcvBuf or SocketOptions.RcvBufForce:
                var receive = option == SocketOptions.RcvBuf ? (int)Math.Min((uint)value, (uint)_stack.Tcp.Sysctls.RmemMax) : Math.Max(value, 0);
                if (block is null) options.RcvBuf = TcpControlBlock.BufferOf(receive, TcpConstants.MinRcvBuf);
                else block.ForceRcvBuf(receive);
                break;
            case SocketOptions.SndBuf or SocketOptions.SndBufForce:
                var send = option == SocketOptions.SndBuf ? (int)Math.Min((uint)value, (uint)_stack.Tcp.Sysctls.WmemMax) : Math.Max(value, 0);
                if (block is null) options.SndBuf = TcpControlBlock.BufferOf(send, TcpConstants.MinSndBuf);
                else Carry(_socket, block.ForceSndBuf(send, now));
                break;
            case SocketOptions.DetachFilter or SocketOptions.LockFilter:
                return ChangeFilter(options, locks: option == SocketOptions.LockFilter, value);
            case SocketOptions.RcvLowat:
                if (block is null) options.RcvLowat = Math.Max(value, 1);
                else Carry(_socket, block.SetRcvLowat(value, now));
                break;
            case SocketOptions.DetachReuseportBpf:
                return ReuseportGroup.Detach(_socket.Endpoint);
            case SocketOptions.IncomingCpu:
                _socket.Endpoint.IncomingCpu = value;
                break;
            case SocketOptions.ZeroCopy when value is < 0 or > 1: return Errno.EINVAL;
            case SocketOptions.ZeroCopy:
                options.ZeroCopy = value != 0;
                break;
            case SocketOptions.Priority: options.Priority = (uint)value; break;
            case SocketOptions.Mark: options.Mark = (uint)value; break;
            case SocketOptions.Timestamping or SocketOptions.TimestampingNew: return SetTimestamping(option, value);
            case SocketOptions.BroadcastOption or SocketOptions.SelectErrQueue or SocketOptions.BusyPoll or SocketOptions.PreferBusyPoll or SocketOptions.BusyPollBudget:
                return _socket.Sock.TrySet(option, SocketOptions.Int(value)) ?? Errno.ENOPROTOOPT;
            default:
                return Errno.ENOPROTOOPT;
        }

        return Errno.None;
    }

    private Errno SetTcp(int option, int value)
    {
        var (options, now) = (_socket.Options, _cpu.Cpu.Now);
        var block = _socket.Block ?? _stack.Tcp.NewBlock(_socket, new TcpPath()); // one that only keeps options
        var error = Errno.None;
        switch (option)
        {
            case SocketOptions.TcpNoDelay: CarryIfOpen(block.SetNoDelay(value != 0, now)); break;
            case SocketOptions.TcpCork: CarryIfOpen(block.SetCork(value != 0, now)); break;
            case SocketOptions.TcpQuickAck: CarryIfOpen(block.SetQuickAck(value, now)); break;
            case SocketOptions.TcpMaxSeg: error = block.SetMaxSeg(value); break;
            case SocketOptions.TcpKeepIdle: error = block.SetKeepIdle(value, now); break;
            case SocketOptions.TcpKeepIntvl: error = block.SetKeepIntvl(value); break;
            case SocketOptions.TcpKeepCnt: error = block.SetKeepCnt(value); break;
            case SocketOptions.TcpSynCnt: error = block.SetSynCnt(value); break;
            case SocketOptions.TcpUserTimeout: error = block.SetUserTimeout(value); break;
            case SocketOptions.TcpLinger2: block.SetLinger2(value); break;
            case SocketOptions.TcpWindowClamp: error = block.SetWindowClamp(value); break;
            case SocketOptions.TcpNotsentLowat: CarryIfOpen(block.SetNotsentLowat((uint)value, now)); break;
            case SocketOptions.TcpDeferAccept:
                _socket.DeferAccept = TcpDeferAccept.FromSeconds(value);
                options.DeferAccept = KernelTime.FromSeconds(value);
                if (_socket.Listener is { } listener) listener.Options.DeferAccept = _socket.DeferAccept;
                break;
            case SocketOptions.TcpInq when value is < 0 or > 1: return Errno.EINVAL;
            case SocketOptions.TcpInq:
                options.Inq = value != 0;
                return Errno.None;
            case SocketOptions.TcpFastOpen or SocketOptions.TcpFastOpenConnect or SocketOptions.TcpFastOpenNoCookie:
                return SetFastOpen(option, value);
            default: return Errno.ENOPROTOOPT;
        }

        Rearm();
        return error;
    }

    private Errno SetIp(int option, int value)
    {
        switch (option)
        {
            case SocketOptions.IpRecvErr:
                _socket.Options.RecvErr = value != 0;
                return Errno.None;
            case SocketOptions.IpMtuDiscover when value is >= 0 and <= 5:
                (_socket.Options.NoPathMtuDiscovery, _socket.Options.MtuDiscover) = (value == 0, (byte)value);
                return Errno.None;
            case SocketOptions.IpTtl when value is -1 or (>= 1 and <= 255):
                _socket.Options.Ttl = value;
                return Errno.None;
            case SocketOptions.IpTtl:
                return Errno.EINVAL;
            case SocketOptions.IpTos: // the ECN bits are the connection's
                (_socket.Options.Tos, _socket.Options.Priority) = ((byte)(value & ~3), InetOptions.PriorityOf((byte)value));
                return Errno.None;
            case SocketOptions.IpMtuDiscover:
                return Errno.EINVAL;
            default:
                return Errno.ENOPROTOOPT;
        }
    }

    private bool GetOption(SystemCall call)
    {
        byte[]? value = call.Level switch
        {
            SocketOptions.SolSocket => GetSocket(call.Option, call.Value.Length),
            SocketOptions.SolTcp => GetTcp(call.Option),
            SocketOptions.SolIp => GetIp(call.Option),
            _ => null,
        };
        if (call.Level is not (SocketOptions.SolSocket or SocketOptions.SolTcp or SocketOptions.SolIp)) return Fail(call, Errno.EOPNOTSUPP);
        if (value is null && call is { Level: SocketOptions.SolIp, Option: SocketOptions.IpMtu }) return Fail(call, Errno.ENOTCONN);
        if (value is null) return Fail(call, Errno.ENOPROTOOPT);
        call.Value = value;
        call.End(0);
        return true;
    }

    private byte[]? GetSocket(int option, int room)
    {
        var (block, options) = (_socket.Block, _socket.Options);
        var sysctls = _stack.Tcp.Sysctls;
        return option switch
        {
            SocketOptions.ErrorOption => SocketOptions.Int((int)TakeError()),
            SocketOptions.ReuseAddr => Flag(_socket.Endpoint.ReuseAddress),
            SocketOptions.ReusePort => Flag(_socket.Endpoint.ReusePort),
            SocketOptions.Type => SocketOptions.Int(1),
            SocketOptions.Domain => SocketOptions.Int(2),
            SocketOptions.Protocol => SocketOptions.Int(6),
            SocketOptions.AcceptConn => Flag(_socket.Listener is not null),
            SocketOptions.KeepAlive => Flag(options.KeepAlive),
            SocketOptions.OobInline => Flag(options.OobInline),
            SocketOptions.RcvBuf => SocketOptions.Int(block?.RcvBuf ?? (options.RcvBuf > 0 ? options.RcvBuf : sysctls.TcpRmem.Default)),
            SocketOptions.SndBuf => SocketOptions.Int(block?.SndBuf ?? (options.SndBuf > 0 ? options.SndBuf : sysctls.TcpWmem.Default)),
            SocketOptions.RcvLowat => SocketOptions.Int(options.RcvLowat),
            SocketOptions.ZeroCopy => Flag(options.ZeroCopy),
            SocketOptions.IncomingCpu => SocketOptions.Int(_socket.Endpoint.IncomingCpu),
            SocketOptions.IncomingNapiId => SocketOptions.Int(_socket.NapiId),
            SocketOptions.Linger => [.. Flag(options.LingerOn), .. SocketOptions.Int((int)options.LingerTime.Seconds)],
            SocketOptions.RcvTimeo => Timeval(_socket.ReceiveTimeout),
            SocketOptions.SndTimeo => Timeval(_socket.SendTimeout),
            SocketOptions.MemInfo => MemInfo(),
            SocketOptions.Priority => SocketOptions.Int((int)options.Priority),
            SocketOptions.Mark => SocketOptions.Int((int)options.Mark),
            SocketOptions.BindToIfIndex => SocketOptions.Int(_socket.Endpoint.BoundDevice),
            SocketOptions.LockFilter => Flag(options.IsFilterLocked),
            SocketOptions.MaxPacingRate => SocketOptions.Rate(options.MaxPacingRate, room),
            _ => _socket.Sock.TryGet(option),
        };
    }

    private byte[]? GetIp(int option)
    {
        var options = _socket.Options;
        return option switch
        {
            SocketOptions.IpRecvErr => Flag(options.RecvErr),
            SocketOptions.IpTtl => SocketOptions.Int(options.Ttl < 0 ? IpOutput.DefaultTtl : options.Ttl),
            SocketOptions.IpTos => SocketOptions.Int(options.Tos),
            SocketOptions.IpMtuDiscover => SocketOptions.Int(options.MtuDiscover),
            SocketOptions.IpMtu when _socket.Block is { State: not TcpState.Close } block => SocketOptions.Int(Math.Min(block.Path.Mtu, IpOutput.MaxPacket)),
            _ => null,
        };
    }

    private byte[]? GetTcp(int option)
    {
        var (options, now) = (_socket.Options, _cpu.Cpu.Now);
        var block = _socket.Block;
        var sysctls = _stack.Tcp.Sysctls;
        return option switch
        {
            SocketOptions.TcpInfo => TcpInfoLayout.ToBytes(Info(now)),
            SocketOptions.TcpMaxSeg => SocketOptions.Int(block?.GetMaxSeg() ?? (options.MaxSeg > 0 ? options.MaxSeg : TcpConstants.MssDefault)),
            SocketOptions.TcpNoDelay => Flag(options.NoDelay),
            SocketOptions.TcpCork => Flag(options.Cork),
            SocketOptions.TcpKeepIdle => Seconds(options.KeepIdle, sysctls.TcpKeepaliveTime),
            SocketOptions.TcpKeepIntvl => Seconds(options.KeepIntvl, sysctls.TcpKeepaliveIntvl),
            SocketOptions.TcpKeepCnt => SocketOptions.Int(options.KeepCnt > 0 ? options.KeepCnt : sysctls.TcpKeepaliveProbes),
            SocketOptions.TcpSynCnt => SocketOptions.Int(options.SynCnt > 0 ? options.SynCnt : sysctls.TcpSynRetries),
            SocketOptions.TcpLinger2 => Seconds(options.Linger2, sysctls.TcpFinTimeout),
            SocketOptions.TcpDeferAccept => SocketOptions.Int(TcpDeferAccept.ToSeconds(_socket.DeferAccept)),
            SocketOptions.TcpWindowClamp => SocketOptions.Int(options.WindowClamp),
            SocketOptions.TcpUserTimeout => SocketOptions.Int((int)(options.UserTimeout.Nanoseconds / 1_000_000)),
            SocketOptions.TcpFastOpen => SocketOptions.Int(_socket.FastOpenQueue),
            SocketOptions.TcpFastOpenConnect => Flag(options.FastOpenConnect),
            SocketOptions.TcpFastOpenNoCookie => Flag(options.FastOpenNoCookie),
            SocketOptions.TcpFastOpenKey => (_socket.FastOpenKeys ?? _stack.Tcp.Listeners.FastOpenKeys).ToBytes(),
            SocketOptions.TcpInq => Flag(options.Inq),
            SocketOptions.TcpNotsentLowat => SocketOptions.Int((int)options.NotsentLowat),
            SocketOptions.TcpCongestion => Encoding.ASCII.GetBytes((options.Congestion ?? sysctls.TcpCongestionControl).PadRight(16, '\0')),
            SocketOptions.TcpCcInfo => [],
            _ => null,
        };
    }

    private Errno TakeError() => _socket.Block is not { } block ? Errno.None : block.Error != Errno.None ? block.TakeError() : Errno.None;

    private TcpInfo Info(KernelTime now)
    {
        if (_socket.Listener is { } listener) // tcp_get_info: the queues of a listener
            return new TcpInfo { State = (byte)TcpState.Listen, Unacked = (uint)listener.AcceptQueueLength, Sacked = listener.Backlog };
        return _socket.Block?.GetInfo(now) ?? new TcpInfo { State = (byte)TcpState.Close };
    }

    private byte[] MemInfo()
    {
        var block = _socket.Block;
        int[] values = [block?.RmemAlloc ?? 0, block?.RcvBuf ?? 0, 0, block?.SndBuf ?? 0, 0, block?.WmemQueued ?? 0, 0, 0, (int)_socket.BacklogDrops];
        return [.. values.SelectMany(SocketOptions.Int)];
    }

    private void CarryIfOpen(TcpEffects effects)
    {
        if (_socket.Block is not null) Carry(_socket, effects);
    }

    private void Rearm()
    {
        if (_socket.Block is { } block) _socket.Timer.Arm(_cpu, block.TickDeadline, block.ExactDeadline);
    }

    private static byte[] Flag(bool on) => SocketOptions.Int(on ? 1 : 0);

    private static byte[] Seconds(KernelTime own, KernelTime otherwise) => SocketOptions.Int((int)(own > KernelTime.Zero ? own : otherwise).Seconds);

    private static byte[] Timeval(KernelTime time)
    {
        var value = new byte[16];
        var micros = time.IsNever ? 0 : time.Microseconds;
        BinaryPrimitives.WriteInt64LittleEndian(value, micros / 1_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), micros % 1_000_000);
        return value;
    }
}
