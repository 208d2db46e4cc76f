using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>Where each CPU's time went and what it did, in the words of mpstat, /proc/interrupts and softnet_stat.</summary>
internal static class CpuTable
{
    /// <summary>Prints a host's.</summary>
    public static void Write(Screen screen, HostSnapshot host)
    {
        if (host.Cpus.Count == 0) return; // a namespace: they are its machine's
        screen.Section($"{host.Name}: CPUs");
        var table = new ColumnTable(
            "CPU", "%irq", "%soft", "%sys", "%usr", "%idle", "hardirqs", "packets", "NET_RX", "squeezed",
            "ksoftirqd", "CAL", "RES", "ctxt");
        Add(table, "all", host.Cpus);
        foreach (var cpu in host.Cpus) Add(table, Figures.Count(cpu.Id), [cpu]);
        screen.Table(table);
    }

    private static void Add(ColumnTable table, string name, IReadOnlyList<CpuSnapshot> cpus)
    {
        var whole = cpus.Sum(c => c.HardirqNs + c.SoftirqNs + c.SystemNs + c.UserNs + c.IdleNs);
        table.Add(
            name,
            Figures.Percent(cpus.Sum(c => c.HardirqNs), whole),
            Figures.Percent(cpus.Sum(c => c.SoftirqNs), whole),
            Figures.Percent(cpus.Sum(c => c.SystemNs), whole),
            Figures.Percent(cpus.Sum(c => c.UserNs), whole),
            Figures.Percent(cpus.Sum(c => c.IdleNs), whole),
            Figures.Count(cpus.Sum(c => c.Hardirqs)),
            Figures.Count(cpus.Sum(c => c.Packets)),
            Figures.Count(cpus.Sum(c => c.Softirqs.NetRx)),
            Figures.Count(cpus.Sum(c => c.Softnet.TimeSqueeze)),
            Figures.Count(cpus.Sum(c => c.KsoftirqdWakeups)),
            Figures.Count(cpus.Sum(c => c.IpisReceived)),
            Figures.Count(cpus.Sum(c => c.RescheduleIpis)),
            Figures.Count(cpus.Sum(c => c.ContextSwitches)));
    }
}
