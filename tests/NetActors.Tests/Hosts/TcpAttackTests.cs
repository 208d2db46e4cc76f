using NetActors.Headers;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Tests.Apps.Streams;
using NetActors.Time;
using Xunit.Abstractions;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Hosts;

/// <summary>What strangers cannot do to a whole host that serves others meanwhile.</summary>
[Collection(MachineCollection.Name)] // it looks at the memory of the whole process
public sealed class TcpAttackTests(ITestOutputHelper output)
{
    private const string FloodYaml = """
        duration: 100s
        cost-model: none
        hosts:
          client:
            cpus: 2
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 2 } }
            tasks:
              - { name: visitors, program: tcp-crr, connections: 8, think: 5ms, start: 100ms, stop: 1s, connect: "10.0.0.1:80", size: 100, response: 3000 }
          server:
            cpus: 8
            devices:
              eth0: { addresses: [10.0.0.1/24], queues: 2 }
              eth1: { addresses: [10.1.0.1/24], mac: "02:00:00:00:00:01", queues: 4 }
            routes: [ "default via 10.1.0.254 dev eth1" ]
            neighbours: [ "10.1.0.254 lladdr 02:00:00:00:00:fe dev eth1" ]
            tasks:
              - { name: web, program: tcp-server, threads: 4, bind: "0.0.0.0:80", exclusive: on, stop: 2s }
        wires:
          - { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 50us }
        """;

    /// <summary>
    /// Kernel: <c>tcp_conn_request</c>, <c>cookie_v4_init_sequence</c>; net.ipv4.tcp_syncookies=1. A second of a million SYNs from addresses
    /// that nobody answers for fills the queue of half-open connections; from then on cookies carry what the queue would hold.
    /// </summary>
    [Fact]
    public void A_flood_of_a_million_syns_neither_keeps_clients_out_nor_takes_memory()
    {
        const long Count = 1_000_000;
        var random = new KernelRandom(5);
        var flood = new ForgedSegments(
            "10.1.0.1", 10_000, 1_000_000, Count, _ => new Forgery((198u << 24) | (18u << 16) | random.NextBelow(1 << 17), (ushort)(1024 + random.NextBelow(60_000)), 80, random.NextUInt32(), 0, TcpFlags.Syn));
        using var run = new Running(FloodYaml, forged: new Dictionary<string, IFrameSource> { ["server.eth1"] = flood });
        run.Until(90_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (halfOpen, packets) = (0, 0L);
        for (var ms = 100; ms <= 1020; ms += 20)
        {
            run.Until(ms * 1000L);
            halfOpen = Math.Max(halfOpen, run.Snapshot.Hosts[1].TcpSockets.Count(s => s.State == "SYN-RECV"));
            packets = Math.Max(packets, run.Simulation.OutstandingPackets);
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (mib, visitors) = (run.Snapshot.Hosts[1].Mib, StreamRun.Of(run, "visitors"));
        output.WriteLine($"{mib[LinuxMib.SyncookiesSent]} cookies, {halfOpen} half open, {packets} packets, {grown} bytes more; visitors made {visitors.Closed} connections");
        Assert.InRange(mib[LinuxMib.SyncookiesSent], Count * 9 / 10, Count + 2000);
        Assert.Equal((0, 0), (mib[LinuxMib.ListenOverflows], visitors.Failed));
        Assert.InRange(visitors.Closed, 8 * 130, 8 * 180); // 900 ms of a round of 5 ms and a little
        Assert.InRange(mib[LinuxMib.SyncookiesRecv], visitors.Closed * 9 / 10, visitors.Closed + 8);
        Assert.InRange(halfOpen, 100, 1100); // tcp_max_syn_backlog
        Assert.InRange(packets, 0, 20_000);
        Assert.InRange(grown, long.MinValue, 8_000_000);
        run.Until(90_000_000); // half-open ones have given up
        Assert.Equal(0, run.Snapshot.Hosts[1].TcpSockets.Count(s => s.State == "SYN-RECV"));
        Assert.Equal(0, run.Simulation.OutstandingPackets);
    }

    private const string StreamYaml = """
        duration: 100s
        cost-model: none
        hosts:
          client:
            devices: { eth0: { addresses: [10.0.0.2/24], mac: "02:00:00:00:00:02", queues: 1 } }
            sysctl: { net.ipv4.ip_local_port_range: "40000 40003" }
            tasks:
              - { name: bulk, program: tcp-stream, connections: 2, connect: "10.0.0.1:80", bytes: 20000000B }
          server:
            devices: { eth0: { addresses: [10.0.0.1/24], mac: "02:00:00:00:00:01", queues: 1 } }
            tasks:
              - { name: sink, program: tcp-server, bind: "0.0.0.0:80", does: discard }
        wires:
          - { between: [client.eth0, server.eth0], rate: 100Mbit, delay: 5ms }
        """;

    /// <summary>
    /// RFC 5961: who guesses ports but not the sequence number sends a RST, a SYN or data all over the space; each that falls into the window
    /// by luck is challenged, and nothing of it is believed.
    /// </summary>
    [Theory]
    [InlineData(TcpFlags.Rst, 0)]
    [InlineData(TcpFlags.Rst | TcpFlags.Ack, 0)]
    [InlineData(TcpFlags.Syn, 0)]
    [InlineData(TcpFlags.Syn | TcpFlags.Ack, 0)]
    [InlineData(TcpFlags.Ack, 100)]
    [InlineData(TcpFlags.Ack | TcpFlags.Fin, 0)]
    public void Blind_segments_neither_end_nor_change_a_strangers_stream(TcpFlags flags, int payload)
    {
        var random = new KernelRandom(6);
        var forged = new ForgedSegments(
            "10.0.0.1", 100_000, 100_000, 100_000,
            i => new Forgery(0x0A00_0002, (ushort)(40000 + random.NextBelow(4)), 80, (uint)(i * 43_000), random.NextUInt32(), flags, payload)); // each step less than a window
        var audit = new StreamAudit();
        using var run = new Running(StreamYaml, prepare: audit.Attach, forged: new Dictionary<string, IFrameSource> { ["server.eth0"] = forged });
        run.Until(10_000_000);
        var (faults, cut) = audit.Check();
        Assert.Empty(faults);
        Assert.Equal(0, cut);
        Assert.Equal(20_000_000 * 2, StreamRun.Of(run, "sink").BytesReceived);
        var mib = run.Snapshot.Hosts[1].Mib;
        output.WriteLine($"challenges {mib[LinuxMib.TCPChallengeACK]}, of SYNs {mib[LinuxMib.TCPSYNChallenge]}, skipped {mib[LinuxMib.TCPACKSkippedSeq]} {mib[LinuxMib.TCPACKSkippedChallenge]}, PAWS {mib[LinuxMib.PAWSEstab]}");
        Assert.Equal(0, mib[TcpMib.EstabResets]);
        if ((flags & TcpFlags.Syn) != 0) Assert.True(mib[LinuxMib.TCPSYNChallenge] > 0);
        else if ((flags & TcpFlags.Rst) != 0) Assert.True(mib[LinuxMib.TCPChallengeACK] + mib[LinuxMib.TCPACKSkippedChallenge] > 0);
    }
}
