using NetActors.Apps;
using NetActors.Apps.Streams;
using NetActors.Execution;
using NetActors.Filters;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Sockets;
using NetActors.Time;
using NetActors.Udp;
using NetActors.Xdp;

namespace NetActors.Hosts;

/// <summary>A scenario's tasks with their sockets and programs.</summary>
internal static class TaskPlanner
{
    private const int FirstPid = 1000;
    private const int UdpHeaders = EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size + 4;

    public static void AddTasks(Host host, HostSettings settings, ScenarioFile scenario, SimulationPlan plan)
    {
        foreach (var task in settings.Tasks)
        {
            var latency = new LatencyHistogram($"{host.Name}/{task.Name}");
            UdpSocket? shared = null;
            var process = task is TcpTaskSettings started ? new PlannedProcess(started) : null;
            for (var i = 0; i < task.Threads; i++)
            {
                var cpu = host.Cpus[task.Cpus[i % task.Cpus.Count]];
                var pid = FirstPid + host.Tasks.Count;
                var random = KernelRandom.For(scenario.Seed, $"{host.Name}/{task.Name}/{i}");
                DatagramSocket? socket = task switch
                {
                    UdpTaskSettings udp => OpenSocket(host, udp, ref shared),
                    PingSettings => OpenPing(host, task),
                    _ => null,
                };
                if (socket is not null) socket.Descriptors++;
                AppProgram program = task is TcpTaskSettings tcp
                    ? TcpTaskPlanner.ProgramOf(tcp, process!.Shared, latency, random, scenario, cpu.Cpu.LocalId)
                    : task is BypassSettings bypass ? BypassOf(bypass, i, host, latency)
                    : ProgramOf(task, i, socket, latency, random);
                var planned = new HostTask(new TaskEntity(pid, task.Name, task.Nice) { Cpu = cpu.Cpu, Allowed = AllowedOf(task, cpu) }, cpu, program, task.Start, socket);
                if (planned.Entity.Allowed is { Count: > 1 }) cpu.Domain?.Activate();
                host.Tasks.Add(process is null ? planned : planned with { Files = process.Files });
            }

            if (task is UdpSinkSettings or UdpClientSettings or PingSettings or TcpLoopSettings or BypassSettings) plan.Latency.Add(latency);
        }
    }

    /// <summary>In real time tasks stay where they are.</summary>
    private static CpuMask? AllowedOf(TaskSettings task, HostCpu cpu) =>
        cpu.Domain is null ? null : task.Pin ? new CpuMask([cpu.Cpu.LocalId]) : new CpuMask(task.Cpus);

    private static UdpSocket OpenSocket(Host host, UdpTaskSettings task, ref UdpSocket? shared)
    {
        // Without SO_REUSEPORT the threads of a server share one socket, as a program that opens it before it forks does.
        if (task is UdpServerSettings { ReusePort: false } && shared is not null) return shared;
        var (stack, isReal) = (host.Stack, !host.Cpus[0].Cpu.Layer.IsVirtual);
        var socket = new UdpSocket(host.NextSocket, stack.UdpMemory, stack.UdpSettings, (int?)task.ReceiveBuffer, isReal)
        {
            Task = task.Name,
        };
        var busy = task.BusyPoll;
        socket.Options.SetBusyPoll(busy.Usecs ?? host.Cpus[0].BusyReadUsecs, busy.Prefer, busy.Budget);
        host.Sockets.Add(socket);
        shared = socket;
        return socket;
    }

    private static PingSocket OpenPing(Host host, TaskSettings task)
    {
        var number = host.PingSockets.Count + 1;
        var (stack, isReal) = (host.Stack, !host.Cpus[0].Cpu.Layer.IsVirtual);
        var socket = new PingSocket(host.NextSocket, (ushort)number, stack.UdpMemory, stack.UdpSettings, isReal) { Task = task.Name };
        host.PingSockets.Add(socket);
        host.Stack.Pings.Add(socket.Ident, socket);
        return socket;
    }

    /// <summary>Binds and connects what the tasks opened; once the host has its addresses and routes.</summary>
    public static void Bind(Host host, HostSettings settings)
    {
        var next = 0;
        foreach (var task in settings.Tasks)
        {
            UdpSocket? bound = null;
            for (var i = 0; i < task.Threads; i++, next++)
            {
                if (host.Tasks[next].Socket is not UdpSocket socket || ReferenceEquals(socket, bound)) continue;
                bound = socket;
                var error = Bind(host.Stack, socket, task, host.Tasks[next].Cpu.Cpu.LocalId);
                if (error != Errno.None) throw new ScenarioException($"{host.Name}: task {task.Name}: {error}");
            }
        }
    }

