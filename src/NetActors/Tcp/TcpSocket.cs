using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Sockets;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// A TCP socket (kernel: <c>struct tcp_sock</c> with its <c>struct socket</c>): a connection, a listener, or neither yet. Its actor runs on
/// whichever CPU has a segment or a call for it; segments wait in its ring, as in the socket's backlog.
/// </summary>
internal sealed class TcpSocket : SocketFile, ITimerTarget, IDeliveryTarget
{
    private const int RingSegments = 4096; // more than softirqs bring before the actor's turn; the backlog has its own bound
    private readonly Channel<SkBuff> _segments;
    private readonly TcpHost _host;
    private SockOptions? _sock;
    private SocketErrorQueue? _errors;
    private CallList _readers;
    private CallList _writers;
    private CallList _changers;
    private CallList _accepters;
    private int _scheduled;
    private bool _isGone;
    private TcpBacklog _backlog;

    public TcpSocket(TcpHost host, TcpSocketOptions? options = null)
    {
        (_host, Options) = (host, options ?? new TcpSocketOptions());
        _segments = SkbChannel.Create(RingSegments, host.IsShared);
        Inode = host.Allocate();
        Endpoint = new TcpEndpoint(this);
        Timer = new SocketTimer(this);
    }

    /// <summary>Its place in the tables.</summary>
    public TcpEndpoint Endpoint { get; }

    /// <summary>Its number on the host.</summary>
    public long Inode { get; }

    /// <summary>Flow hash of its last segment (kernel: <c>sk_rxhash</c>).</summary>
    public uint RxHash { get; set; }

    /// <summary>Its options.</summary>
    public TcpSocketOptions Options { get; }

    /// <summary>The connection; null before there is one.</summary>
    public TcpControlBlock? Block { get; set; }

    /// <summary>The listener; null for others.</summary>
    public TcpListenerCore? Listener { get; set; }

    /// <summary>Options of level SOL_SOCKET that it shares with other kinds.</summary>
    public SockOptions Sock => _sock ??= new SockOptions(); // made when asked for: an idle connection is small

    /// <inheritdoc />
    public override SockOptions? BusyOptions => _sock;

    /// <inheritdoc />
    public override bool EndsBusyLoop => Block is { } block && (block.Readable > 0 || block.IsReceiveShutdown || block.Error != Errno.None);

    /// <summary>What MSG_ERRQUEUE reads.</summary>
    public SocketErrorQueue Errors => _errors ??= new SocketErrorQueue();

    /// <summary>Its sends with MSG_ZEROCOPY; null before the first.</summary>
    public TcpZeroCopy? ZeroCopy { get; set; }

    /// <inheritdoc />
    public void Deliver(NetStack stack, HostCpu cpu, SkBuff skb, in RpsFlowRef flow) => NetStack.QueueToTcp(cpu, this, skb);

    /// <summary>The error queue has something (kernel: <c>sk_error_report</c>).</summary>
    public void NotifyError(HostCpu cpu)
    {
        if (IsWatched) NotifyWatchers(cpu, PollEvents.Err);
    }

    /// <summary>The half-open entry of a Fast Open child whose handshake goes on.</summary>
    public RequestSock? FastOpenRequest { get; set; }

    /// <summary>The listener that a child waits in, to be told of its connections.</summary>
    public TcpSocket? Parent { get; set; }

    /// <summary>The listener that it waited in has ended.</summary>
    public bool IsDisowned { get; set; }

    /// <summary>Its one timer.</summary>
    public SocketTimer Timer { get; }

    /// <summary>Calls that wait for data, an end or an error.</summary>
    public ref CallList Readers => ref _readers;

    /// <summary>Calls that wait for room to write.</summary>
    public ref CallList Writers => ref _writers;

    /// <summary>Calls that wait for a change of state: connect, close.</summary>
    public ref CallList Changers => ref _changers;

    /// <summary>Calls that wait for a connection; one is woken at a time.</summary>
    public ref CallList Accepters => ref _accepters;

    /// <summary>SO_RCVTIMEO; Never for none.</summary>
    public KernelTime ReceiveTimeout { get; set; } = KernelTime.Never;

