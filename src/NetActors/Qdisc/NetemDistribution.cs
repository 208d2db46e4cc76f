using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// The tables by which netem spreads its delays: entry i of n is the value, in 8192ths of the jitter, below which a share of i/n lies
/// (kernel: <c>tabledist</c>). Made from the distributions' formulas, as iproute2's generators are.
/// </summary>
internal static class NetemDistribution
{
    /// <summary>One standard deviation (<c>NETEM_DIST_SCALE</c>).</summary>
    public const int Scale = 8192;

    private const int Size = 4096;

    /// <summary>The table called by the next word; null for <c>uniform</c>, and when there is none, which the words then say.</summary>
    public static short[]? Find(TcWords words)
    {
        var name = words.Next();
        switch (name)
        {
            case "uniform": return null;
            case "normal": return Normal;
            case "pareto": return Pareto;
            default:
                words.Fail($"\"{name}\" is not a distribution: uniform, normal or pareto");
                return null;
        }
    }

    /// <summary>The name of a table.</summary>
    public static string NameOf(short[] table) => ReferenceEquals(table, Normal) ? "normal" : "pareto";

    /// <summary>The normal distribution.</summary>
    public static short[] Normal { get; } = [.. Enumerable.Range(0, Size).Select(i => (short)Math.Clamp(Math.Round(Scale * NormalQuantile((i + 0.125) / Size)), short.MinValue, short.MaxValue))];

    /// <summary>Pareto's with exponent 3, mean 0 and deviation near 1.</summary>
    public static short[] Pareto { get; } = [.. Enumerable.Range(0, Size).Select(i => (short)Math.Min(32767, Math.Round(((1 / CubeRoot((65536 - (i * 16)) / 65536.0)) - 1.5) * (4.0 / 3) * Scale)))];

    /// <summary>A delay around <paramref name="mean"/> (kernel: <c>tabledist</c>).</summary>
    public static long Draw(long mean, long deviation, uint rnd, short[]? table)
    {
        if (deviation == 0) return mean;
        if (table is null) return (rnd % (2 * deviation)) + mean - deviation;
        long t = table[rnd % (uint)table.Length];
        var x = deviation % Scale * t;
        x += x >= 0 ? Scale / 2 : -(Scale / 2);
        return (x / Scale) + (deviation / Scale * t) + mean;
    }

    private static double CubeRoot(double value)
    {
        var root = 1.0; // Newton: additions, products and quotients are rounded the same everywhere, Math.Pow is not
        for (var i = 0; i < 60; i++) root -= ((root * root * root) - value) / (3 * root * root);
        return root;
    }

    /// <summary>Peter Acklam's approximation of the inverse, good to 1e-9 of its value.</summary>
    private static double NormalQuantile(double p)
    {
        if (p < 0.02425) return Tail(Math.Sqrt(-2 * KernelRandom.Log(p)));
        if (p > 1 - 0.02425) return -Tail(Math.Sqrt(-2 * KernelRandom.Log(1 - p)));
        var q = p - 0.5;
        var r = q * q;
        return ((((((((((-39.69683028665376 * r) + 220.9460984245205) * r) - 275.9285104469687) * r) + 138.3577518672690) * r) - 30.66479806614716) * r) + 2.506628277459239) * q
            / ((((((((((-54.47609879822406 * r) + 161.5858368580409) * r) - 155.6989798598866) * r) + 66.80131188771972) * r) - 13.28068155288572) * r) + 1);
    }

    private static double Tail(double q) =>
        ((((((((((-0.007784894002430293 * q) - 0.3223964580411365) * q) - 2.400758277161838) * q) - 2.549732539343734) * q) + 4.374664141464968) * q) + 2.938163982698783)
        / ((((((((0.007784695709041462 * q) + 0.3224671290700398) * q) + 2.445134137142996) * q) + 3.754408661907416) * q) + 1);
}
