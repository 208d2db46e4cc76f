namespace NetActors.Execution;

/// <summary>
/// What a nice value is worth: one step is about 10 % of CPU time (kernel: <c>sched_prio_to_weight</c>, kernel/sched/core.c).
/// </summary>
public static class SchedWeight
{
    /// <summary>Weight of nice 0, whose virtual time is real time (kernel: <c>NICE_0_LOAD</c>).</summary>
    public const int Nice0 = 1024;

    private static ReadOnlySpan<int> Weights =>
    [
        88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
        9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
        1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
        110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
    ];

    /// <summary>Weight of a nice value from -20 to 19; values outside count as the nearest.</summary>
    public static int OfNice(int nice) => Weights[Math.Clamp(nice, -20, 19) + 20];
}
