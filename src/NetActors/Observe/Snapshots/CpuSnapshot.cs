namespace NetActors.Observe;

/// <summary>One online CPU: where its time went and what it handled (kernel: /proc/stat, /proc/interrupts, /proc/softirqs).</summary>
public sealed record CpuSnapshot
{
    /// <summary>CPU number.</summary>
    public required int Id { get; init; }

    /// <summary>NUMA node.</summary>
    public int Node { get; init; }

    /// <summary>Nanoseconds in hard interrupt handlers (kernel: <c>CPUTIME_IRQ</c>).</summary>
    public long HardirqNs { get; init; }

    /// <summary>Nanoseconds in softirqs, those of ksoftirqd included (kernel: <c>CPUTIME_SOFTIRQ</c>).</summary>
    public long SoftirqNs { get; init; }

    /// <summary>Nanoseconds of tasks in the kernel: system calls and switches (kernel: <c>CPUTIME_SYSTEM</c>).</summary>
    public long SystemNs { get; init; }

    /// <summary>Nanoseconds of tasks in their own code (kernel: <c>CPUTIME_USER</c>).</summary>
    public long UserNs { get; init; }

    /// <summary>Nanoseconds of tasks: system and user.</summary>
    public long TaskNs => SystemNs + UserNs;

    /// <summary>Nanoseconds without work (kernel: <c>CPUTIME_IDLE</c>).</summary>
    public long IdleNs { get; init; }

    /// <summary>Packets whose protocol processing ran here.</summary>
    public long Packets { get; init; }

    /// <summary>Device interrupts taken.</summary>
    public long Hardirqs { get; init; }

    /// <summary>Softirq runs by vector.</summary>
    public SoftirqCounts Softirqs { get; init; } = SoftirqCounts.None;

    /// <summary>The CPU's <c>softnet_data</c>.</summary>
    public SoftnetSnapshot Softnet { get; init; } = new();

    /// <summary>Function-call interrupts sent to other CPUs.</summary>
    public long IpisSent { get; init; }

    /// <summary>Function-call interrupts received (kernel: <c>CAL</c>).</summary>
    public long IpisReceived { get; init; }

    /// <summary>Rescheduling interrupts received (kernel: <c>RES</c>).</summary>
    public long RescheduleIpis { get; init; }

    /// <summary>Local timer interrupts (kernel: <c>LOC</c>).</summary>
    public long TimerInterrupts { get; init; }

    /// <summary>Context switches (kernel: <c>rq-&gt;nr_switches</c>).</summary>
    public long ContextSwitches { get; init; }

    /// <summary>How often ksoftirqd was woken.</summary>
    public long KsoftirqdWakeups { get; init; }
}
