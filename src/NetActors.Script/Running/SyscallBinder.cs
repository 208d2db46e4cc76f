using NetActors.Headers;
using NetActors.Script.Syntax;
using NetActors.Script.Wire;

namespace NetActors.Script.Running;

/// <summary>
/// Makes a script's system calls into those for the stack: descriptors, addresses and buffers filled in (run_system_call.c).
/// </summary>
internal sealed class SyscallBinder(ScriptSettings settings, ScriptSockets sockets)
{
    private const int AddressRoom = 128; // struct sockaddr_storage
    private const int ControlRoom = 1024;

    /// <summary>The call for the stack.</summary>
    /// <exception cref="ScriptMismatchException">An argument is of the wrong kind.</exception>
    public ScriptSyscall Bind(Arguments args) => args.Action.Name switch
    {
        "socket" => new SocketCall(args.IsEllipsis(0) ? Domain : args.Int32(0), args.Int32(1), args.Int32(2)),
        "bind" => new BindCall(args.Fd(0), BindAddress(args)),
        "listen" => new ListenCall(args.Fd(0), args.Int32(1)),
        "accept" => new AcceptCall(args.Fd(0), AddressRoom, 0),
        "accept4" => new AcceptCall(args.Fd(0), AddressRoom, args.Int32(3)),
        "connect" => new ConnectCall(args.Fd(0), PeerAddress(args, 1)),
        "fcntl" => new FcntlCall(args.Fd(0), args.Int32(1), args.Count > 2 ? args.Int32(2) : 0),
        "ioctl" => new IoctlCall(args.Fd(0), (uint)args.Int32(1), args.Count > 2 ? NumberBytes(args, 2) : []),
        "close" => new CloseCall(args.Fd(0)),
        "shutdown" => new ShutdownCall(args.Fd(0), args.Int32(1)),
        "getsockopt" => GetSockOpt(args),
        "setsockopt" => SetSockOpt(args),
        "poll" => Poll(args),
        "epoll_create" => new EpollCreateCall(args.Int32(0), 0),
        "epoll_create1" => new EpollCreateCall(1, args.Int32(0)),
        "epoll_ctl" => EpollCtl(args),
        "epoll_wait" => new EpollWaitCall(args.Fd(0), args.Int32(2), args.Int32(3)),
        "pipe" => new PipeCall(),
        "splice" => new SpliceCall(args.Fd(0), Offset(args, 1), args.Fd(2), Offset(args, 3), args.Int64(4), args.Int32(5)),
        "read" => new ReceiveCall(args.Fd(0), TransferApi.Plain, 0, [ReceiveBuffer(args, 1)], 0, 0),
        "recv" => new ReceiveCall(args.Fd(0), TransferApi.Socket, args.Int32(3), [ReceiveBuffer(args, 1)], 0, 0),
        "recvfrom" => new ReceiveCall(args.Fd(0), TransferApi.Address, args.Int32(3), [ReceiveBuffer(args, 1)], AddressRoom, 0),
        "readv" => new ReceiveCall(args.Fd(0), TransferApi.Vector, 0, ReceiveBuffers(args, args.List(1), args.Int32(2)), 0, 0),
        "recvmsg" => ReceiveMessage(args),
        "write" => new SendCall(args.Fd(0), TransferApi.Plain, 0, [], [], [SendBuffer(args, 1)]),
        "send" => new SendCall(args.Fd(0), TransferApi.Socket, args.Int32(3), [], [], [SendBuffer(args, 1)]),
        "sendto" => new SendCall(args.Fd(0), TransferApi.Address, args.Int32(3), PeerAddress(args, 4), [], [SendBuffer(args, 1)]),
        "writev" => new SendCall(args.Fd(0), TransferApi.Vector, 0, [], [], SendBuffers(args, args.List(1), args.Int32(2))),
        "sendmsg" => SendMessage(args),
        var name => throw new ScriptMismatchException(args.Action.Position, $"the system call {name}() is not supported"),
    };

    private int Domain => settings.IpVersion == ScriptIpVersion.Ipv4 ? 2 : 10;

    private byte[] BindAddress(Arguments args)
    {
        var (address, port) = args[1] switch
        {
            EllipsisExpression => (settings.LocalAddress, settings.BindPort),
            SockaddrExpression given => (given.Address, given.Port),
            var other => throw args.Wrong(other, "'...' or a socket address"),
        };
        if (sockets.ByFd(args.Int32(0)) is { State: ScriptSocketState.New } socket) socket.Local = new WireEndpoint(address, port);
        return ForFamily(address).ToSockaddr(port);
    }

    /// <summary>The peer for connect(), sendto() and sendmsg(); AF_UNSPEC takes the peer away.</summary>
    private byte[] PeerAddress(Arguments args, int index)
    {
        var scriptFd = args.Int32(0);
        if (args[index] is IntegerExpression family)
        {
            if (family.Value == 0 && sockets.ByFd(scriptFd) is { } disconnected) disconnected.State = ScriptSocketState.New;
            return [(byte)family.Value, (byte)(family.Value >> 8), .. new byte[14]];
        }

        var (address, port) = args[index] switch
        {
            EllipsisExpression or MsghdrExpression => (settings.RemoteAddress, settings.ConnectPort),
            SockaddrExpression given => (given.Address, given.Port),
            var other => throw args.Wrong(other, "'...', a socket address or AF_UNSPEC"),
        };
        sockets.OnConnect(scriptFd, new WireEndpoint(address, port));
        return ForFamily(address).ToSockaddr(port);
    }

