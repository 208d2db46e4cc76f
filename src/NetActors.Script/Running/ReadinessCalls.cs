namespace NetActors.Script.Running;

/// <summary>An entry of poll().</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Events">What is waited for.</param>
public readonly record struct PollEntry(int Fd, short Events);

/// <summary>poll(); answers <c>revents</c>.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="TimeoutMilliseconds">How long to wait; negative for ever.</param>
public sealed record PollCall(IReadOnlyList<PollEntry> Entries, int TimeoutMilliseconds) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "poll";
}

/// <summary>select(), pselect(); answers the sets as they are afterwards and the time that was left.</summary>
/// <param name="Nfds">Descriptors below it are looked at.</param>
/// <param name="Readable">A bit each; null for none.</param>
/// <param name="Writable">A bit each; null for none.</param>
/// <param name="Exceptional">A bit each; null for none.</param>
/// <param name="TimeoutMicroseconds">How long to wait; negative for ever.</param>
public sealed record SelectCall(int Nfds, byte[]? Readable, byte[]? Writable, byte[]? Exceptional, long TimeoutMicroseconds) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "select";
}

/// <summary>epoll_create(), epoll_create1().</summary>
/// <param name="Size">The size, which must be above 0; 1 for epoll_create1().</param>
/// <param name="Flags">EPOLL_CLOEXEC.</param>
public sealed record EpollCreateCall(int Size, int Flags) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "epoll_create";
}

/// <summary><c>struct epoll_event</c>.</summary>
/// <param name="Events">EPOLL* bits.</param>
/// <param name="Data">The data.</param>
public readonly record struct EpollEvent(uint Events, ulong Data);

/// <summary>epoll_ctl().</summary>
/// <param name="EpollFd">The epoll instance.</param>
/// <param name="Operation">EPOLL_CTL_*.</param>
/// <param name="Fd">The descriptor.</param>
/// <param name="Event">What is waited for.</param>
public sealed record EpollCtlCall(int EpollFd, int Operation, int Fd, EpollEvent Event) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "epoll_ctl";
}

/// <summary>epoll_wait(); answers the events.</summary>
/// <param name="EpollFd">The epoll instance.</param>
/// <param name="MaxEvents">The most events.</param>
/// <param name="TimeoutMilliseconds">How long to wait; negative for ever.</param>
public sealed record EpollWaitCall(int EpollFd, int MaxEvents, int TimeoutMilliseconds) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "epoll_wait";
}

/// <summary>pipe(); answers both ends.</summary>
public sealed record PipeCall : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "pipe";
}

/// <summary>splice().</summary>
/// <param name="FdIn">Where from.</param>
/// <param name="OffsetIn">The offset there; -1 for none.</param>
/// <param name="FdOut">Where to.</param>
/// <param name="OffsetOut">The offset there; -1 for none.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Flags">SPLICE_F_*.</param>
public sealed record SpliceCall(int FdIn, long OffsetIn, int FdOut, long OffsetOut, long Length, int Flags) : ScriptSyscall
{
    /// <inheritdoc />
    public override string Name => "splice";
}
