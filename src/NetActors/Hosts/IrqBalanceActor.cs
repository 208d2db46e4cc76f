using Akka.Actor;
using NetActors.Execution;
using NetActors.Irq;
using NetActors.Scenarios;

namespace NetActors.Hosts;

/// <summary>
/// The program irqbalance on one host: every so often reads what interrupts cost and writes <c>smp_affinity</c> as anybody else does. It takes
/// no CPU time, since ten seconds lie between two scans on a real host.
/// </summary>
internal sealed class IrqBalanceActor(Host host, IrqBalanceSettings settings, CpuSettings cpus, ExecutionLayer layer) : UntypedActor
{
    private IrqBalancer? _balancer;
    private int _online;

    /// <summary>Runs beside the host.</summary>
    public static Props Props(Host host, IrqBalanceSettings settings, CpuSettings cpus, ExecutionLayer layer) =>
        Akka.Actor.Props.Create(() => new IrqBalanceActor(host, settings, cpus, layer)).WithDispatcher("device");

    protected override void PreStart() => layer.TellAt(Self, IrqBalanceProtocol.Scan.Instance, layer.Now + settings.Interval);

    protected override void OnReceive(object message)
    {
        if (message is not IrqBalanceProtocol.Scan)
        {
            Unhandled(message);
            return;
        }

        if (_balancer is null || _online != host.Cpus.Count(c => c.IsOnline)) _balancer = Rescan();
        var irqs = host.Nics.SelectMany(n => n.Irqs).ToDictionary(irq => irq.Number);
        foreach (var move in _balancer.Scan(NanosecondsOf, number => irqs[number].Counts.Sum()))
        {
            var irq = irqs[move.Irq];
            if (irq.Affinity.Select(c => c.Cpu.LocalId).SequenceEqual(move.Cpus)) continue; // check_affinity
            host.Knobs.Write($"/proc/irq/{irq.Action}/smp_affinity", new CpuSet(move.Cpus).ToMask(host.Cpus.Length));
        }

        if (!settings.OneShot) layer.TellAt(Self, IrqBalanceProtocol.Scan.Instance, layer.Now + settings.Interval);
    }

    private long NanosecondsOf(int cpu)
    {
        ref readonly var times = ref host.Cpus[cpu].Cpu.Times;
        return times.HardIrq + times.Softirq;
    }

    /// <summary>CPUs came or went: everything is placed anew (<c>need_rescan</c>).</summary>
    private IrqBalancer Rescan()
    {
        _online = host.Cpus.Count(c => c.IsOnline);
        var banned = new HashSet<int>(settings.BannedCpus ?? cpus.Isolated); // setup_banned_cpus
        banned.UnionWith(host.Cpus.Where(c => !c.IsOnline).Select(c => c.Cpu.LocalId));
        var irqs = host.Nics.SelectMany(n => n.Irqs).Where(irq => !settings.BannedIrqs.Contains(irq.Action));
        return new IrqBalancer(new IrqTopology(cpus.Topology, banned, settings.DeepestCache), [.. irqs.Select(irq => new BalancedIrq(irq.Number))], settings.MigrateRatio);
    }
}

/// <summary>What <see cref="IrqBalanceActor"/> is told.</summary>
internal static class IrqBalanceProtocol
{
    /// <summary>It is time to look.</summary>
    public sealed record Scan
    {
        public static readonly Scan Instance = new();
    }
}
