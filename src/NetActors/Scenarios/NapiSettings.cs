using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>NAPI of a device (specification sections 3.3 and 3.5).</summary>
/// <param name="Weight">Packets a poll may take.</param>
/// <param name="GroFlushTimeout">How long GRO may hold packets, and between polls while interrupts are deferred.</param>
/// <param name="DeferHardIrqs">Empty polls before the interrupt is unmasked (<c>napi_defer_hard_irqs</c>).</param>
/// <param name="IrqSuspendTimeout">Longest time that a busy program keeps interrupts away (<c>irq-suspend-timeout</c>); zero never.</param>
/// <param name="Threaded">A kernel thread polls instead of the softirq.</param>
/// <param name="ThreadCpus">CPUs that these threads are bound to, one after the other; empty for that of the interrupt.</param>
public sealed record NapiSettings(
    int Weight, KernelTime GroFlushTimeout, int DeferHardIrqs, KernelTime IrqSuspendTimeout, bool Threaded, CpuSet ThreadCpus);
