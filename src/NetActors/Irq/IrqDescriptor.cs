using NetActors.Hosts;
using NetActors.Softirq;

namespace NetActors.Irq;

/// <summary>An interrupt line: a vector of a NIC (kernel: <c>struct irq_desc</c>; specification section 2.4).</summary>
internal sealed class IrqDescriptor
{
    private HostCpu[] _cpus;

    public IrqDescriptor(int number, string chip, string action, NapiInstance napi, HostCpu[] affinity, int cpus)
    {
        (Number, Chip, Action, Napi, _cpus) = (number, chip, action, napi, affinity);
        Counts = new long[cpus];
        Message = new CpuProtocol.Interrupt(this);
    }

    public int Number { get; }

    public string Chip { get; }

    public string Action { get; }

    /// <summary>What the handler schedules.</summary>
    public NapiInstance Napi { get; }

    /// <summary>Takes the packets itself; null for a driver that leaves them to NAPI.</summary>
    public IIrqHandler? Handler { get; set; }

    /// <summary>Interrupts taken, by CPU of the host.</summary>
    public long[] Counts { get; }

    public CpuProtocol.Interrupt Message { get; }

    /// <summary>The CPU that the chip delivers to: one of the mask, the first (<c>effective_affinity</c>).</summary>
    public HostCpu Effective => _cpus[0];

    /// <summary>The mask (<c>smp_affinity_list</c>).</summary>
    public IReadOnlyList<HostCpu> Affinity => _cpus;

    /// <summary>Sets the mask; false (EINVAL) for an empty one. A NAPI that is scheduled stays where it is.</summary>
    public bool SetAffinity(HostCpu[] cpus)
    {
        if (cpus.Length == 0) return false;
        _cpus = cpus;
        return true;
    }
}

/// <summary>A driver's interrupt handler that does the work itself (kernel: <c>irq_handler_t</c>).</summary>
internal interface IIrqHandler
{
    /// <summary>Runs in the hard interrupt.</summary>
    void Handle(HostCpu cpu);
}
