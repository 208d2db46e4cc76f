using NetActors.Costs;

namespace NetActors.Execution;

/// <content>Which cache has what: things remember the CPU that touched them last (design section 9).</content>
public sealed partial class EmulatedCpu
{
    private CostOp[]? _misses; // by the other's number on the host; null where no distance costs anything

    /// <summary>How the host's CPUs share caches.</summary>
    public CpuTopology Topology { get; private set; } = new(1);

    /// <summary>
    /// Works on something of <paramref name="lines"/> cache lines that <paramref name="owner"/> had last, and has it from then on. Free when
    /// that was this CPU or nobody yet, and where the cost model prices no distance.
    /// </summary>
    /// <param name="owner">Number on the host, plus one, of the CPU that touched it last; 0 for nobody.</param>
    /// <param name="lines">How much of it comes over.</param>
    public void Touch(ref short owner, int lines)
    {
        var misses = _misses;
        if (misses is null) return;
        var last = owner - 1;
        owner = (short)(LocalId + 1);
        if (last != LocalId && (uint)last < (uint)misses.Length) Charge(misses[last], lines);
    }

    /// <summary>Has something from now on without having touched what another had: it was made here.</summary>
    public void Own(ref short owner) => owner = (short)(LocalId + 1);

    private void SetTopology(CpuTopology topology)
    {
        Topology = topology;
        if (!_virtual || topology.Count < 2) return;
        var misses = new CostOp[topology.Count];
        var isPriced = false;
        for (var other = 0; other < misses.Length; other++)
        {
            if (other == LocalId) continue;
            misses[other] = CpuTopology.MissOf(topology.Distance(LocalId, other));
            isPriced |= _costs[(int)misses[other]] > 0;
        }

        if (isPriced) _misses = misses;
    }
}
