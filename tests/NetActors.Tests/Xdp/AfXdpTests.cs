using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Hosts;
using NetActors.Tests.Simulations;
using NetActors.Xdp;

namespace NetActors.Tests.Xdp;

/// <summary>AF_XDP sockets and the programs over them (kernel: net/xdp/xsk.c).</summary>
public sealed class AfXdpTests
{
    private static readonly CostModel Costs = CostModel.Zero.With(CostOp.XdpReceive, 10).With(CostOp.XdpRedirect, 10).With(CostOp.XskReceive, 10).With(CostOp.XskDescriptor, 5)
        .With(CostOp.SyscallEntry, 100).With(CostOp.SyscallExit, 100).With(CostOp.XdpTx, 30).With(CostOp.NapiPollEntry, 20).With(CostOp.HardIrqEntry, 200);

    private static string Task(string more) => $$"""{ name: app, program: af-xdp, device: eth0, cpus: "1", {{more}} }""";

    private static Running Run(string task, string rate = "1Mpps", long packets = 500, CostModel? costs = null, string xdp = "program: xsk", string more = "") => new(
        Yaml.Server(cpus: 2, device: $"queues: 1, xdp: {{ {xdp} }} {more}", tasks: Task(task) + ", " + Yaml.Sink("cpus: \"0\""), traffic: Yaml.Flood(rate, $", stop: {packets}us")), costs ?? Costs);

    private static XdpSocketSnapshot Socket(Running run) => run.Snapshot.Hosts[0].XdpSockets.Single();

    private static BypassTaskSnapshot App(Running run) => run.Snapshot.Hosts[0].BypassTasks.Single();