    private ScriptAddress ForFamily(ScriptAddress address) => settings.IpVersion == ScriptIpVersion.Ipv4 ? address : address.ToIpv6();

    private static byte[] NumberBytes(Arguments args, int index)
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes, args.ToInt32(args.Only(index)));
        return bytes;
    }

    private static long Offset(Arguments args, int index) => args.Int64(index) is var offset and not 0 ? offset : -1;

    private static GetSockOptCall GetSockOpt(Arguments args)
    {
        var room = args.ToInt32(args.Only(4));
        return new GetSockOptCall(args.Fd(0), args.Int32(1), args.Int32(2), room, new byte[Math.Clamp(room, 0, 1 << 16)]);
    }

    private static SetSockOptCall SetSockOpt(Arguments args)
    {
        var length = args.Int32(4);
        var value = args.Value(3);
        if (value is not null && length >= 0 && length <= 1 << 16) Array.Resize(ref value, length);
        return new SetSockOptCall(args.Fd(0), args.Int32(1), args.Int32(2), length, value);
    }

    private static PollCall Poll(Arguments args)
    {
        var entries = args.List(0).Select(item => item is PollfdExpression entry
            ? new PollEntry(args.ToFd(entry.Fd), unchecked((short)args.ToInt32(entry.Events)))
            : throw args.Wrong(item, "{fd=N, events=E, revents=R}")).ToArray();
        if (args.Int32(1) != entries.Length) throw args.Wrong(args[1], $"the number of entries, {entries.Length},");
        return new PollCall(entries, args.Int32(2));
    }

    private static EpollCtlCall EpollCtl(Arguments args)
    {
        var liveFd = args.Fd(2);
        if (args[3] is IntegerExpression { Value: 0 }) return new EpollCtlCall(args.Fd(0), args.Int32(1), liveFd, default);
        var step = args.Structure<EpollEventExpression>(3, "{events=E, fd=N}");
        if (step.DataKind == EpollDataKind.Fd && args.ToInt32(step.Data) != args.Int32(2)) throw args.Wrong(step.Data,
            "the same descriptor");
        return new EpollCtlCall(args.Fd(0), args.Int32(1), liveFd, EpollEvent(args, step));
    }

    /// <summary>The event with the stack's descriptor in its data.</summary>
    public static EpollEvent EpollEvent(Arguments args, EpollEventExpression step)
    {
        var data = step.DataKind == EpollDataKind.Fd ? (uint)args.ToFd(step.Data) : unchecked((ulong)args.ToInt64(step.Data));
        return new EpollEvent(unchecked((uint)args.ToInt64(step.Events)), data);
    }

    private static ReceiveBuffer ReceiveBuffer(Arguments args, int index) => new(args.Length(index + 1), args.IsBuffer(index));

    private SendBuffer SendBuffer(Arguments args, int index)
    {
        var length = args.Length(index + 1);
        if (!args.IsBuffer(index)) return new SendBuffer(length, null);
        var data = new byte[length];
        if (IsPing(sockets.ByFd(args.Int32(0))) && length >= IcmpHeader.Size)
            data[0] = settings.IsWireIpv6 ? Icmpv6Types.EchoRequest : IcmpTypes.Echo; // a ping socket takes nothing else
        return new SendBuffer(length, data);
    }

    private static bool IsPing(ScriptSocket? socket) => socket?.Protocol is IpProtocols.Icmp or IpProtocols.Icmpv6;

    private static ReceiveBuffer[] ReceiveBuffers(Arguments args, IReadOnlyList<ScriptExpression> items, int count) =>
        [.. VectorLengths(args, items, count).Select(static length => new ReceiveBuffer(length, true))];

    private static SendBuffer[] SendBuffers(Arguments args, IReadOnlyList<ScriptExpression> items, int count) =>
        [.. VectorLengths(args, items, count).Select(static length => new SendBuffer(length, new byte[length]))];

    private static int[] VectorLengths(Arguments args, IReadOnlyList<ScriptExpression> items, int count)
    {
        var lengths = items.Select(item =>
            item is IovecExpression buffer ? args.ToInt32(buffer.Length) : throw args.Wrong(item, "{..., LENGTH}")).ToArray();
        if (Array.Exists(lengths, static length => length < 0)) throw args.Wrong(items[0], "lengths of 0 or more");
        return count == lengths.Length
            ? lengths
            : throw new ScriptMismatchException(args.Action.Position,
                $"{args.Action.Name}(): the count {count} is not the number of buffers, {lengths.Length}");
    }

    private static ReceiveCall ReceiveMessage(Arguments args)
    {
        var message = args.Structure<MsghdrExpression>(1, "{msg_name(...)=..., msg_iov(N)=[...], msg_flags=F}");
        var buffers = ReceiveBuffers(args, message.Buffers.Items, args.ToInt32(message.BufferCount));
        return new ReceiveCall(args.Fd(0), TransferApi.Message, args.Int32(2), buffers, AddressRoom, message.Control is null ? 0
            : ControlRoom);
    }

    private SendCall SendMessage(Arguments args)
    {
        var message = args.Structure<MsghdrExpression>(1, "{msg_name(...)=..., msg_iov(N)=[...], msg_flags=0}");
        if (args.ToInt64(message.Flags) != 0) throw args.Wrong(message.Flags, "0: sendmsg() does not look at msg_flags");
        var control = message.Control is null ? [] : ControlMessages.Write(args, message.Control);
        return new SendCall(
            args.Fd(0), TransferApi.Message, args.Int32(2), PeerAddress(args, 1), control,
            SendBuffers(args, message.Buffers.Items, args.ToInt32(message.BufferCount)));
    }
}
