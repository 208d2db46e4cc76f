using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Lab.Runs;
using NetActors.Observe;
using NetActors.Scenarios;

namespace NetActors.Lab.Explaining;

/// <summary>A measured run as those look at it who search for what limits the host.</summary>
/// <param name="run">The run.</param>
/// <param name="flows">Its packets by CPU and flow.</param>
internal sealed class Evidence(Measurement run, FlowCensus flows)
{
    /// <summary>Share of a CPU's time from which it counts as full.</summary>
    public const double Full = 0.95;

    /// <summary>The run.</summary>
    public Measurement Run => run;

    /// <summary>Packets by CPU and flow.</summary>
    public FlowCensus Flows => flows;

    /// <summary>The host's settings.</summary>
    public HostSettings Host { get; } = run.Scenario.Hosts.First(h => h.Name == run.Subject.Host);

    /// <summary>CPUs of the host.</summary>
    public int Cpus => run.End.Host.Cpus.Count;

    /// <summary>Share of a CPU's time that was work.</summary>
    public double Busy(int cpu) => (double)run.GrownOn(cpu, Metric.Busy) / run.Window.Nanoseconds;

    /// <summary>Share of a CPU's time in interrupts and softirqs.</summary>
    public double InInterrupts(int cpu) => (double)run.GrownOn(cpu, c => c.HardirqNs + c.SoftirqNs) / run.Window.Nanoseconds;

    /// <summary>Share of a CPU's time in programs and their system calls.</summary>
    public double InTasks(int cpu) => (double)run.GrownOn(cpu, c => c.TaskNs) / run.Window.Nanoseconds;

    /// <summary>The CPU has no time left.</summary>
    public bool IsFull(int cpu) => Busy(cpu) >= Full;

    /// <summary>Share of the host's work that went into one operation.</summary>
    public double ShareOf(params ReadOnlySpan<CostOp> operations)
    {
        var (part, costs) = (0L, run.Costs);
        foreach (var operation in operations) part += costs.Sum(c => c.Nanoseconds[(int)operation]);
        var busy = run.Grown(h => h.Cpus.Sum(Metric.Busy));
        return busy == 0 ? 0 : (double)part / busy;
    }

    /// <summary>Packets of the host that ended for a reason.</summary>
    public long Drops(params SkbDropReason[] reasons) => run.Grown(h => h.Drops.Where(d => reasons.Contains(d.Reason)).Sum(d => d.Count));

    /// <summary>Growth of a counter of <c>netstat -s</c>.</summary>
    public long Mib(LinuxMib counter) => run.Grown(h => h.Mib[counter]);

    /// <summary>The receive queues of a device that interrupted a CPU.</summary>
    public IReadOnlyList<int> QueuesOf(DeviceSettings device, int cpu) =>
    [
        .. Enumerable.Range(0, device.Queues)
            .Where(q => run.End.Host.Interrupts.Any(i => i.Action == $"{device.Name}-TxRx-{q}" && i.PerCpu[cpu] > 0) && QueueOf(device, q).Packets > 0),
    ];

    /// <summary>CPUs that a device's queues interrupt, those without packets not among them.</summary>
    public IReadOnlyList<int> InterruptCpus(DeviceSettings device) => [.. Enumerable.Range(0, Cpus).Where(cpu => QueuesOf(device, cpu).Count > 0)];

    /// <summary>The counters of a receive queue at the end.</summary>
    public QueueSnapshot QueueOf(DeviceSettings device, int queue) => QueueOf(run.End.Host, device, queue);

    /// <summary>Packets that a receive queue took while it was measured.</summary>
    public long TakenBy(DeviceSettings device, int queue) => QueueOf(run.End.Host, device, queue).Packets - QueueOf(run.Begin.Host, device, queue).Packets;

    /// <summary>Packets that came to a receive queue while it was measured, those it had no room for too.</summary>
    public long CameTo(DeviceSettings device, int queue) =>
        TakenBy(device, queue) + QueueOf(run.End.Host, device, queue).Drops - QueueOf(run.Begin.Host, device, queue).Drops;

    private static QueueSnapshot QueueOf(HostSnapshot host, DeviceSettings device, int queue) =>
        host.Devices.First(d => d.Name == device.Name).Queues.First(q => q.Direction == QueueDirection.Rx && q.Index == queue);
}
