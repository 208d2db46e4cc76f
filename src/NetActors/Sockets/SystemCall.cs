using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Time;

namespace NetActors.Sockets;

/// <summary>A system call of one task with its arguments and its answer, by the names of the man pages; made once and used again.</summary>
internal sealed class SystemCall : BlockingCall, ITimerTarget
{
    private const int AfInet = 2;
    private readonly TimerEntry _timeout;

    public SystemCall(TaskEntity task, FdTable files)
        : base(task) => (Files, _timeout) = (files, new TimerEntry(this));

    /// <summary>The descriptors of the caller's process.</summary>
    public FdTable Files { get; }

    /// <summary>Which call.</summary>
    public Syscall Name { get; set; }

    /// <summary>What it is made on; null for calls that make something.</summary>
    public SocketFile? File { get; set; }

    /// <summary>epoll_ctl: the descriptor watched; socket, accept4: the flags of the type.</summary>
    public int Fd { get; set; }

    /// <summary>socket: domain; listen: backlog; shutdown: how; epoll_ctl: what to do; ioctl: the request; fcntl: the command.</summary>
    public int Argument { get; set; }

    /// <summary>socket: type; fcntl: flags.</summary>
    public int Second { get; set; }

    /// <summary>socket: protocol.</summary>
    public int Third { get; set; }

    /// <summary>Data to send, or room for what is received.</summary>
    public Memory<byte> Data { get; set; }

    /// <summary>MSG_* flags.</summary>
    public int Flags { get; set; }

    /// <summary>An IPv4 address in host order, in or out.</summary>
    public uint Address { get; set; }

    /// <summary>A port, in or out.</summary>
    public ushort Port { get; set; }

    /// <summary>An address was given (sendto), or AF_UNSPEC was not.</summary>
    public bool HasAddress { get; set; }

    /// <summary>Family of the address given: 2 for none or AF_INET (see <see cref="HasAddress"/>), 0 for AF_UNSPEC.</summary>
    public int Family { get; set; } = AfInet;

    /// <summary>sendto: there is an address, of whatever family.</summary>
    public bool IsAddressGiven { get; set; }

    /// <summary>The address given is shorter than its family's.</summary>
    public bool IsAddressShort { get; set; }

    /// <summary>An address of AF_PACKET, in or out.</summary>
    public LinkLayerAddress? Link { get; set; }

    /// <summary>Lengths of the buffers that its data came in (<c>msg_iov</c>); empty for one.</summary>
    public int[] Pieces { get; set; } = [];

    /// <summary>Control messages to send.</summary>
    public byte[] Control { get; set; } = [];

    /// <summary>Room for received ones; null when the program wants none.</summary>
    public ControlWriter? Received { get; set; }

    /// <summary>getsockopt, setsockopt: the level.</summary>
    public int Level { get; set; }

    /// <summary>getsockopt, setsockopt: the option.</summary>
    public int Option { get; set; }

    /// <summary>getsockopt, setsockopt, ioctl: the value; getsockopt fills it.</summary>
    public byte[] Value { get; set; } = [];

    /// <summary>epoll_ctl: the event; epoll_wait, poll: room for events.</summary>
    public EpollEvent[] Events { get; set; } = [];

    /// <summary>poll: what is wanted of each of <see cref="Events"/>.</summary>
    public PollEvents[] Wanted { get; set; } = [];

    /// <summary>select: the sets; null for other calls.</summary>
    public FdSets? Sets { get; set; }

    /// <summary>epoll_wait: room in <see cref="Events"/>.</summary>
    public int MaxEvents { get; set; }

    /// <summary>When a sleeping call gives up; <see cref="KernelTime.Never"/> without a timeout.</summary>
    public KernelTime Deadline { get; set; } = KernelTime.Never;

    /// <summary>What the call answers when <see cref="BlockingCall.Error"/> is None.</summary>
    public long Result { get; set; }

    /// <summary><c>msg_flags</c> of a message that was received.</summary>
    public int MessageFlags { get; set; }

    /// <summary>Bytes done before it slept.</summary>
    public int Done { get; set; }

    /// <summary>The call's time is over: it looks once more and ends.</summary>
    public bool TimedOut { get; set; }

    /// <summary>It slept for what it began itself: connect, close.</summary>
    public bool Waited { get; set; }

    /// <summary>poll: the next of its files to busy poll; -1 when it does so no longer.</summary>
    public int BusyIndex { get; set; } = -1;

    /// <summary>poll: when it began to busy poll, in units of 1024 ns; 0 before.</summary>
    public long BusyStart { get; set; }

    /// <summary>It tells where the program uses its socket (kernel: <c>inet_sendmsg</c>, <c>inet_recvmsg</c>); poll and epoll do not.</summary>
    public bool RecordsFlow => Name == Syscall.Send || (Name == Syscall.Receive && (Flags & Sockets.MessageFlags.ErrQueue) == 0);

    /// <summary>poll: who waits for the files; null for other calls.</summary>
    public PollWaiter? Waiter { get; set; }

    /// <summary>Has the call given up at its deadline, while it sleeps on <paramref name="cpu"/>.</summary>
    public void ArmTimeout(HostCpu cpu)
    {
        if (!Deadline.IsNever && !_timeout.IsPending) cpu.HrTimers.Arm(_timeout, Deadline, cpu.Cpu.Now);
    }

    /// <summary>The call has ended; on the CPU on which it slept.</summary>
    public void CancelTimeout()
    {
        if (_timeout.IsPending) TimerWheel.Cancel(_timeout);
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        if (Waiter is null) File!.Tell(new CancelCall(this, Use));
        else Waiter.OnTimeout((HostCpu)EmulatedCpu.Current!.Hooks!);
    }

    /// <summary>Answers.</summary>
    public void End(long result, Errno error = Errno.None) => (Result, Error) = (error == Errno.None ? result : -1, error);

    /// <summary>Fails.</summary>
    public void Fail(Errno error) => (Result, Error) = (-1, error);

    /// <summary>Makes it ready for another use.</summary>
    public SystemCall Begin(Syscall name, SocketFile? file)
    {
        (Name, File, Error, Result, Done, MessageFlags) = (name, file, Errno.None, 0, 0, 0);
        (Resumed, TimedOut, Waited, NonBlocking) = (false, false, false, file is { NonBlocking: true });
        BusyState = BusyLoopState.None;
        (Sets, Pieces) = (null, []);
        (Family, IsAddressGiven, IsAddressShort, Link, Control, Received) = (AfInet, false, false, null, [], null);
        (HasAddress, Address, Port) = (false, 0, 0);
        (Deadline, Use) = (KernelTime.Never, Use + 1);
        return this;
    }
}

/// <summary>The calls.</summary>
internal enum Syscall : byte
{
#pragma warning disable CS1591 // named as on Linux
    Socket,
    Bind,
    Listen,
    Accept,
    Connect,
    Send,
    Receive,
    Shutdown,
    Close,
    GetSockOpt,
    SetSockOpt,
    GetSockName,
    GetPeerName,
    Ioctl,
    Fcntl,
    EpollCreate,
    EpollCtl,
    EpollWait,
    Poll,
    Select,
#pragma warning restore CS1591
}
