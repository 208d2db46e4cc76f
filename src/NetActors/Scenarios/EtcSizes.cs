namespace NetActors.Scenarios;

/// <summary>
/// Keys and values of Facebook's pool ETC, the most general of those measured: Atikoglu, Xu, Frachtenberg, Jiang, Paleczny: Workload Analysis of
/// a Large-Scale Key-Value Store, SIGMETRICS 2012, section 5 and table 5.
/// </summary>
public static class EtcSizes
{
    /// <summary>Of 31 requests 30 are GETs (the paper's abstract).</summary>
    public const double SetShare = 1.0 / 31;

    /// <summary>The longest key of memcached, in bytes (its protocol.txt).</summary>
    public const int LongestKey = 250;

    private const int FirstOfTail = 15;
    private const int WeightOfAll = 100_000;
    private const double ValueScale = 214.476;
    private const double ValueShape = 0.348238;
    private static readonly int[] SmallWeights = [583, 17_820, 9239, 18, 2740, 65, 606, 23, 837, 837, 8989, 92, 326, 1980]; // of 1 to 14 bytes; empty values count as 1

    /// <summary>Lengths of keys.</summary>
    public static SizeDistribution Keys { get; } = new DrawnSizes(SizeLaw.GeneralisedExtremeValue, 30.7984, 8.20449, 0.078688, 1, LongestKey);

    /// <summary>
    /// Lengths of values up to <paramref name="most"/>: a table below 15 bytes, from there on a generalised Pareto law from 0 on, which
    /// beyond 15 is one from 15 on whose scale has grown by k * 15.
    /// </summary>
    public static SizeDistribution Values(int most) => new SplitSizes(
        new SizeMix([.. SmallWeights.Select((weight, i) => new WeightedSize(i + 1, weight))]),
        WeightOfAll - SmallWeights.Sum(),
        new DrawnSizes(SizeLaw.GeneralisedPareto, FirstOfTail, ValueScale + (ValueShape * FirstOfTail), ValueShape, FirstOfTail, most));
}
