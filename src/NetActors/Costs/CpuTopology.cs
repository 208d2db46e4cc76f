namespace NetActors.Costs;

/// <summary>How far a line of cache is away that another CPU had last.</summary>
public enum CacheDistance : byte
{
    /// <summary>In this CPU's own cache.</summary>
    Own,

    /// <summary>In the cache that it shares with the other thread of its core.</summary>
    Sibling,

    /// <summary>In another core under the same last-level cache.</summary>
    SharedCache,

    /// <summary>Under another last-level cache of the same node and socket.</summary>
    OtherCache,

    /// <summary>On another NUMA node or in another socket.</summary>
    OtherNode,
}

/// <summary>
/// Which CPUs of a host share a core, a last-level cache, a NUMA node and a socket. CPU numbers go through the cores of all nodes first,
/// then through their second threads, as on x86. Immutable.
/// </summary>
public sealed class CpuTopology
{
    private readonly int _cores;
    private readonly int _coresPerCache;
    private readonly int _coresPerNode;
    private readonly int _coresPerSocket;

    /// <summary>A host of equal sockets, nodes and caches. Numbers that do not divide are the reader's to refuse.</summary>
    /// <param name="cpus">CPUs that the kernel sees: cores times threads.</param>
    /// <param name="nodes">NUMA nodes.</param>
    /// <param name="smt">Hardware threads a core, 1 or 2.</param>
    /// <param name="sockets">Sockets; 0 for one a node.</param>
    /// <param name="coresPerCache">Cores that share a last-level cache; 0 for all of a node, or of a socket where that is smaller.</param>
    public CpuTopology(int cpus, int nodes = 1, int smt = 1, int sockets = 0, int coresPerCache = 0)
    {
        (Count, Nodes, Smt, Sockets) = (cpus, nodes, smt, sockets == 0 ? nodes : sockets);
        _cores = Math.Max(1, cpus / smt);
        _coresPerNode = Math.Max(1, _cores / nodes);
        _coresPerSocket = Math.Max(1, _cores / Sockets);
        _coresPerCache = coresPerCache == 0 ? Math.Min(_coresPerNode, _coresPerSocket) : coresPerCache;
    }

    /// <summary>CPUs.</summary>
    public int Count { get; }

    /// <summary>NUMA nodes.</summary>
    public int Nodes { get; }

    /// <summary>Hardware threads a core.</summary>
    public int Smt { get; }

    /// <summary>Sockets.</summary>
    public int Sockets { get; }

    /// <summary>The node of a CPU.</summary>
    public int NodeOf(int cpu) => Math.Min(Core(cpu) / _coresPerNode, Nodes - 1);

    /// <summary>The socket of a CPU (<c>physical_package_id</c>).</summary>
    public int SocketOf(int cpu) => Math.Min(Core(cpu) / _coresPerSocket, Sockets - 1);

    /// <summary>Number of the last-level cache of a CPU.</summary>
    public int CacheOf(int cpu) => Core(cpu) / _coresPerCache;

    /// <summary>The other thread of the CPU's core; -1 without (<c>thread_siblings_list</c>).</summary>
    public int SiblingOf(int cpu) => Smt < 2 ? -1 : cpu < _cores ? cpu + _cores : cpu - _cores;

    /// <summary>Both share a last-level cache (kernel: <c>cpus_share_cache</c>).</summary>
    public bool SharesCache(int one, int other) => CacheOf(one) == CacheOf(other);

    /// <summary>How far <paramref name="other"/>'s cache is from <paramref name="one"/>.</summary>
    public CacheDistance Distance(int one, int other) =>
        one == other ? CacheDistance.Own
        : Core(one) == Core(other) ? CacheDistance.Sibling
        : NodeOf(one) != NodeOf(other) || SocketOf(one) != SocketOf(other) ? CacheDistance.OtherNode
        : SharesCache(one, other) ? CacheDistance.SharedCache : CacheDistance.OtherCache;

    /// <summary>What one line from that distance costs.</summary>
    public static CostOp MissOf(CacheDistance distance) => distance switch
    {
        CacheDistance.Sibling => CostOp.CacheMissSmt,
        CacheDistance.SharedCache => CostOp.CacheMissSameNode,
        CacheDistance.OtherCache => CostOp.CacheMissOtherCache,
        CacheDistance.OtherNode => CostOp.CacheMissRemoteNode,
        _ => throw new ArgumentOutOfRangeException(nameof(distance), distance, "a line of one's own is no miss"),
    };

    private int Core(int cpu) => cpu % _cores;
}