    /// <summary>SO_SNDTIMEO; Never for none.</summary>
    public KernelTime SendTimeout { get; set; } = KernelTime.Never;

    /// <summary>TCP_DEFER_ACCEPT in timeouts of a SYN-ACK.</summary>
    public byte DeferAccept { get; set; }

    /// <summary>TCP_FASTOPEN: length of the listener's queue; 0 for none.</summary>
    public int FastOpenQueue { get; set; }

    /// <summary>TCP_FASTOPEN_KEY; null for the host's.</summary>
    public TcpFastOpenKeys? FastOpenKeys { get; set; }

    /// <summary>A connect is under way, or was and its success has not been asked for (kernel: <c>SS_CONNECTING</c>).</summary>
    public bool IsConnecting { get; set; }

    /// <summary>Its connect failed and it was told: it is as new (kernel: <c>tcp_disconnect</c>).</summary>
    public bool IsDisconnected { get; set; }

    /// <summary>The tables no longer lead to it.</summary>
    public bool IsUnhashed { get; set; }

    /// <summary>No task has it open any more.</summary>
    public bool IsClosed { get; set; }

    /// <summary>close() still waits for the peer (<c>SO_LINGER</c>): the actor has to live until it has answered.</summary>
    public bool IsLingering { get; set; }

    /// <summary>Its actor has ended: nobody takes segments any more.</summary>
    public bool IsGone
    {
        get => Volatile.Read(ref _isGone);
        set => Volatile.Write(ref _isGone, value);
    }

    /// <summary>Segments that found no room in the ring.</summary>
    public long BacklogDrops { get; private set; }

    /// <summary>What softirqs leave to the task that has it locked.</summary>
    public ref TcpBacklog Backlog => ref _backlog;

    /// <summary>Whether its filter lets a segment in, which it may shorten down to the header (kernel: <c>tcp_filter</c>, <c>sk_filter_trim_cap</c>).</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="skb">From its TCP header on.</param>
    public bool Passes(Filters.SocketFilter filter, SkBuff skb)
    {
        var keep = filter.Run(skb);
        if (keep == 0)
        {
            BacklogDrops++;
            return false;
        }

        if (keep < (uint)skb.Length) SkbChecksum.TrimRcsum(skb, Math.Max((int)keep, skb.Data[12] >> 4 << 2));
        return true;
    }

    /// <summary>
    /// Puts a segment into the ring. False when it is full, or the socket is locked and the memory of its backlog spent: the caller still owns it.
    /// </summary>
    public bool TryQueue(HostCpu cpu, SkBuff skb)
    {
        var isLocked = Block is not null && Backlog.IsOwned(cpu.Cpu.LocalId, cpu.Cpu.Now);
        if ((isLocked && !Backlog.TryAdd(skb, Block!, cpu.Kernel, _host.IsShared, cpu.Mib)) || !_segments.Writer.TryWrite(skb))
        {
            BacklogDrops++;
            return false;
        }

        _host.AddWaiting(1);
        return true;
    }

    /// <summary>Calls the actor, unless it is on its way.</summary>
    public void Ring()
    {
        if (HasActor && Interlocked.Exchange(ref _scheduled, 1) == 0) Tell(TcpSocketProtocol.Segments.Instance);
    }

    /// <summary>Takes the next segment.</summary>
    public bool TryTake(out SkBuff skb)
    {
        if (!_segments.Reader.TryRead(out skb!)) return false;
        _host.AddWaiting(-1);
        Backlog.OnTaken(skb);
        return true;
    }

    /// <summary>The actor found the ring empty; looks once more, for one may have come in between.</summary>
    public void Answer()
    {
        Backlog.Clear();
        Interlocked.Exchange(ref _scheduled, 0);
        if (_segments.Reader.TryPeek(out _)) Ring();
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now) => Tell(TcpSocketProtocol.Deadline.Instance);

    private const PollEvents DataReady = PollEvents.In | PollEvents.Pri | PollEvents.RdNorm | PollEvents.RdBand; // sock_def_readable

