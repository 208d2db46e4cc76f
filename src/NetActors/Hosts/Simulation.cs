using Akka.Actor;
using NetActors.Control;
using NetActors.Execution;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Sockets;
using NetActors.Time;
using NetActors.Xdp;

namespace NetActors.Hosts;

/// <summary>A scenario that runs: hosts, wires and traffic over one clock. Several may live in one process.</summary>
public sealed partial class Simulation : IDisposable
{
    private readonly SimulationSystem _system;
    private readonly SimulationPlan _plan;
    private bool _disposed;

    private Simulation(SimulationSystem system, SimulationPlan plan, ScenarioFile scenario) =>
        (_system, _plan, Scenario) = (system, plan, scenario);

    /// <summary>What runs.</summary>
    public ScenarioFile Scenario { get; }

    /// <summary>The simulation's clock.</summary>
    public KernelTime Now => _system.Layer.Now;

    /// <summary>Packets rented from all pools and not yet back. Zero when the simulation is idle or gone.</summary>
    public long OutstandingPackets => _plan.OutstandingPackets;

    /// <summary>What failed inside and was restarted or closed, the first thousand: each is a bug, and the results may not be trusted.</summary>
    public IReadOnlyList<string> Failures => _system.Layer.Failures.First;

    /// <summary>Messages handled so far; only in virtual time.</summary>
    public long Messages => _system.Layer is VirtualDriver driver ? driver.Steps : 0;

    internal SimulationSystem System => _system;

    internal SimulationPlan Plan => _plan;

    /// <summary>Builds the scenario's hosts on the chosen clock and starts their tasks; time stands at zero.</summary>
    /// <exception cref="ScenarioException">The scenario asks for something that cannot be built.</exception>
    public static Simulation Start(ScenarioFile scenario, SimulationOptions? options = null) => Start(scenario, options, null);

    /// <summary>The same, with a look at the plan before its actors are made.</summary>
    internal static Simulation Start(ScenarioFile scenario, SimulationOptions? options, Action<SimulationPlan>? prepare)
    {
        options ??= new SimulationOptions();
        var settings = new ExecutionSettings
        {
            Quantum = scenario.Clock.Quantum,
            Jiffies = Jiffies.OfHz(scenario.Clock.Hz),
            Costs = scenario.CostModel,
            Seed = scenario.Seed,
            Scheduling = SchedParameters.ForCpus(scenario.Hosts.Count == 0 ? 1 : scenario.Hosts.Max(h => h.Cpus.Count)),
        };
        ExecutionLayer layer = options.Clock == ClockKind.Virtual ? new VirtualDriver(settings) : new RealDriver(settings);
        var plan = SimulationPlanner.Plan(scenario, layer, options);
        prepare?.Invoke(plan);
        var system = new SimulationSystem(layer, "netactors", options.AkkaConfig);
        foreach (var host in plan.Hosts) host.Actor = system.Create(HostActor.Props(host), host.Name);
        plan.CreateHardware(system);
        system.Perform(() =>
        {
            foreach (var host in plan.Hosts) host.Actor.Tell(HostProtocol.Start.Instance, ActorRefs.NoSender);
        });
        StartEvents(system, plan, scenario);
        StartIrqBalance(system, plan, scenario);
        layer.StartClock();
        return new Simulation(system, plan, scenario);
    }

    /// <summary>Runs until the clock shows <paramref name="until"/>, or until <paramref name="stop"/> answers true.</summary>
    /// <returns>True when the time was reached.</returns>
    public bool RunUntil(KernelTime until, Func<bool>? stop = null) => _system.Layer switch
    {
        VirtualDriver driver => driver.RunUntil(until, stop),
        RealDriver driver => driver.RunUntil(until, stop),
        _ => throw new InvalidOperationException("an execution layer of its own kind"),
    };

    /// <summary>
    /// Changes devices, addresses or routes of a host while it runs, as <c>ip</c> does: at the present time, in order with everything else.
    /// </summary>
    /// <param name="host">The host's name.</param>
    /// <param name="change">The change; what it answers is what this answers.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public Errno ChangeNet(string host, Func<RtnlTables, Errno> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var found = _plan.Hosts.Find(h => h.Name == host) ?? throw new ArgumentException($"no host is called {host}", nameof(host));
        if (found.Rtnl.IsNobody())
        {
            var tables = new RtnlTables(found.Stack.Net.Devices, found.Routes, Scenario.Kernel);
            found.Rtnl = _system.Create(RtnlActor.Props(found.Stack, tables), $"rtnl-{found.Name}");
        }

