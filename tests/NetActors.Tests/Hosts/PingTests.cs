using NetActors.Apps;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>The program ping, and generated traffic other than plain UDP.</summary>
public sealed class PingTests
{
    [Fact]
    public void Ping_asks_its_count_and_measures_the_round_trip()
    {
        using var run = new Running(Yaml.Pair("""{ name: ping, program: ping, destination: 10.0.0.1, interval: 1ms, count: 10 }"""));
        run.Until(100_000);
        var program = (PingProgram)run.Host.Tasks[0].Program;
        Assert.Equal((10, 10), (program.Asked, program.Answered));
        var latency = run.Snapshot.Latency.Single();
        Assert.Equal(10, latency.Count);
        Assert.InRange(latency.P50Ns, 10_000, 12_000); // 5 us each way
        Assert.InRange(latency.MaxNs, 20_000, 24_000); // the first waits for ARP
        Assert.Equal((10, 10), (run.Mib[IcmpMib.OutEchos], run.Mib[IcmpMib.InEchoReps]));
        Assert.Equal(NetActors.Execution.TaskState.Dead, run.Host.Tasks[0].Entity.State);
    }

    [Fact]
    public void Ping_above_the_mtu_is_cut_and_answered_in_pieces()
    {
        using var run = new Running(Yaml.Pair("""{ name: ping, program: ping, destination: 10.0.0.1, interval: 1ms, count: 3, size: 20000 }"""));
        run.Until(100_000);
        Assert.Equal(3, ((PingProgram)run.Host.Tasks[0].Program).Answered);
        Assert.Equal((3, 3), (run.Mib[IpMib.ReasmOKs], run.Snapshot.Hosts[1].Mib[IpMib.ReasmOKs]));
    }

    [Fact]
    public void Ping_without_answers_ends_at_its_time()
    {
        using var run = new Running(Yaml.Pair("""{ name: ping, program: ping, destination: 10.0.0.9, interval: 1ms, count: 3, stop: 20ms }"""));
        run.Until(50_000);
        Assert.Equal(0, ((PingProgram)run.Host.Tasks[0].Program).Answered);
        Assert.Equal(NetActors.Execution.TaskState.Dead, run.Host.Tasks[0].Entity.State);
    }

    [Fact]
    public void Two_pings_of_a_host_get_their_own_answers()
    {
        using var run = new Running(Yaml.Pair(
            """{ name: one, program: ping, destination: 10.0.0.1, interval: 1ms, count: 5 }, { name: two, program: ping, destination: 10.0.0.1, interval: 1ms, count: 7 }"""));
        run.Until(100_000);
        Assert.Equal([5L, 7L], run.Host.Tasks.Select(t => ((PingProgram)t.Program).Answered));
    }

    [Fact]
    public void Ping_of_the_own_host_goes_over_loopback()
    {
        using var run = new Running(Yaml.Server(tasks: """{ name: ping, program: ping, destination: 127.0.0.1, interval: 1ms, count: 10 }"""));
        run.Until(100_000);
        Assert.Equal(10, ((PingProgram)run.Host.Tasks[0].Program).Answered);
        Assert.Equal(20, run.Device("lo").Stats.RxPackets);
    }

    [Fact]
    public void Icmp_flood_asks_from_many_addresses_and_each_is_answered()
    {
        using var run = new Running(Yaml.Server(
            traffic: """{ name: flood, to: server.eth0, kind: icmp-flood, rate: 10kpps, arrival: constant, flows: 20, source: 10.0.0.128/25, destination: 10.0.0.1, stop: 100ms }"""));
        run.Until(1000_000);
        Assert.Equal((1000, 1000), (run.Mib[IcmpMib.InEchos], run.Mib[IcmpMib.OutEchoReps]));
    }

    [Fact]
    public void Generated_traffic_may_carry_a_vlan_tag()
    {
        using var run = new Running(Yaml.Server(traffic: Yaml.Flood("10kpps", ", stop: 10ms, vlan: 5")), capture: true);
        run.Until(20_000);
        Assert.Equal(100, run.Dropped(NetActors.Buffers.SkbDropReason.OTHERHOST)); // no VLAN device has the tag
        Assert.Equal(60, run.Captured.Frames[0].Frame.Length); // the card took the tag off
    }
}
