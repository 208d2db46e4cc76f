using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Polling;

/// <summary>Busy polling on whole hosts (specification section 3.7; Documentation/networking/napi.rst, "Busy polling").</summary>
public sealed class BusyPollHostTests
{
    private const string Deferred = "queues: 1, napi: { napi_defer_hard_irqs: 100, gro_flush_timeout: 1ms }";
    private static readonly CostModel Packet1Us = CostModel.Zero.With(CostOp.RxDescriptor, 1000);

    [Fact]
    public void A_read_polls_its_datagrams_itself_and_in_its_own_time()
    {
        using var run = Flooded("queues: 1", "busy_poll: 1s");
        var cpu = run.Cpu(0);
        Assert.Equal(100, run.Socket("sink").Delivered);
        Assert.Equal(99, run.Mib[LinuxMib.BusyPollRxPackets]); // the first says which NAPI
        Assert.Equal(1000, cpu.SoftirqNs);
        Assert.InRange(cpu.TaskNs, 9_800_000, 10_000_000); // all the time from then on
        Assert.Equal(100, cpu.Hardirqs); // the last poll of each read unmasks
    }

    [Fact]
    public void Preferring_it_over_deferred_interrupts_leaves_none_but_the_first()
    {
        using var run = Flooded(Deferred, "busy_poll: 1s, prefer_busy_poll: on");
        Assert.Equal(100, run.Socket("sink").Delivered);
        Assert.Equal(99, run.Mib[LinuxMib.BusyPollRxPackets]);
        Assert.Equal(1, run.Cpu(0).Hardirqs);
    }

    [Fact]
    public void After_its_time_a_read_sleeps_and_interrupts_wake_it()
    {
        using var run = Flooded("queues: 1", "busy_poll: 20us");
        Assert.Equal(100, run.Socket("sink").Delivered);
        Assert.Equal(100, run.Cpu(0).Hardirqs);
        Assert.Equal(0, run.Mib[LinuxMib.BusyPollRxPackets]);
        Assert.InRange(run.Cpu(0).TaskNs, 99 * 20_480, 99 * 22_000); // 100 us between two packets; before the first there is no NAPI to poll
    }

    [Fact]
    public void Sysctl_busy_read_is_what_sockets_begin_with()
    {
        using var run = Flooded("queues: 1", "batch: 1", "net.core.busy_read: 200");
        Assert.Equal(99, run.Mib[LinuxMib.BusyPollRxPackets]);
    }

    [Fact]
    public void Without_it_nothing_is_polled()
    {
        using var run = Flooded(Deferred, "batch: 1", "net.core.busy_poll: 200");
        run.Until(12_000);
        Assert.Equal(100, run.Socket("sink").Delivered);
        Assert.Equal(0, run.Mib[LinuxMib.BusyPollRxPackets]);
        Assert.Equal(0, run.Cpu(0).TaskNs);
    }

    [Fact]
    public void A_poller_makes_room_for_a_task_that_waits_and_gives_the_queue_back_meanwhile()
    {
        using var run = new Running(
            Yaml.Server(device: "queues: 1", tasks: Yaml.Sink("busy_poll: 1s") + """, { name: hog, program: cpu-hog, burst: 100ms }""", traffic: Yaml.Flood("10kpps", ", stop: 100ms")), Packet1Us);
        run.Until(110_000);
        Assert.Equal(1000, run.Socket("sink").Delivered);
        Assert.InRange(run.Cpu(0).UserNs / 110e6, 0.4, 0.6); // the hog has its half
        Assert.InRange(run.Mib[LinuxMib.BusyPollRxPackets], 200, 800);
    }

    [Fact]
    public void Several_pollers_of_one_queue_lose_nothing()
    {
        using var run = new Running(
            Yaml.Server(cpus: 4, device: "queues: 1", tasks: Yaml.Sink("threads: 4, pin: on, reuseport: on, busy_poll: 1s"), traffic: Yaml.Flood("100kpps", ", stop: 10ms, flows: 32").Replace("source-ports: 1024", "source-ports: 1024-1100", StringComparison.Ordinal)), Packet1Us);
        run.Until(20_000);
        Assert.Equal(1000, run.Plan.Hosts[0].Sockets.Sum(s => s.Delivered));
        Assert.InRange(run.Mib[LinuxMib.BusyPollRxPackets], 900, 1000);
    }

    [Fact]
    public void A_poll_takes_the_budget_at_most()
    {
        var log = new TraceLog();
        using var run = new Running(
            Yaml.Server(device: Deferred, tasks: Yaml.Sink("busy_poll: 1s, prefer_busy_poll: on, busy_poll_budget: 5, service: 20us"), traffic: Yaml.Flood("400kpps", ", stop: 10ms")), Packet1Us, trace: log);
        run.Until(11_000);
        var polls = log.Events.Where(e => e.Point == TracePoint.napi_poll).Select(e => e.Arg2).ToList();
        Assert.Contains(5, polls.Skip(1));
        Assert.All(polls.Skip(2), work => Assert.InRange(work, 0, 64));
        Assert.True(polls.Count(work => work == 5) > 10 * polls.Count(work => work > 5), string.Join(' ', polls));
    }