        return _system.Request<Errno>(found.Rtnl, answered => new RtnlProtocol.Change(change, answered));
    }

    /// <summary>
    /// Writes a setting of a host while it runs, by the name an administrator uses: <c>net.core.rps_sock_flow_entries</c>,
    /// <c>/sys/class/net/eth0/queues/rx-0/rps_cpus</c>, <c>ethtool -X eth0</c> and others (<see cref="KnobKey"/>): at the present time, in order
    /// with everything else.
    /// </summary>
    /// <param name="host">The host's name.</param>
    /// <param name="key">What.</param>
    /// <param name="value">What to write.</param>
    /// <returns>Null, or why it was refused: the errno, a colon and words.</returns>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public string? Set(string host, string key, string value)
    {
        var found = _plan.Hosts.Find(h => h.Name == host) ?? throw new ArgumentException($"no host is called {host}", nameof(host));
        if (found.KnobActor.IsNobody()) found.KnobActor = _system.Create(KnobActor.Props(found.Knobs), $"knobs-{found.Name}");
        var refused = _system.Request<string>(found.KnobActor, answered => new KnobProtocol.Write(key, value, answered));
        return refused.Length == 0 ? null : refused;
    }

    /// <summary>Orders what the scenario changes while it runs.</summary>
    private static void StartEvents(SimulationSystem system, SimulationPlan plan, ScenarioFile scenario)
    {
        foreach (var group in scenario.Events.GroupBy(e => e.Host))
        {
            var host = plan.Hosts.Find(h => h.Name == group.Key)!;
            host.KnobActor = system.Create(KnobActor.Props(host.Knobs), $"knobs-{host.Name}");
            system.Perform(() =>
            {
                foreach (var change in group) system.Layer.TellAt(host.KnobActor, new KnobProtocol.Write(change.Key, change.Value, null), change.At);
            });
        }
    }

    /// <summary>Starts the program irqbalance on the hosts that have it.</summary>
    private static void StartIrqBalance(SimulationSystem system, SimulationPlan plan, ScenarioFile scenario)
    {
        foreach (var settings in scenario.Hosts)
        {
            if (settings.IrqBalance is { } options)
                system.Create(IrqBalanceActor.Props(plan.Hosts.Find(h => h.Name == settings.Name)!, options, settings.Cpus, system.Layer), $"irqbalance-{settings.Name}");
        }
    }

    /// <summary>Attaches an XDP program to a device, or takes it off with null, while the simulation stands or runs (<c>ip link set DEVICE xdp</c>).</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="program">The program.</param>
    /// <param name="mode">Where it runs.</param>
    /// <exception cref="ArgumentException">There is no such host or card.</exception>
    public void SetXdp(string host, string device, XdpProgram? program, XdpMode mode = XdpMode.Native)
    {
        var card = _plan.Cards.Find(c => c.Host.Name == host && c.Device.Name == device)?.Device
            ?? throw new ArgumentException($"host {host} has no card {device}", nameof(device));
        if (mode == XdpMode.Native) card.Xdp = program;
        else card.XdpGeneric = program;
    }

    /// <summary>
    /// Changes the CPUs that a thread may run on, as <c>taskset -p</c> does (kernel: <c>sched_setaffinity</c>): at the present time, between two
    /// calls of <see cref="RunUntil"/>. A thread on a CPU that it may not use any more leaves it at once, one that sleeps when it is woken.
    /// </summary>
    /// <param name="host">The host's name.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="thread">Which of its threads, from 0.</param>
    /// <param name="cpus">The CPUs, by their numbers on the host.</param>
    /// <returns>EINVAL without a CPU of the host, ESRCH when the thread has ended.</returns>
    /// <exception cref="ArgumentException">There is no such host, task or thread.</exception>
    /// <exception cref="InvalidOperationException">In real time, where threads stay on their CPUs.</exception>
    public Errno SetAffinity(string host, string task, int thread, IEnumerable<int> cpus)
    {
        var found = _plan.Hosts.Find(h => h.Name == host) ?? throw new ArgumentException($"no host is called {host}", nameof(host));
        var threads = found.Tasks.FindAll(t => t.Entity.Name == task);
        if (thread < 0 || thread >= threads.Count) throw new ArgumentException($"host {host} has no thread {thread} of a task {task}", nameof(thread));
        if (!_system.Layer.IsVirtual) throw new InvalidOperationException("tasks move in virtual time only");
        var mask = new CpuMask(cpus.Where(c => c >= 0 && c < found.Cpus.Length));
        var entity = threads[thread].Entity;
        if (mask.Count == 0) return Errno.EINVAL;
        if (entity.State == TaskState.Dead) return Errno.ESRCH;
        _system.Perform(() => HostCpu.SetAffinity(entity, mask));
        return Errno.None;
    }

    /// <summary>All figures as they stand now. In real time the emulated CPUs stop for it between two handlers.</summary>
    public SimulationSnapshot Snapshot()
    {
        SimulationSnapshot? taken = null;
        _system.Layer.WhileStill(() => taken = SimulationReporter.Take(this));
        return taken!;
    }

    /// <summary>Stops every actor and thread; what was still under way is freed and counted as such.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _plan.EndObservation(); // what still happens while actors stop depends on this machine's threads: nobody is to see it
        _system.Dispose();
        _plan.ReleaseAll(_system.Layer.Now);
    }
}

/// <summary>How a scenario is run.</summary>
public sealed record SimulationOptions
{
    /// <summary>Which clock.</summary>
    public ClockKind Clock { get; init; } = ClockKind.Virtual;

    /// <summary>Takes every packet at the devices that the scenario names; null for none.</summary>
    public ICaptureSink? Capture { get; init; }

    /// <summary>Takes trace events; null for none.</summary>
    public ITraceSink? Trace { get; init; }

    /// <summary>Takes what TCP's connections are like when segments come; null for none.</summary>
    public ITcpProbeSink? TcpProbe { get; init; }

    /// <summary>Opens the capture of a replay; null where none can be.</summary>
    public Func<ReplaySettings, IFrameSource>? OpenReplay { get; init; }

    /// <summary>Further HOCON for Akka; null for none.</summary>
    public string? AkkaConfig { get; init; }
}

/// <summary>A scenario that was read well but cannot be built.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>An exception without a message.</summary>
    public ScenarioException()
    {
    }

    /// <summary>What cannot be built, and why.</summary>
    public ScenarioException(string message)
        : base(message)
    {
    }

    /// <summary>What cannot be built, and why.</summary>
    public ScenarioException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
