using Akka.Actor;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Time;

namespace NetActors.Tests.Execution;

/// <summary>A few CPUs of one host on virtual time, and actors that do as the test says and leave a log.</summary>
internal sealed class TestMachine : IDisposable
{
    private int _actors;

    public TestMachine(int cpus = 1, long quantum = 0, CostModel? costs = null)
    {
        Driver = new VirtualDriver(new ExecutionSettings { Quantum = new(quantum), Costs = costs ?? CostModel.Zero });
        for (var i = 0; i < cpus; i++) Driver.AddCpu("test", i, new CpuTopology(cpus));
        System = new SimulationSystem(Driver);
    }

    public VirtualDriver Driver { get; }

    public SimulationSystem System { get; }

    /// <summary>What was handled, in the order in which it began.</summary>
    public List<JobRecord> Log { get; } = [];

    public EmulatedCpu Cpu(int id) => Driver.Cpus[id];

    /// <summary>An actor of one CPU whose messages are handled in the context of <paramref name="mailbox"/>.</summary>
    public IActorRef OnCpu(int cpu, string mailbox) =>
        System.Create(JobActor.Props(Log.Add).WithDispatcher($"cpu-{cpu}").WithMailbox(mailbox), $"job{_actors++}");

    /// <summary>An actor that runs wherever it is told something.</summary>
    public IActorRef OnCaller() => System.Create(JobActor.Props(Log.Add).WithDispatcher("caller-cpu"), $"job{_actors++}");

    /// <summary>A task that runs from the begin, and the actor behind it.</summary>
    public (TaskEntity Task, IActorRef Actor) Task(int cpu, int pid = 100)
    {
        var task = new TaskEntity(pid, $"task-{pid}");
        var started = false;
        var props = TaskJobActor.Props(Log.Add, Cpu(cpu), task, () => started = true).WithDispatcher($"cpu-{cpu}").WithMailbox("task");
        var actor = System.Create(props, $"task-{pid}");
        while (!started) Driver.RunUntil(Driver.Now + KernelTime.FromMicroseconds(1));
        return (task, actor);
    }

    /// <summary>Sends <paramref name="job"/> so that it exists from <paramref name="nanoseconds"/> on.</summary>
    public void At(long nanoseconds, IActorRef target, Job job) => System.Perform(() => Driver.TellAt(target, job, new(nanoseconds)));

    /// <summary>Runs until nothing is left to do.</summary>
    public void RunToIdle()
    {
        Driver.RunUntil(KernelTime.Never);
        Assert.True(Driver.NextDue.IsNever);
    }

    public JobRecord Find(string name) => Assert.Single(Log, record => record.Name == name);

    public string Order() => string.Join(' ', Log.Select(record => record.Name));

    public void Dispose() => System.Dispose();
}

/// <summary>Something to do: takes its time, and then perhaps more.</summary>
internal sealed record Job(string Name, long Nanoseconds = 0, Action? Then = null);

/// <summary>Where and when a job was done.</summary>
internal sealed record JobRecord(string Name, int Cpu, CpuContext Context, long Begin, long End);