    /// <summary>
    /// Kernel: <c>__napi_poll</c> with <c>napi_prefer_busy_poll</c>: a poller that finds the queue in other hands says that it waits for it, and the
    /// softirq, which always finds a full poll here, gives it up instead of going on.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_softirq_under_full_load_gives_the_queue_up_to_a_poller_that_prefers_it(bool prefers)
    {
        var log = new TraceLog();
        var sink = Yaml.Sink($"cpus: \"1\", busy_poll: 1s, prefer_busy_poll: {(prefers ? "on" : "off")}, busy_poll_budget: 64");
        var load = Yaml.Flood("2Mpps", ", stop: 20ms").Replace("name: flood", "name: load", StringComparison.Ordinal).Replace(":9000", ":9001", StringComparison.Ordinal);
        using var run = new Running(
            Yaml.Server(cpus: 2, device: "queues: 1, smp_affinity_list: { eth0-TxRx-0: \"0\" }, napi: { napi_defer_hard_irqs: 100, gro_flush_timeout: 300us }", tasks: sink,
                traffic: Yaml.Flood("10kpps", ", start: 1ms, stop: 20ms") + ", " + load, more: "iptables: [ \"-t raw -A PREROUTING -p udp --dport 9001 -j DROP\" ]"),
            Packet1Us, trace: log);
        run.Until(20_000);
        var bySoftirq = log.Events.Where(e => e is { Point: TracePoint.__napi_poll, Cpu: 0 }).Count();
        var byTask = run.Mib[LinuxMib.BusyPollRxPackets];
        if (prefers)
        {
            Assert.InRange(run.Cpu(0).SoftirqNs + run.Cpu(0).TaskNs, 1_000_000, 10_000_000); // until the first datagram has told the poller which NAPI it is
            Assert.InRange(byTask, 10_000, 19_000); // of 20,000 that one CPU can take in the time
        }
        else
        {
            Assert.InRange(run.Cpu(0).SoftirqNs + run.Cpu(0).TaskNs, 17_000_000, 20_100_000); // ksoftirqd's time too: nobody else gets at the queue
            Assert.InRange(byTask, 0, 100);
        }

        Assert.True(bySoftirq > 0);
    }

    [Theory]
    [InlineData(TracePoint.__napi_poll)]
    [InlineData(TracePoint.napi_gro_receive)]
    [InlineData(TracePoint.napi_poll)]
    [InlineData(TracePoint.ip_rcv)]
    [InlineData(TracePoint.napi_complete_done)]
    public void A_poll_that_fails_loses_a_packet_at_most_and_the_loop_goes_on(TracePoint point)
    {
        var sink = new ThrowingSink(point, 7);
        using var run = new Running(Yaml.Server(device: "queues: 1", tasks: Yaml.Sink("busy_poll: 1s"), traffic: Yaml.Flood("20kpps", ", stop: 10ms")), Packet1Us, trace: sink);
        run.Until(100_000);
        Assert.Single(run.Simulation.Failures);
        Assert.InRange(run.Socket("sink").Delivered, 199, 200);
    }

    [Fact]
    public void Flipped_while_datagrams_come_it_loses_none()
    {
        using var run = new Running(Yaml.Server(cpus: 2, device: "queues: 2", tasks: Yaml.Sink("threads: 2, pin: on, reuseport: on, busy_poll: 40us"), traffic: Yaml.Flood("50kpps", ", stop: 90ms, flows: 32").Replace("source-ports: 1024", "source-ports: 1024-1100", StringComparison.Ordinal)), Packet1Us);
        var simulation = run.Simulation;
        for (var at = 1; at < 100; at++)
        {
            run.Until(at * 1000);
            var (defer, timeout) = (at % 3 * 10, KernelTime.FromMicroseconds(at % 4 * 30));
            simulation.SetNapi("server", "eth0", at % 2 - 1, new NapiChange(defer, timeout, KernelTime.FromMilliseconds(at % 2)));
            foreach (var socket in run.Host.Sockets) socket.Options.SetBusyPoll(at % 5 * 20, at % 2 == 0, 1 + (at % 16));
            Assert.Equal(Errno.None, simulation.SetIrqAffinity("server", "eth0", at % 2, [at / 2 % 2]));
        }

        run.Until(200_000);
        Assert.Equal(4500, run.Plan.Hosts[0].Sockets.Sum(s => s.Delivered));
        Assert.True(run.Mib[LinuxMib.BusyPollRxPackets] > 0);
        Assert.All(run.Host.Nics[0].Napis, napi => Assert.False(napi.Scheduled));
    }

    [Fact]
    public void Sysctls_that_cannot_be_written_are_refused()
    {
        using var run = new Running(Yaml.Server());
        Assert.Equal(Errno.None, run.Simulation.SetSysctl("server", "net.core.busy_poll", "50"));
        Assert.Equal(50, run.Host.Cpus[0].BusyPollUsecs);
        Assert.Equal(Errno.EINVAL, run.Simulation.SetSysctl("server", "net.core.busy_read", "-1"));
        Assert.Equal(Errno.EINVAL, run.Simulation.SetSysctl("server", "net.core.busy_read", "fast"));
        Assert.Equal(Errno.ENOENT, run.Simulation.SetSysctl("server", "net.core.lazy_read", "1"));
        Assert.Equal(Errno.EOPNOTSUPP, run.Simulation.SetSysctl("server", "net.core.netdev_budget", "1"));
        Assert.Equal(Errno.None, run.Simulation.SetSysctl("server", "net.ipv4.tcp_sack", "0"));
        Assert.Equal(Errno.EINVAL, run.Simulation.SetSysctl("server", "net.ipv4.tcp_sack", "many"));
        Assert.Throws<ArgumentException>(() => run.Simulation.SetSysctl("nobody", "net.core.busy_poll", "50"));
        Assert.Throws<ArgumentException>(() => run.Simulation.SetNapi("server", "eth0", 1, new NapiChange()));
    }

    /// <summary>100 datagrams, one each 100 us.</summary>
    private static Running Flooded(string device, string sink, string sysctl = "")
    {
        var run = new Running(Yaml.Server(device: device, sysctl: sysctl, tasks: Yaml.Sink(sink), traffic: Yaml.Flood("10kpps", ", stop: 10ms")), Packet1Us);
        return run.Until(10_000);
    }
}
