using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Attach.Tests.Simulations;

/// <summary>Real traffic into an emulated host: every packet is delivered, or its drop counted.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string> Captures => CaptureFiles.All;

    [Theory]
    [MemberData(nameof(Captures))]
    public void Every_packet_of_a_capture_is_accounted_for_in_virtual_time(string name)
    {
        var (snapshot, frames) = Replay(name, ClockKind.Virtual, ReplayOptions.Default);
        Check(snapshot, frames);
        Assert.True(snapshot.DurationNs > 1_000_000_000);
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Every_packet_of_a_capture_is_accounted_for_on_the_machines_clock(string name)
    {
        var (snapshot, frames) = Replay(name, ClockKind.Real, new ReplayOptions { Timing = ReplayTiming.Scaled, Speed = 200 });
        Check(snapshot, frames);
    }

    [Fact]
    public void Datagrams_reach_the_program_that_has_their_port_and_others_are_refused()
    {
        var (snapshot, _) = Replay(CaptureFiles.Mixed, ClockKind.Virtual, new ReplayOptions { InterfaceIndex = 1 });
        var host = snapshot.Hosts[0];
        Assert.Equal(6, host.Sockets.Sum(s => s.Delivered)); // 192.0.2.1 to port 47001: five at once, and one
        Assert.Equal(5, host.Mib[UdpMib.NoPorts]);
        Assert.True(host.Mib[IcmpMib.OutDestUnreachs] > 0);
    }

    private static void Check(SimulationSnapshot snapshot, long frames)
    {
        Assert.True(frames > 0);
        Assert.Equal(frames, snapshot.Traffic[0].Sent);
        Assert.Equal(0, snapshot.Conservation.Missing);
        Assert.Equal(0, snapshot.Conservation.InFlight);
        Assert.True(snapshot.Conservation.Sent >= frames);
    }

    /// <summary>Plays a capture to the server of the committed captures until it is idle again.</summary>
    private static (SimulationSnapshot Snapshot, long Frames) Replay(string name, ClockKind clock, ReplayOptions options)
    {
        using var source = new CaptureSource(CaptureReader.Open(CaptureFiles.PathOf(name)), options);
        var scenario = Files.Text($$"""
            duration: 60s
            hosts:
              server:
                cpus: 2
                sysctl: { net.ipv4.ipfrag_time: 1 }
                devices:
                  eth0: { mac: "02:00:00:00:02:02", addresses: [198.51.100.2/24], queues: 2, promisc: on, coalesce: { rx-usecs: 20, rx-frames: 0 } }
                routes: [ "default via 198.51.100.1 dev eth0" ]
                neighbours: [ "198.51.100.1 lladdr 02:00:00:00:02:fe dev eth0" ]
                tasks:
                  - { name: sink, program: udp-sink, bind: "0.0.0.0:47001" }
            traffic:
              - { name: capture, to: server.eth0, kind: replay, file: "{{CaptureFiles.PathOf(name)}}" }
            """);
        using var simulation = Simulation.Start(
            scenario, new SimulationOptions { Clock = clock, OpenReplay = _ => source });
        simulation.RunUntil(KernelTime.FromMilliseconds(clock == ClockKind.Real ? 80 : 15_000)); // as long as the captures last
        var snapshot = simulation.Snapshot();
        for (var i = 0; i < 100 && (!source.NextArrival.IsNever || snapshot.Conservation.InFlight != 0 || simulation.OutstandingPackets != 0); i++)
        {
            simulation.RunUntil(simulation.Now + KernelTime.FromMilliseconds(100));
            snapshot = simulation.Snapshot();
        }

        Assert.Equal(0, simulation.OutstandingPackets);
        Assert.Equal([], simulation.Failures);
        Assert.Equal(0, source.Outstanding);
        Assert.True(source.Fault.IsNone);
        Assert.True(source.NextArrival.IsNever);
        return (snapshot, source.Sent);
    }
}
