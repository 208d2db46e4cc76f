using Akka.Actor;
using CsCheck;
using NetActors.Execution;
using NetActors.Time;

namespace NetActors.Tests.Execution;

/// <summary>The one order of virtual time.</summary>
public class VirtualDriverTests
{
    private static readonly string[] Mailboxes = ["hardirq", "softirq"];

    [Fact]
    public void Hard_interrupts_come_before_softirqs_and_these_before_tasks()
    {
        using var machine = new TestMachine();
        var (_, task) = machine.Task(0);
        IActorRef soft = machine.OnCpu(0, "softirq"), hard = machine.OnCpu(0, "hardirq");
        machine.At(100, hard, new Job("busy", 50));
        machine.At(110, task, new Job("task", 10));
        machine.At(120, soft, new Job("softirq", 10));
        machine.At(130, hard, new Job("hardirq", 10));
        machine.RunToIdle();
        Assert.Equal("busy hardirq softirq task", machine.Order());
        Assert.Equal([100L, 150, 160, 170], machine.Log.Select(job => job.Begin));
        Assert.Equal([CpuContext.HardIrq, CpuContext.HardIrq, CpuContext.Softirq, CpuContext.Task], machine.Log.Select(job => job.Context));
    }

    [Fact]
    public void Equal_times_are_taken_in_the_order_of_sending()
    {
        using var machine = new TestMachine(cpus: 3);
        var actors = Enumerable.Range(0, 3).Select(cpu => machine.OnCpu(cpu, "softirq")).ToArray();
        foreach (var cpu in new[] { 2, 0, 1, 0, 2 }) machine.At(500, actors[cpu], new Job($"cpu{cpu}"));
        machine.RunToIdle();
        Assert.Equal("cpu2 cpu0 cpu1 cpu0 cpu2", machine.Order());
    }

    [Fact]
    public void What_a_cpu_that_is_ahead_sends_is_not_seen_before_its_time()
    {
        using var machine = new TestMachine(cpus: 2);
        IActorRef ahead = machine.OnCpu(1, "softirq"), behind = machine.OnCpu(0, "softirq");
        machine.At(10, ahead, new Job("ahead", 50, () => behind.Tell(new Job("handed over"))));
        machine.At(20, behind, new Job("first", 5));
        machine.At(59, behind, new Job("second"));
        machine.RunToIdle();
        Assert.Equal("ahead first second handed over", string.Join(' ', machine.Log.Select(job => job.Name)));
        Assert.Equal(60, machine.Find("handed over").Begin);
    }

    [Fact]
    public void A_message_for_later_waits_though_its_cpu_is_idle()
    {
        using var machine = new TestMachine();
        var actor = machine.OnCpu(0, "hardirq");
        machine.At(10, actor, new Job("now", 5, () => machine.Driver.TellAt(actor, new Job("later"), new(1_000))));
        Assert.True(machine.Driver.RunUntil(new KernelTime(999)));
        Assert.Equal("now", machine.Order());
        Assert.Equal(new KernelTime(1_000), machine.Driver.NextDue);
        Assert.Equal(new KernelTime(999), machine.Driver.Now);
        machine.Driver.RunUntil(new KernelTime(1_000));
        Assert.Equal(1_000, machine.Find("later").Begin);
        Assert.Equal(10 + (1_000 - 15), machine.Cpu(0).Times.Idle);
        Assert.Equal(5, machine.Cpu(0).Times.HardIrq);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(50, 150)]
    [InlineData(500, 400)]
    public void A_loop_yields_at_what_comes_next_and_a_quantum_later(long quantum, long yieldsAt)
    {
        using var machine = new TestMachine(cpus: 2, quantum: quantum);
        IActorRef poll = machine.OnCpu(0, "softirq"), other = machine.OnCpu(1, "softirq");
        var yielded = 0L;
        machine.At(10, poll, new Job("poll", 0, () =>
        {
            Assert.False(machine.Cpu(0).MustYield); // a handler that has not moved must go on
            while (!machine.Cpu(0).MustYield && machine.Cpu(0).Now < new KernelTime(400)) machine.Cpu(0).Spend(10);
            yielded = machine.Cpu(0).Now.Nanoseconds;
        }));
        machine.At(100, other, new Job("other"));
        machine.RunToIdle();
        Assert.Equal(yieldsAt, yielded);
    }

    [Fact]
    public void A_run_can_be_stopped_and_goes_on_where_it_was()
    {
        using var machine = new TestMachine();
        var actor = machine.OnCpu(0, "softirq");
        var left = 20_000;
        Job? again = null;
        again = new Job("again", 1, () =>
        {
            if (--left > 0) actor.Tell(again!);
        });
        machine.At(10, actor, again);
        var asked = 0;
        Assert.False(machine.Driver.RunUntil(KernelTime.FromSeconds(1), () => ++asked == 2));
        Assert.InRange(left, 10_000, 15_000);
        Assert.True(machine.Driver.RunUntil(KernelTime.FromSeconds(1), () => false));
        Assert.Equal(0, left);
    }

    [Fact]
    public void Every_cpu_does_as_a_naive_one_does_and_beginnings_are_in_order()
    {
        const int Cpus = 3;
        var plan = Gen.Select(Gen.Int[0, Cpus - 1], Gen.Int[0, 1], Gen.Long[1, 300], Gen.Long[0, 60], (cpu, context, time, cost) => (Cpu: cpu, Context: context, Time: time, Cost: cost)).Array[1, 40];
        plan.Sample(
            jobs =>
            {
                using var machine = new TestMachine(Cpus);
                var actors = new IActorRef[Cpus, 2];
                for (var i = 0; i < actors.Length; i++) actors[i / 2, i % 2] = machine.OnCpu(i / 2, Mailboxes[i % 2]);
                for (var i = 0; i < jobs.Length; i++) machine.At(jobs[i].Time, actors[jobs[i].Cpu, jobs[i].Context], new Job($"{i}", jobs[i].Cost));
                machine.RunToIdle();
                Assert.Equal(machine.Log.Select(job => job.Begin).Order(), machine.Log.Select(job => job.Begin));
                for (var cpu = 0; cpu < Cpus; cpu++)
                {
                    var mine = jobs.Index().Where(job => job.Item.Cpu == cpu).Select(job => (job.Index, job.Item.Context, job.Item.Time, job.Item.Cost));
                    Assert.Equal(Naive(mine), machine.Log.Where(job => job.Cpu == cpu).Select(job => (job.Name, job.Begin)));
                }
            },
            iter: 50,
            threads: 1);
    }

    private static IEnumerable<(string Name, long Begin)> Naive(IEnumerable<(int Order, int Context, long Time, long Cost)> jobs)
    {
        var waiting = jobs.ToList();
        var now = 0L;
        while (waiting.Count > 0)
        {
            now = Math.Max(now, waiting.Min(job => job.Time));
            var next = waiting.Where(job => job.Time <= now).OrderBy(job => job.Context).ThenBy(job => job.Time).ThenBy(job => job.Order).First();
            waiting.Remove(next);
            yield return ($"{next.Order}", now);
            now += next.Cost;
        }
    }
}
