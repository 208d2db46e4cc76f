using CsCheck;
using NetActors.Costs;
using NetActors.Sockets;

namespace NetActors.Tests.Hosts;

/// <summary>Where tasks run that are not bound to one CPU (specification section 11.5).</summary>
public sealed class PlacementTests
{
    private static readonly CostModel Priced = CostModel.Zero.With(CostOp.SyscallEntry, 300).With(CostOp.RecvMsg, 700).With(CostOp.TcpReceive, 900)
        .With(CostOp.Wakeup, 200).With(CostOp.IpiReceive, 400).With(CostOp.TaskMigrate, 500).With(CostOp.CacheMissSameNode, 40).With(CostOp.IdleExit, 800);

    [Fact]
    public void A_task_woken_where_it_ran_stays_while_that_is_idle()
    {
        using var run = new Running(Yaml.Server(cpus: 4, tasks: Yaml.Sink("cpus: \"2-3\", service: 1us"), traffic: Yaml.Flood("10kpps", ", stop: 10ms")));
        run.Until(20_000);
        Assert.Equal((100_000L, 0L), (run.Cpu(2).UserNs, run.Cpu(3).UserNs));
    }

    [Fact]
    public void A_task_whose_cpu_is_busy_wakes_on_an_idle_one_under_the_same_cache()
    {
        const string Tasks = """{ name: hog, program: cpu-hog, cpus: "1" }, """;
        using var run = new Running(Yaml.Server(cpus: 4, tasks: Tasks + Yaml.Sink("cpus: \"1-2\", service: 1us"), traffic: Yaml.Flood("10kpps", ", stop: 10ms")));
        run.Until(20_000);
        Assert.Equal(100_000L, run.Cpu(2).UserNs);
        Assert.Equal(1, run.Host.Tasks[1].Entity.Migrations);
    }

    [Fact]
    public void An_idle_cpu_under_another_cache_is_left_to_the_balancer()
    {
        const string Tasks = """{ name: hog, program: cpu-hog, cpus: "0" }, """;
        var yaml = Yaml.Server(cpus: 4, tasks: Tasks + Yaml.Sink("cpus: \"0,2\", service: 1us"), traffic: Yaml.Flood("10kpps", ", stop: 2ms"))
            .Replace("cpus: 4\n", "cpus: { count: 4, llc: 2 }\n", StringComparison.Ordinal);
        using var run = new Running(yaml);
        run.Until(20_000);
        Assert.Equal(20, run.Socket("sink").Delivered);
        Assert.Equal(20_000L, run.Host.Tasks[1].Entity.Sched.SumExecRuntime);
        Assert.True(run.Cpu(0).UserNs > 10_000_000 && run.Cpu(2).UserNs <= 20_000);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Hogs_that_begin_on_one_cpu_end_up_alike_on_all(int hogs)
    {
        using var run = new Running(Yaml.Server(cpus: 4, tasks: $$"""{ name: hog, program: cpu-hog, threads: {{hogs}}, burst: 1ms }"""));
        for (var i = 0; i < hogs; i++) Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", "hog", i, [0]));
        run.Until(10_000);
        for (var i = 0; i < hogs; i++) Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", "hog", i, [0, 1, 2, 3]));
        run.Until(2_000_000);
        var share = 4.0 / hogs * 2_000_000_000;
        Assert.All(run.Host.Tasks, task => Assert.InRange(task.Entity.Sched.SumExecRuntime, share * 0.85, share * 1.15));
    }

    [Fact]
    public void A_cpu_that_falls_idle_takes_what_waits_elsewhere()
    {
        // two hogs share CPU 0, a third leaves CPU 1 after 100 ms: no tick is needed for that
        const string Tasks = """{ name: pair, program: cpu-hog, cpus: "0", threads: 2, burst: 1ms }, { name: nap, program: cpu-hog, cpus: "1", burst: 100ms, pause: 10s }""";
        using var run = new Running(Yaml.Server(cpus: 2, tasks: Tasks));
        run.Until(90_000);
        Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", "pair", 0, [0, 1]));
        Assert.Equal(Errno.None, run.Simulation.SetAffinity("server", "pair", 1, [0, 1]));
        run.Until(101_500);
        Assert.InRange(run.Cpu(1).UserNs, 100_900_000, 101_500_000);
    }

    [Fact]
    public void Tasks_that_go_where_they_like_lose_nothing_and_do_the_same_twice()
    {
        var migrations = 0L;
        var host = Gen.Select(Gen.Int[1, 6], Gen.Int[1, 4], Gen.Int[0, 1], Gen.Int[4, 8], Gen.ULong[1, 1000]);
        host.Sample(
            drawn =>
            {
                Assert.Equal(Talk(drawn, ref migrations), Talk(drawn, ref migrations));
                return true;
            },
            iter: 10, threads: 1);
        migrations = 0; // how often tasks move is the draw's luck: in this crowd they do
        _ = Talk((6, 4, 1, 8, 1), ref migrations);
        Assert.True(migrations > 0);
    }

    private static string Talk((int Askers, int Servers, int Smt, int Hogs, ulong Seed) drawn, ref long migrations)
    {
        var (askers, servers, smt, hogs, seed) = drawn;
        using var run = new Running(
            $$"""
            duration: 100ms
            seed: {{seed}}
            cost-model: none
            hosts:
              server:
                cpus: { count: 4, smt: {{smt + 1}}, llc: {{2 - smt}} }
                devices:
                  eth0: { addresses: [10.0.0.1/24] }
                tasks:
                  - { name: asker, program: tcp-rr, threads: {{askers}}, connections: 4, connect: "10.0.0.1:8080", size: 64, response: 64, start: 500us }
                  - { name: web, program: tcp-server, threads: {{servers}}, bind: "0.0.0.0:8080", reuseport: on, service: 2us }
                  - { name: hog, program: cpu-hog, threads: {{hogs}}, burst: 300us, pause: 200us }
            """,
            Priced);
        run.Until(8_000);
        Assert.Empty(run.Simulation.Failures);
        var tasks = run.Snapshot.Hosts[0].TcpTasks.ToDictionary(t => t.Name);
        Assert.Equal((4L * askers, 0L), (tasks["asker"].Connected, tasks["asker"].Failed));
        Assert.InRange((tasks["web"].BytesReceived / 64) - tasks["asker"].Requests, 0, 4 * askers);
        migrations += run.Host.Tasks.Sum(t => t.Entity.Migrations);
        Assert.All(run.Host.Cpus, cpu => Assert.Equal(cpu.Cpu.Now.Nanoseconds, cpu.Cpu.Times.Total));
        return string.Join('\n', run.Snapshot.Hosts[0].Cpus.Select(c => $"{c.UserNs} {c.TaskNs} {c.SoftirqNs} {c.HardirqNs} {c.IpisSent}"))
            + $"\n{run.Simulation.Messages} {tasks["asker"].Requests}";
    }
}
