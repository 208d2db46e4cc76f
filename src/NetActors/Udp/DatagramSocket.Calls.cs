using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Filters;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <content>The calls that each kind of socket carries out in its own way (kernel: <c>struct proto_ops</c>, <c>struct proto</c>).</content>
internal abstract partial class DatagramSocket
{
    /// <summary>SO_TYPE.</summary>
    protected abstract int SocketType { get; }

    /// <summary>SO_PROTOCOL.</summary>
    protected abstract int Protocol { get; }

    /// <summary>SO_DOMAIN.</summary>
    protected virtual int Domain => 2;

    /// <summary>SO_INCOMING_CPU.</summary>
    protected virtual int IncomingCpu { get; set; } = -1;

    /// <summary>It has a peer: shutdown is no error.</summary>
    public virtual bool IsConnected => false;

    /// <summary>It knows shutdown().</summary>
    public virtual bool HasShutdown => true;

    /// <summary>Counts a message that found no room to send.</summary>
    public virtual void CountNoRoom(MibSet mib)
    {
    }

    /// <summary>Takes the first error of the queue; the one behind it becomes the pending one (kernel: <c>sock_dequeue_err_skb</c>).</summary>
    public bool TakeQueued(HostCpu cpu, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out QueuedError error)
    {
        if (!Errors.TryTake(out error)) return false;
        var hasNext = Errors.TryPeek(out var next);
        if (hasNext && next!.Error.IsIcmp) SetError(next.Error.Errno);
        else if (error.Error.IsIcmp) SetError(Errno.None);
        if (hasNext) ReportQueue(cpu);
        return true;
    }

    /// <summary>Sends with MSG_ZEROCOPY need their bytes no longer: says so in the error queue, unless nobody is left to read it.</summary>
    public void OnZeroCopyDone(HostCpu cpu, uint key, uint count, bool isCopied)
    {
        if (IsClosed) return;
        Errors.AddZeroCopy(key, count, isCopied);
        ReportQueue(cpu);
    }

    /// <summary>bind().</summary>
    public abstract Errno Bind(NetStack stack, SystemCall call);

    /// <summary>connect(); AF_UNSPEC takes the peer away.</summary>
    public abstract Errno Connect(NetStack stack, HostCpu cpu, SystemCall call);

    /// <summary>sendmsg(). EAGAIN: there is no room.</summary>
    public abstract Errno Send(NetStack stack, HostCpu cpu, SystemCall call);

    /// <summary>getsockname().</summary>
    public abstract Errno SockName(NetStack stack, SystemCall call);

    /// <summary>Whether recvmsg() takes such flags.</summary>
    public virtual Errno CheckReceive(int flags) => Errno.None;

    /// <summary>A packet is one of its own (kernel: <c>skb_loop_sk</c>).</summary>
    public bool IsSender(SkBuff skb) => ReferenceEquals(skb.Owner, SendBuffer);

    /// <summary>getpeername().</summary>
    public abstract Errno PeerName(SystemCall call);

    /// <summary>Tells the program who sent a datagram and what else it wants to know of it.</summary>
    public abstract void Describe(NetStack stack, SkBuff skb, SystemCall call);

    /// <summary>Tells the program what went wrong with what it sent.</summary>
    public abstract void DescribeError(QueuedError error, SystemCall call);

    /// <summary>Leaves an error for MSG_ERRQUEUE; lost and counted when there is no room.</summary>
    public void Queue(QueuedError error) => Errors.TryAdd(error, Buffer.RmemAlloc, Buffer.RcvBuf);

    /// <summary>ioctl() beyond FIONREAD and SIOCOUTQ.</summary>
    public virtual Errno Ioctl(NetStack stack, SystemCall call) => Errno.ENOTTY;

    /// <summary>setsockopt() of a level above SOL_SOCKET.</summary>
    protected abstract Errno SetLevel(NetStack stack, HostCpu cpu, SystemCall call);

    /// <summary>getsockopt() of a level above SOL_SOCKET; the value goes into the call.</summary>
    protected abstract Errno GetLevel(NetStack stack, SystemCall call);

