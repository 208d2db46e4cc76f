namespace NetActors.Costs;
/// <summary>stub</summary>
public sealed class CostModel
{
    private readonly long[] _ns = new long[Enum.GetValues<CostOp>().Length];
    /// <summary>stub</summary>
    public static CostModel Zero { get; } = new();
    /// <summary>stub</summary>
    public ReadOnlySpan<long> Nanoseconds => _ns;
}
