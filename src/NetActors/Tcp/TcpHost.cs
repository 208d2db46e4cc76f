using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// What the TCP sockets of a host share (kernel: <c>struct netns_ipv4</c>, <c>tcp_hashinfo</c>): tables, settings, secrets, metrics. In real
/// time one CPU at a time changes the tables, as the kernel's bucket locks see to; lookups go on meanwhile.
/// </summary>
internal sealed class TcpHost : ITimeWaitReuse
{
    private const long FirstInode = 100_000; // behind the numbers of datagram sockets

    private readonly bool _shared;
    private readonly KernelRandom _random;
    private readonly TxSegmentPool? _segments; // real time: each connection keeps its own
    private TcpSysctls _sysctls;
    private TcpSenderSettings _sender = TcpSenderSettings.Default;
    private TcpSenderSettings? _senderSettings; // of connections made now, as long as nothing changes
    private TcpPath? _path; // of the last connection; others that go the same way share it
    private KernelTime _now;
    private long _waiting;
    private long _allocated;
    private long _inodes = FirstInode - 1;
    private int _changing;

    /// <summary>Tables without sockets.</summary>
    /// <param name="random">Seeded.</param>
    /// <param name="sysctls">The settings.</param>
    /// <param name="jiffies">The host's tick.</param>
    /// <param name="shared">Real time: several CPUs at once.</param>
    public TcpHost(KernelRandom random, TcpSysctls sysctls, Jiffies jiffies, bool shared)
    {
        (_random, _sysctls, _shared, Jiffies) = (random, sysctls, shared, jiffies);
        _segments = shared ? null : new TxSegmentPool();
        Secure = new SecureSequence(random);
        Tables = new InetHashTables(random, Secure);
        Metrics = new TcpMetricsCache();
        Listeners = new TcpListenHost(random, Tables, Secure, Metrics);
        Context = new TcpContext(sysctls, new MibSet(shared), new TcpChunkPool(shared: shared), random, shared);
        Listeners.TryTakeChallenge = Context.TryTakeChallenge;
        Sysctls = sysctls with { TcpMaxSynBacklog = Tables.DefaultMaxSynBacklog };
    }

    /// <summary>Packets carry a hash that their socket drew (kernel: <c>sk_txhash</c>, from 4.2 on).</summary>
    public bool HasTxHash { get; init; } = true;

    /// <summary>Real time: several CPUs at once.</summary>
    public bool IsShared => _shared;

    /// <summary>The host's tick.</summary>
    public Jiffies Jiffies { get; }

    /// <summary>Who is found by which segment.</summary>
    public InetHashTables Tables { get; }

    /// <summary>What earlier connections learned of peers.</summary>
    public TcpMetricsCache Metrics { get; }

    /// <summary>Initial sequence numbers.</summary>
    public SecureSequence Secure { get; }

    /// <summary>What listeners share.</summary>
    public TcpListenHost Listeners { get; }

    /// <summary>What connections share, their counters among it.</summary>
    public TcpContext Context { get; }

    /// <summary>Segments that wait for their sockets' actors.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Sockets that there are (kernel: <c>tcp_sockets_allocated</c>).</summary>
    public long Allocated => Volatile.Read(ref _allocated);

    /// <summary>Settings of connections; replaced whole.</summary>
    public TcpSysctls Sysctls
    {
        get => _sysctls;
        set
        {
            _sysctls = Context.Sysctls = Listeners.Sysctls = value;
            _senderSettings = null;
        }
    }

    /// <summary>Settings of loss recovery; replaced whole, for connections made from then on.</summary>
    public TcpSenderSettings Sender
    {
        get => _sender;
        set => (_sender, _senderSettings) = (value, null);
    }

    /// <summary>
    /// <c>tcp_allowed_congestion_control</c>: what a program without CAP_NET_ADMIN may choose, in the order of the available ones; ours all have it
    /// (kernel: <c>TCP_CONG_NON_RESTRICTED</c>).
    /// </summary>
    public IReadOnlyList<string> AllowedCongestion { get; private set; } = ["reno", "cubic", "bbr"];

