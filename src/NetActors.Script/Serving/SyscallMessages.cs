using NetActors.Script.Running;

namespace NetActors.Script.Serving;

/// <summary>The operations of the syscall protocol.</summary>
internal enum SyscallOp : ushort
{
#pragma warning disable CS1591 // the protocol's names
    Hello = 1,
    Bye = 2,
    Command = 3,
    Advance = 16,
    Clock = 17,
    Inject = 32,
    Receive = 33,
    Socket = 48,
    Bind = 49,
    Listen = 50,
    Accept = 51,
    Connect = 52,
    Recv = 53,
    Send = 54,
    Fcntl = 55,
    Ioctl = 56,
    Close = 57,
    Shutdown = 58,
    GetSockOpt = 59,
    SetSockOpt = 60,
    Poll = 61,
    EpollCreate = 62,
    EpollCtl = 63,
    EpollWait = 64,
    Pipe = 65,
    Splice = 66,
    GetSockName = 67,
    GetPeerName = 68,
    Select = 69,
#pragma warning restore CS1591
}

/// <summary>System calls as messages of the protocol carry them.</summary>
internal static class SyscallMessages
{
    private const int MostItems = 1024; // IOV_MAX, and more entries than a poll of one host needs

    /// <summary>Reads a call. Null when the operation is none.</summary>
    /// <exception cref="InvalidDataException">The payload is too short.</exception>
    public static ScriptSyscall? Read(SyscallOp op, ref MessageReader reader) => op switch
    {
        SyscallOp.Socket => new SocketCall(reader.I32(), reader.I32(), reader.I32()),
        SyscallOp.Bind => new BindCall(reader.I32(), reader.Bytes()),
        SyscallOp.Listen => new ListenCall(reader.I32(), reader.I32()),
        SyscallOp.Accept => new AcceptCall(reader.I32(), (int)reader.U32(), (int)reader.U32()),
        SyscallOp.Connect => new ConnectCall(reader.I32(), reader.Bytes()),
        SyscallOp.Recv => ReadReceive(ref reader),
        SyscallOp.Send => ReadSend(ref reader),
        SyscallOp.Fcntl => new FcntlCall(reader.I32(), reader.I32(), reader.I32()),
        SyscallOp.Ioctl => new IoctlCall(reader.I32(), reader.U64(), reader.Bytes()),
        SyscallOp.Close => new CloseCall(reader.I32()),
        SyscallOp.Shutdown => new ShutdownCall(reader.I32(), reader.I32()),
        SyscallOp.GetSockOpt => new GetSockOptCall(reader.I32(), reader.I32(), reader.I32(), reader.I32(), reader.Bytes()),
        SyscallOp.SetSockOpt => ReadSetSockOpt(ref reader),
        SyscallOp.Poll => ReadPoll(ref reader),
        SyscallOp.EpollCreate => new EpollCreateCall(reader.I32(), 0),
        SyscallOp.EpollCtl => new EpollCtlCall(reader.I32(), reader.I32(), reader.I32(), new EpollEvent(reader.U32(), reader.U64())),
        SyscallOp.EpollWait => new EpollWaitCall(reader.I32(), reader.I32(), reader.I32()),
        SyscallOp.Pipe => new PipeCall(),
        SyscallOp.Splice => new SpliceCall(reader.I32(), reader.I64(), reader.I32(), reader.I64(), (long)reader.U64(), (int)reader.U32()),
        SyscallOp.GetSockName => new GetNameCall(reader.I32(), false, (int)reader.U32()),
        SyscallOp.Select => new SelectCall(reader.I32(), ReadSet(ref reader), ReadSet(ref reader), ReadSet(ref reader), reader.I64()),
        SyscallOp.GetPeerName => new GetNameCall(reader.I32(), true, (int)reader.U32()),
        _ => null,
    };

    /// <summary>Writes what a call that went well answers.</summary>
    public static void Write(MessageWriter writer, ScriptSyscall call, ScriptAnswer answer)
    {
        switch (call)
        {
            case AcceptCall or GetNameCall:
                writer.U32((uint)answer.AddressLength).Bytes(answer.Address);
                break;
            case ReceiveCall:
                writer.Bytes(answer.Data).U32((uint)answer.AddressLength).Bytes(answer.Address).U32((uint)answer.MessageFlags).Bytes(answer.Control);
                break;
            case IoctlCall or GetSockOptCall:
                writer.Bytes(answer.Data);
                break;
            case PollCall:
                foreach (var revents in answer.Revents) writer.U32((ushort)revents);
                break;
            case EpollWaitCall:
                foreach (var happened in answer.Events) writer.U32(happened.Events).I64(unchecked((long)happened.Data));
                break;
            case SelectCall:
                writer.Bytes(answer.Sets.Readable ?? []).Bytes(answer.Sets.Writable ?? []).Bytes(answer.Sets.Exceptional ?? []).I64(answer.TimeLeft);
                break;
            case PipeCall:
                writer.I32(answer.Pipe.Read).I32(answer.Pipe.Write);
                break;
        }
    }

    /// <summary>A set of select(); none when it is empty.</summary>
    private static byte[]? ReadSet(ref MessageReader reader) => reader.Bytes() is { Length: > 0 } set ? set : null;

    private static ReceiveCall ReadReceive(ref MessageReader reader)
    {
        var (fd, api, flags) = (reader.I32(), (TransferApi)reader.U32(), reader.I32());
        var buffers = new ReceiveBuffer[Count(reader.U32())];
        for (var i = 0; i < buffers.Length; i++) buffers[i] = new ReceiveBuffer((int)reader.U32(), reader.U32() != 0);
        return new ReceiveCall(fd, api, flags, buffers, (int)reader.U32(), (int)reader.U32());
    }

    private static SendCall ReadSend(ref MessageReader reader)
    {
        var (fd, api, flags) = (reader.I32(), (TransferApi)reader.U32(), reader.I32());
        var (address, control) = (reader.Bytes(), reader.Bytes());
        var buffers = new SendBuffer[Count(reader.U32())];
        for (var i = 0; i < buffers.Length; i++) buffers[i] = ReadBuffer(ref reader);
        return new SendCall(fd, api, flags, address, control, buffers);
    }

    private static SendBuffer ReadBuffer(ref MessageReader reader)
    {
        var (length, readable) = ((int)reader.U32(), reader.U32() != 0);
        return new SendBuffer(length, readable ? reader.Raw(length) : null);
    }

    private static SetSockOptCall ReadSetSockOpt(ref MessageReader reader)
    {
        var (fd, level, name, length) = (reader.I32(), reader.I32(), reader.I32(), reader.I32());
        var (readable, value) = (reader.U32() != 0, reader.Bytes());
        return new SetSockOptCall(fd, level, name, length, readable ? value : null);
    }

    private static PollCall ReadPoll(ref MessageReader reader)
    {
        var timeout = reader.I32();
        var entries = new PollEntry[Count(reader.U32())];
        for (var i = 0; i < entries.Length; i++) entries[i] = new PollEntry(reader.I32(), unchecked((short)reader.U32()));
        return new PollCall(entries, timeout);
    }

    private static int Count(uint items) => items <= MostItems ? (int)items : throw new InvalidDataException($"{items} items in one call");
}
