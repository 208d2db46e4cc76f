using NetActors.Observe;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Transmit;

/// <summary>Rings that stop and wake, limits of bytes, NET_TX.</summary>
public sealed class TransmitQueueHostTests
{
    [Fact]
    public void A_slow_wire_stops_the_ring_and_its_completions_let_it_go_on()
    {
        using var run = new Running(Path.Yaml("", Path.Flood("flood", 9000, "20kpps", more: ", stop: 100ms"), Path.Sink("sink", 9000), "rate: 100Mbit, delay: 10us",
            "queues: 1, ring: { rx: 64, tx: 64 }, queues-sysfs: { tx-0: { byte_queue_limits: { limit_min: 10000000 } } }"));
        run.Until(1_000_000);
        var tx = run.Device("eth0").Queues[1];
        Assert.True(tx.Stops > 10, $"stopped {tx.Stops} times");
        Assert.Equal(0, tx.LimitStops);
        Assert.True(run.Cpu(0).Softirqs.NetTx > 10);
        Assert.Equal((2000L, 0L), (run.Socket("sink").Delivered, run.Snapshot.Conservation.Dropped));
    }

    [Fact]
    public void The_limit_of_bytes_settles_near_what_the_wire_sends_between_two_interrupts()
    {
        using var run = new Running(Path.Yaml("", Path.Flood("flood", 9000, "200kpps"), Path.Sink("sink", 9000), "rate: 1Gbit, delay: 10us", "queues: 1, coalesce: { rx-usecs: 50 }"));
        run.Until(3_000_000);
        var (tx, sent) = (run.Device("eth0").Queues[1], run.Device("eth0").Stats.TxPackets);
        run.Until(4_000_000);
        var later = run.Device("eth0");
        Assert.InRange(later.Queues[1].Limit, 3_000, 50_000); // 50 us of 1 Gbit/s are 6250 bytes
        Assert.InRange(later.Queues[1].Limit, tx.Limit * 0.8, tx.Limit * 1.2);
        Assert.True(later.Queues[1].LimitStops > 1000);
        Assert.InRange((later.Stats.TxPackets - sent) * (1042 + 24) * 8, 0.97e9, 1.001e9); // and the wire is never idle
    }

    /// <summary>What is on the ring no qdisc can overtake: the limit bounds that (Corbet 2011, "Network transmit queue limits").</summary>
    [Fact]
    public void A_small_packet_waits_behind_the_limit_and_not_behind_the_whole_ring()
    {
        long Wait(string limits)
        {
            using var run = new Running(Path.Yaml(
                "qdisc add dev eth0 root fq_codel", Path.Flood("flood", 9000, "5kpps", 1400) + """, { name: ping, program: ping, destination: 10.0.0.1, interval: 20ms }""", Path.Sink("sink", 9000), "rate: 10Mbit, delay: 10us",
                $"queues: 1, queues-sysfs: {{ tx-0: {{ byte_queue_limits: {{ {limits} }} }} }}"));
            run.Until(3_000_000);
            return run.Snapshot.Latency.Single(l => l.Count < 1000).P50Ns;
        }

        var (limited, unlimited) = (Wait("limit_min: 0"), Wait("limit_min: 100000000"));
        Assert.InRange(limited, 1_000_000, 12_000_000);
        Assert.True(unlimited > 60_000_000 && unlimited > 5 * limited, $"{limited} against {unlimited}");
    }

    [Fact]
    public void Cpus_that_share_a_queue_pay_for_its_lock()
    {
        long Contended(int queues)
        {
            using var run = new Running(Path.Yaml("", string.Join(", ", Enumerable.Range(0, 4).Select(i => Path.Flood($"f{i}", 9000, "50kpps", more: $", cpus: \"{i}\""))), Path.Sink("sink", 9000),
                device: $"queues: {queues}", cpus: 4));
            run.Until(20_000);
            return run.Host.Cpus.Sum(c => c.Cpu.Operations[(int)NetActors.Costs.CostOp.LockContended]);
        }

        Assert.True(Contended(1) > 500);
        Assert.InRange(Contended(4), 0, 50); // only interrupts that come to another CPU than the sender's
    }

    /// <summary>By receive queue (<c>xps_rxqs</c>) a connection answers on the queue that it is asked by, whichever CPU its task runs on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_sends_by_the_queue_that_it_receives_by_when_xps_rxqs_say_so(bool byRxQueue)
    {
        var maps = byRxQueue ? ", queues-sysfs: { tx-0: { xps_rxqs: \"1\" }, tx-1: { xps_rxqs: \"2\" }, tx-2: { xps_rxqs: \"4\" }, tx-3: { xps_rxqs: \"8\" } }" : "";
        var yaml = Path.Yaml(
            "", """{ name: rr, program: tcp-rr, cpus: "0", connect: "10.0.0.1:80", stop: 100ms }""", """{ name: web, program: tcp-server, cpus: "3", bind: "0.0.0.0:80" }""",
            device: "queues: 4" + maps, cpus: 4, sysctl: "net.ipv4.ip_local_port_range: \"40007 40007\"");
        using var run = new Running(yaml);
        run.Until(300_000);
        var queues = run.Device("eth0", 1).Queues;
        var busiestRx = queues.Where(q => q.Direction == QueueDirection.Rx).MaxBy(q => q.Packets)!.Index;
        var busiestTx = queues.Where(q => q.Direction == QueueDirection.Tx).MaxBy(q => q.Packets)!.Index;
        Assert.NotEqual(3, busiestRx); // or both maps would say the same
        Assert.Equal(byRxQueue ? busiestRx : 3, busiestTx);
    }

    [Fact]
    public void Runs_are_equal_to_the_byte()
    {
        string Once()
        {
            using var run = new Running(Path.Yaml("qdisc add dev eth0 root netem delay 1ms 500us loss 2% duplicate 1% reorder 5%",
                Path.Flood("flood", 9000, "20kpps", more: ", cpus: \"0\"") + ", " + Path.Flood("other", 9001, "20kpps", more: ", cpus: \"1\""), Path.Sink("sink", 9000), cpus: 2, device: "queues: 2"));
            run.Until(100_000);
            using var stream = new MemoryStream();
            ResultJson.Write(stream, run.Snapshot);
            return System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }

        Assert.Equal(Once(), Once());
    }
}
