using System.Globalization;

namespace NetActors.Observe;

/// <summary>/proc/interrupts of an x86 machine (kernel: <c>show_interrupts</c>, <c>arch_show_interrupts</c>).</summary>
public static class ProcInterrupts
{
    /// <summary>Writes the file: the device interrupts, then the architecture's rows that the emulator can have.</summary>
    public static void Write(TextWriter writer, HostSnapshot host, KernelVersion kernel = KernelVersion.V6)
    {
        var width = Width(host);
        writer.Write(new string(' ', width + 8));
        foreach (var cpu in host.Cpus) writer.Write(string.Create(CultureInfo.InvariantCulture, $"CPU{cpu.Id,-8}"));
        writer.Write('\n');
        foreach (var interrupt in host.Interrupts) WriteDevice(writer, interrupt, width, kernel);
        foreach (var (name, text, count) in Architecture) WriteArchitecture(writer, host, width, name, text, count);
        foreach (var name in Totals) writer.Write($"{name.PadLeft(width)}: {0,10}\n");
    }

    private static readonly (string Name, string Text, Func<CpuSnapshot, long> Count)[] Architecture =
    [
        ("NMI", "Non-maskable interrupts", _ => 0),
        ("LOC", "Local timer interrupts", cpu => cpu.TimerInterrupts),
        ("SPU", "Spurious interrupts", _ => 0),
        ("PMI", "Performance monitoring interrupts", _ => 0),
        ("IWI", "IRQ work interrupts", _ => 0),
        ("RTR", "APIC ICR read retries", _ => 0),
        ("RES", "Rescheduling interrupts", cpu => cpu.RescheduleIpis),
        ("CAL", "Function call interrupts", cpu => cpu.IpisReceived),
        ("TLB", "TLB shootdowns", _ => 0),
        ("TRM", "Thermal event interrupts", _ => 0),
    ];

    private static readonly string[] Totals = ["ERR", "MIS"];

    // The kernel takes the digits of nr_irqs, but never fewer than three.
    private static int Width(HostSnapshot host)
    {
        var highest = host.Interrupts.Count == 0 ? 0 : host.Interrupts.Max(interrupt => interrupt.Irq);
        return Math.Max(3, highest.ToString(CultureInfo.InvariantCulture).Length);
    }

    private static void WriteDevice(TextWriter writer, InterruptSnapshot interrupt, int width, KernelVersion kernel)
    {
        writer.Write(Number(interrupt.Irq).PadLeft(width));
        writer.Write(':');
        foreach (var count in interrupt.PerCpu) writer.Write($" {Count(count),10}");
        writer.Write(kernel == KernelVersion.V310
            ? $"  {interrupt.Chip,8}" // 3.10 ends each count with a space and does not know the controller's number
            : $" {interrupt.Chip,8} {Number(interrupt.Hwirq).PadLeft(width)}");
        writer.Write($"-{interrupt.Trigger,-8}  {interrupt.Action}\n");
    }

    private static void WriteArchitecture(
        TextWriter writer, HostSnapshot host, int width, string name, string text, Func<CpuSnapshot, long> count)
    {
        writer.Write($"{name.PadLeft(width)}:");
        foreach (var cpu in host.Cpus) writer.Write($" {Count(count(cpu)),10}");
        writer.Write($"   {text}\n");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Count(long value) => unchecked((uint)value).ToString(CultureInfo.InvariantCulture);
}
