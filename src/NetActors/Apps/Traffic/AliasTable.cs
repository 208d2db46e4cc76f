using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>
/// Draws an index by weight in constant time (Walker's alias method in Vose's form). Weights are rounded to whole numbers first and the
/// table is built from those, so that it comes out the same on every machine.
/// </summary>
public sealed class AliasTable
{
    private const double Resolution = 1L << 52; // of the greatest weight

    private readonly Entry[] _entries;

    /// <summary>A table for <paramref name="weights"/>: at least one, none negative, not all zero.</summary>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        var greatest = 0.0;
        foreach (var weight in weights)
        {
            if (!double.IsFinite(weight) || weight < 0) throw new ArgumentOutOfRangeException(nameof(weights), weight, "below 0");
            greatest = Math.Max(greatest, weight);
        }

        if (greatest <= 0) throw new ArgumentException("one weight must be above 0", nameof(weights));
        var scaled = new UInt128[weights.Length]; // times the number of entries: an entry holds as much as the sum of all weights
        UInt128 sum = 0;
        for (var i = 0; i < scaled.Length; i++) sum += scaled[i] = (UInt128)Math.Round(weights[i] / greatest * Resolution);
        for (var i = 0; i < scaled.Length; i++) scaled[i] *= (uint)scaled.Length;
        _entries = new Entry[scaled.Length];
        Fill(scaled, sum);
    }

    /// <summary>Indices that can be drawn.</summary>
    public int Count => _entries.Length;

    /// <summary>An index with a probability of its weight.</summary>
    public int Next(KernelRandom random)
    {
        var bits = random.NextUInt64();
        var index = (int)(((bits >> 32) * (uint)_entries.Length) >> 32);
        ref readonly var entry = ref _entries[index];
        return (uint)bits < entry.Threshold ? index : entry.Alias;
    }

    private void Fill(UInt128[] scaled, UInt128 sum)
    {
        var order = new int[scaled.Length]; // the poor from the front, the rich from the back
        int poor = 0, rich = scaled.Length;
        for (var i = 0; i < scaled.Length; i++)
        {
            if (scaled[i] < sum) order[poor++] = i;
            else order[--rich] = i;
        }

        while (poor > 0 && rich < scaled.Length)
        {
            int small = order[--poor], large = order[rich];
            _entries[small] = new Entry((uint)(scaled[small] * uint.MaxValue / sum), large);
            scaled[large] -= sum - scaled[small];
            if (scaled[large] >= sum) continue;
            rich++;
            order[poor++] = large;
        }

        while (rich < scaled.Length) _entries[order[rich]] = new Entry(uint.MaxValue, order[rich++]);
        while (poor > 0) _entries[order[--poor]] = new Entry(uint.MaxValue, order[poor]);
    }

    private readonly record struct Entry(uint Threshold, int Alias);
}
