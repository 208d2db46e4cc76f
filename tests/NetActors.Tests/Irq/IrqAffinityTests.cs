using NetActors.Costs;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Irq;

/// <summary>Vectors and their CPUs (specification section 2.4).</summary>
public sealed class IrqAffinityTests
{
    [Fact]
    public void Affinity_decides_the_cpu_of_interrupt_and_softirq() // section 2.4
    {
        using var run = new Running(
            Yaml.Server(cpus: 4, device: "queues: 1, smp_affinity_list: { eth0-TxRx-0: \"2\" }", tasks: Yaml.Sink(),
                traffic: Yaml.Flood("10kpps", ", stop: 10ms")));
        run.Until(20_000);
        Assert.Equal([0u, 0u, 100u, 0u], run.Snapshot.Hosts[0].Cpus.Select(c => c.Softnet.Processed));
        Assert.Equal([0, 0, 100, 0], run.Snapshot.Hosts[0].Interrupts[0].PerCpu);
    }

    [Fact]
    public void Moved_affinity_takes_the_next_interrupt_elsewhere()
    {
        using var run = new Running(Yaml.Server(cpus: 2, tasks: Yaml.Sink(), traffic: Yaml.Flood("10kpps", ", stop: 20ms")));
        run.Until(10_000);
        Move(run, 1);
        run.Until(30_000);
        var cpus = run.Snapshot.Hosts[0].Cpus;
        Assert.Equal(200u, cpus[0].Softnet.Processed + cpus[1].Softnet.Processed);
        Assert.InRange(cpus[0].Softnet.Processed, 99u, 101u);
    }

    [Fact]
    public void Moved_affinity_leaves_a_scheduled_napi_where_it_is_until_it_completes() // section 2.4
    {
        var costs = CostModel.Zero.With(CostOp.RxDescriptor, 1000);
        var later = Yaml.Flood("10kpps", ", start: 40ms, stop: 50ms").Replace("name: flood", "name: later", StringComparison.Ordinal);
        using var run = new Running(
            Yaml.Server(cpus: 2, device: "queues: 1, ring: { rx: 4096 }", tasks: Yaml.Sink(),
                traffic: Yaml.Flood("2Mpps", ", stop: 20ms") + ", " + later),
            costs);
        run.Until(5_000);
        var before = run.Cpu(0).Softnet.Processed;
        Move(run, 1);
        run.Until(20_000);
        Assert.Equal(0u, run.Cpu(1).Softnet.Processed);
        Assert.InRange(run.Cpu(0).Softnet.Processed - before, 14_500u, 15_500u);
        run.Until(60_000);
        Assert.Equal(100u, run.Cpu(1).Softnet.Processed); // once it had completed, the vector fires where it was moved to
    }

    [Fact]
    public void Empty_mask_is_refused_and_changes_nothing()
    {
        using var run = new Running(Yaml.Server(cpus: 2));
        var irq = run.Host.Nics[0].Irqs[0];
        Assert.False(irq.SetAffinity([]));
        Assert.Same(run.Host.Cpus[0], irq.Effective);
    }

    [Fact]
    public void Mask_of_several_cpus_is_served_by_its_first() // live: mask 0-1, effective 0
    {
        using var run = new Running(Yaml.Server(
            cpus: 4, device: "queues: 1, smp_affinity_list: { eth0-TxRx-0: \"1-3\" }", tasks: Yaml.Sink(),
            traffic: Yaml.Flood("10kpps", ", stop: 10ms")));
        run.Until(20_000);
        Assert.Equal([0, 100, 0, 0], run.Snapshot.Hosts[0].Interrupts[0].PerCpu);
    }

    private static void Move(Running run, int cpu) =>
        run.Simulation.System.Perform(() => run.Host.Nics[0].Irqs[0].SetAffinity([run.Host.Cpus[cpu]]));
}