    /// <summary>Kernel: <c>sk_setsockopt</c>.</summary>
    public Errno SetOption(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (call.Level != SocketOptions.SolSocket) return SetLevel(stack, cpu, call);
        if (call.Option == SocketOptions.BindToDevice) return BindToDevice(stack, call.Value);
        if (!SocketOptions.TryReadInt(call.Value, out var number)) return Errno.EINVAL;
        switch (call.Option)
        {
            case SocketOptions.RcvBuf: Buffer.SetRcvBuf(number); break;
            case SocketOptions.RcvBufForce: Buffer.ForceRcvBuf(number); break;
            case SocketOptions.SndBuf: SendBuffer.SetSndBuf(number, stack.UdpSettings.WmemMax); break;
            case SocketOptions.SndBufForce: SendBuffer.SetSndBuf(Math.Max(number, 0), int.MaxValue); break;
            case SocketOptions.MaxPacingRate:
                _ = SocketOptions.TryReadRate(call.Value, out var rate);
                SendBuffer.PacingRate = rate;
                break;
            case SocketOptions.ReuseAddr or SocketOptions.ReusePort: return SetReuse(call.Option, number != 0);
            case SocketOptions.IncomingCpu: IncomingCpu = number; break;
            case SocketOptions.BindToIfIndex: return BindToIndex(stack, number);
            case SocketOptions.AttachFilter: return Attach(call.Value);
            case SocketOptions.AttachReuseportCbpf: return AttachReuseport(call.Value);
            case SocketOptions.DetachReuseportBpf: return DetachReuseport();
            case SocketOptions.DetachFilter when IsFilterLocked: return Errno.EPERM;
            case SocketOptions.DetachFilter when Filter is null: return Errno.ENOENT;
            case SocketOptions.DetachFilter: Filter = null; break;
            case SocketOptions.LockFilter when IsFilterLocked && number == 0: return Errno.EPERM;
            case SocketOptions.LockFilter: IsFilterLocked = number != 0; break;
            default: return Options.TrySet(call.Option, call.Value) ?? Errno.ENOPROTOOPT;
        }

        return Errno.None;
    }

    /// <summary>Kernel: <c>sk_getsockopt</c>.</summary>
    public Errno GetOption(NetStack stack, SystemCall call)
    {
        if (call.Level != SocketOptions.SolSocket) return GetLevel(stack, call);
        var value = call.Option switch
        {
            SocketOptions.ErrorOption => SocketOptions.Int((int)TakeError()),
            SocketOptions.RcvBuf => SocketOptions.Int(Buffer.RcvBuf),
            SocketOptions.SndBuf => SocketOptions.Int(SendBuffer.SndBuf),
            SocketOptions.ReuseAddr or SocketOptions.ReusePort => SocketOptions.Int(GetReuse(call.Option) ? 1 : 0),
            SocketOptions.Type => SocketOptions.Int(SocketType),
            SocketOptions.Domain => SocketOptions.Int(Domain),
            SocketOptions.Protocol => SocketOptions.Int(Protocol),
            SocketOptions.MaxPacingRate => SocketOptions.Rate(SendBuffer.PacingRate, call.Value.Length),
            SocketOptions.IncomingCpu => SocketOptions.Int(IncomingCpu),
            SocketOptions.IncomingNapiId => SocketOptions.Int(NapiId),
            SocketOptions.BindToIfIndex => SocketOptions.Int(BoundDevice),
            SocketOptions.LockFilter => SocketOptions.Int(IsFilterLocked ? 1 : 0),
            SocketOptions.MemInfo => MemInfo(),
            _ => Options.TryGet(call.Option),
        };
        if (value is null) return Errno.ENOPROTOOPT;
        call.Value = value;
        return Errno.None;
    }

    /// <summary>SO_BINDTODEVICE, by number; 0 for none.</summary>
    public virtual int BoundDevice { get; set; }

    /// <summary>SO_REUSEADDR and SO_REUSEPORT.</summary>
    protected virtual Errno SetReuse(int option, bool on) => Errno.None;

    /// <summary>SO_REUSEADDR and SO_REUSEPORT.</summary>
    protected virtual bool GetReuse(int option) => false;

    /// <summary>SO_DETACH_REUSEPORT_BPF.</summary>
    protected virtual Errno DetachReuseport() => Errno.EINVAL;

    /// <summary>Gives a program to the socket's reuseport group.</summary>
    protected virtual Errno KeepReuseport(IReuseportProgram program) => Errno.EINVAL;

    /// <summary>Kernel: <c>sk_reuseport_attach_filter</c>.</summary>
    private Errno AttachReuseport(byte[] program)
    {
        if (IsFilterLocked) return Errno.EPERM;
        var error = SocketFilter.TryCreate(program, out var filter);
        return error == Errno.None ? KeepReuseport(filter!) : error;
    }

    private Errno Attach(byte[] program)
    {
        if (IsFilterLocked) return Errno.EPERM;
        var error = SocketFilter.TryCreate(program, out var filter);
        if (error == Errno.None) Filter = filter;
        return error;
    }

    private Errno BindToDevice(NetStack stack, ReadOnlySpan<byte> name)
    {
        var text = System.Text.Encoding.ASCII.GetString(name).TrimEnd('\0');
        if (text.Length == 0) return BindToIndex(stack, 0);
        foreach (var device in stack.Devices)
        {
            if (device.Name == text) return BindToIndex(stack, device.IfIndex);
        }

        return Errno.ENODEV;
    }

    private Errno BindToIndex(NetStack stack, int index)
    {
        if (index < 0) return Errno.EINVAL;
        if (index > stack.Devices.Length) return Errno.ENODEV;
        BoundDevice = index;
        return Errno.None;
    }

    private byte[] MemInfo()
    {
        Span<int> values = [Buffer.RmemAlloc + Errors.Charged, Buffer.RcvBuf, SendBuffer.WmemAlloc, SendBuffer.SndBuf, Buffer.ForwardAlloc, 0, 0, 0, (int)Buffer.Drops];
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }
}
