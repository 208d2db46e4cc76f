namespace NetActors.Observe;

/// <summary>How often each softirq vector ran on a CPU (kernel: <c>kstat_softirqs_cpu</c>); runs, not packets.</summary>
/// <param name="Hi">Vector 0, <c>HI_SOFTIRQ</c>.</param>
/// <param name="Timer">Vector 1, <c>TIMER_SOFTIRQ</c>.</param>
/// <param name="NetTx">Vector 2, <c>NET_TX_SOFTIRQ</c>.</param>
/// <param name="NetRx">Vector 3, <c>NET_RX_SOFTIRQ</c>.</param>
/// <param name="Block">Vector 4, <c>BLOCK_SOFTIRQ</c>.</param>
/// <param name="IrqPoll">Vector 5, <c>IRQ_POLL_SOFTIRQ</c>; in 3.10 <c>BLOCK_IOPOLL_SOFTIRQ</c>.</param>
/// <param name="Tasklet">Vector 6, <c>TASKLET_SOFTIRQ</c>.</param>
/// <param name="Sched">Vector 7, <c>SCHED_SOFTIRQ</c>.</param>
/// <param name="Hrtimer">Vector 8, <c>HRTIMER_SOFTIRQ</c>.</param>
/// <param name="Rcu">Vector 9, <c>RCU_SOFTIRQ</c>.</param>
public sealed record SoftirqCounts(
    long Hi, long Timer, long NetTx, long NetRx, long Block, long IrqPoll, long Tasklet, long Sched, long Hrtimer, long Rcu)
{
    /// <summary>Number of vectors (kernel: <c>NR_SOFTIRQS</c>).</summary>
    public const int Vectors = 10;

    /// <summary>Nothing ran.</summary>
    public static readonly SoftirqCounts None = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static readonly string[] NamesV6 =
        ["HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU"];

    /// <summary>The runs of a vector by its number; 0 for a number that is none.</summary>
    public long this[int vector] => vector switch
    {
        0 => Hi,
        1 => Timer,
        2 => NetTx,
        3 => NetRx,
        4 => Block,
        5 => IrqPoll,
        6 => Tasklet,
        7 => Sched,
        8 => Hrtimer,
        9 => Rcu,
        _ => 0,
    };

    /// <summary>The counts of an array indexed by vector number, which must hold <see cref="Vectors"/> of them.</summary>
    public static SoftirqCounts From(ReadOnlySpan<long> byVector) => new(
        byVector[0], byVector[1], byVector[2], byVector[3], byVector[4], byVector[5], byVector[6], byVector[7], byVector[8], byVector[9]);

    /// <summary>The kernel's name of a vector (kernel: <c>softirq_to_name</c>); its number in decimal when it has none.</summary>
    public static string NameOf(long vector, KernelVersion kernel = KernelVersion.V6) => vector switch
    {
        5 when kernel == KernelVersion.V310 => "BLOCK_IOPOLL",
        >= 0 and < Vectors => NamesV6[vector],
        _ => vector.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
