using System.Numerics;
using NetActors.Time;

namespace NetActors.Execution;

/// <summary>
/// How CPU time is shared (kernel: /sys/kernel/debug/sched, kernel/sched/fair.c up to 6.5). The values are the kernel's before it scales
/// them with the number of CPUs: see <see cref="ForCpus"/>.
/// </summary>
public sealed record SchedParameters
{
    /// <summary>The kernel's values for one CPU.</summary>
    public static readonly SchedParameters Default = new();

    /// <summary>Span in which every runnable entity runs once (kernel: <c>sysctl_sched_latency</c>).</summary>
    public KernelTime Latency { get; init; } = KernelTime.FromMilliseconds(6);

    /// <summary>
    /// Shortest slice when there are many; also what must have run before the tick preempts (kernel:
    /// <c>sysctl_sched_min_granularity</c>).
    /// </summary>
    public KernelTime MinGranularity { get; init; } = KernelTime.FromMicroseconds(750);

    /// <summary>How far behind a woken entity must be to preempt (kernel: <c>sysctl_sched_wakeup_granularity</c>).</summary>
    public KernelTime WakeupGranularity { get; init; } = KernelTime.FromMilliseconds(1);

    /// <summary>Sleepers get half of <see cref="Latency"/> as credit instead of all of it (kernel: <c>GENTLE_FAIR_SLEEPERS</c>).</summary>
    public bool GentleFairSleepers { get; init; } = true;

    /// <summary>
    /// A task that ran within this span has its data in its CPU's cache and is not moved from a queue (kernel:
    /// <c>sysctl_sched_migration_cost</c>).
    /// </summary>
    public KernelTime MigrationCost { get; init; } = KernelTime.FromMicroseconds(500);

    /// <summary>More runnable entities than this stretch the period (kernel: <c>sched_nr_latency</c>).</summary>
    public long NrLatency => Math.Max(1, (Latency.Nanoseconds + MinGranularity.Nanoseconds - 1) / MinGranularity.Nanoseconds);

    /// <summary>
    /// The spans as the kernel scales them for a host of <paramref name="cpus"/>: times 1 + log2 of at most 8 CPUs
    /// (kernel: <c>SCHED_TUNABLESCALING_LOG</c>).
    /// </summary>
    public static SchedParameters ForCpus(int cpus)
    {
        var factor = 1 + BitOperations.Log2((uint)Math.Clamp(cpus, 1, 8));
        return new SchedParameters
        {
            Latency = Default.Latency * factor,
            MinGranularity = Default.MinGranularity * factor,
            WakeupGranularity = Default.WakeupGranularity * factor,
        };
    }
}
