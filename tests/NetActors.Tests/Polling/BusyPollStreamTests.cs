using NetActors.Epoll;
using NetActors.Hosts;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tests.Apps.Streams;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Polling;

/// <summary>Busy polling of TCP connections: by reads, poll and epoll (specification section 3.7; fs/eventpoll.c, <c>ep_busy_loop</c>).</summary>
public sealed class BusyPollStreamTests
{
    private const string Deferred = "napi: { napi_defer_hard_irqs: 20, gro_flush_timeout: 50us, irq_suspend_timeout: 20ms }";

    [Fact]
    public void Epoll_polls_the_queue_of_what_was_ready_as_the_sysctl_says()
    {
        using var run = Asking("", "", "net.core.busy_poll: 100").Until(100_000);
        Assert.True(run.Mib[LinuxMib.BusyPollRxPackets] > Answered(run) / 2);
    }

    [Fact]
    public void An_instances_own_parameters_need_no_sysctl()
    {
        using var run = Asking("", "epoll_busy_poll: 100us, epoll_busy_poll_budget: 64").Until(100_000);
        Assert.True(run.Mib[LinuxMib.BusyPollRxPackets] > Answered(run) / 2);
    }

    [Fact]
    public void Without_either_epoll_polls_nothing()
    {
        using var run = Asking("", "busy_poll: 100us").Until(100_000); // of sockets, which epoll does not ask
        Assert.True(Answered(run) > 500);
        Assert.Equal(0, run.Mib[LinuxMib.BusyPollRxPackets]);
    }

    [Theory]
    [InlineData("poll", "net.core.busy_poll: 100", "busy_poll: 100us", true)]
    [InlineData("poll", "net.core.busy_poll: 100", "", false)] // of its files none busy polls
    [InlineData("poll", "", "busy_poll: 100us", false)] // nor does the call
    [InlineData("blocking", "", "busy_poll: 100us", true)]
    [InlineData("blocking", "net.core.busy_read: 100", "", true)]
    [InlineData("blocking", "net.core.busy_poll: 100", "", false)]
    public void Poll_needs_the_sysctl_and_the_sockets_option_and_a_read_the_option_alone(string io, string sysctl, string task, bool polls)
    {
        using var run = Asking("", $"io: {io}, threads: 4, {task}".TrimEnd(' ', ','), sysctl).Until(100_000);
        Assert.Equal(polls, run.Mib[LinuxMib.BusyPollRxPackets] > Answered(run) / 4);
        Assert.Equal(polls, run.Mib[LinuxMib.BusyPollRxPackets] > 0);
    }

    [Fact]
    public void A_connection_knows_the_NAPI_of_its_last_segment()
    {
        var client = (TcpSteps?)null;
        var server = (TcpSteps?)null;
        using var run = new Running(Yaml.Pair(), prepare: plan =>
        {
            server = TcpSteps.Server(plan.Hosts[1], p => p.Receive(10), p => p.GetOption(SocketOptions.IncomingNapiId), p => p.SetOption(SocketOptions.BusyPollBudget, 70_000));
            client = TcpSteps.Client(plan.Hosts[0], p => p.Send(10), p => p.GetOption(SocketOptions.BusyPoll));
        });
        run.Until(100_000);
        Assert.Equal(run.Plan.Hosts[1].Nics[0].Napis[0].Id, server!.Value);
        Assert.Equal(0, client!.Value);
        Assert.Equal(["SetSockOpt: EINVAL"], server.Faults);
    }

    [Fact]
    public void While_events_come_interrupts_stay_away_and_afterwards_they_come_again()
    {
        using var run = Asking(Deferred, "epoll_prefer_busy_poll: on, service: 30us").Until(29_000);
        Assert.InRange(run.Cpu(0).Hardirqs, 1, 20); // connections come before there is a NAPI to suspend
        Assert.True(Answered(run) > 500);
        Assert.True(run.Mib[LinuxMib.BusyPollRxPackets] > Answered(run) / 2);
        run.Until(60_000);
        Assert.False(run.Host.Nics[0].Receive.Queue(0).Moderation.IsMasked); // deferrals are used up
        Assert.False(run.Host.Nics[0].Napis[0].Scheduled);
    }

