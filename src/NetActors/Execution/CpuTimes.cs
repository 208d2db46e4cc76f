namespace NetActors.Execution;

/// <summary>Where a CPU's time went, in nanoseconds (the columns of <c>mpstat</c>).</summary>
public struct CpuTimes
{
    /// <summary>In hard interrupts (%irq).</summary>
    public long HardIrq;

    /// <summary>In softirqs, ksoftirqd's included (%soft).</summary>
    public long Softirq;

    /// <summary>In system calls and kernel threads (%sys).</summary>
    public long System;

    /// <summary>In programs (%usr).</summary>
    public long User;

    /// <summary>With nothing to do (%idle).</summary>
    public long Idle;

    /// <summary>All of it.</summary>
    public readonly long Total => HardIrq + Softirq + System + User + Idle;
}
