namespace NetActors.Observe;

/// <summary>One line of /proc/interrupts.</summary>
/// <param name="Irq">Linux's interrupt number.</param>
/// <param name="Chip">The controller as its chip prints itself, such as <c>PCI-MSIX-0000:00:03.0</c>.</param>
/// <param name="Hwirq">The interrupt's number at its controller; 6.x prints it.</param>
/// <param name="Trigger">The flow handler's name, such as <c>edge</c> or <c>fasteoi</c>.</param>
/// <param name="Action">Who asked for it, such as <c>eth0-TxRx-3</c>.</param>
/// <param name="PerCpu">How often it came, in the order of the host's CPUs.</param>
public sealed record InterruptSnapshot(int Irq, string Chip, int Hwirq, string Trigger, string Action, IReadOnlyList<long> PerCpu);
