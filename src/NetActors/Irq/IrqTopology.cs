using NetActors.Costs;

namespace NetActors.Irq;

/// <summary>A node, socket, cache or CPU to which interrupts are assigned (irqbalance: <c>struct topo_obj</c>).</summary>
internal sealed class IrqTopologyObject(int number, int[] cpus)
{
    /// <summary>Its number among its kind.</summary>
    public int Number => number;

    /// <summary>Its CPUs, without those that are banned.</summary>
    public int[] Cpus => cpus;

    /// <summary>What it consists of; empty for a CPU.</summary>
    public List<IrqTopologyObject> Children { get; } = [];

    /// <summary>What is assigned to it, and not to a part of it.</summary>
    public List<BalancedIrq> Interrupts { get; } = [];

    /// <summary>Nanoseconds of interrupts and softirqs on its CPUs since the last scan.</summary>
    public long Load { get; set; }
}

/// <summary>
/// A host as irqbalance sees it (<c>cputree.c</c>, <c>numa.c</c>): nodes of sockets of caches of CPUs, without banned CPUs and what has no other.
/// </summary>
internal sealed class IrqTopology
{
    /// <param name="topology">The host.</param>
    /// <param name="banned">CPUs that take no interrupt.</param>
    /// <param name="deepestCache">Which cache makes a domain: 2, a core's; 3, the last level.</param>
    public IrqTopology(CpuTopology topology, IReadOnlySet<int> banned, int deepestCache)
    {
        int[] cpus = [.. Enumerable.Range(0, topology.Count).Where(cpu => !banned.Contains(cpu))];
        foreach (var node in cpus.GroupBy(topology.NodeOf))
        {
            var nodeObject = Add(Nodes, node.Key, node);
            foreach (var package in node.GroupBy(topology.SocketOf))
            {
                var packageObject = Add(Packages, package.Key, package, nodeObject);
                foreach (var cache in package.GroupBy(cpu => deepestCache > 2 ? topology.CacheOf(cpu) : Core(topology, cpu)))
                {
                    var cacheObject = Add(Caches, cache.Key, cache, packageObject);
                    foreach (var cpu in cache) Add(Cpus, cpu, [cpu], cacheObject);
                }
            }
        }
    }

    /// <summary>NUMA nodes.</summary>
    public List<IrqTopologyObject> Nodes { get; } = [];

    /// <summary>Sockets.</summary>
    public List<IrqTopologyObject> Packages { get; } = [];

    /// <summary>Cache domains.</summary>
    public List<IrqTopologyObject> Caches { get; } = [];

    /// <summary>CPUs.</summary>
    public List<IrqTopologyObject> Cpus { get; } = [];

    /// <summary>The kinds from the smallest to the largest.</summary>
    public IEnumerable<List<IrqTopologyObject>> Levels => [Cpus, Caches, Packages, Nodes];

    private static int Core(CpuTopology topology, int cpu) => topology.SiblingOf(cpu) is >= 0 and var sibling ? Math.Min(cpu, sibling) : cpu;

    private static IrqTopologyObject Add(List<IrqTopologyObject> level, int number, IEnumerable<int> cpus, IrqTopologyObject? parent = null)
    {
        var made = new IrqTopologyObject(number, [.. cpus]);
        level.Add(made);
        parent?.Children.Add(made);
        return made;
    }
}