    /// <summary>Sets <c>tcp_allowed_congestion_control</c>; false when one of the names is none (kernel: <c>tcp_set_allowed_congestion_control</c>).</summary>
    public bool TryAllowCongestion(string names)
    {
        var allowed = names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!allowed.All(CongestionControls.Available.Contains)) return false;
        AllowedCongestion = [.. CongestionControls.Available.Where(allowed.Contains)];
        return true;
    }

    /// <summary>Sets <c>tcp_congestion_control</c>, which is allowed from then on (kernel: <c>tcp_set_default_congestion_control</c>).</summary>
    public void SetCongestion(string name)
    {
        Sysctls = Sysctls with { TcpCongestionControl = name };
        AllowedCongestion = [.. CongestionControls.Available.Where(other => other == name || AllowedCongestion.Contains(other))];
    }

    /// <summary><c>net.ipv4.tcp_fack</c>: kept and read by nobody since 4.15.</summary>
    public int Fack { get; set; }

    /// <summary>Where a connection may reuse a TIME_WAIT entry: where its sequence numbers begin.</summary>
    public uint ReusedIsn { get; private set; }

    /// <summary>Segments came to wait, or wait no longer.</summary>
    public void AddWaiting(int segments) => Interlocked.Add(ref _waiting, segments);

    /// <summary>A socket was made: its number (kernel: <c>tcp_init_sock</c>).</summary>
    public long Allocate()
    {
        Interlocked.Increment(ref _allocated);
        Context.Memory.AddSockets(1);
        return Interlocked.Increment(ref _inodes);
    }

    /// <summary>A socket is gone.</summary>
    public void Free()
    {
        Interlocked.Decrement(ref _allocated);
        Context.Memory.AddSockets(-1);
    }

    /// <summary>A control block for a socket (kernel: <c>tcp_init_sock</c>).</summary>
    public TcpControlBlock NewBlock(TcpSocket socket, TcpPath path)
    {
        var sysctls = Sysctls;
        var options = socket.Options;
        path = _path is { } last && last == path ? last : _path = path;
        if (CongestionControls.TryCreate(options.Congestion ?? path.Congestion ?? sysctls.TcpCongestionControl, _random, out var congestion) != Errno.None)
            _ = CongestionControls.TryCreate(CongestionControls.Default, _random, out congestion);
        var settings = SenderSettings;
        if (path.RtoMin > KernelTime.Zero) settings = settings with { RtoMin = path.RtoMin };
        if (path.InitialCwnd > 0) settings = settings with { InitialCwnd = path.InitialCwnd };
        return new TcpControlBlock(Context, options, path, new TcpSender(settings, congestion!, Context.Mib, _segments))
        {
            HostQueue = new TcpSocketQueue(socket, _random.NextUInt32(), HasTxHash),
        };
    }

    /// <summary>What a sender made now goes by.</summary>
    public TcpSenderSettings SenderSettings => _senderSettings ??= Sender with
    {
        Jiffies = Jiffies,
        RtoMin = _sysctls.TcpRtoMin,
        RtoMax = _sysctls.TcpRtoMax,
        SlowStartAfterIdle = _sysctls.TcpSlowStartAfterIdle,
        SynLinearTimeouts = _sysctls.TcpSynLinearTimeouts,
    };

    /// <summary>Changes the tables; in real time one CPU at a time.</summary>
    public Guard Change(KernelTime now)
    {
        if (_shared)
        {
            var wait = default(SpinWait); // as a bucket's spinlock
            while (Interlocked.CompareExchange(ref _changing, 1, 0) != 0) wait.SpinOnce();
        }

        (_now, ReusedIsn) = (now, 0);
        return new Guard(this);
    }

    /// <inheritdoc />
    public bool MayReuse(TcpEndpoint sk, TimeWaitSock timeWait, bool portWasBound)
    {
        var isLoopback = sk.LocalAddress >> 24 == 127 || sk.LocalAddress == sk.RemoteAddress;
        if (!((TcpTimeWait)timeWait.State).MayReuse(Sysctls, isLoopback, _now, out var isn)) return false;
        ReusedIsn = isn;
        return true;
    }

    /// <summary>Holds the tables until it is disposed.</summary>
    public readonly ref struct Guard(TcpHost host)
    {
        /// <summary>Lets the tables go.</summary>
        public void Dispose()
        {
            if (host._shared) Volatile.Write(ref host._changing, 0);
        }
    }
}
