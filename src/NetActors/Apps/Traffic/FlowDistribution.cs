using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>Which flow the next frame belongs to.</summary>
public sealed class FlowDistribution
{
    private readonly AliasTable? _weighted;
    private readonly KernelRandom? _random;
    private int _last = -1;

    private FlowDistribution(int flows, KernelRandom? random, AliasTable? weighted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(flows, 1);
        (Flows, _random, _weighted) = (flows, random, weighted);
    }

    /// <summary>Number of flows; the first is 0.</summary>
    public int Flows { get; }

    /// <summary>One after the other, as most packet generators do.</summary>
    public static FlowDistribution RoundRobin(int flows) => new(flows, null, null);

    /// <summary>Every flow as likely.</summary>
    public static FlowDistribution Uniform(int flows, KernelRandom random) => new(flows, random, null);

    /// <summary>Flow k as likely as 1 / (k + 1)^<paramref name="exponent"/>: flow 0 is the largest.</summary>
    public static FlowDistribution Zipf(int flows, double exponent, KernelRandom random)
    {
        var weights = new double[Math.Max(flows, 0)];
        for (var i = 0; i < weights.Length; i++) weights[i] = Math.Pow(i + 1, -exponent);
        return Weighted(weights, random);
    }

    /// <summary>Flow 0 gets <paramref name="share"/> (0 to 1) of the frames, the others share the rest evenly.</summary>
    public static FlowDistribution Elephant(int flows, double share, KernelRandom random)
    {
        if (!(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "a share is from 0 to 1");
        var weights = new double[Math.Max(flows, 0)];
        Array.Fill(weights, (1 - share) / Math.Max(1, flows - 1));
        if (flows > 0) weights[0] = flows == 1 ? 1 : share;
        return Weighted(weights, random);
    }

    /// <summary>Each flow as likely as its weight.</summary>
    public static FlowDistribution Weighted(ReadOnlySpan<double> weights, KernelRandom random) =>
        new(weights.Length, random, new AliasTable(weights));

    /// <summary>The flow of the next frame.</summary>
    public int Next()
    {
        if (_weighted is not null) return _weighted.Next(_random!);
        if (_random is not null) return (int)_random.NextBelow((uint)Flows);
        return _last = _last + 1 == Flows ? 0 : _last + 1;
    }
}
