using NetActors.Apps;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Irq;
using NetActors.Headers;
using NetActors.Scenarios;
using NetActors.Script.Running;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Script.Hosting;

/// <summary>
/// A fresh emulated host for one script, in virtual time: one CPU, loopback, and tun0 towards the peer that the script plays. Nothing costs
/// time, so that what happens does at the time at which the script lets it.
/// </summary>
public sealed class EmulatedScriptHost : IScriptHost, IDisposable
{
    private const int TunIndex = 2;
    private const int Tasks = 8; // one makes the calls, the others sleep in those that block
    private const int DefaultMtu = 1500;

    /// <summary>
    /// Messages of the emulation that one wait of a script may take: some seconds of work. A flood that feeds itself without time passing, or
    /// years of keepalives, would go on for ever.
    /// </summary>
    private const long MostSteps = 10_000_000;

    private const string Scenario = """
        duration: 1s
        cost-model: none
        clock: { hz: 1000 }
        hosts:
          host: { cpus: 1 }
        """;

    private readonly Simulation _simulation;
    private readonly VirtualDriver _driver;
    private readonly TunDevice _tun;
    private readonly Host _host;
    private readonly List<OrderedProgram> _programs = [];
    private readonly FdTable _files = new();
    private readonly int _segmentBytes;

