using System.Diagnostics;
using Akka.Actor;
using NetActors.Execution;
using NetActors.Time;

namespace NetActors.Tests.Execution;

/// <summary>Akka over the execution layer: its scheduler, supervision, several at once, the end.</summary>
public class SimulationSystemTests
{
    [Fact]
    public void What_akka_schedules_comes_in_virtual_time_in_order()
    {
        using var machine = new TestMachine();
        var actor = machine.OnCpu(0, "softirq");
        var scheduler = machine.System.System.Scheduler;
        using var cancelled = new Cancelable(scheduler);
        machine.At(100, actor, new Job("at 100"));
        machine.System.Perform(() =>
        {
            scheduler.ScheduleTellOnce(TimeSpan.FromMicroseconds(30), actor, new Job("at 30 us"), ActorRefs.NoSender);
            scheduler.ScheduleTellOnce(TimeSpan.FromMicroseconds(10), actor, new Job("at 10 us"), ActorRefs.NoSender);
            scheduler.ScheduleTellOnce(TimeSpan.FromMicroseconds(20), actor, new Job("never"), ActorRefs.NoSender, cancelled);
            scheduler.ScheduleTellOnce(TimeSpan.FromMicroseconds(30), actor, new Job("after it"), ActorRefs.NoSender);
            cancelled.Cancel();
        });
        machine.RunToIdle();
        Assert.Equal("at 100,at 10 us,at 30 us,after it", string.Join(',', machine.Log.Select(job => job.Name)));
        Assert.Equal([100L, 10_000, 30_000, 30_000], machine.Log.Select(job => job.Begin));
    }

    [Fact]
    public void What_akka_repeats_comes_at_each_interval()
    {
        using var machine = new TestMachine();
        var actor = machine.OnCpu(0, "softirq");
        machine.System.Perform(() => machine.System.System.Scheduler.ScheduleTellRepeatedly(
            TimeSpan.FromMicroseconds(5), TimeSpan.FromMicroseconds(7), actor, new Job("again"), ActorRefs.NoSender));
        machine.Driver.RunUntil(KernelTime.FromMicroseconds(27));
        Assert.Equal([5_000L, 12_000, 19_000, 26_000], machine.Log.Select(job => job.Begin));
    }

    [Fact]
    public void An_actor_that_throws_is_restarted_and_keeps_the_messages_behind_it()
    {
        using var machine = new TestMachine(cpus: 2);
        var seen = new List<string>();
        var parent = machine.System.Create(Props.Create(() => new Supervisor(seen)).WithDispatcher("cpu-0").WithMailbox("softirq"), "parent");
        machine.System.Perform(() =>
        {
            foreach (var message in new[] { "a", "throw", "b", "c" }) parent.Tell(message);
        });
        machine.RunToIdle();
        Assert.Equal(["started", "a", "restarted", "started", "b", "c"], seen);
    }

    [Fact]
    public void What_fails_below_the_root_is_stopped_and_told()
    {
        using var machine = new TestMachine();
        var seen = new List<string>();
        var props = Props.Create(() => new Fragile(seen)).WithDispatcher("cpu-0").WithMailbox("softirq");
        var actor = machine.System.Create(props, "fragile");
        machine.System.Perform(() =>
        {
            actor.Tell("throw");
            actor.Tell("late");
        });
        machine.RunToIdle();
        Assert.Equal(["started"], seen);
        Assert.Equal(["fragile: InvalidOperationException: as the test wants it"], machine.Driver.Failures.First);
    }

    [Fact]
    public void Two_simulations_at_once_do_not_see_each_other()
    {
        var alone = Record();
        List<JobRecord>? left = null, right = null;
        Parallel.Invoke(() => left = Record(), () => right = Record());
        Assert.Equal(alone, left);
        Assert.Equal(alone, right);

        using TestMachine outer = new(), inner = new();
        IActorRef outerActor = outer.OnCpu(0, "softirq"), innerActor = inner.OnCpu(0, "softirq");
        inner.At(10, innerActor, new Job("inner"));
        outer.At(5, outerActor, new Job("outer", 100, inner.RunToIdle));
        outer.RunToIdle();
        Assert.Equal(10, inner.Find("inner").Begin);
        Assert.Equal(5, outer.Find("outer").Begin);
        Assert.Null(EmulatedCpu.Current);
    }

    [Fact]
    public void Disposing_stops_every_actor_and_leaves_no_thread()
    {
        for (var i = 0; i < 3; i++)
        {
            using var machine = new TestMachine(cpus: 4);
            machine.OnCaller();
            machine.Task(3);
            machine.At(100, machine.OnCpu(2, "hardirq"), new Job("never reached"));
        }

        var threads = Threads(); // Akka's own pools have been started and stopped: what is left does not grow
        for (var i = 0; i < 20; i++)
        {
            using var machine = new TestMachine(cpus: 4);
            machine.OnCaller();
        }

        Assert.InRange(Threads(), 0, threads + 8); // the thread pool of the process breathes; 20 systems of 1 thread would show
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static List<JobRecord> Record()
    {
        using var machine = new TestMachine(cpus: 4);
        var actors = Enumerable.Range(0, 4).Select(cpu => machine.OnCpu(cpu, "softirq")).ToArray();
        var shared = machine.OnCaller();
        Job Hop(int left) => new($"hop {left}", 3, () =>
        {
            if (left == 0) return;
            actors[left % 4].Tell(Hop(left - 1));
            shared.Tell(new Job($"shared {left}", 7));
        });
        for (var cpu = 0; cpu < 4; cpu++) machine.At(100 + cpu, actors[cpu], Hop(500));
        machine.RunToIdle();
        Assert.Equal((4 * 501) + (4 * 500), machine.Log.Count);
        return machine.Log;
    }

    private sealed class Supervisor(List<string> seen) : UntypedActor
    {
        private IActorRef? _child;

        protected override void PreStart() =>
            _child = Context.ActorOf(Props.Create(() => new Fragile(seen)).WithDispatcher("cpu-1").WithMailbox("softirq"), "child");

        protected override void OnReceive(object message) => _child!.Tell(message);

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);
    }

    private sealed class Fragile(List<string> seen) : UntypedActor
    {
        protected override void PreStart() => seen.Add("started");

        protected override void PreRestart(Exception reason, object message) => seen.Add("restarted");

        protected override void OnReceive(object message)
        {
            if (message is "throw") throw new InvalidOperationException("as the test wants it");
            seen.Add((string)message);
        }
    }
}
