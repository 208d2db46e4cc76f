namespace NetActors.Execution;

/// <summary>In what a message is handled: what runs first on a CPU runs first here (kernel: <c>in_hardirq</c>, <c>in_serving_softirq</c>, <c>in_task</c>).</summary>
public enum CpuContext : byte
{
    /// <summary>A hard interrupt or an inter-processor interrupt.</summary>
    HardIrq,

    /// <summary>A softirq, wherever it was started from.</summary>
    Softirq,

    /// <summary>A task: system call or kernel thread.</summary>
    Task,

    /// <summary>Hardware and the outside world: takes no CPU time.</summary>
    Device,
}
