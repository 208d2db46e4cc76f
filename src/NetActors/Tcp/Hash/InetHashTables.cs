using System.Numerics;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Where a host's TCP finds its sockets (kernel: <c>struct inet_hashinfo</c>, net/ipv4/inet_hashtables.c): established, half-open and
/// TIME_WAIT connections by their four addresses and ports, listeners by address and port, and who holds which port. In each chain the
/// youngest comes first. IPv4; addresses and ports in host order. Changed by one writer at a time; other CPUs may look connections up
/// meanwhile. Lookups allocate nothing.
/// </summary>
public sealed partial class InetHashTables
{
    private readonly SockCommon?[] _established;
    private readonly TcpEndpoint?[] _listeners;
    private readonly BindBucket?[] _ports;
    private readonly KernelRandom _random;
    private readonly SecureSequence _secure;
    private readonly uint _secret;

    /// <summary>Empty tables.</summary>
    /// <param name="random">For the keys of the hashes and the choice of ports.</param>
    /// <param name="secure">Where the search for a local port begins.</param>
    /// <param name="establishedSlots">A power of two (kernel: <c>thash_entries</c>); also bounds TIME_WAIT by default.</param>
    public InetHashTables(KernelRandom random, SecureSequence secure, int establishedSlots = 16384)
    {
        if (!BitOperations.IsPow2(establishedSlots))
        {
            throw new ArgumentOutOfRangeException(nameof(establishedSlots), establishedSlots, "not a power of two");
        }

        (_random, _secure, _secret) = (random, secure, random.NextUInt32());
        _established = new SockCommon?[establishedSlots];
        _listeners = new TcpEndpoint?[1024];
        _ports = new BindBucket?[Math.Min(establishedSlots, 65536)];
        TimeWaits = new TimeWaitTable(this, establishedSlots / 2);
    }

    /// <summary>Which ports may be chosen; replaced whole when a setting changes.</summary>
    public InetPortSettings Ports { get; set; } = new();

    /// <summary>The entries in TIME_WAIT (kernel: <c>tcp_death_row</c>).</summary>
    public TimeWaitTable TimeWaits { get; }

    /// <summary>Slots of the table of established connections.</summary>
    public int EstablishedSlots => _established.Length;

    /// <summary>Entries of the table of established connections, with half-open ones and TIME_WAIT.</summary>
    public int EstablishedCount { get; private set; }

    /// <summary>Listeners.</summary>
    public int ListenerCount { get; private set; }

    /// <summary><c>tcp_max_syn_backlog</c> of a host with such tables (kernel: <c>tcp_sk_init</c>).</summary>
    public int DefaultMaxSynBacklog => Math.Max(128, _established.Length / 128);

    /// <summary>
    /// Puts a half-open connection into the table (kernel: <c>inet_csk_reqsk_queue_hash_add</c>). False when the four addresses and ports
    /// are taken.
    /// </summary>
    internal bool TryInsert(SockCommon sk)
    {
        var key = new TcpLookup(sk.RemoteAddress, sk.RemotePort, sk.LocalAddress, sk.LocalPort, sk.BoundDevice);
        if (LookupEstablished(key) is not null) return false;
        Insert(sk, EstablishedHash(key));
        return true;
    }

    /// <summary>Kernel: <c>__sk_nulls_add_node_rcu</c>.</summary>
    internal void Insert(SockCommon sk, uint hash)
    {
        ref var slot = ref _established[hash & (uint)(_established.Length - 1)];
        (sk.Hash, sk.EstablishedNext, sk.IsEstablishedHashed) = (hash, slot, true);
        Volatile.Write(ref slot, sk);
        EstablishedCount++;
    }

    /// <summary>Takes an entry out of the table of established connections; nothing when it is not in it.</summary>
    internal void Remove(SockCommon sk)
    {
        if (!sk.IsEstablishedHashed) return;
        ref var slot = ref _established[sk.Hash & (uint)(_established.Length - 1)];
        if (slot == sk) slot = sk.EstablishedNext;
        else
        {
            var before = slot;
            while (before!.EstablishedNext != sk) before = before.EstablishedNext;
            before.EstablishedNext = sk.EstablishedNext;
        }

        sk.IsEstablishedHashed = false; // its next stays, for a lookup that stands on it
        EstablishedCount--;
    }

    /// <summary>Keyed hash of a flow, also for the choice within a reuseport group (kernel: <c>inet_ehashfn</c>).</summary>
    internal uint EstablishedHash(in TcpLookup key) =>
        JenkinsHash.Hash3Words(key.Destination, key.Source, (uint)key.DestinationPort << 16 | key.SourcePort, _secret);
}
