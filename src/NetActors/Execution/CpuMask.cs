using System.Numerics;

namespace NetActors.Execution;

/// <summary>CPUs of one host that a task may run on (kernel: <c>cpus_mask</c>). Immutable.</summary>
public sealed class CpuMask
{
    private readonly ulong[] _words;

    /// <summary>The CPUs of <paramref name="cpus"/>, by their numbers on the host.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public CpuMask(IEnumerable<int> cpus)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        var words = new List<ulong>();
        foreach (var cpu in cpus)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(cpu);
            while (words.Count <= cpu / 64) words.Add(0);
            words[cpu / 64] |= 1UL << (cpu % 64);
        }

        _words = [.. words];
        foreach (var word in _words) Count += BitOperations.PopCount(word);
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The first of them; -1 when there is none.</summary>
    public int First => Next(0);

    /// <summary>True when the CPU is one of them.</summary>
    public bool Contains(int cpu) => cpu / 64 < _words.Length && (_words[cpu / 64] >> (cpu % 64) & 1) != 0;

    /// <summary>The first of them that is <paramref name="from"/> or more; -1 when there is none (kernel: <c>find_next_bit</c>).</summary>
    public int Next(int from)
    {
        for (var word = from / 64; word < _words.Length; word++)
        {
            var bits = _words[word];
            if (word == from / 64) bits &= ulong.MaxValue << (from % 64);
            if (bits != 0) return (word * 64) + BitOperations.TrailingZeroCount(bits);
        }

        return -1;
    }
}
