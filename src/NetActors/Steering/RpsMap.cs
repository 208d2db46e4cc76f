namespace NetActors.Steering;

/// <summary>The CPUs of a receive queue's <c>rps_cpus</c>, ascending (kernel: <c>struct rps_map</c>; specification section 5.1).</summary>
/// <param name="cpus">CPUs, at least one.</param>
public sealed class RpsMap(int[] cpus)
{
    /// <summary>How many.</summary>
    public int Length => cpus.Length;

    /// <summary>The CPUs.</summary>
    public ReadOnlySpan<int> Cpus => cpus;

    /// <summary>The CPU of a flow: by the hash's upper bits, not modulo (kernel: <c>reciprocal_scale</c>; specification section 5.3).</summary>
    public int Pick(uint hash) => cpus[(int)(((ulong)hash * (uint)cpus.Length) >> 32)];
}
