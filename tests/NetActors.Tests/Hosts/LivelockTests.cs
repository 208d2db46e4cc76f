namespace NetActors.Tests.Hosts;

/// <summary>
/// Load against throughput with and without polling: what Mogul and Ramakrishnan measured ("Eliminating receive livelock in an
/// interrupt-driven kernel", 1996), and NAPI's mitigation (specification sections 2 to 4).
/// </summary>
public sealed class LivelockTests
{
    private const double Seconds = 0.03;

    private static (double Delivered, double InterruptsPerPacket) Run(string driver, double mpps)
    {
        using var run = new Running($$"""
            duration: 1s
            cost-model: bdw6-2018
            hosts:
              server:
                cpus: 2
                devices:
                  eth0: { addresses: [10.0.0.1/24], mac: "02:00:00:00:00:01", speed: 100Gbit, queues: 1, driver: {{driver}}, coalesce: { rx-usecs: 0, rx-frames: 1 }, smp_affinity_list: { eth0-TxRx-0: "0" } }
                tasks: [ { name: sink, program: udp-sink, bind: "0.0.0.0:9000", cpus: "1", batch: 64 } ]
            traffic:
              - { name: flood, to: server.eth0, kind: udp-flood, rate: {{(long)(mpps * 1e6)}}pps, arrival: poisson, size: 64, source: 10.0.0.2/32, source-ports: 1024, destination: "10.0.0.1:9000" }
            """);
        run.Until((long)(Seconds * 1e6));
        var queue = run.Device("eth0").Queues[0];
        return (run.Socket("sink").Delivered / Seconds / 1e6, (double)queue.Interrupts / Math.Max(1, queue.Packets));
    }

    [Fact]
    public void With_napi_each_packet_interrupts_at_light_load_none_at_saturation_and_throughput_stays()
    {
        var light = Run("napi", 0.02);
        Assert.InRange(light.InterruptsPerPacket, 0.9, 1);
        var (half, full, double_, fourfold) = (Run("napi", 0.8), Run("napi", 3.6), Run("napi", 7.2), Run("napi", 14.4));
        Assert.InRange(half.InterruptsPerPacket, 0.01, 0.9); // the more load, the fewer
        Assert.InRange(double_.InterruptsPerPacket, 0, 0.001);
        Assert.InRange(double_.Delivered / full.Delivered, 0.98, 1.02);
        Assert.InRange(fourfold.Delivered / double_.Delivered, 0.98, 1.02); // flat beyond saturation
    }

    [Fact]
    public void Without_it_throughput_falls_with_the_load_until_nothing_is_delivered()
    {
        double[] loads = [0.5, 1, 2, 4, 10];
        var delivered = loads.Select(load => Run("netif_rx", load).Delivered).ToArray();
        Assert.InRange(delivered[0] / loads[0], 0.95, 1.02); // what it can bear it delivers
        var peak = delivered.Max();
        Assert.True(delivered[3] < 0.7 * peak, $"{string.Join(", ", delivered)} Mpps");
        Assert.True(delivered[4] < 0.1 * peak, $"{string.Join(", ", delivered)} Mpps"); // livelock
    }
}
