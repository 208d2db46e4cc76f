using NetActors.Lab.Tuning;
using NetActors.Scenarios;

namespace NetActors.Lab.Explaining;

/// <summary>CPUs that are full of interrupts and softirqs: one for all of a card, too many flows on one queue, or one flow too large.</summary>
internal static class InterruptFindings
{
    private const double OneFlow = 0.5; // of a CPU's packets: the others together are less
    private const double Uneven = 1.3; // times a fair share of a queue's packets
    private const FlowHashFields AllFields =
        FlowHashFields.SourceAddress | FlowHashFields.DestinationAddress | FlowHashFields.SourcePort | FlowHashFields.DestinationPort;

    private const double HasRoom = 0.8; // of a full CPU's time

    /// <summary>What is to be found.</summary>
    public static IEnumerable<Bottleneck> Of(Evidence e)
    {
        foreach (var cpu in Enumerable.Range(0, e.Cpus).Where(c => e.IsFull(c) && e.InInterrupts(c) >= 0.5).OrderByDescending(e.InInterrupts))
        {
            var device = e.Host.Devices.MaxBy(d => e.QueuesOf(d, cpu).Sum(q => e.CameTo(d, q)));
            if (device is not null && e.QueuesOf(device, cpu) is { Count: > 0 } queues) yield return OfDriver(e, cpu, device, queues);
            else if (OfProtocols(e, cpu) is { } found) yield return found;
        }
    }

    private static Bottleneck OfDriver(Evidence e, int cpu, DeviceSettings device, IReadOnlyList<int> queues)
    {
        var (others, flows) = (e.InterruptCpus(device).Where(c => c != cpu).ToList(), e.Flows.FlowsOn(cpu));
        var (all, here) = (Enumerable.Range(0, device.Queues).Sum(q => e.CameTo(device, q)), queues.Sum(q => e.CameTo(device, q)));
        var full = $"CPU {cpu} is {e.Busy(cpu):P0} busy, {e.InInterrupts(cpu):P0} in interrupts and softirqs";
        var where = $"CPU {cpu}, {device.Name} queue{(queues.Count == 1 ? "" : "s")} {string.Join(", ", queues)}";
        var share = all == 0 ? 0 : (double)here / all;
        if (flows.Count > 0 && flows[0] > OneFlow * flows.Sum() && e.Flows.Flows > 1)
        {
            return new Bottleneck(BottleneckKind.ElephantFlow, where,
                $"{full}; one flow of {flows.Count} is {(double)flows[0] / flows.Sum():P0} of its packets, and a flow stays on one CPU", Elephant(e, device, cpu));
        }

        if (device.Queues > queues.Count && share > Uneven * queues.Count / device.Queues && others.Sum(e.Busy) < HasRoom * others.Count * e.Busy(cpu) + 0.001)
        {
            return new Bottleneck(BottleneckKind.HashCollision, where,
                $"{full}; {flows.Count} of {e.Flows.Flows} flows and {share:P0} of the packets hash to it, a fair share of {device.Queues} queues is {(double)queues.Count / device.Queues:P0}",
                Collision(e, device));
        }

        var why = device.Queues == 1 ? "the card has one queue" : others.Count == 0 ? "all its queues interrupt this CPU" : $"it takes {share:P0} of the card's packets";
        return new Bottleneck(BottleneckKind.InterruptCpu, where, $"{full}; {why}", Interrupts(e, device, cpu));
    }

    // The CPU has no queue: RPS brought it its packets.
    private static Bottleneck? OfProtocols(Evidence e, int cpu)
    {
        if (e.Host.Devices.Count == 0 || e.Flows.FlowsOn(cpu) is not { Count: > 0 } flows) return null;
        var (device, full) = (e.Host.Devices[0], $"CPU {cpu} is {e.Busy(cpu):P0} busy, {e.InInterrupts(cpu):P0} in softirqs that RPS gave it");
        return flows[0] > OneFlow * flows.Sum() && e.Flows.Flows > 1
            ? new Bottleneck(BottleneckKind.ElephantFlow, $"CPU {cpu}", $"{full}; one flow is {(double)flows[0] / flows.Sum():P0} of its packets", Elephant(e, device, cpu))
            : new Bottleneck(BottleneckKind.HashCollision, $"CPU {cpu}", $"{full}; {flows.Count} of {e.Flows.Flows} flows hash to it", Collision(e, device));
    }

    private static List<Knob> Interrupts(Evidence e, DeviceSettings device, int cpu)
    {
        var (host, knobs) = (e.Host, new List<Knob>());
        var vectors = device.SmpAffinity.Select(a => a[0]).Distinct().Count();
        if (e.Cpus > 1) knobs.Add(Knobs.Rps(host, device, new CpuSet(Enumerable.Range(0, e.Cpus).Where(c => c != cpu))));
        if (device.Queues > vectors && e.Cpus > vectors) knobs.Add(Knobs.SpreadInterrupts(host.Name, device.Name, device.Queues));
        if (device.Queues < Math.Min(e.Cpus, 8)) knobs.Add(Knobs.Queues(host.Name, device.Name, Math.Min(e.Cpus, 8)));
        knobs.Add(Knobs.Coalesce(host.Name, device.Name, 64, 0));
        if (!device.Coalesce.AdaptiveRx) knobs.Add(Knobs.Adaptive(host.Name, device));
        if (e.Run.Scenario.Kernel == KernelVersion.V6) knobs.Add(Knobs.Defer(host.Name, device.Name, 100, 200));
        if (e.Run.Scenario.Kernel == KernelVersion.V6 && Knobs.EpollPrograms(host).Any()) knobs.Add(Knobs.Suspend(host, device));
        if (!device.Features.Gro) knobs.Add(Knobs.Feature(host.Name, device.Name, "gro", true));
        return knobs;
    }

    private static List<Knob> Collision(Evidence e, DeviceSettings device)
    {
        var knobs = new List<Knob>();
        var isUdp = e.Run.Scenario.Traffic.Any(t => t is UdpFloodSettings) || e.Host.Tasks.Any(t => t is UdpTaskSettings);
        if (isUdp && device.RxFlowHash.Udp4 != AllFields) knobs.Add(Knobs.UdpHash(e.Host.Name, device.Name));
        knobs.Add(Knobs.Rps(e.Host, device, CpuSet.First(e.Cpus)));
        if (device.Queues * 2 <= Math.Min(e.Cpus, 64)) knobs.Add(Knobs.Queues(e.Host.Name, device.Name, device.Queues * 2));
        return knobs;
    }

    private static List<Knob> Elephant(Evidence e, DeviceSettings device, int cpu) =>
    [
        Knobs.Rps(e.Host, device, new CpuSet(Enumerable.Range(0, e.Cpus).Where(c => c != cpu))),
        Knobs.Queues(e.Host.Name, device.Name, Math.Min(e.Cpus, Math.Min(64, device.Queues * 2))),
        Knobs.Feature(e.Host.Name, device.Name, "gro", !device.Features.Gro),
        Knobs.Coalesce(e.Host.Name, device.Name, 64, 0),
    ];
}
