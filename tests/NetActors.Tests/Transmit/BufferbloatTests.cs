using NetActors.Tests.Hosts;
using NetActors.Tests.Qdisc;

namespace NetActors.Tests.Transmit;

/// <summary>
/// Latency under load. Target: by what the CoDel literature reports, an order of magnitude below a long FIFO, with the delay of a sparse flow
/// near the time of a few packets (RFC 8290 section 1; RFC 8289 section 4.4: 5 ms).
/// </summary>
public sealed class BufferbloatTests
{
    [Fact]
    public void Fq_codel_takes_the_wait_under_load_down_by_an_order_of_magnitude()
    {
        var (fifo, fifoBits) = Loaded("qdisc add dev eth0 root pfifo limit 1000");
        var (fair, fairBits) = Loaded("qdisc add dev eth0 root fq_codel");
        Assert.True(fifo > 100_000_000, $"pfifo {fifo} ns"); // a bloated buffer
        Assert.InRange(fair, 0, 15_000_000); // 2 ms of wire, and frames of 1.2 ms on ring and card that no qdisc can overtake
        Assert.True(fifo > 10 * fair, $"pfifo {fifo} ns, fq_codel {fair} ns");
        Assert.InRange(fairBits, fifoBits * 0.95, fifoBits * 1.05); // and for no throughput
    }

    [Fact]
    public void Flows_through_fq_share_the_wire_with_a_jain_index_of_at_least_99_percent()
    {
        var (streams, sinks) = (new List<string>(), new List<string>());
        for (var i = 0; i < 4; i++)
        {
            streams.Add(Path.Stream($"s{i}", 5001 + i, $", congestion: {(i % 2 == 0 ? "cubic" : "reno")}"));
            sinks.Add(Path.StreamSink($"r{i}", 5001 + i));
        }

        using var run = new Running(Path.Yaml("qdisc add dev eth0 root fq", string.Join(", ", streams), string.Join(", ", sinks), "rate: 20Mbit, delay: 5ms"));
        run.Until(2_000_000);
        var before = Read(run);
        run.Until(12_000_000);
        var shares = Read(run).Zip(before, (a, b) => (double)(a - b)).ToArray();
        Assert.True(FqTests.Jain(shares) >= 0.99, string.Join(' ', shares));
    }

    private static (long Ping, double Bits) Loaded(string tc)
    {
        using var run = new Running(Path.Yaml(
            tc, Path.Stream("streams", 5001, ", threads: 40") + """, { name: ping, program: ping, destination: 10.0.0.1, interval: 50ms, start: 2s }""",
            Path.StreamSink("sink", 5001, ", threads: 2"), "rate: 10Mbit, delay: 1ms"));
        run.Until(2_000_000);
        var before = run.Snapshot.Hosts[1].TcpTasks.Sum(t => t.BytesReceived);
        run.Until(12_000_000);
        return (run.Snapshot.Latency.Single(l => l.Count is > 0 and < 1000).P50Ns, (run.Snapshot.Hosts[1].TcpTasks.Sum(t => t.BytesReceived) - before) * 8 / 10.0);
    }

    private static long[] Read(Running run) => [.. run.Snapshot.Hosts[1].TcpTasks.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => t.BytesReceived)];
}
