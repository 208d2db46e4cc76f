using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Receive flow steering on a whole host (specification sections 6.1 to 6.3, 13 item 9; the live observations included).</summary>
public sealed class RfsTests
{
    private const string Table = "net.core.rps_sock_flow_entries: 1024";
    private const string Flows = "queues: 1, queues-sysfs: { rx-0: { rps_flow_cnt: 256 } }";

    [Theory]
    [InlineData(true, true, true)] // both tables, rps_cpus is not required
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Connected_udp_receiver_gets_its_packets_on_its_cpu_with_both_tables_only(bool global, bool queue, bool follows) // 6.1, live
    {
        using var run = Rpc("6.x", global ? Table : "", queue ? Flows : "queues: 1");
        run.Until(50_000);
        var client = Run.Cpus(run, 0);
        Assert.InRange(client[0] + client[3], 450, 520);
        Assert.Equal(follows, client[3] > 440); // all but the first, which came before any recvmsg knew its hash
        Assert.Equal(!follows, client[3] == 0);
        Assert.Equal(follows ? 3 : 0, run.Socket("ask").Endpoint.IncomingCpu); // 11.1: where the last datagram was handled
    }

    [Theory]
    [InlineData("6.x")]
    [InlineData("3.10")]
    public void Unconnected_udp_receiver_gets_nothing_of_it(string kernel) // 6.2, live
    {
        using var run = new Running(Yaml.Server(
            cpus: 4, sysctl: Table, device: Flows, tasks: Yaml.Sink("batch: 1, cpus: \"3\""), traffic: Yaml.Flood("10kpps", ", stop: 20ms"), top: $"kernel: \"{kernel}\""));
        run.Until(30_000);
        Assert.Equal([200, 0, 0, 0], Run.Cpus(run, 0));
    }

    [Fact]
    public void Tcp_flow_follows_its_reader_and_RPS_serves_it_until_it_has_read() // 6.2, 6.3
    {
        using var run = Tcp("6.x", Table, "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"2\", rps_flow_cnt: 256 } }");
        run.Until(50_000);
        var server = Run.Cpus(run, 1);
        Assert.InRange(server[1], 1, 4); // the handshake: nobody had called the connection's socket
        Assert.True(server[3] > 400, $"{string.Join(' ', server)}");
        Assert.InRange(server[0] + server[2], 0, 1); // ARP
    }

    [Fact]
    public void V310_steers_tcp_too()
    {
        using var run = Tcp("3.10", Table, Flows);
        run.Until(50_000);
        Assert.True(Run.Cpus(run, 1)[3] > 400);
    }

    [Fact]
    public void Target_that_is_the_own_cpu_still_takes_the_backlog() // 6.3
    {
        using var run = Tcp("6.x", Table, "queues: 1, smp_affinity_list: { eth0-TxRx-0: \"3\" }, queues-sysfs: { rx-0: { rps_flow_cnt: 256 } }");
        run.Until(50_000);
        var cpu = run.Plan.Hosts[1].Cpus[3];
        Assert.True(cpu.Softnet.InputQueueTail > 400);
        Assert.Equal(0u, cpu.Softnet.ReceivedRps);
    }

    [Fact]
    public void Closed_connection_leaves_no_entry_in_6x() // 6.2: deleted at unhash
    {
        using var run = Tcp("6.x", Table, Flows, "bytes: 1MiB", "tcp-stream", "does: discard");
        var table = run.Plan.Hosts[1].Stack.Rps.SockFlows!;
        run.Until(1000);
        Assert.Equal(1, table.CountInUse());
        run.Until(100_000);
        Assert.Equal(0, table.CountInUse());
    }

    [Theory]
    [InlineData("3.10", 1)]
    [InlineData("6.x", 64)]
    public void Head_moves_behind_each_packet_in_3_10_and_at_the_end_of_the_poll_in_6x(string kernel, int step) // 6.3
    {
        var heads = new Heads();
        using var run = new Running(
            Yaml.Server(
                cpus: 2, device: "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"2\" } }", traffic: Yaml.Flood("1Mpps", ", burst: 200, stop: 190us"),
                top: $"kernel: \"{kernel}\""),
            CostModel.Zero.With(CostOp.NetifReceiveSkb, 10_000), trace: heads, prepare: plan => heads.Cpu = plan.Hosts[0].Cpus[1]);
        run.Until(20_000);
        Assert.Equal(step, heads.Seen.Distinct().Zip(heads.Seen.Distinct().Skip(1), (a, b) => (int)(b - a)).Max());
        Assert.Equal(run.Cpu(1).Softnet.Processed, run.Host.Cpus[1].Softnet.InputQueueHead);
    }

    /// <summary>Notes the head of a CPU's backlog whenever that CPU takes a packet.</summary>
    private sealed class Heads : ITraceSink
    {
        public HostCpu Cpu { get; set; } = null!;

        public List<uint> Seen { get; } = [];

        public void Emit(in TraceEvent e)
        {
            if (e.Point == TracePoint.netif_receive_skb) Seen.Add(Cpu.Softnet.InputQueueHead);
        }
    }

    private static Running Rpc(string kernel, string sysctl, string device) => new(
        $$"""
        duration: 1s
        cost-model: none
        kernel: "{{kernel}}"
        hosts:
          client:
            cpus: 4
            sysctl: { {{sysctl}} }
            devices: { eth0: { addresses: [10.0.0.2/24], coalesce: { rx-usecs: 0, rx-frames: 1 }, {{device}} } }
            tasks: [ { name: ask, program: udp-closed-loop, connect: "10.0.0.1:9000", outstanding: 1, cpus: "3" } ]
          server:
            cpus: 1
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 1, coalesce: { rx-usecs: 0, rx-frames: 1 } } }
            tasks: [ { name: echo, program: udp-echo, bind: "0.0.0.0:9000" } ]
        wires: [ { between: [client.eth0, server.eth0], delay: 50us } ]
        """);

    private static Running Tcp(string kernel, string sysctl, string device, string more = "connections: 1", string client = "tcp-rr", string serving = "does: answer") => new(
        $$"""
        duration: 1s
        cost-model: none
        kernel: "{{kernel}}"
        hosts:
          client:
            cpus: 1
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 1, coalesce: { rx-usecs: 0, rx-frames: 1 } } }
            tasks: [ { name: ask, program: {{client}}, connect: "10.0.0.1:9000", {{more}} } ]
          server:
            cpus: 4
            sysctl: { {{sysctl}} }
            devices: { eth0: { addresses: [10.0.0.1/24], coalesce: { rx-usecs: 0, rx-frames: 1 }, {{device}} } }
            tasks: [ { name: answer, program: tcp-server, bind: "0.0.0.0:9000", cpus: "3", {{serving}} } ]
        wires: [ { between: [client.eth0, server.eth0], delay: 50us } ]
        """);

    private static class Run
    {
        public static List<long> Cpus(Running run, int host) => [.. run.Snapshot.Hosts[host].Cpus.Select(c => c.Softnet.Processed)];
    }
}
