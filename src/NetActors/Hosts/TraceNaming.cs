using NetActors.Observe;

namespace NetActors.Hosts;

/// <summary>What the numbers in trace events are called.</summary>
internal static class TraceNaming
{
    public static TraceNames Of(SimulationPlan plan) => new()
    {
        Hosts = [.. plan.Hosts.Select(OfHost)],
        Wires = [.. plan.Wires.Select(w => w.Name)],
    };

    private static HostTraceNames OfHost(Host host) => new()
    {
        Name = host.Name,
        Devices = host.Stack.Devices.ToDictionary(d => (long)d.IfIndex, d => d.Name),
        Interrupts = host.Nics.SelectMany(n => n.Irqs).ToDictionary(i => (long)i.Number, i => i.Action),
        Napis = host.Nics.SelectMany(n => n.Napis).Concat(host.Cpus.Select(c => c.Softnet.Backlog)).ToDictionary(n => (long)n.Id, n => n.Name),
        Tasks = host.Tasks.Select(t => t.Entity).Concat(host.Cpus.Select(c => c.Ksoftirqd))
            .Concat(host.Nics.SelectMany(n => n.Napis).Where(n => n.Thread is not null).Select(n => n.Thread!.Task)).ToDictionary(t => (long)t.Pid, t => t.Name),
    };
}
