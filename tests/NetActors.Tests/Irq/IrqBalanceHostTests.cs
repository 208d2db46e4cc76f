using NetActors.Hosts;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Irq;

/// <summary>irqbalance on a whole host: <c>config/scenarios/irqbalance.yaml</c>.</summary>
public sealed class IrqBalanceHostTests
{
    [Fact]
    public void The_first_scan_undoes_what_was_pinned_and_a_request_takes_more_of_the_cpus()
    {
        var (pinned, moved) = (Run("hosts.server.irqbalance.interval=1s"), Run());
        Assert.Equal([0, 0, 0, 0], pinned.Interrupts[..4]);
        Assert.All(moved.Interrupts[..4], count => Assert.True(count > 100));
        Assert.Equal(["/proc/irq/eth0-TxRx-0/smp_affinity 01", "/proc/irq/eth0-TxRx-1/smp_affinity 02", "/proc/irq/eth0-TxRx-2/smp_affinity 04", "/proc/irq/eth0-TxRx-3/smp_affinity 08"],
            moved.Writes[..4]);
        Assert.True(moved.NanosecondsPerRequest > 1.1 * pinned.NanosecondsPerRequest, $"{moved.NanosecondsPerRequest} against {pinned.NanosecondsPerRequest}");
        Assert.True(moved.Reschedules > 1000 + pinned.Reschedules, $"{moved.Reschedules} against {pinned.Reschedules}");
    }

    [Fact]
    public void Told_to_keep_off_the_other_cpus_it_leaves_the_pinning_as_it_is()
    {
        var run = Run("hosts.server.irqbalance.banned-cpulist=0-3");
        Assert.Equal([0, 0, 0, 0], run.Interrupts[..4]);
        Assert.Empty(run.Writes);
    }

    [Fact]
    public void Banned_interrupts_stay_and_the_others_go()
    {
        var run = Run("hosts.server.irqbalance.banirq=[eth0-TxRx-1, eth0-TxRx-3]", "hosts.server.irqbalance.oneshot=on");
        Assert.Equal(["/proc/irq/eth0-TxRx-0/smp_affinity 01", "/proc/irq/eth0-TxRx-2/smp_affinity 02"], run.Writes);
    }

    [Fact]
    public void Isolated_cpus_are_banned_unless_others_are()
    {
        var run = Run("hosts.server.cpus={ count: 8, isolcpus: \"0-2\" }", "hosts.server.irqbalance.oneshot=on");
        Assert.Equal(["/proc/irq/eth0-TxRx-0/smp_affinity 08", "/proc/irq/eth0-TxRx-1/smp_affinity 10", "/proc/irq/eth0-TxRx-2/smp_affinity 20", "/proc/irq/eth0-TxRx-3/smp_affinity 40"], run.Writes);
    }

    private static Outcome Run(params string[] overrides)
    {
        var scenario = Runs.Shipped("irqbalance", ["duration=30ms", .. overrides]);
        using var simulation = Simulation.Start(scenario);
        Assert.True(simulation.RunUntil(scenario.Duration));
        var snapshot = simulation.Snapshot();
        Assert.Empty(simulation.Failures);
        Assert.True(snapshot.Conservation.Holds);
        var server = snapshot.Hosts.Single(h => h.Name == "server");
        var cpus = server.Cpus.Count;
        return new Outcome(
            [.. Enumerable.Range(0, cpus).Select(cpu => server.Interrupts.Sum(i => i.PerCpu[cpu]))],
            [.. server.Writes.Select(w => $"{w.Key} {w.Value}{w.Error}")],
            (double)server.Cpus.Sum(c => c.HardirqNs + c.SoftirqNs + c.SystemNs + c.UserNs) / snapshot.Latency.Single().Count,
            server.Cpus.Sum(c => c.RescheduleIpis));
    }

    private sealed record Outcome(long[] Interrupts, string[] Writes, double NanosecondsPerRequest, long Reschedules);
}
