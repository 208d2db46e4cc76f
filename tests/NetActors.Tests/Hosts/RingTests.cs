using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Tests.Nic;

namespace NetActors.Tests.Hosts;

/// <summary>Rings and moderation as a whole host sees them (specification sections 2.1 to 2.3 and 3.5).</summary>
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
}