    /// <summary>Wakes calls and watchers (kernel: <c>sk_data_ready</c>, <c>sk_write_space</c>, <c>sk_state_change</c>).</summary>
    public void Notify(HostCpu cpu, TcpEffects effects)
    {
        const TcpEffects State = TcpEffects.Established | TcpEffects.Closed | TcpEffects.Error | TcpEffects.FinAcked | TcpEffects.PeerClosed;
        if (_host.IsShared) Interlocked.MemoryBarrier(); // who looks after it began to watch sees what happened, or is seen here
        var events = PollEvents.None;
        if ((effects & (TcpEffects.Readable | State)) != 0) Wake(cpu, Readers, sync: (effects & State) == 0);
        if ((effects & (TcpEffects.Writable | State)) != 0) Wake(cpu, Writers);
        if ((effects & State) != 0) Wake(cpu, Changers);
        if (!IsWatched) return;
        if ((effects & TcpEffects.Readable) != 0) events |= DataReady;
        if ((effects & TcpEffects.Writable) != 0) events |= PollEvents.Out | PollEvents.WrNorm | PollEvents.WrBand;
        if ((effects & TcpEffects.Error) != 0) events |= PollEvents.Err;
        if ((effects & State) != 0) NotifyWatchers(cpu, PollEvents.None); // sk_state_change: each looks for itself
        else if (events != PollEvents.None) NotifyWatchers(cpu, events);
    }

    /// <summary>A connection waits for accept.</summary>
    public void NotifyAccept(HostCpu cpu)
    {
        if (Accepters.TryTake(out var call)) Resume(cpu, call, sync: true); // sock_def_readable
        if (IsWatched) NotifyWatchers(cpu, DataReady);
    }

    /// <summary>Kernel: <c>tcp_poll</c>.</summary>
    public override PollEvents Poll()
    {
        if (Listener is not null) return Listener.AcceptQueueLength > 0 ? PollEvents.In | PollEvents.RdNorm : PollEvents.None;
        const PollEvents Writable = PollEvents.Out | PollEvents.WrNorm;
        if (Block is not { } block || IsDisconnected) return Writable | PollEvents.Hup; // TCP_CLOSE
        if (block.IsDeferred) return Writable; // so that the program writes what goes with the SYN
        var events = PollEvents.None;
        if ((block.IsReceiveShutdown && block.IsSendShutdown) || block.State == TcpState.Close) events |= PollEvents.Hup;
        if (block.IsReceiveShutdown) events |= PollEvents.In | PollEvents.RdNorm | PollEvents.RdHup;
        if (block.State is not (TcpState.SynSent or TcpState.SynRecv) || FastOpenRequest is not null)
        {
            var target = Options.RcvLowat + (block.IsAtMark && !Options.OobInline ? 1 : 0); // an urgent byte is not to be read as others are
            if (block.Readable >= target) events |= PollEvents.In | PollEvents.RdNorm;
            if (block.IsUrgentReadable) events |= PollEvents.Pri;
            if (block.IsSendShutdown || block.PollWritable()) events |= Writable;
        }

        return block.Error != Errno.None || _errors is { IsEmpty: false } ? events | PollEvents.Err : events;
    }

    /// <summary>Frees what waits in the ring.</summary>
    public void Release(SkbDropReason reason)
    {
        while (TryTake(out var skb)) skb.Free(reason);
    }

    /// <summary>It is gone (kernel: <c>tcp_v4_destroy_sock</c>).</summary>
    public void Forget() => _host.Free();

    /// <summary>A call that slept goes on.</summary>
    /// <param name="cpu">The CPU on which it happens.</param>
    /// <param name="call">Who.</param>
    /// <param name="sync">For data (kernel: <c>sock_def_readable</c>), not for room or a change of state.</param>
    public static void Resume(HostCpu cpu, BlockingCall call, bool sync = false)
    {
        call.Resumed = true;
        cpu.Wake(call.Task, sync);
    }

    private static void Wake(HostCpu cpu, in CallList sleepers, bool sync = false)
    {
        while (sleepers.Count > 0 && sleepers.TryTake(out var call)) Resume(cpu, call, sync);
    }
}