    [Fact]
    public void A_program_that_is_busy_for_longer_has_its_queue_polled_by_the_timer_all_the_same()
    {
        // the answer takes 30 ms of user time, and nobody but the timer takes the others' requests meanwhile
        using var run = Asking(Deferred.Replace("20ms", "5ms", StringComparison.Ordinal), "epoll_prefer_busy_poll: on, service: 30ms");
        run.Until(40_000);
        var napi = run.Host.Nics[0].Napis[0];
        Assert.True(run.Host.Nics[0].Receive.Queue(0).Count == 0, "requests wait in the ring");
        Assert.False(napi.InBusyPoll);
    }

    [Fact]
    public void Flipped_while_requests_come_it_loses_and_reorders_nothing()
    {
        var audit = new StreamAudit();
        using var run = Asking(Deferred, "epoll_busy_poll: 30us, epoll_prefer_busy_poll: on", prepare: audit.Attach);
        var simulation = run.Simulation;
        for (var at = 1; at < 60; at++)
        {
            run.Until(at * 500);
            Assert.Equal(Errno.None, simulation.SetSysctl("server", "net.core.busy_poll", $"{at % 3 * 40}"));
            simulation.SetNapi("server", "eth0", -1, new NapiChange(at % 4 * 5, KernelTime.FromMicroseconds(at % 5 * 20), KernelTime.FromMilliseconds(at % 2 * 3)));
            Assert.True(simulation.SetCoalesce("server", "eth0", new CoalesceChange(at % 3 * 10, 1 + (at % 7), at % 4 == 0, at % 5 * 10, 1 + (at % 3), at % 4 == 1)).Ok);
            foreach (var epoll in Epolls(run)) epoll.Params = new EpollParams((uint)(at % 4 * 20), (ushort)(at % 9), at % 2 == 0);
        }

        run.Until(200_000);
        Assert.True(Answered(run) > 500);
        Assert.Empty(audit.Check().Faults);
        foreach (var host in run.Snapshot.Hosts)
        {
            Assert.Equal(0, host.Mib[TcpMib.RetransSegs]);
            Assert.Equal(0, host.Mib[LinuxMib.TCPOFOQueue]);
        }

        Assert.False(run.Host.Nics[0].Napis[0].Scheduled);
        Assert.True(run.Mib[LinuxMib.BusyPollRxPackets] > 0);
    }

    private static IEnumerable<EpollFile> Epolls(Running run)
    {
        var files = run.Host.Tasks[0].Files;
        for (var fd = 0; fd < 16; fd++)
        {
            if (files[fd] is EpollFile epoll) yield return epoll;
        }
    }

    private static long Answered(Running run) => StreamRun.Of(run, "asker").Requests;

    /// <summary>Four connections ask for 30 ms, in a closed loop.</summary>
    private static Running Asking(string device, string server, string sysctl = "", Action<SimulationPlan>? prepare = null) => new(
        $$"""
        duration: 1s
        cost-model: bdw6-2018
        hosts:
          server:
            cpus: 2
            sysctl: { {{sysctl}} }
            devices:
              eth0: { addresses: [10.0.0.1/24], queues: 1, mac: "02:00:00:00:00:01", coalesce: { rx-usecs: 4, rx-frames: 16 } {{(device.Length > 0 ? ", " + device : "")}} }
            neighbours: [ "10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0" ]
            tasks: [ { name: echo, program: tcp-server, cpus: "0", bind: "0.0.0.0:9000", nodelay: on {{(server.Length > 0 ? ", " + server : "")}} } ]
          client:
            cpus: 2
            devices:
              eth0: { addresses: [10.0.0.2/24], queues: 1, mac: "02:00:00:00:00:02", coalesce: { rx-usecs: 0, rx-frames: 1 } }
            neighbours: [ "10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0" ]
            tasks: [ { name: asker, program: tcp-rr, connections: 4, stop: 30ms, connect: "10.0.0.1:9000", size: 64, response: 64, nodelay: on } ]
        wires:
          - { between: [client.eth0, server.eth0], delay: 5us }
        """,
        prepare: prepare);
}
