namespace NetActors.Steering;

/// <summary>
/// Which queue's interrupt is nearest to each CPU (kernel: <c>struct cpu_rmap</c>, lib/cpu_rmap.c; specification section 6.5): 0 when the
/// CPU is in its mask, 1 for an SMT sibling, 2 in the package, 3 on the NUMA node.
/// </summary>
public sealed class CpuRmap
{
    /// <summary>Distance of a queue that is near to nobody.</summary>
    public const int Infinite = 0xFFFF;

    private readonly (int Index, int Distance)[] _near;
    private readonly Func<int, int, int> _distance;

    /// <summary>Before any interrupt has a CPU: queues are given to CPUs in turn.</summary>
    /// <param name="cpus">CPUs of the host.</param>
    /// <param name="queues">Receive queues.</param>
    /// <param name="distance">How far two CPUs are from each other: 1, 2, 3, or <see cref="Infinite"/>.</param>
    public CpuRmap(int cpus, int queues, Func<int, int, int> distance)
    {
        _near = [.. Enumerable.Range(0, cpus).Select(cpu => (cpu % queues, Infinite))];
        _distance = distance;
    }

    /// <summary>The queue for a CPU.</summary>
    public int QueueOf(int cpu) => _near[cpu].Index;

    /// <summary>How far that queue's interrupt is.</summary>
    public int DistanceOf(int cpu) => _near[cpu].Distance;

    /// <summary>A queue's interrupt has a new mask (kernel: <c>cpu_rmap_update</c>).</summary>
    public void Update(int queue, ReadOnlySpan<int> affinity)
    {
        for (var cpu = 0; cpu < _near.Length; cpu++)
        {
            if (_near[cpu].Index == queue) _near[cpu].Distance = Infinite;
        }

        foreach (var cpu in affinity) _near[cpu] = (queue, 0);
        for (var cpu = 0; cpu < _near.Length; cpu++)
        {
            for (var distance = 1; distance <= 3 && _near[cpu].Distance > distance; distance++) Copy(cpu, distance);
        }
    }

    /// <summary>Takes over from a CPU that is so near the queue that is nearer to it (kernel: <c>cpu_rmap_copy_neigh</c>).</summary>
    private void Copy(int cpu, int distance)
    {
        for (var other = 0; other < _near.Length; other++)
        {
            if (other == cpu || _distance(cpu, other) > distance || _near[other].Distance > distance) continue;
            _near[cpu] = (_near[other].Index, distance);
            return;
        }
    }
}
