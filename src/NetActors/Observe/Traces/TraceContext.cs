namespace NetActors.Observe;

/// <summary>In which context a trace event happened: one track each on the timeline.</summary>
public enum TraceContext : byte
{
    /// <summary>The CPU had nothing to do (the swapper).</summary>
    Idle,

    /// <summary>A task: user code or a system call.</summary>
    Task,

    /// <summary>A softirq, in ksoftirqd too.</summary>
    Softirq,

    /// <summary>A hard interrupt handler.</summary>
    HardIrq,

    /// <summary>Hardware or the outside world: no CPU's time.</summary>
    Device,
}
