using NetActors.Nic;
using NetActors.Tests.Hosts;
using Path = NetActors.Tests.Transmit.Path;

namespace NetActors.Tests.Nic;

/// <summary>Moderation on whole hosts, changed while traffic runs (specification sections 2.3 and 2.5).</summary>
public sealed class ModerationHostTests
{
    [Theory]
    [InlineData("tx-usecs: 10000, tx-frames: 32", 62)]
    [InlineData("tx-usecs: 10000, tx-frames: 8", 250)]
    [InlineData("tx-usecs: 90, tx-frames: 0", 200)] // the first of ten and 90 us
    [InlineData("tx-usecs: 0, tx-frames: 1", 2000)]
    public void Transmit_completions_interrupt_by_their_own_time_and_number(string tx, int interrupts)
    {
        using var run = Sender(tx);
        run.Until(30_000);
        Assert.InRange(run.Cpu(0).Hardirqs, interrupts * 0.97, (interrupts * 1.03) + 4); // and one each for ARP, and for what is left at the end
    }

    [Fact]
    public void Transmit_moderation_changes_while_packets_are_sent()
    {
        using var run = Sender("tx-usecs: 10000, tx-frames: 32");
        run.Until(10_000);
        var before = run.Cpu(0).Hardirqs;
        Assert.Null(run.Simulation.Set("client", "ethtool -C eth0", "tx-frames 4 tx-usecs 500"));
        run.Until(20_000);
        Assert.InRange(run.Cpu(0).Hardirqs - before, 240, 260);
    }

    [Fact]
    public void Adaptation_takes_over_from_the_settings_and_gives_back_to_them_while_packets_come()
    {
        using var run = new Running(
            Yaml.Server(tasks: Yaml.Sink(), traffic: Yaml.Flood("400kpps", ", stop: 30ms")).Replace("rx-frames: 1", "rx-frames: 1, adaptive-rx: on", StringComparison.Ordinal));
        var moderation = run.Host.Nics[0].Receive.Queue(0).Moderation;
        run.Until(150); // 60 packets
        Assert.Equal((0, 1, 0), (moderation.Usecs, moderation.Frames, moderation.RxDim!.Profile));
        run.Until(10_000);
        Assert.Equal(DimProfiles.Rx(false, moderation.RxDim.Profile), new DimModeration(moderation.Usecs, moderation.Frames));
        var adapted = run.Cpu(0).Hardirqs;
        Assert.InRange(adapted, 100, 2000); // of 4000 packets
        Assert.Null(run.Simulation.Set("server", "ethtool -C eth0", "adaptive-rx off"));
        run.Until(20_000);
        Assert.Null(moderation.RxDim);
        Assert.InRange(run.Cpu(0).Hardirqs - adapted, 3900, 4001); // an interrupt a packet
        Assert.Null(run.Simulation.Set("server", "ethtool -C eth0", "rx-usecs 50 rx-frames 0"));
        run.Until(31_000);
        Assert.Equal(12_000, run.Socket("sink").Delivered);
    }

    [Fact]
    public void Modes_of_a_completion_queue_change_while_packets_come()
    {
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink(), traffic: Yaml.Flood("400kpps", ", stop: 40ms"))
            .Replace("coalesce: { rx-usecs: 0, rx-frames: 1 }", "coalesce: { model: completion-queue, rx-usecs: 2, rx-frames: 16 }", StringComparison.Ordinal));
        var counts = new List<long>();
        foreach (var words in new[] { "cqe-mode-rx off", "cqe-mode-rx on", "rx-usecs 5", "adaptive-rx on adaptive-tx on", "cqe-mode-tx on" })
        {
            Assert.Null(run.Simulation.Set("server", "ethtool -C eth0", words));
            var before = run.Cpu(0).Hardirqs;
            run.Until((counts.Count + 1) * 8000);
            counts.Add(run.Cpu(0).Hardirqs - before);
        }

        Assert.InRange(counts[0], 3100, 3200); // packets 2.5 us apart: each is 2 us behind the last interrupt
        Assert.InRange(counts[1], 3100, 3200); // each is followed by 2 us without another
        Assert.InRange(counts[2], 190, 210); // there are never 5 us without another: every sixteenth
        run.Until(60_000);
        Assert.Equal(16_000, run.Socket("sink").Delivered);
        Assert.StartsWith("EINVAL", run.Simulation.Set("server", "ethtool -C eth0", "cqe-mode-rx maybe"), StringComparison.Ordinal);
    }

    /// <summary>100 packets a millisecond for 20.</summary>
    private static Running Sender(string tx) => new(Path.Yaml(
        "", Path.Flood("flood", 9000, "100kpps", 100, ", stop: 20ms"), Path.Sink("sink", 9000), "rate: 10Gbit, delay: 1us",
        $"queues: 1, coalesce: {{ rx-usecs: 0, rx-frames: 1, {tx} }}, queues-sysfs: {{ tx-0: {{ byte_queue_limits: {{ limit_min: 10000000 }} }} }}"));
}
