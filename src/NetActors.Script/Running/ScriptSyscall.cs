namespace NetActors.Script.Running;

/// <summary>A system call with the descriptors, addresses and bytes of the stack under test.</summary>
public abstract record ScriptSyscall
{
    /// <summary>The name as man pages have it.</summary>
    public abstract string Name { get; }
}

/// <summary>How data is handed over (the shim's <c>api</c>).</summary>
public enum TransferApi
{
    /// <summary>read(), write().</summary>
    Plain,

    /// <summary>readv(), writev().</summary>
    Vector,

    /// <summary>recv(), send().</summary>
    Socket,

    /// <summary>recvfrom(), sendto().</summary>
    Address,

    /// <summary>recvmsg(), sendmsg().</summary>
    Message,
}

/// <summary>socket().</summary>
/// <param name="Domain">The family.</param>
/// <param name="Type">The type with its flags.</param>
/// <param name="Protocol">The protocol.</param>
public sealed record SocketCall(int Domain, int Type, int Protocol) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "socket";
}

/// <summary>bind().</summary>
/// <param name="Fd">The socket.</param>
/// <param name="Address">The address as Linux lays it out.</param>
public sealed record BindCall(int Fd, byte[] Address) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "bind";
}

/// <summary>listen().</summary>
/// <param name="Fd">The socket.</param>
/// <param name="Backlog">The backlog.</param>
public sealed record ListenCall(int Fd, int Backlog) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "listen";
}

/// <summary>accept4(); answers descriptor and address.</summary>
/// <param name="Fd">The listening socket.</param>
/// <param name="AddressRoom">Room for the address in bytes.</param>
/// <param name="Flags">SOCK_NONBLOCK, SOCK_CLOEXEC; 0 for accept().</param>
public sealed record AcceptCall(int Fd, int AddressRoom, int Flags) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "accept";
}

/// <summary>connect().</summary>
/// <param name="Fd">The socket.</param>
/// <param name="Address">The address as Linux lays it out.</param>
public sealed record ConnectCall(int Fd, byte[] Address) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "connect";
}

/// <summary>A buffer to read into.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="IsWritable">False for a bad pointer: EFAULT where Linux would touch it.</param>
public readonly record struct ReceiveBuffer(int Length, bool IsWritable);

/// <summary>A buffer to send from.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Data">The bytes; null for a bad pointer.</param>
public readonly record struct SendBuffer(int Length, byte[]? Data);

/// <summary>read(), readv(), recv(), recvfrom(), recvmsg(); answers data, address, message flags, control messages.</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Api">Which of them.</param>
/// <param name="Flags">MSG_* flags.</param>
/// <param name="Buffers">Where the data goes.</param>
/// <param name="AddressRoom">Room for the address in bytes.</param>
/// <param name="ControlRoom">Room for control messages in bytes.</param>
public sealed record ReceiveCall(int Fd, TransferApi Api, int Flags, IReadOnlyList<ReceiveBuffer> Buffers, int AddressRoom, int ControlRoom)
    : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => Api switch
    {
        TransferApi.Plain => "read",
        TransferApi.Vector => "readv",
        TransferApi.Socket => "recv",
        TransferApi.Address => "recvfrom",
        _ => "recvmsg",
    };
}

/// <summary>write(), writev(), send(), sendto(), sendmsg().</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Api">Which of them.</param>
/// <param name="Flags">MSG_* flags.</param>
/// <param name="Address">The address as Linux lays it out; empty for none.</param>
/// <param name="Control">Control messages with their headers; empty for none.</param>
/// <param name="Buffers">The data.</param>
public sealed record SendCall(int Fd, TransferApi Api, int Flags, byte[] Address, byte[] Control, IReadOnlyList<SendBuffer> Buffers)
    : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => Api switch
    {
        TransferApi.Plain => "write",
        TransferApi.Vector => "writev",
        TransferApi.Socket => "send",
        TransferApi.Address => "sendto",
        _ => "sendmsg",
    };
}
