using System.Collections;
using System.Globalization;
using System.Text;

namespace NetActors.Scenarios;

/// <summary>CPUs of a host, ascending and each once, with the two forms in which Linux writes them (kernel: <c>cpumask</c>).</summary>
public sealed class CpuSet : IReadOnlyList<int>, IEquatable<CpuSet>
{
    /// <summary>Most CPUs a host may have.</summary>
    public const int Limit = 1024;

    /// <summary>No CPU.</summary>
    public static readonly CpuSet Empty = new([]);

    private readonly int[] _cpus;

    /// <summary>The CPUs of <paramref name="cpus"/>, sorted, doubles left out.</summary>
    public CpuSet(IEnumerable<int> cpus) => _cpus = [.. cpus.Distinct().Order()];

    /// <summary>CPUs 0 to <paramref name="count"/> - 1.</summary>
    public static CpuSet First(int count) => new(Enumerable.Range(0, count));

    /// <inheritdoc />
    public int Count => _cpus.Length;

    /// <inheritdoc />
    public int this[int index] => _cpus[index];

    /// <summary>The CPU is one of them.</summary>
    public bool Contains(int cpu) => Array.BinarySearch(_cpus, cpu) >= 0;

    /// <summary>Reads <c>0-3,8</c> (kernel: <c>cpulist_parse</c>). False for other text and for CPUs of <see cref="Limit"/> and above.</summary>
    public static bool TryParseList(string text, out CpuSet cpus)
    {
        cpus = Empty;
        var found = new SortedSet<int>();
        if (text.Trim().Length == 0) return true;
        foreach (var part in text.Split(','))
        {
            var ends = part.Trim().Split('-');
            if (ends.Length > 2 || !Number(ends[0], out var first) || !Number(ends[^1], out var last) || last < first) return false;
            for (var cpu = first; cpu <= last; cpu++) found.Add(cpu);
        }

        cpus = new CpuSet(found);
        return true;
    }

    /// <summary>Reads <c>ff</c> or <c>ff,ffffffff</c> (kernel: <c>bitmap_parse</c>). False for other text and for too many bits.</summary>
    public static bool TryParseMask(string text, out CpuSet cpus)
    {
        cpus = Empty;
        var words = text.Split(',');
        if (words.Length > Limit / 32) return false;
        var found = new List<int>();
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[words.Length - 1 - i];
            if (!uint.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)) return false;
            for (var bit = 0; bit < 32; bit++)
                if ((bits >> bit & 1) != 0)
                    found.Add(32 * i + bit);
        }

        cpus = new CpuSet(found);
        return true;
    }

    /// <summary>As sysfs writes a mask for a host of <paramref name="hostCpus"/> CPUs: <c>000f</c>, <c>ff,ffffffff</c>.</summary>
    public string ToMask(int hostCpus)
    {
        var text = new StringBuilder();
        for (var high = (Math.Max(hostCpus, 1) + 31) / 32 * 32 - 32; high >= 0; high -= 32)
        {
            var bits = _cpus.Where(cpu => cpu >= high && cpu < high + 32).Aggregate(0u, (word, cpu) => word | 1u << (cpu - high));
            var digits = Math.Clamp((hostCpus - high + 3) / 4, 1, 8);
            if (text.Length > 0) text.Append(',');
            text.Append(bits.ToString("x", CultureInfo.InvariantCulture).PadLeft(digits, '0'));
        }

        return text.ToString();
    }

    /// <summary>As <c>smp_affinity_list</c> writes them: <c>0-3,8</c>.</summary>
    public override string ToString()
    {
        var ranges = new List<string>();
        for (var i = 0; i < _cpus.Length;)
        {
            var first = i;
            while (++i < _cpus.Length && _cpus[i] == _cpus[i - 1] + 1) { }
            ranges.Add(i - first == 1 ? $"{_cpus[first]}" : $"{_cpus[first]}-{_cpus[i - 1]}");
        }

        return string.Join(',', ranges);
    }

    /// <inheritdoc />
    public bool Equals(CpuSet? other) => other is not null && _cpus.AsSpan().SequenceEqual(other._cpus);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CpuSet);

    /// <inheritdoc />
    public override int GetHashCode() => _cpus.Aggregate(17, (hash, cpu) => unchecked(hash * 31 + cpu));

    /// <inheritdoc />
    public IEnumerator<int> GetEnumerator() => _cpus.AsEnumerable().GetEnumerator();

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Number(string text, out int cpu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu < Limit;
}