    /// <summary>Builds the host that the script's settings ask for.</summary>
    /// <exception cref="NotSupportedException">The script is for IPv6.</exception>
    public EmulatedScriptHost(ScriptSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.IpVersion != ScriptIpVersion.Ipv4) throw new NotSupportedException("IPv6 is not emulated yet: run the script with --ip_version=ipv4");
        var read = ScenarioReader.ReadText(Scenario, "script");
        var scenario = read.Scenario ?? throw new InvalidOperationException(string.Join('\n', read.Faults));
        TunDevice? tun = null;
        Host? host = null;
        _simulation = Simulation.Start(scenario, new SimulationOptions(), plan =>
        {
            host = plan.Hosts[0];
            tun = new TunDevice(TunIndex, "tun0", settings.Mtu > 0 ? settings.Mtu : DefaultMtu, host.Stack, 1);
            Plug(host, tun, settings);
            for (var i = 0; i < Tasks; i++) AddTask(host, i);
        });
        (_host, _tun, _driver, _segmentBytes) = (host!, tun!, (VirtualDriver)_simulation.System.Layer, settings.Mss);
        Commands = new EmulatedHostCommands(_host, _tun, new EmulatedNetwork(_host, _tun, RouteTo(settings)), () => Now, () => _simulation.Snapshot().Hosts[0]);
        _driver.RunUntil(Now);
    }

    /// <summary>RLIMIT_NOFILE of the script's process.</summary>
    internal Errno SetOpenFileLimit(int most) => _files.SetLimit(most);

    /// <summary>What shell commands act on.</summary>
    public Shell.IScriptHostCommands Commands { get; }

    /// <inheritdoc />
    public KernelTime Now => _simulation.Now;

    /// <inheritdoc />
    public void AdvanceTo(KernelTime time) => RunWithin(KernelTime.Max(time, Now), _driver.Steps + MostSteps);

    /// <inheritdoc />
    public HostWait RunUntilPacket(KernelTime limit) => RunUntil(() => _tun.Waiting > 0, limit);

    /// <inheritdoc />
    public bool TryTakePacket(out OutboundPacket packet)
    {
        packet = default;
        if (!_tun.TryTake(out var time, out var bytes)) return false;
        packet = new OutboundPacket(time, bytes);
        return true;
    }

    /// <inheritdoc />
    public void Inject(ReadOnlySpan<byte> packet)
    {
        var bytes = packet.ToArray();
        var write = new CpuProtocol.Write(_tun, bytes, IsGro(bytes) ? _segmentBytes : 0);
        _simulation.System.Perform(() => _host.Cpus[0].CpuActor.Tell(write, Akka.Actor.ActorRefs.NoSender));
        Settle();
    }

    /// <inheritdoc />
    public ScriptCall Begin(ScriptSyscall syscall)
    {
        var pending = new ScriptCall(syscall);
        var program = _programs.Find(p => p.IsReady && !p.IsBusy);
        if (program is null)
        {
            pending.Complete(ScriptAnswer.Fail(Errno.EAGAIN), Now);
            return pending;
        }

        if (SyscallTranslation.Fill(program.Next, syscall, _files, Now) is { } refused)
        {
            pending.Complete(refused, Now);
            return pending;
        }

        program.Owner = pending;
        program.Ended = call =>
        {
            if (syscall is CloseCall) _files.Remove(((CloseCall)syscall).Fd);
            var answer = SyscallTranslation.Answer(syscall, call);
            if (syscall is SelectCall && !call.Deadline.IsNever && call.Deadline > _driver.Now) answer = answer with { TimeLeft = (call.Deadline - _driver.Now).Microseconds };
            pending.Complete(answer, _driver.Now);
        };
        _simulation.System.Perform(program.Go);
        Settle();
        return pending;
    }

    /// <inheritdoc />
    public HostWait RunUntilCompleted(ScriptCall pending, KernelTime limit)
    {
        ArgumentNullException.ThrowIfNull(pending);
        return RunUntil(() => pending.IsCompleted, limit);
    }

    /// <summary>A call that sleeps is interrupted and takes nothing any more; its answer is never given.</summary>
    internal void Interrupt(ScriptCall pending)
    {
        var program = _programs.Find(p => p.IsBusy && ReferenceEquals(p.Owner, pending));
        if (program is null) return;
        program.Ended = static _ => { };
        _simulation.System.Perform(program.Interrupt);
        Settle();
    }

    /// <summary>Everything that was still under way ends.</summary>
    public void Dispose()
    {
        foreach (var program in _programs) program.Ended = static _ => { };
        _simulation.Dispose();
    }

    private static void Plug(Host host, TunDevice tun, ScriptSettings settings)
    {
        var device = new InetDevice
        {
            IfIndex = TunIndex,
            Name = tun.Name,
            Mtu = tun.Mtu,
            NoArp = true,
            Addresses = [new InetAddress { Local = new Headers.Ipv4Prefix(settings.LocalAddress.Ipv4, (byte)settings.PrefixLength) }],
        };
        host.Stack.Devices = [.. host.Stack.Devices, tun];
        host.Stack.Net = Ipv4Snapshot.Create([host.Stack.Net.LoopbackDevice!, device], [RouteTo(settings)]);
    }

    private static FibRoute RouteTo(ScriptSettings settings) =>
        new() { Prefix = new Headers.Ipv4Prefix(settings.RemoteAddress.Ipv4, 32), IfIndex = TunIndex, Gateway = settings.GatewayAddress.Ipv4 };

    private void AddTask(Host host, int number)
    {
        var program = new OrderedProgram();
        _programs.Add(program);
        host.Tasks.Add(new HostTask(
            new TaskEntity(1000 + number, $"script{number}") { Cpu = host.Cpus[0].Cpu }, host.Cpus[0], program, KernelTime.Zero, null)
        { Files = _files });
    }

    private bool IsGro(ReadOnlySpan<byte> packet) =>
        _segmentBytes > 0 && packet.Length > 40 && packet[9] == IpProtocols.Tcp && packet.Length - 40 > _segmentBytes;

    private void Settle() => RunWithin(Now, _driver.Steps + MostSteps);

    private void RunWithin(KernelTime until, long lastStep)
    {
        if (_driver.RunUntil(until, () => _driver.Steps > lastStep)) return;
        throw Endless();
    }

    private ScriptEndlessException Endless() =>
        new($"the stack is still busy at {ScriptClock.Text(_driver.Now)} s of its clock after {MostSteps} steps: this has no end");

    private HostWait RunUntil(Func<bool> isDone, KernelTime limit)
    {
        var lastStep = _driver.Steps + MostSteps;
        while (!isDone())
        {
            var next = _driver.NextDue;
            if (next.IsNever) return HostWait.Idle;
            if (next > limit)
            {
                RunWithin(limit, lastStep);
                return isDone() ? HostWait.Happened : HostWait.TimeReached;
            }

            RunWithin(next, lastStep);
            if (_driver.Steps > lastStep) throw Endless();
        }

        return HostWait.Happened;
    }
}
