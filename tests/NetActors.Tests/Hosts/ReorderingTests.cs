using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tests.Hosts;

/// <summary>
/// Order within a flow while its steering changes (specification sections 1.5 and 6.3). Four CPUs, streams on queue 0, and a flood that keeps
/// the backlog of CPU 1 long, so that a packet sent elsewhere too early overtakes.
/// </summary>
public sealed class ReorderingTests
{
    private const string Rfs = "{ rps_flow_cnt: 4096 }";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void RFS_never_reorders_however_tasks_migrate(ulong seed) // 6.3
    {
        using var run = Streams(Rfs, "net.core.rps_sock_flow_entries: 4096", seed);
        var random = KernelRandom.For(seed, "migrations");
        run.Until(3_000); // what came before the first recvmsg is not protected
        var early = run.Snapshot.Hosts[1].Mib[LinuxMib.TCPOFOQueue];
        for (var at = 3_000; at < 25_000; at += 50 + (int)(random.NextUInt32() % 400))
        {
            run.Until(at);
            run.Simulation.Set("server", $"taskset -cp sink/{random.NextUInt32() % 3}", $"{random.NextUInt32() % 4}");
        }

        Assert.Equal(early, run.Snapshot.Hosts[1].Mib[LinuxMib.TCPOFOQueue]);
        Assert.All(run.Snapshot.Hosts[1].Cpus, cpu => Assert.True(cpu.Softnet.Processed > 50)); // they did go round
    }

    [Fact]
    public void RPS_mask_changes_do_reorder_and_the_counter_shows_it() // 6.3: RPS has no last_qtail
    {
        using var run = Streams("{ rps_cpus: \"2\" }", "", 1);
        var mask = 2;
        for (var at = 3_000; at < 25_000; at += 300)
        {
            run.Until(at);
            Assert.Null(run.Simulation.Set("server", "/sys/class/net/eth0/queues/rx-0/rps_cpus", $"{mask ^= 6:x}"));
        }

        Assert.True(run.Snapshot.Hosts[1].Mib[LinuxMib.TCPOFOQueue] > 0);
    }

    [Fact]
    public void Unchanged_RPS_mask_does_not_reorder()
    {
        using var run = Streams("{ rps_cpus: \"2\" }", "", 1);
        run.Until(25_000);
        Assert.Equal(0, run.Snapshot.Hosts[1].Mib[LinuxMib.TCPOFOQueue]);
    }

    private static Running Streams(string queue, string sysctl, ulong seed) => new(
        $$"""
        duration: 30ms
        seed: {{seed}}
        hosts:
          client:
            cpus: 3
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 3, mac: "02:00:00:00:00:02", features: { tso: off, gso: off } } }
            tasks: [ { name: source, program: tcp-stream, threads: 3, pin: on, connect: "10.0.0.1:9000" } ]
          server:
            cpus: 4
            sysctl: { {{sysctl}} }
            devices:
              eth0:
                addresses: [10.0.0.1/24]
                mac: "02:00:00:00:00:01"
                queues: 2
                features: { gro: off, ntuple: on }
                arfs: { rules: 0 }
                ntuple: [ flow-type tcp4 action 0, flow-type udp4 action 1 ]
                smp_affinity_list: { eth0-TxRx-0: "0", eth0-TxRx-1: "0" }
                queues-sysfs: { rx-0: {{queue}}, rx-1: { rps_cpus: "2" } }
            tasks: [ { name: sink, program: tcp-server, does: discard, threads: 3, reuseport: on, bind: "0.0.0.0:9000", cpus: "2-3" } ]
        wires: [ { between: [client.eth0, server.eth0], rate: 2Gbit, delay: 5us } ]
        traffic: [ { name: flood, to: server.eth0, kind: udp-flood, rate: 400kpps, arrival: constant, burst: 64, size: 64, source: 10.0.0.3/32, source-ports: 1024, destination: "10.0.0.1:7" } ]
        """);
}
