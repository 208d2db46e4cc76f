using CsCheck;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Sockets;

namespace NetActors.Tests.Hosts;

/// <summary>Tasks that are moved while they run (kernel: <c>sched_setaffinity</c>).</summary>
public sealed class AffinityTests
{
    private const string Hog = """{ name: hog, program: cpu-hog, cpus: "0" }""";
    private static readonly CostModel Priced = CostModel.Zero.With(CostOp.SyscallEntry, 300).With(CostOp.RecvMsg, 700).With(CostOp.TcpReceive, 900)
        .With(CostOp.Wakeup, 200).With(CostOp.IpiReceive, 400).With(CostOp.TaskMigrate, 500);

    [Fact]
    public void A_task_that_burns_its_cpu_leaves_it_at_once()
    {
        using var run = new Running(Yaml.Server(cpus: 4, tasks: Hog));
        run.Until(10_000);
        Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", "hog", 0, [2, 3]));
        run.Until(30_000);
        Assert.Equal((10_000_000L, 20_000_000L), (run.Cpu(0).UserNs, run.Cpu(2).UserNs));
        Assert.Equal(0, run.Cpu(1).UserNs + run.Cpu(3).UserNs);
    }

    [Fact]
    public void A_task_that_waits_for_its_cpu_goes_to_another()
    {
        using var run = new Running(Yaml.Server(cpus: 2, tasks: """{ name: hog, program: cpu-hog, cpus: "0", threads: 2 }"""));
        run.Until(1_000); // one of them has the CPU, the other waits
        Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", "hog", 1, [1]));
        run.Until(11_000);
        Assert.InRange(run.Cpu(0).UserNs, 10_000_000, 11_000_000); // its burst of 10 ms and what is under way
        Assert.Equal(10_000_000L, run.Cpu(1).UserNs);
    }

    [Fact]
    public void A_task_that_sleeps_goes_when_it_is_woken()
    {
        using var run = new Running(Yaml.Server(cpus: 2, tasks: Yaml.Sink("cpus: \"0\", service: 1us"), traffic: Yaml.Flood("10kpps", ", stop: 2ms")));
        run.Until(1_000);
        var before = run.Cpu(0).UserNs;
        Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", "sink", 0, [1]));
        run.Until(3_000);
        Assert.Equal(before, run.Cpu(0).UserNs);
        Assert.Equal(20_000L - before, run.Cpu(1).UserNs);
        Assert.Equal(20, run.Socket("sink").Delivered);
    }

    [Fact]
    public void Bad_requests_are_answered_as_linux_does()
    {
        using var run = new Running(Yaml.Server(cpus: 2, tasks: """{ name: pinger, program: ping, destination: 10.0.0.2, count: 1, stop: 1ms }"""));
        Assert.Equal(Errno.EINVAL, run.Simulation.SetAffinity("server", "pinger", 0, []));
        Assert.Equal(Errno.EINVAL, run.Simulation.SetAffinity("server", "pinger", 0, [2, -1]));
        Assert.Throws<ArgumentException>(() => run.Simulation.SetAffinity("server", "pinger", 1, [0]));
        Assert.Throws<ArgumentException>(() => run.Simulation.SetAffinity("nowhere", "pinger", 0, [0]));
        run.Until(2_000_000);
        Assert.Equal(Errno.ESRCH, run.Simulation.SetAffinity("server", "pinger", 0, [0]));
    }

    [Fact]
    public void Random_migrations_lose_nothing_and_happen_the_same_way_twice()
    {
        var moves = Gen.Select(Gen.Int[0, 200], Gen.Int[0, 5], Gen.Int[1, 15]).Array[1, 60];
        moves.Sample(
            steps =>
            {
                var (first, second) = (Run(steps), Run(steps));
                Assert.Equal(first, second);
                return true;
            },
            iter: 12, threads: 1);
    }

    /// <summary>Four asking and two answering threads of TCP, moved by hand while they talk; afterwards each question must have its answer.</summary>
    private static string Run((int AfterUs, int Thread, int Mask)[] steps)
    {
        using var run = new Running(Talk, Priced);
        var now = 1000L;
        foreach (var (after, thread, mask) in steps)
        {
            run.Until(now += after);
            var cpus = Enumerable.Range(0, 4).Where(c => (mask >> c & 1) != 0);
            Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", thread < 4 ? "asker" : "web", thread % 4, cpus));
        }

        run.Until(40_000);
        Assert.Empty(run.Simulation.Failures);
        var tasks = run.Snapshot.Hosts[0].TcpTasks.ToDictionary(t => t.Name);
        Assert.Equal((16L, 0L), (tasks["asker"].Connected, tasks["asker"].Failed));
        Assert.InRange(tasks["asker"].Requests, 100, long.MaxValue);
        Assert.InRange(tasks["web"].BytesReceived / 64 - tasks["asker"].Requests, 0, 16); // each question read was answered or is on its way
        foreach (var task in run.Host.Tasks)
            Assert.True(task.Entity.Allowed is null || task.Entity.State != TaskState.Running || task.Entity.Allowed.Contains(task.Entity.Cpu!.LocalId));
        return string.Join('\n', run.Snapshot.Hosts[0].Cpus.Select(c => $"{c.UserNs} {c.TaskNs} {c.SoftirqNs} {c.HardirqNs} {c.IpisSent}"))
            + $"\n{run.Simulation.Messages} {tasks["asker"].Requests}";
    }

    private const string Talk = """
        duration: 100ms
        cost-model: none
        hosts:
          server:
            cpus: 4
            devices:
              eth0: { addresses: [10.0.0.1/24] }
            tasks:
              - { name: asker, program: tcp-rr, threads: 4, pin: on, connections: 4, connect: "10.0.0.1:8080", size: 64, response: 64, start: 500us }
              - { name: web, program: tcp-server, threads: 2, pin: on, cpus: "1-2", bind: "0.0.0.0:8080", reuseport: on, service: 2us }
        """;
}
