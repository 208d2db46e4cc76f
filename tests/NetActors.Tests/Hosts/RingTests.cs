using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Tests.Nic;

namespace NetActors.Tests.Hosts;

/// <summary>Rings and moderation as a whole host sees them (specification sections 2.1 to 2.4).</summary>
public sealed class RingTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public void Ring_of_N_takes_N_less_one_frames_while_the_cpu_is_halted(int ring) // section 13 item 3
    {
        // The first interrupt takes a second: nobody polls meanwhile.
        var costs = CostModel.Zero.With(CostOp.HardIrqEntry, 1_000_000_000);
        using var run = new Running(
            Yaml.Server(cpus: 2, device: $"queues: 2, ring: {{ rx: {ring} }}, rxfh: {{ equal: 1 }}", traffic: Yaml.Flood("1Mpps", ", stop: 1ms")), costs);
        run.Until(500_000);
        var nic = run.Host.Nics[0];
        Assert.Equal(ring - 1, nic.Receive.Queue(0).Count);
        Assert.Equal(1000 - (ring - 1), run.Dropped(SkbDropReason.HW_NO_DESCRIPTOR));
        Assert.Equal(ring - 1, nic.Receive.Queue(0).Pool.Rented); // no skb for what the hardware dropped
        Assert.Equal(0u, run.Cpu(0).Softnet.Processed);
        run.Until(3_000_000);
        Assert.Equal((uint)(ring - 1), run.Cpu(0).Softnet.Processed);
    }

    [Theory]
    [InlineData("rx-usecs: 50, rx-frames: 0", 180, 201)] // 20 to 21 packets of 2.5 us behind each other an interrupt
    [InlineData("rx-usecs: 0, rx-frames: 8", 500, 500)]
    [InlineData("rx-usecs: 0, rx-frames: 1", 4000, 4000)]
    [InlineData("rx-usecs: 10, rx-frames: 2", 1900, 2000)] // whichever comes first
    public void Moderation_shows_in_the_interrupt_counts(string coalesce, int least, int most) // section 2.3
    {
        var yaml = Yaml.Server(tasks: Yaml.Sink(), traffic: Yaml.Flood("400kpps", ", stop: 10ms")).Replace("rx-usecs: 0, rx-frames: 1", coalesce, StringComparison.Ordinal);
        using var run = new Running(yaml);
        run.Until(20_000);
        Assert.Equal(4000u, run.Cpu(0).Softnet.Processed);
        Assert.InRange(run.Device("eth0").Queues[0].Interrupts, least, most);
    }

    [Fact]
    public void Affinity_decides_the_cpu_of_interrupt_and_softirq() // section 2.4
    {
        using var run = new Running(
            Yaml.Server(cpus: 4, device: "queues: 1, smp_affinity_list: { eth0-TxRx-0: \"2\" }", tasks: Yaml.Sink(), traffic: Yaml.Flood("10kpps", ", stop: 10ms")));
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
        using var run = new Running(Yaml.Server(cpus: 2, device: "queues: 1, ring: { rx: 4096 }", tasks: Yaml.Sink(), traffic: Yaml.Flood("2Mpps", ", stop: 20ms")
            + ", " + Yaml.Flood("10kpps", ", start: 40ms, stop: 50ms").Replace("name: flood", "name: later", StringComparison.Ordinal)), costs);
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
    public void Deferred_interrupts_stay_masked_for_as_many_timer_polls_as_set() // section 3.5
    {
        using var run = new Running(
            Yaml.Server(device: "queues: 1, napi: { napi_defer_hard_irqs: 3, gro_flush_timeout: 20000 }", tasks: Yaml.Sink()),
            frames: [("server.eth0", Frames.Flow(0).At(1_000_000)), ("server.eth0", Frames.Flow(0).At(1_010_000)), ("server.eth0", Frames.Flow(0).At(2_000_000))]);
        run.Until(1_500);
        var queue = run.Device("eth0").Queues[0];
        Assert.Equal((1, 5), (queue.Interrupts, queue.Polls)); // interrupt, timer finds the second, three empty ones: the last unmasks
        run.Until(3_000);
        queue = run.Device("eth0").Queues[0];
        Assert.Equal((2, 9), (queue.Interrupts, queue.Polls));
    }

    private static void Move(Running run, int cpu) =>
        run.Simulation.System.Perform(() => run.Host.Nics[0].Irqs[0].SetAffinity([run.Host.Cpus[cpu]]));
}
