using System.Buffers.Binary;
using NetActors.Epoll;
using NetActors.Script.Running;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Script.Hosting;

/// <summary>A script's system calls in the words of the emulated host, and its answers in the script's.</summary>
internal static class SyscallTranslation
{
    private const int AfInet = 2;
    private const int SockaddrSize = 16;
    private const int MaxData = 1 << 26;

    /// <summary>Fills the call in. Null when it is to be made; else the answer at once.</summary>
    public static ScriptAnswer? Fill(SystemCall call, ScriptSyscall syscall, FdTable files, KernelTime now)
    {
        switch (syscall)
        {
            case SocketCall socket:
                call.Begin(Syscall.Socket, null);
                (call.Argument, call.Second, call.Third) = (socket.Domain, socket.Type, socket.Protocol);
                return null;
            case EpollCreateCall epoll:
                call.Begin(Syscall.EpollCreate, null);
                call.Argument = epoll.Size;
                return null;
            case PollCall poll:
                FillPoll(call, poll, now);
                return null;
            case SelectCall select:
                FillSelect(call, select, now);
                return null;
            case PipeCall or SpliceCall:
                return ScriptAnswer.Fail(Errno.ENOSYS);
        }

        var fd = FdOf(syscall);
        if (files[fd] is not { } file) return ScriptAnswer.Fail(Errno.EBADF);
        return FillOn(call, syscall, file, now);
    }

    /// <summary>The answer of a call that ended.</summary>
    public static ScriptAnswer Answer(ScriptSyscall syscall, SystemCall call)
    {
        if (call.Error != Errno.None) return ScriptAnswer.Fail(call.Error) with { Data = syscall is IoctlCall ioctl ? ioctl.Argument : [] };
        var answer = ScriptAnswer.Return(call.Result);
        return syscall switch
        {
            AcceptCall accept => WithAddress(answer, call, accept.AddressRoom),
            GetNameCall name => WithAddress(answer, call, name.AddressRoom),
            ReceiveCall receive => WithAddress(answer, call, call.HasAddress ? receive.AddressRoom : 0) with
            {
                Control = call.Received?.ToArray() ?? [],
                Data = call.Data[..Math.Max((int)Math.Min(call.Result, call.Data.Length), 0)].ToArray(),
                MessageFlags = call.MessageFlags,
            },
            GetSockOptCall get => answer with { Data = call.Value.Length > get.Room ? call.Value[..get.Room] : call.Value },
            IoctlCall => answer with { Data = call.Value },
            PollCall => answer with { Revents = [.. call.Events.Select(e => (short)e.Events)] },
            SelectCall => answer with { Sets = (call.Sets!.Readable, call.Sets.Writable, call.Sets.Exceptional) },
            EpollWaitCall => answer with
            {
                Events = [.. call.Events.Take((int)call.Result).Select(e => new Running.EpollEvent((uint)e.Events, e.Data))],
            },
            _ => answer,
        };
    }

    private static int FdOf(ScriptSyscall syscall) => syscall switch
    {
        BindCall c => c.Fd,
        ListenCall c => c.Fd,
        AcceptCall c => c.Fd,
        ConnectCall c => c.Fd,
        ReceiveCall c => c.Fd,
        SendCall c => c.Fd,
        FcntlCall c => c.Fd,
        IoctlCall c => c.Fd,
        CloseCall c => c.Fd,
        ShutdownCall c => c.Fd,
        GetNameCall c => c.Fd,
        GetSockOptCall c => c.Fd,
        SetSockOptCall c => c.Fd,
        EpollCtlCall c => c.EpollFd,
        EpollWaitCall c => c.EpollFd,
        _ => -1,
    };

    private static ScriptAnswer? FillOn(SystemCall call, ScriptSyscall syscall, SocketFile file, KernelTime now)
    {
        switch (syscall)
        {
            case BindCall bind:
                call.Begin(Syscall.Bind, file);
                SetAddress(call, bind.Address);
                break;
            case ListenCall listen:
                call.Begin(Syscall.Listen, file).Argument = listen.Backlog;
                break;
            case AcceptCall accept:
                call.Begin(Syscall.Accept, file).Second = accept.Flags;
                break;
            case ConnectCall connect:
                call.Begin(Syscall.Connect, file);
                SetAddress(call, connect.Address);
                break;
            case FcntlCall fcntl:
                call.Begin(Syscall.Fcntl, file);
                (call.Argument, call.Second) = (fcntl.Command, fcntl.Argument);
                break;
            case IoctlCall ioctl:
                call.Begin(Syscall.Ioctl, file);
                (call.Argument, call.Value) = ((int)ioctl.Request, ioctl.Argument);
                break;
            case CloseCall:
                call.Begin(Syscall.Close, file);
                break;
            case ShutdownCall shutdown:
                call.Begin(Syscall.Shutdown, file).Argument = shutdown.How;
                break;
            case GetNameCall name:
                call.Begin(name.IsPeer ? Syscall.GetPeerName : Syscall.GetSockName, file);
                break;
            case GetSockOptCall get:
                call.Begin(Syscall.GetSockOpt, file);
                (call.Level, call.Option, call.Value) = (get.Level, get.Option, []);
                break;
            case SetSockOptCall set:
                if (set.Value is null) return ScriptAnswer.Fail(Errno.EFAULT);
                call.Begin(Syscall.SetSockOpt, file);
                (call.Level, call.Option, call.Value) = (set.Level, set.Option, set.Value);
                break;
            case SendCall send:
                return FillSend(call, send, file);
            case ReceiveCall receive:
                return FillReceive(call, receive, file);
            case EpollCtlCall control:
                call.Begin(Syscall.EpollCtl, file);
                (call.Argument, call.Fd) = (control.Operation, control.Fd);
                call.Events = [new Sockets.EpollEvent((PollEvents)control.Event.Events, control.Event.Data)];
                break;
            case EpollWaitCall wait:
                call.Begin(Syscall.EpollWait, file);
                (call.MaxEvents, call.Events) = (wait.MaxEvents, new Sockets.EpollEvent[Math.Clamp(wait.MaxEvents, 0, 4096)]);
                SetTimeout(call, wait.TimeoutMilliseconds, now);
                break;
            default:
                return ScriptAnswer.Fail(Errno.ENOSYS);
        }

        return null;
    }