    public static TheoryData<string, string> Modes => new() { { "copy", "poll" }, { "copy", "spin" }, { "zero-copy", "poll" }, { "zero-copy", "spin" } };

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_program_reads_what_the_card_receives_and_the_stack_sees_nothing(string mode, string wait)
    {
        using var run = Run($"mode: {mode}, wait: {wait}, stop: 5ms");
        run.Until(10_000);
        Assert.Equal((500L, 500L, 0L), (App(run).Handled, Socket(run).Received, run.Cpu(0).Packets));
        Assert.Equal(0, run.Socket("sink").Delivered);
        Balances.Check(run.Simulation, idle: true);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void An_echo_sends_every_datagram_back_and_has_its_frames_again(string mode, string wait)
    {
        using var run = Run($"mode: {mode}, wait: {wait}, action: echo, frames: 64, fill-ring: 64, stop: 5ms");
        run.Until(10_000);
        Assert.Equal((500L, 500L, 500L), (App(run).Handled, Socket(run).Sent, run.Device("eth0").Stats.TxPackets));
        Assert.Equal((0L, 0L), (Socket(run).RxDropped, App(run).TxDropped));
        Balances.Check(run.Simulation, idle: true);
    }

    [Fact]
    public void The_answers_bytes_are_right_on_the_wire()
    {
        using var run = new Running(
            """
            duration: 1s
            cost-model: none
            hosts:
              client:
                devices: { eth0: { addresses: [10.0.0.2/24], mac: "02:00:00:00:00:02", queues: 1 } }
                tasks: [ { name: ask, program: udp-closed-loop, connect: "10.0.0.1:9000", size: 700, timeout: 5ms } ]
              server:
                cpus: 2
                devices: { eth0: { addresses: [10.0.0.1/24], mac: "02:00:00:00:00:01", queues: 1, xdp: { program: xsk, port: 9000 } } }
                tasks: [ { name: app, program: af-xdp, device: eth0, action: echo, port: 9000, mode: zero-copy } ]
            wires: [ { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 1us } ]
            """);
        run.Until(10_000);
        var mib = run.Snapshot.Hosts[0].Mib;
        Assert.True(mib[UdpMib.InDatagrams] > 50, $"{mib[UdpMib.InDatagrams]} answers"); // ARP went through the stack: the program is for port 9000
        Assert.Equal(0, mib[UdpMib.InCsumErrors] + mib[IpExtMib.InCsumErrors]);
        Assert.InRange(mib[UdpMib.OutDatagrams] - mib[UdpMib.InDatagrams], 0, 1);
    }

    [Fact]
    public void A_program_that_sleeps_is_woken_once_a_poll_and_one_that_spins_never()
    {
        using var sleeper = Run("wait: poll", rate: "10kpps", packets: 10_000);
        using var spinner = Run("wait: spin", rate: "10kpps", packets: 10_000);
        sleeper.Until(10_500);
        spinner.Until(10_500);
        Assert.Equal((100L, 100L), (App(sleeper).Handled, App(spinner).Handled));
        Assert.InRange(App(sleeper).Calls, 100, 102);
        Assert.Equal(0, App(spinner).Calls);
        Assert.True(sleeper.Cpu(1).IdleNs > 10_000_000, $"{sleeper.Cpu(1).IdleNs} ns idle");
        Assert.Equal(0, spinner.Cpu(1).IdleNs);
        Assert.InRange(spinner.Cpu(1).UserNs, 10_400_000, 10_600_000);
    }

    [Fact]
    public void Without_frames_to_receive_into_the_driver_drops_and_counts_by_name()
    {
        using var copy = Run("frames: 64, fill-ring: 64, service: 100us, stop: 100ms"); // the program falls behind
        copy.Until(5_000);
        var socket = Socket(copy);
        Assert.True(socket.RxDropped > 0);
        Assert.Equal(socket.RxDropped, socket.RxFillRingEmptyDescs);
        Assert.Equal(500, socket.Received + socket.RxDropped);
        Assert.Equal(socket.RxDropped, copy.Dropped(SkbDropReason.XDP));

        using var zeroCopy = Run("mode: zero-copy, frames: 64, fill-ring: 64, service: 100us, stop: 100ms", more: ", pause: { tx: off }");
        zeroCopy.Until(200_000);
        socket = Socket(zeroCopy);
        Assert.True(socket.RxFillRingEmptyDescs > 0);
        Assert.Equal(0, socket.RxDropped); // they wait at the card, or are lost there
        Assert.Equal(500, socket.Received + zeroCopy.Snapshot.Hosts[0].Drops.Sum(d => d.Count));
    }

    [Fact]
    public void A_full_receive_ring_drops_by_its_name()
    {
        using var run = Run("rx-ring: 16, service: 100us, stop: 100ms");
        run.Until(5_000);
        Assert.True(Socket(run).RxRingFull > 0);
        Assert.Equal(500, Socket(run).Received + Socket(run).RxRingFull);
    }

    [Fact]
    public void A_copied_echo_sends_at_most_32_frames_a_call_and_a_zero_copy_one_wakes_the_driver()
    {
        using var copy = Run("action: echo, wait: spin, batch: 256, stop: 5ms");
        copy.Until(10_000);
        Assert.True(App(copy).Calls >= 500 / 32);
        using var zeroCopy = Run("mode: zero-copy, action: echo, wait: spin, stop: 5ms");
        zeroCopy.Until(10_000);
        Assert.True(App(zeroCopy).Calls > 0);
        Assert.True(zeroCopy.Cpu(0).SystemNs + zeroCopy.Cpu(1).SystemNs < copy.Cpu(1).SystemNs + 1_000_000);
    }

    [Fact]
    public void Descriptors_of_a_bad_program_are_counted_and_come_to_nothing()
    {
        using var run = Run("action: echo, frames: 64, fill-ring: 128, stop: 5ms", packets: 100);
        var socket = run.Host.Nics[0].Xsks[0]!;
        foreach (var bad in (ReadOnlySpan<XdpDescriptor>)[new(-5, 60), new(int.MaxValue, 60), new(4096 * 64, 60), new(4000, 200), new(0, 0), new(0, -1)]) socket.Tx.TryWrite(bad);
        socket.Tx.Submit(NetActors.Time.KernelTime.Zero);
        socket.Umem.Fill.TryWrite(new XdpDescriptor(-1, 0));
        socket.Umem.Fill.TryWrite(new XdpDescriptor(int.MaxValue, 0));
        socket.Umem.Fill.Submit(NetActors.Time.KernelTime.Zero);
        run.Until(10_000);
        Assert.Equal((6L, 2L), (Socket(run).TxInvalidDescs, Socket(run).RxInvalidDescs));
        Assert.Equal((100L, 100L), (Socket(run).Received, Socket(run).Sent));
    }

    [Theory]
    [InlineData("device: eth0, mode: zero-copy", "xdp: { mode: generic, program: xsk }", "needs native XDP")]
    [InlineData("device: eth1", "xdp: { program: xsk }", "no device `eth1`")]
    [InlineData("device: eth0", "xdp: { program: drop }", "needs `xdp: { program: xsk }`")]
    [InlineData("device: eth0, threads: 2", "xdp: { program: xsk }", "has 1 queue(s)")]
    [InlineData("device: eth0, mode: zero-copy, frame-size: 2048", "mtu: 3000, xdp: { program: xsk }", "do not fit")]
    [InlineData("device: eth0, rx-ring: 1000", "xdp: { program: xsk }", "no power of two")]
    public void What_bind_would_refuse_is_refused(string task, string device, string why)
    {
        var read = ScenarioReader.ReadText(Yaml.Server(device: $"queues: 1, {device}", tasks: $$"""{ name: app, program: af-xdp, {{task}} }"""), "t.yaml");
        Assert.Contains(why, string.Join('\n', read.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_queue_has_one_socket()
    {
        var two = """{ name: a, program: af-xdp, device: eth0 }, { name: b, program: af-xdp, device: eth0 }""";
        Assert.Contains("EBUSY", string.Join('\n', ScenarioReader.ReadText(Yaml.Server(device: "queues: 1, xdp: { program: xsk }", tasks: two), "t.yaml").Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Generic_mode_copies_out_of_the_sk_buff()
    {
        using var run = Run("action: echo, stop: 5ms", xdp: "mode: generic, program: xsk", packets: 100);
        run.Until(10_000);
        Assert.Equal((100L, 100L), (App(run).Handled, run.Device("eth0").Stats.TxPackets));
    }
}
