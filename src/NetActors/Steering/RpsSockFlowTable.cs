using System.Numerics;

namespace NetActors.Steering;

/// <summary>
/// On which CPU each flow's program last called its socket (kernel: <c>struct rps_sock_flow_table</c>; specification sections 6.1 and 6.2).
/// In 6.x an entry has the upper bits of the flow's hash beside the CPU and so belongs to one flow; in 3.10 it is the CPU alone. CPUs
/// write and read it without a lock: an entry is one word.
/// </summary>
public sealed class RpsSockFlowTable
{
    /// <summary>Most entries that a table has.</summary>
    public const int MaxEntries = 1 << 29;

    private const uint NoCpu = 0xFFFF;
    private readonly uint[] _ents; // exclusive-or with NoCpu, so that fresh memory is empty
    private readonly uint _mask;
    private readonly uint _cpuMask;
    private readonly KernelVersion _version;

    /// <summary>An empty table.</summary>
    /// <param name="version">Whose entries.</param>
    /// <param name="entries">Entries wanted, 1 to <see cref="MaxEntries"/>; rounded up to a power of two.</param>
    /// <param name="cpus">CPUs of the host (kernel: <c>nr_cpu_ids</c>).</param>
    public RpsSockFlowTable(KernelVersion version, int entries, int cpus)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries, MaxEntries);
        _version = version;
        _ents = new uint[BitOperations.RoundUpToPowerOf2((uint)entries)];
        (_mask, _cpuMask) = ((uint)_ents.Length - 1, BitOperations.RoundUpToPowerOf2((uint)cpus) - 1);
    }

    /// <summary>Entries.</summary>
    public int Entries => _ents.Length;

    /// <summary>A program on <paramref name="cpu"/> called the socket of a flow (kernel: <c>rps_record_sock_flow</c>).</summary>
    public void Record(uint hash, int cpu)
    {
        if (hash == 0) return;
        var value = _version == KernelVersion.V310 ? (uint)cpu : (hash & ~_cpuMask) | (uint)cpu;
        ref var entry = ref _ents[hash & _mask];
        if ((entry ^ NoCpu) != value) entry = value ^ NoCpu; // written only if different, so that the line stays shared
    }

    /// <summary>Empties a flow's entry, whoever's it is (kernel: <c>rps_reset_sock_flow</c>, <c>sock_rps_delete_flow</c>).</summary>
    public void Delete(uint hash)
    {
        if (hash == 0) return;
        ref var entry = ref _ents[hash & _mask];
        if (entry != 0) entry = 0;
    }

    /// <summary>
    /// The CPU wanted for a flow. False when the entry is another flow's; in 3.10 always true, with a CPU beyond all when it is empty.
    /// </summary>
    public bool TryGet(uint hash, out int cpu)
    {
        var ident = _ents[hash & _mask] ^ NoCpu;
        if (_version == KernelVersion.V310)
        {
            cpu = (ushort)ident;
            return true;
        }

        cpu = (int)(ident & _cpuMask);
        return ((ident ^ hash) & ~_cpuMask) == 0;
    }

    /// <summary>Entries that somebody has; walks the whole table.</summary>
    public int CountInUse()
    {
        var used = 0;
        foreach (var entry in _ents) used += entry == 0 ? 0 : 1;
        return used;
    }
}
