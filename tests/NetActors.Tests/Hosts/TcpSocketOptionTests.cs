using NetActors.Buffers;
using NetActors.Sockets;

namespace NetActors.Tests.Hosts;

/// <summary>Options of level SOL_SOCKET that bound what a TCP socket takes and sends (socket(7)).</summary>
public sealed class TcpSocketOptionTests
{
    private const int SndBuf = 7, RcvBuf = 8, AttachFilter = 26, DetachFilter = 27, SndBufForce = 32, RcvBufForce = 33, LockFilter = 44, MaxPacingRate = 47;
    private static readonly byte[] Nothing = [6, 0, 0, 0, 0, 0, 0, 0]; // ret #0
    private static readonly byte[] Headers = [6, 0, 0, 0, 1, 0, 0, 0]; // ret #1: cut, but never into the header

    [Theory]
    [InlineData(RcvBuf, RcvBuf, 8_388_608)]
    [InlineData(RcvBufForce, RcvBuf, 20_000_000)]
    [InlineData(SndBuf, SndBuf, 8_388_608)]
    [InlineData(SndBufForce, SndBuf, 20_000_000)]
    public void A_buffer_that_is_forced_may_pass_the_limit_of_the_host(int set, int get, int expected)
    {
        TcpSteps fresh = null!, open = null!;
        using var run = new Running(Yaml.Pair(), prepare: plan =>
        {
            fresh = TcpSteps.AddTo(plan.Hosts[0], "fresh", p => p.Socket(), p => p.SetOption(set, 10_000_000), p => p.GetOption(get));
            open = TcpSteps.Client(plan.Hosts[0], p => p.SetOption(set, 10_000_000), p => p.GetOption(get));
            TcpSteps.Server(plan.Hosts[1]);
        });
        run.Until(100_000);
        Assert.Equal((expected, expected), (fresh.Value, open.Value));
    }

    /// <summary>tcp_filter: what the program refuses is dropped, what it cuts off never came.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_filter_keeps_data_away_from_its_socket(bool cuts)
    {
        TcpSteps server = null!;
        using var run = new Running(Yaml.Pair(), prepare: plan =>
        {
            server = TcpSteps.Server(plan.Hosts[1], p => p.SetOption(AttachFilter, cuts ? Headers : Nothing), p => p.Receive(100), p => p.GetOption(RcvBuf));
            TcpSteps.Client(plan.Hosts[0], p => p.Sleep(5), p => p.Send(100));
        });
        run.Until(3_000_000);
        Assert.False(server.IsDone);
        Assert.Equal(0, server.Value); // it waits in vain
        Assert.Equal(!cuts, run.Dropped(SkbDropReason.SOCKET_FILTER) > 2); // the segment, and it again
        Assert.True(run.Mib[NetActors.Observe.TcpMib.RetransSegs] > 2);
    }

    [Fact]
    public void A_listeners_filter_is_its_connections_too_and_may_be_locked()
    {
        TcpSteps server = null!, client = null!;
        using var run = new Running(Yaml.Pair(), prepare: plan =>
        {
            server = TcpSteps.AddTo(
                plan.Hosts[1], "server", p => p.Socket(), p => p.SetOption(AttachFilter, Headers), p => p.SetOption(LockFilter, 1), p => p.SetOption(DetachFilter, 0), p => p.Bind(9000),
                p => p.Listen(8), p => p.Accept(), p => p.SetOption(AttachFilter, Nothing), p => p.Receive(100), p => p.GetOption(RcvBuf));
            client = TcpSteps.Client(plan.Hosts[0], p => p.Send(100));
        });
        run.Until(1_000_000);
        Assert.Empty(client.Faults);
        Assert.Equal(["SetSockOpt: EPERM", "SetSockOpt: EPERM"], server.Faults);
        Assert.Equal(0, server.Value);
    }

    /// <summary>SO_MAX_PACING_RATE (socket(7), tc-fq(8)): TCP paces itself where no fq does it.</summary>
    [Theory]
    [InlineData(false, 0, 10)]
    [InlineData(true, 80, 110)]
    public void A_connection_sends_no_faster_than_its_pacing_rate(bool paced, int leastMs, int mostMs)
    {
        TcpSteps server = null!;
        using var run = new Running(Yaml.Pair(wire: "delay: 5us, rate: 1Gbit"), prepare: plan =>
        {
            server = TcpSteps.Server(plan.Hosts[1], p => p.Receive(100_000), p => p.GetOption(RcvBuf));
            TcpSteps.Client(plan.Hosts[0], p => p.SetOption(MaxPacingRate, paced ? 1_000_000 : -1), p => p.Send(100_000));
        });
        var ms = 0;
        for (; ms < 1000 && server.Value == 0; ms++) run.Until(ms * 1000);
        Assert.InRange(ms, leastMs, mostMs);
    }

    /// <summary>UDP is paced by fq, and by nothing else.</summary>
    [Theory]
    [InlineData("fq", 250, 300)]
    [InlineData("pfifo", 1000, 1000)]
    public void Fq_holds_a_udp_socket_to_its_pacing_rate(string qdisc, int least, int most)
    {
        const string Flood = """{ name: flood, program: packet-flood, destination: "10.0.0.1:9000", size: 958, rate: 1kpps, stop: 1s }"""; // frames of 1000 bytes
        var yaml = Transmit.Path.Yaml($"qdisc add dev eth0 root {qdisc}", Flood, Transmit.Path.Sink("sink", 9000));
        using var run = new Running(yaml, prepare: plan =>
        {
            var socket = plan.Hosts[0].Sockets.Single(s => s.Task == "flood");
            var call = new SystemCall(plan.Hosts[0].Tasks[0].Entity, new FdTable()) { Level = SocketOptions.SolSocket, Option = MaxPacingRate, Value = BitConverter.GetBytes(250_000L) };
            Assert.Equal(Errno.None, socket.SetOption(plan.Hosts[0].Stack, plan.Hosts[0].Cpus[0], call));
            call.Value = new byte[8];
            Assert.Equal(Errno.None, socket.GetOption(plan.Hosts[0].Stack, call));
            Assert.Equal(250_000L, BitConverter.ToInt64(call.Value));
        });
        run.Until(1_000_000);
        Assert.InRange(run.Socket("sink").Delivered, least, most);
    }
}
