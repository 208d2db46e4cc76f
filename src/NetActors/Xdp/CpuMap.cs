namespace NetActors.Xdp;

/// <summary>CPUs to which programs redirect frames (<c>BPF_MAP_TYPE_CPUMAP</c>): each entry has a queue and a kernel thread.</summary>
public sealed class CpuMap
{
    private readonly CpuMapEntry?[] _entries;

    internal CpuMap(IEnumerable<CpuMapEntry> entries)
    {
        var all = entries.ToList();
        _entries = new CpuMapEntry?[all.Max(e => e.Cpu) + 1];
        foreach (var entry in all) _entries[entry.Cpu] = entry;
        Cpus = [.. all.Select(e => e.Cpu)];
    }

    /// <summary>The CPUs that have an entry, in the order given.</summary>
    public IReadOnlyList<int> Cpus { get; }

    /// <summary>The entries, in the same order.</summary>
    internal IEnumerable<CpuMapEntry> Entries => Cpus.Select(cpu => _entries[cpu]!);

    internal CpuMapEntry? Find(int cpu) => (uint)cpu < (uint)_entries.Length ? _entries[cpu] : null;
}