    private static Errno Bind(NetStack stack, UdpSocket socket, TaskSettings task, int cpu)
    {
        if (task is UdpServerSettings server)
        {
            socket.Endpoint.ReusePort = server.ReusePort;
            socket.IsGro = server.UdpGro;
            if (server.UdpGro) stack.Udp.WantsGro = true;
            if (server.Choice == ReuseportChoice.IncomingCpu) socket.Endpoint.IncomingCpu = cpu;
            if (server.Choice == ReuseportChoice.Cbpf && SocketFilter.TryCreate(SocketFilter.CpuModulo(server.Threads), out var program) == Errno.None)
                socket.Endpoint.Program = program;
            var address = SimulationPlanner.ToNumber(server.Bind.Address);
            return address != 0 && stack.Net.DeviceOf(address) is null ? Errno.EADDRNOTAVAIL : stack.Udp.Bind(socket.Endpoint, address, (ushort)server.Bind.Port);
        }

        var error = stack.Udp.BindEphemeral(socket.Endpoint, 0, stack.PortLow, stack.PortHigh, stack.Random.NextUInt32());
        if (error != Errno.None || task is not UdpClientSettings client) return error;
        var destination = SimulationPlanner.ToNumber(client.Connect.Address);
        error = RouteLookup.Output(stack.Net, new RouteQuery(destination, AllowBroadcast: true), out var route);
        return error != Errno.None ? error : stack.Udp.Connect(socket.Endpoint, route.Source, route.Destination, (ushort)client.Connect.Port);
    }

    private static AppProgram ProgramOf(
        TaskSettings task, int thread, DatagramSocket? opened, LatencyHistogram latency, KernelRandom random)
    {
        var socket = opened as UdpSocket;
        switch (task)
        {
            case UdpSinkSettings sink:
                return new UdpSinkProgram(socket!, sink.Batch, sink.Service, latency);
            case UdpEchoSettings echo:
                return new UdpEchoProgram(socket!, echo.Batch, echo.Service);
            case UdpClosedLoopSettings closed:
                return new UdpClientProgram(socket!, Options(closed, random) with { Outstanding = closed.Outstanding, Think = closed.Think }, latency);
            case UdpOpenLoopSettings open:
                return new UdpClientProgram(
                    socket!, Options(open, random) with { Arrivals = ShareOf(open, thread, open.Arrival, open.Rate, random) }, latency);
            case PacketFloodSettings flood:
                return Flood(flood, thread, socket!, random);
            case PingSettings ping:
                return new PingProgram((PingSocket)opened!, Options(ping), latency);
            case CpuHogSettings hog:
                return new CpuHogProgram(hog.Burst, hog.Pause);
            default:
                throw new ScenarioException($"task {task.Name}: the program {task.Program} is not there yet");
        }
    }

    private static BypassProgram BypassOf(BypassSettings task, int thread, Host host, LatencyHistogram latency)
    {
        var card = host.Nics.First(n => n.Name == task.Device);
        var options = new BypassOptions(task.IsEcho, task.Port, task.Batch, task.Service, task.Stop);
        if (task is AfXdpSettings settings)
        {
            var socket = new XskSocket(settings.Socket, card.IfIndex, settings.FirstQueue + thread);
            var program = new AfXdpProgram(socket, card, settings.Spins, options, latency);
            card.Bind(socket); // with frames to receive into
            return program;
        }

        if (!card.IsPollMode) card.GiveUp();
        int[] queues = [.. Enumerable.Range(0, card.Napis.Length).Where(q => q % task.Threads == thread)];
        return new PollModeProgram(card, queues, options, latency);
    }

    private static PingOptions Options(PingSettings ping) => new()
    {
        Destination = SimulationPlanner.ToNumber(ping.Destination),
        Interval = ping.Interval,
        PayloadBytes = ping.Size,
        Count = ping.Count,
        Stop = ping.Stop,
    };

    private static UdpClientOptions Options(UdpClientSettings client, KernelRandom random) => new()
    {
        Timeout = client.Timeout,
        Stop = client.Stop,
        Batch = client.Batch,
        NextSize = () => SizeDraw.Next(client.Size, random),
        LargestSize = Math.Max(8, client.Size.Largest),
    };

    /// <summary>A thread's share of its program's rate; equal gaps stay equal over all threads.</summary>
    private static Apps.Traffic.ArrivalProcess ShareOf(TaskSettings task, int thread, ArrivalProcess arrival, long rate, KernelRandom random)
    {
        const long NanosecondsOfSecond = 1_000_000_000;
        var share = (rate / task.Threads) + (thread < rate % task.Threads ? 1 : 0);
        var phase = arrival == ArrivalProcess.Constant ? KernelTime.FromNanoseconds(NanosecondsOfSecond * thread / rate) : KernelTime.Zero;
        return TrafficPlanner.Arrivals(arrival, task.Start + phase, share, random);
    }

    private static PacketFloodProgram Flood(PacketFloodSettings flood, int thread, UdpSocket socket, KernelRandom random)
    {
        var flows = TrafficPlanner.Distribution(flood.Flows, random);
        var address = SimulationPlanner.ToNumber(flood.Destination.Address);
        var (first, count) = (flood.Destination.Ports.First, flood.Destination.Ports.Count);
        const long AsFastAsTheHostCan = 1_000_000_000; // one is always due
        var arrivals = flood.Rate == 0
            ? TrafficPlanner.Arrivals(flood.Arrival, flood.Start, AsFastAsTheHostCan, random)
            : ShareOf(flood, thread, flood.Arrival, flood.Rate, random);
        return new PacketFloodProgram(
            socket, arrivals, flood.Stop, flood.Batch, flood.Size.Largest,
            () => (SizeDraw.Next(flood.Size, random), address, (ushort)(first + (flows.Next() % count))));
    }

    /// <summary>What the threads of a program over TCP share.</summary>
    private sealed class PlannedProcess(TcpTaskSettings task)
    {
        public StreamProcess Shared { get; } = new(task.Threads);

        public FdTable Files { get; } = new(task.OpenFiles);
    }
}
