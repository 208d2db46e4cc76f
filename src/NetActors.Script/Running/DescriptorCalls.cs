namespace NetActors.Script.Running;

/// <summary>fcntl().</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Command">F_*.</param>
/// <param name="Argument">The argument; 0 when there is none.</param>
public sealed record FcntlCall(int Fd, int Command, int Argument) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "fcntl";
}

/// <summary>ioctl(); answers the argument as it was written back.</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Request">The request.</param>
/// <param name="Argument">Four bytes, or none.</param>
public sealed record IoctlCall(int Fd, ulong Request, byte[] Argument) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "ioctl";
}

/// <summary>close().</summary>
/// <param name="Fd">The descriptor.</param>
public sealed record CloseCall(int Fd) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "close";
}

/// <summary>shutdown().</summary>
/// <param name="Fd">The socket.</param>
/// <param name="How">SHUT_*.</param>
public sealed record ShutdownCall(int Fd, int How) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "shutdown";
}

/// <summary>getsockopt(); answers the value.</summary>
/// <param name="Fd">The socket.</param>
/// <param name="Level">SOL_*.</param>
/// <param name="Option">The option.</param>
/// <param name="Room">Room for the value in bytes.</param>
/// <param name="Buffer">What the buffer holds before.</param>
public sealed record GetSockOptCall(int Fd, int Level, int Option, int Room, byte[] Buffer) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "getsockopt";
}

/// <summary>setsockopt().</summary>
/// <param name="Fd">The socket.</param>
/// <param name="Level">SOL_*.</param>
/// <param name="Option">The option.</param>
/// <param name="Length">Length of the value in bytes, as the call says.</param>
/// <param name="Value">The value; null for a bad pointer.</param>
public sealed record SetSockOptCall(int Fd, int Level, int Option, int Length, byte[]? Value) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "setsockopt";
}

/// <summary>getsockname(), getpeername(); answers the address.</summary>
/// <param name="Fd">The socket.</param>
/// <param name="IsPeer">The peer's.</param>
/// <param name="AddressRoom">Room for the address in bytes.</param>
public sealed record GetNameCall(int Fd, bool IsPeer, int AddressRoom) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => IsPeer ? "getpeername" : "getsockname";
}
