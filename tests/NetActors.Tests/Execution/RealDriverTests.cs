using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Time;

namespace NetActors.Tests.Execution;

/// <summary>The same behaviour on real time. Every wait is for a signal and bounded.</summary>
public sealed class RealDriverTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<JobRecord> _log = new();
    private readonly RealDriver _driver = new(new ExecutionSettings());
    private readonly SimulationSystem _system;
    private int _actors;

    public RealDriverTests()
    {
        for (var i = 0; i < 2; i++) _driver.AddCpu("test", i, new CpuTopology(2));
        _system = new SimulationSystem(_driver);
        _driver.StartClock();
    }

    [Fact]
    public void Every_cpu_is_a_thread_of_its_own()
    {
        var threads = new ConcurrentDictionary<string, int>();
        using var both = new CountdownEvent(3);
        void Note()
        {
            threads[Thread.CurrentThread.Name!] = EmulatedCpu.Current?.Id ?? -1;
            both.Signal();
        }

        OnCpu(0, "softirq").Tell(new Job("zero", 0, Note));
        OnCpu(1, "hardirq").Tell(new Job("one", 0, Note));
        _system.Perform(Note);
        Wait(both.WaitHandle);
        Assert.Equal(0, threads["netactors/cpu0"]);
        Assert.Equal(1, threads["netactors/cpu1"]);
        Assert.Equal(-1, threads["netactors/device"]);
    }

    [Fact]
    public void Hard_interrupts_come_before_softirqs_that_came_first()
    {
        using var done = new CountdownEvent(2);
        IActorRef soft = OnCpu(0, "softirq"), hard = OnCpu(0, "hardirq");
        soft.Tell(new Job("busy", 0, () =>
        {
            soft.Tell(new Job("softirq", 0, () => done.Signal()));
            hard.Tell(new Job("hardirq", 0, () => done.Signal()));
        }));
        Wait(done.WaitHandle);
        Assert.Equal(["busy", "hardirq", "softirq"], _log.Select(job => job.Name));
        Assert.Equal([CpuContext.Softirq, CpuContext.HardIrq, CpuContext.Softirq], _log.Select(job => job.Context));
    }

    [Fact]
    public void Messages_of_one_sender_keep_their_order()
    {
        const int Each = 20_000;
        using var together = new Barrier(2);
        using var done = new CountdownEvent(2);
        for (var cpu = 0; cpu < 2; cpu++)
        {
            var self = OnCpu(cpu, "softirq");
            var other = OnCpu(1 - cpu, "softirq");
            var name = $"from {cpu}";
            self.Tell(new Job("start", 0, () =>
            {
                together.SignalAndWait(Limit);
                for (var i = 0; i < Each; i++) other.Tell(new Job($"{name} {i}"));
                other.Tell(new Job("end", 0, () => done.Signal()));
            }));
        }

        Wait(done.WaitHandle);
        foreach (var stream in new[] { "from 0 ", "from 1 " })
            Assert.Equal(Enumerable.Range(0, Each), Numbers(stream));
    }

    [Fact]
    public void An_actor_that_two_cpus_tell_runs_on_one_at_a_time_in_each_ones_order()
    {
        const int Each = 20_000;
        int inside = 0, overlaps = 0, count = 0, disordered = 0;
        var last = new int[2];
        using var together = new Barrier(2);
        using var done = new ManualResetEventSlim();
        var shared = _system.Create(JobActor.Props(_ => { }).WithDispatcher("caller-cpu"), "shared");
        void Count(int cpu, int number)
        {
            if (Interlocked.Increment(ref inside) != 1) Interlocked.Increment(ref overlaps);
            if (last[cpu] + 1 != number) disordered++; // plain: the actor's own
            last[cpu] = number;
            if (++count == 2 * Each) done.Set();
            Interlocked.Decrement(ref inside);
        }

        for (var cpu = 0; cpu < 2; cpu++)
        {
            var id = cpu;
            OnCpu(cpu, "softirq").Tell(new Job("start", 0, () =>
            {
                together.SignalAndWait(Limit);
                for (var i = 1; i <= Each; i++)
                {
                    var number = i;
                    shared.Tell(new Job("counts", 0, () => Count(id, number)));
                }
            }));
        }

        Assert.True(done.Wait(Limit), $"{count} of {2 * Each}");
        Assert.Equal(0, overlaps);
        Assert.Equal(0, disordered);
    }

    [Fact]
    public void What_comes_for_an_actor_while_another_hosts_cpu_makes_it_is_handled_on_its_own_host()
    {
        var driver = new RealDriver(new ExecutionSettings());
        driver.AddCpu("maker", 0, new CpuTopology(1));
        var own = driver.AddCpu("owner", 0, new CpuTopology(1));
        using var system = new SimulationSystem(driver);
        using ManualResetEvent making = new(false), sent = new(false), done = new(false);
        var host = "";
        var actor = system.Create(
            HomedActor.Props(own, making, sent, Note).WithDispatcher("caller-cpu"), "homed");
        Wait(making);
        var sender = system.Create(JobActor.Props(_ => { }).WithDispatcher("cpu-1").WithMailbox("softirq"), "sender");
        sender.Tell(new Job("send", 0, () =>
        {
            actor.Tell(new Job("left to the maker"));
            sender.Tell(new Job("then", 0, () => sent.Set())); // comes after the CPU has found the actor busy
        }));
        Wait(done);
        Assert.Equal("owner", host);

        void Note()
        {
            host = EmulatedCpu.Current!.Host; // before whoever waits looks
            done.Set();
        }
    }

    [Fact]
    public void A_message_for_later_comes_then_and_not_before()
    {
        using var done = new ManualResetEvent(false);
        var actor = OnCpu(1, "softirq");
        long due = 0, came = 0;
        _system.Perform(() =>
        {
            due = (_driver.Now + KernelTime.FromMilliseconds(20)).Nanoseconds;
            var job = new Job("later", 0, () =>
            {
                came = _driver.Now.Nanoseconds;
                done.Set();
            });
            _driver.TellAt(actor, job, new(due));
        });
        Wait(done);
        Assert.True(came >= due, $"due at {due}, came at {came}");
    }

    [Fact]
    public void What_akka_schedules_comes()
    {
        using var done = new ManualResetEvent(false);
        var actor = OnCpu(0, "softirq");
        _system.Perform(() => _system.System.Scheduler.ScheduleTellOnce(
            TimeSpan.FromMilliseconds(5), actor, new Job("later", 0, () => done.Set()), ActorRefs.NoSender));
        Wait(done);
    }

    [Fact]
    public void A_task_runs_its_burst_and_its_time_is_its_own()
    {
        using ManualResetEvent started = new(false), done = new(false);
        var task = new TaskEntity(100, "task");
        var props = TaskJobActor.Props(_log.Enqueue, _driver.Cpus[0], task, () => started.Set());
        var actor = _system.Create(props.WithDispatcher("cpu-0").WithMailbox("task"), "task");
        Wait(started);
        actor.Tell(new Job("burst", 0, () => _driver.Cpus[0].Scheduler.StartBurst(2_000_000, new Job("done", 0, () => done.Set()))));
        Wait(done);
        _system.Dispose(); // afterwards nothing moves
        Assert.True(_driver.Cpus[0].Times.User >= 2_000_000, $"{_driver.Cpus[0].Times.User} ns");
        Assert.Equal(CpuContext.Task, _log.Single(job => job.Name == "done").Context);
    }

    [Fact]
    public void Disposing_leaves_no_thread_of_ours()
    {
        var threads = new ConcurrentBag<Thread>();
        using var both = new CountdownEvent(2);
        for (var cpu = 0; cpu < 2; cpu++)
        {
            OnCpu(cpu, "softirq").Tell(new Job("note", 0, () =>
            {
                threads.Add(Thread.CurrentThread);
                both.Signal();
            }));
        }

        Wait(both.WaitHandle);
        var watch = Stopwatch.StartNew();
        _system.Dispose();
        Assert.All(threads, thread => Assert.False(thread.IsAlive));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
    }

    public void Dispose() => _system.Dispose();

    private static void Wait(WaitHandle signal) => Assert.True(signal.WaitOne(Limit), "the signal did not come");

    /// <summary>Says where it belongs, but is slow to begin.</summary>
    private sealed class HomedActor(EmulatedCpu home, ManualResetEvent making, ManualResetEvent sent, Action onMessage) : UntypedActor
    {
        public static Props Props(EmulatedCpu home, ManualResetEvent making, ManualResetEvent sent, Action onMessage) =>
            Akka.Actor.Props.Create(() => new HomedActor(home, making, sent, onMessage));

        protected override void PreStart()
        {
            TaskQueues.Home(Context, home);
            making.Set();
            Wait(sent);
        }

        protected override void OnReceive(object message) => onMessage();
    }

    private IEnumerable<int> Numbers(string stream) =>
        _log.Where(job => job.Name.StartsWith(stream, StringComparison.Ordinal))
            .Select(job => int.Parse(job.Name.AsSpan(stream.Length), System.Globalization.CultureInfo.InvariantCulture));

    private IActorRef OnCpu(int cpu, string mailbox) =>
        _system.Create(JobActor.Props(_log.Enqueue).WithDispatcher($"cpu-{cpu}").WithMailbox(mailbox), $"job{_actors++}");
}
