using System.Collections.Concurrent;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What the connections of a namespace share (kernel: <c>netns_ipv4</c>, <c>tcp_prot</c>).</summary>
/// <param name="sysctls">The settings.</param>
/// <param name="mib">The counters of the CPU that runs.</param>
/// <param name="chunks">Where payload bytes are kept.</param>
/// <param name="random">For the host-wide limit of challenge ACKs.</param>
/// <param name="shared">Real time: connections run on several CPUs at once.</param>
public sealed class TcpContext(TcpSysctls sysctls, MibSet mib, TcpChunkPool chunks, KernelRandom random, bool shared = false)
{
    private readonly ThreadLocal<AckOptionsPlace>? _ackOptionsOfCpu = shared ? new ThreadLocal<AckOptionsPlace>(static () => new AckOptionsPlace()) : null;
    private readonly AckOptionsPlace _ackOptions = new();
    private readonly Stack<TcpOutputQueue> _outputs = new();
    private readonly ConcurrentQueue<TcpOutputQueue>? _sharedOutputs = shared ? new ConcurrentQueue<TcpOutputQueue>() : null;
    private TcpMemory? _memory;
    private int _orphans;
    private long _challengeSecond = -1;
    private int _challengesLeft;

    /// <summary>Real time: connections run on several CPUs at once.</summary>
    public bool IsShared { get; } = shared;

    /// <summary>The settings; replaced whole.</summary>
    public TcpSysctls Sysctls { get; set; } = sysctls;

    /// <summary>The counters.</summary>
    public MibSet Mib { get; } = mib;

    /// <summary>Where payload bytes are kept.</summary>
    public TcpChunkPool Chunks { get; } = chunks;

    /// <summary>The seeded source of randomness.</summary>
    public KernelRandom Random { get; } = random;

    /// <summary>Whether clients may use Fast Open.</summary>
    public FastOpenBlackhole FastOpenBlackhole { get; } = new();

    /// <summary>Connections that no socket refers to any more (kernel: <c>tcp_orphan_count</c>).</summary>
    public int Orphans => Volatile.Read(ref _orphans);

    /// <summary>One more orphan, or one less.</summary>
    internal void AddOrphans(int change) => Interlocked.Add(ref _orphans, change);

    /// <summary>Memory is short (kernel: <c>tcp_under_memory_pressure</c>): <c>tcp_mem</c> is spent but for a rest.</summary>
    public bool UnderMemoryPressure => Memory.IsUnderPressure;

    /// <summary>Memory of all connections.</summary>
    public TcpMemory Memory => _memory ??= new TcpMemory(this);

    /// <summary>Too many orphans, counted 2^<paramref name="shift"/> times (kernel: <c>tcp_check_oom</c>).</summary>
    internal bool TooManyOrphans(int shift) => (long)Orphans << shift > Sysctls.TcpMaxOrphans;

    /// <summary>The options of the segment at hand, where the sender looks at them; each CPU's thread has its own in real time.</summary>
    internal ref TcpOptions AckOptions => ref (_ackOptionsOfCpu is null ? _ackOptions : _ackOptionsOfCpu.Value!).Options;

    /// <summary>A queue for a connection's segments, which only a connection that sends just now needs.</summary>
    internal TcpOutputQueue RentOutput()
    {
        TcpOutputQueue? queue;
        var found = _sharedOutputs is null ? _outputs.TryPop(out queue) : _sharedOutputs.TryDequeue(out queue);
        return found ? queue! : new TcpOutputQueue();
    }

    /// <summary>Takes an empty queue back.</summary>
    internal void ReturnOutput(TcpOutputQueue queue)
    {
        if (_sharedOutputs is null) _outputs.Push(queue);
        else _sharedOutputs.Enqueue(queue);
    }

    /// <summary>
    /// Takes one challenge ACK of this second's share of the host (kernel: <c>tcp_send_challenge_ack</c>, RFC 5961 section 7).
    /// </summary>
    internal bool TryTakeChallenge(KernelTime now)
    {
        var limit = Sysctls.TcpChallengeAckLimit;
        if (limit == int.MaxValue) return true;
        var second = now.Nanoseconds / 1_000_000_000;
        if (second != _challengeSecond)
        {
            var half = (limit + 1) >> 1;
            _challengeSecond = second;
            _challengesLeft = half + (int)Random.NextBelow((uint)Math.Max(limit, 1)); // so that counting ACKs tells a stranger nothing
        }

        if (_challengesLeft <= 0) return false;
        _challengesLeft--;
        return true;
    }

    private sealed class AckOptionsPlace
    {
        public TcpOptions Options;
    }
}