    private static ScriptAnswer? FillSend(SystemCall call, SendCall send, SocketFile file)
    {
        if (file is EpollFile && send.Api > TransferApi.Vector) return ScriptAnswer.Fail(Errno.ENOTSOCK);
        if (send.Buffers.Any(b => b.Data is null && b.Length > 0)) return ScriptAnswer.Fail(Errno.EFAULT);
        call.Begin(Syscall.Send, file).Flags = send.Flags;
        call.Pieces = send.Buffers.Count > 1 ? [.. send.Buffers.Select(b => b.Length)] : [];
        call.Data = send.Buffers.Count == 1 ? send.Buffers[0].Data ?? [] : send.Buffers.SelectMany(b => b.Data ?? []).ToArray();
        call.HasAddress = false;
        (call.IsAddressGiven, call.Control) = (send.Address.Length > 0, send.Control);
        if (send.Address.Length > 0) SetAddress(call, send.Address);
        return null;
    }

    private static ScriptAnswer? FillReceive(SystemCall call, ReceiveCall receive, SocketFile file)
    {
        var length = receive.Buffers.Sum(b => (long)b.Length);
        if (file is EpollFile && receive.Api > TransferApi.Vector) return ScriptAnswer.Fail(Errno.ENOTSOCK);
        if (length > MaxData) return ScriptAnswer.Fail(Errno.EINVAL);
        if (receive.Buffers.Any(b => !b.IsWritable && b.Length > 0)) return ScriptAnswer.Fail(Errno.EFAULT);
        call.Begin(Syscall.Receive, file).Flags = receive.Flags;
        (call.Data, call.HasAddress) = (new byte[length], false);
        call.Received = receive.Api == TransferApi.Message ? new ControlWriter(receive.ControlRoom) : null;
        return null;
    }

    private static void FillPoll(SystemCall call, PollCall poll, KernelTime now)
    {
        call.Begin(Syscall.Poll, null);
        call.Events = [.. poll.Entries.Select(e => new Sockets.EpollEvent(PollEvents.None, unchecked((ulong)e.Fd)))];
        call.Wanted = [.. poll.Entries.Select(e => (PollEvents)(ushort)e.Events)];
        SetTimeout(call, poll.TimeoutMilliseconds, now);
    }

    private static void FillSelect(SystemCall call, SelectCall select, KernelTime now)
    {
        call.Begin(Syscall.Select, null).Argument = select.Nfds;
        call.Sets = new FdSets { Readable = select.Readable, Writable = select.Writable, Exceptional = select.Exceptional };
        call.NonBlocking = select.TimeoutMicroseconds == 0;
        if (select.TimeoutMicroseconds > 0) call.Deadline = now + KernelTime.FromMicroseconds(select.TimeoutMicroseconds);
    }

    private static void SetTimeout(SystemCall call, int milliseconds, KernelTime now)
    {
        call.NonBlocking = milliseconds == 0;
        call.Deadline = milliseconds > 0 ? now + KernelTime.FromMilliseconds(milliseconds) : KernelTime.Never;
    }

    private static void SetAddress(SystemCall call, ReadOnlySpan<byte> sockaddr)
    {
        call.Family = sockaddr.Length >= 2 ? BinaryPrimitives.ReadUInt16LittleEndian(sockaddr) : 0;
        if (call.Family == LinkLayerAddress.AfPacket)
        {
            call.IsAddressShort = !LinkLayerAddress.TryRead(sockaddr, out var link);
            call.Link = link;
        }

        call.IsAddressShort |= sockaddr.Length < SockaddrSize;
        call.HasAddress = sockaddr.Length >= 8 && call.Family == AfInet;
        if (sockaddr.Length < 8) return;
        call.Port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        call.Address = BinaryPrimitives.ReadUInt32BigEndian(sockaddr[4..]);
    }

    private static ScriptAnswer WithAddress(ScriptAnswer answer, SystemCall call, int room)
    {
        if (room <= 0) return answer;
        var address = call.Link is { } link ? link.ToSockaddr() : ScriptAddress.FromIpv4(call.Address).ToSockaddr(call.Port);
        return answer with { Address = address[..Math.Min(room, address.Length)], AddressLength = address.Length };
    }
}
