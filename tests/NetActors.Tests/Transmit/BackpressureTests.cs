using NetActors.Buffers;
using NetActors.Observe;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Transmit;

/// <summary>Each station below a writer slows it down in the end, and what is lost has a name (issue 4).</summary>
public sealed class BackpressureTests
{
    private const string SlowWire = "rate: 10Mbit, delay: 10us";

    [Fact]
    public void A_slow_wire_puts_a_blocking_udp_writer_to_sleep_and_nothing_is_lost()
    {
        using var run = new Running(Path.Yaml("", Path.Flood("flood", 9000, "100kpps", more: ", stop: 20ms, batch: 32"), Path.Sink("sink", 9000), SlowWire));
        run.Until(10_000);
        Assert.InRange(run.Socket("flood").SendBuffer.WmemAlloc, 212_992 / 2, 212_992 + 2304); // it sleeps
        var device = run.Device("eth0");
        Assert.True(device.Qdiscs[0].BacklogPackets > 0); // the station above the ring holds the rest
        Assert.True(device.Queues[1].LimitStops > 0);
        run.Until(5_000_000);
        Assert.Equal((0L, run.Socket("flood").TxPackets), (run.Snapshot.Conservation.Dropped, run.Socket("sink").Delivered));
    }

    [Fact]
    public void A_stopped_transmit_queue_fills_its_qdisc_and_holds_the_writer()
    {
        using var run = new Running(Path.Yaml("", Path.Flood("flood", 9000, "100kpps", more: ", stop: 20ms, batch: 32"), Path.Sink("sink", 9000), SlowWire,
            "queues: 1, ring: { rx: 64, tx: 64 }, queues-sysfs: { tx-0: { byte_queue_limits: { limit_min: 10000000 } } }"));
        run.Until(10_000);
        var device = run.Device("eth0");
        Assert.True(device.Queues[1].Stops > 0);
        Assert.InRange(device.Qdiscs[0].BacklogPackets, 10, 92); // what the send buffer admits, less the ring
        run.Until(5_000_000);
        Assert.Equal(0, run.Snapshot.Conservation.Dropped);
    }

    [Fact]
    public void A_small_qdisc_drops_with_a_name_what_a_udp_writer_sends_too_fast()
    {
        using var run = new Running(Path.Yaml("qdisc add dev eth0 root pfifo limit 5", Path.Flood("flood", 9000, "100kpps", more: ", stop: 20ms, batch: 32"), Path.Sink("sink", 9000), SlowWire));
        run.Until(5_000_000);
        var drops = run.Dropped(SkbDropReason.QDISC_DROP);
        Assert.True(drops > 500);
        Assert.Equal((drops, drops), (run.Device("eth0").Qdiscs[0].Drops, run.Device("eth0").Stats.TxDropped));
        Assert.Equal(run.Socket("flood").TxPackets, drops + run.Socket("sink").Delivered);
        Assert.Equal(run.Mib[UdpMib.SndbufErrors], run.Mib[IpMib.OutDiscards]); // told to nobody who has not IP_RECVERR
        Assert.InRange(drops - run.Mib[UdpMib.SndbufErrors], 0, 32); // the first ones had been sent when they still waited for an address
    }

    [Fact]
    public void A_qdisc_that_drops_tells_tcp_before_any_ack_does()
    {
        long Ssthresh(string qdisc)
        {
            using var run = new Running(Path.Yaml($"qdisc add dev eth0 root {qdisc}", Path.Stream("stream", 5001), Path.StreamSink("sink", 5001), "rate: 10Mbit, delay: 50ms"));
            run.Until(280_000); // an ARP and a handshake of 100 ms each; the first data, of ten segments, is under way
            return run.Snapshot.Hosts[0].TcpSockets.Single(s => s.State == "ESTAB").Info!.SndSsthresh;
        }

        Assert.InRange(Ssthresh("pfifo limit 1"), 1, 10);
        Assert.True(Ssthresh("pfifo limit 1000") > 1000); // no congestion yet
    }

    [Fact]
    public void A_small_qdisc_slows_a_tcp_writer_to_the_wire_and_all_its_bytes_arrive()
    {
        using var run = new Running(Path.Yaml("qdisc add dev eth0 root pfifo limit 10", Path.Stream("stream", 5001, ", bytes: 2MiB"), Path.StreamSink("sink", 5001), SlowWire));
        run.Until(1_000_000);
        var (sent, read) = Bytes(run);
        Assert.InRange(read * 8, 8.5e6, 9.7e6); // of 10 Mbit/s with headers
        Assert.InRange(sent - read, 0, 4_200_000); // the writer is held by its send buffer
        run.Until(4_000_000);
        Assert.Equal((2 << 20, 2 << 20), Bytes(run));
    }

    [Fact]
    public void A_slow_receiver_stops_a_tcp_writer_by_its_window_and_nothing_is_lost()
    {
        using var run = new Running(Path.Yaml("", Path.Stream("stream", 5001), """{ name: sink, program: tcp-server, does: discard, io: blocking, bind: "0.0.0.0:5001", read: 4KiB, pause: 5ms, rcvbuf: 64KiB }""", "rate: 1Gbit, delay: 10us"));
        run.Until(2_000_000);
        var (sent, read) = Bytes(run);
        run.Until(3_000_000);
        var (later, readLater) = Bytes(run);
        Assert.True(sent > read, $"{sent} {read}");
        Assert.InRange((later - sent) / (double)Math.Max(1, readLater - read), 0.5, 2.0); // writes as fast as it reads
        Assert.Equal(0, run.Snapshot.Conservation.Dropped);
        Assert.Equal(0, run.Device("eth0").Qdiscs[0].BacklogPackets); // the window, not the way down, holds it
    }

    /// <summary>Wire, ring, qdisc, small queues, send buffer, writer: all full at once, in one report.</summary>
    [Fact]
    public void The_chain_from_wire_to_writer_holds_bounded_memory_at_each_station()
    {
        using var run = new Running(Path.Yaml("qdisc add dev eth0 root fq", Path.Stream("stream", 5001, ", threads: 8"), Path.StreamSink("sink", 5001, ", threads: 2"), SlowWire, "queues: 1"));
        run.Until(3_000_000);
        var host = run.Snapshot.Hosts[0];
        var device = run.Device("eth0");
        var tx = device.Queues[1];
        Assert.InRange(tx.InFlight, 1, tx.Limit + (46 * 1514)); // and the large packet that passed it
        Assert.True(device.Qdiscs[0].BacklogPackets is > 0 and <= 8 * 90, $"{device.Qdiscs[0]}"); // small queues admit two bursts of 64 KiB of each connection near by
        Assert.All(host.TcpSockets.Where(s => s.State == "ESTAB"), s => Assert.InRange(s.SendQ, 1, 4 << 20));
        Assert.Equal(0, run.Snapshot.Conservation.Dropped - run.Dropped(SkbDropReason.FQ_FLOW_LIMIT));
        var (_, read) = Bytes(run);
        Assert.InRange(read * 8 / 3.0, 8e6, 9.7e6); // and the wire is full
    }

    private static (int Sent, int Read) Bytes(Running run) =>
        ((int)run.Snapshot.Hosts[0].TcpTasks.Sum(t => t.BytesSent), (int)run.Snapshot.Hosts[1].TcpTasks.Sum(t => t.BytesReceived));
}
