using System.Net;
using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads the programs of a host.</summary>
internal static class TaskReader
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Any, 0);

    /// <summary>The programs, in the order of the file.</summary>
    public static List<TaskSettings> ReadAll(IReadOnlyList<SettingNode> items, CpuSettings cpus, IReadOnlyList<DeviceSettings> devices,
        ReadingContext context)
    {
        var tasks = new List<TaskSettings>();
        var names = new UniqueNames("task of this host", context.Faults);
        var (bound, listening) = (new Dictionary<IPEndPoint, Binding>(), new Dictionary<IPEndPoint, Binding>());
        foreach (var item in items)
        {
            var word = ((item as MappingNode)?.Find("program")?.Value as ScalarNode)?.Text;
            var known = TaskKeys.TableOf(word);
            var section = new Section(item, item.Place, known ?? Meant(word), context.Faults);
            var task = Read(section, cpus, context);
            if (known is not null && task is BypassSettings bypass) BypassKeys.Check(section, bypass, devices, tasks, context);
            CheckChoice(section, task, context);
            if (section.Has(TaskKeys.Name)) names.Add(task.Name, section.PlaceOf(TaskKeys.Name));
            if (known == TaskKeys.Server) context.RefuseIn310(section, TaskKeys.UdpGro);
            if (task is UdpEchoSettings { UdpGro: true })
                context.Faults.Add(section.PlaceOf(TaskKeys.UdpGro), "`udp-gro` is for udp-sink: what was merged would be answered as one");
            if (known is not null && task is UdpServerSettings udp && section.Has(TaskKeys.Bind))
                CheckBind(section, new Binding(task.Name, udp.Bind, udp.ReusePort), devices, bound);
            if (known is not null && task is TcpServerSettings tcp && section.Has(TcpKeys.Bind))
                CheckBind(section, new Binding(task.Name, tcp.Bind, tcp.ReusePort), devices, listening);
            tasks.Add(task);
        }

        return tasks;
    }

    private static void CheckChoice(Section section, TaskSettings task, ReadingContext context)
    {
        var (choice, isShared, key) = task switch
        {
            UdpServerSettings udp => (udp.Choice, udp.ReusePort, TaskKeys.Choice),
            TcpServerSettings tcp => (tcp.Choice, tcp.ReusePort, TcpKeys.Select),
            _ => (ReuseportChoice.Hash, true, TaskKeys.Choice),
        };
        if (choice == ReuseportChoice.Hash) return;
        if (!isShared) context.Faults.Add(section.PlaceOf(key), "`reuseport-select` needs `reuseport: on`");
        if (context.Kernel == KernelVersion.V310) context.Faults.Add(section.PlaceOf(key), "3.10 has neither SO_INCOMING_CPU nor SO_ATTACH_REUSEPORT_CBPF");
    }

    // a misspelt program is one fault, not one more for each of its keys
    private static KeyTable Meant(string? word)
    {
        var near = NearestName.Of(word ?? "", TaskKeys.Programs);
        return TaskKeys.TableOf(near) ?? TaskKeys.Server;
    }

    private static TaskSettings Read(Section section, CpuSettings cpus, ReadingContext context)
    {
        var all = new CpuSet(CpuSet.First(cpus.Count).Where(cpu => !cpus.Isolated.Contains(cpu)));
        var (start, stop) = TaskKeys.Span.Read(section, context.Duration);
        var task = Own(section, context) with
        {
            Name = section.Get(TaskKeys.Name),
            Cpus = section.Node(TaskKeys.Cpus) is { } node
                ? Section.Value(node, "cpus", text => CpuReader.List(text, cpus.Count), all, context.Faults)
                : all,
            Threads = section.Get(TaskKeys.Threads),
            Pin = section.Get(TaskKeys.Pin),
            Nice = section.Get(TaskKeys.Nice),
            Start = start,
            Stop = stop,
        };
        if (task is UdpOpenLoopSettings or PacketFloodSettings) CheckRate(section, task);
        if (task is not UdpTaskSettings udp) return task;
        return udp with
        {
            ReceiveBuffer = section.Get(TaskKeys.ReceiveBuffer),
            SendBuffer = section.Get(TaskKeys.SendBuffer),
            Batch = section.Get(TaskKeys.Batch),
            BusyPoll = TaskKeys.BusyPoll.Read(section, context),
        };
    }

    // what only this program has
    private static TaskSettings Own(Section section, ReadingContext context) => section.Get(TaskKeys.Program) switch
    {
        "udp-sink" => Server(section, new UdpSinkSettings { Bind = Nowhere }),
        "udp-echo" => Server(section, new UdpEchoSettings { Bind = Nowhere }),
        "udp-closed-loop" => new UdpClosedLoopSettings
        {
            Connect = section.Get(TaskKeys.Connect) ?? Nowhere,
            Size = TaskKeys.RequestSize.Read(section),
            Timeout = section.Get(TaskKeys.Timeout),
            Outstanding = section.Get(TaskKeys.Outstanding),
            Think = section.Get(TaskKeys.Think),
        },
        "udp-open-loop" => new UdpOpenLoopSettings
        {
            Connect = section.Get(TaskKeys.Connect) ?? Nowhere,
            Size = TaskKeys.RequestSize.Read(section),
            Timeout = section.Get(TaskKeys.Timeout),
            Rate = section.Get(TaskKeys.RequestRate),
            Arrival = section.Get(TaskKeys.RequestArrival),
        },
        "packet-flood" => new PacketFloodSettings
        {
            Destination = section.Get(TaskKeys.Destination) ?? new EndpointRange(IPAddress.Any, default),
            Rate = section.Get(TaskKeys.FloodRate),
            Arrival = section.Get(TaskKeys.FloodArrival),
            Size = TaskKeys.FloodSize.Read(section),
            Flows = TaskKeys.FloodFlows.Read(section),
        },
        "tcp-server" or "tcp-rr" or "tcp-crr" or "memcached-client" or "tcp-stream" => TcpTaskReader.Read(section, section.Get(TaskKeys.Program), context),
        "ping" => new PingSettings
        {
            Destination = section.Get(TaskKeys.PingTo),
            Interval = section.Get(TaskKeys.Interval),
            Size = section.Get(TaskKeys.PingSize),
            Count = section.Get(TaskKeys.Count),
        },
        "af-xdp" => BypassKeys.ReadAfXdp(section, context),
        "poll-mode" => BypassKeys.ReadPollMode(section),
        "cpu-hog" => new CpuHogSettings { Burst = section.Get(TaskKeys.Burst), Pause = section.Get(TaskKeys.Pause) },
        _ => new CpuHogSettings { Burst = KernelTime.Zero, Pause = KernelTime.Zero }, // a fault was noted; nothing runs
    };

    // the threads share the rate; 0pps of a flood is no rate
    private static void CheckRate(Section section, TaskSettings task)
    {
        var (key, rate) = task is UdpOpenLoopSettings open ? (TaskKeys.RequestRate, open.Rate) : (TaskKeys.FloodRate, ((PacketFloodSettings)task).Rate);
        if (section.Has(key) && rate > 0 && rate < task.Threads)
            section.Faults.Add(section.PlaceOf(key), $"`rate`: {task.Threads} threads share it, and each needs 1pps at least");
    }

    private static UdpServerSettings Server(Section section, UdpServerSettings server) => server with
    {
        Bind = section.Get(TaskKeys.Bind) ?? Nowhere,
        ReusePort = section.Get(TaskKeys.ReusePort),
        UdpGro = section.Get(TaskKeys.UdpGro),
        Choice = section.Get(TaskKeys.Choice),
        Service = section.Get(TaskKeys.Service),
    };

    // what bind() would answer EADDRNOTAVAIL or EADDRINUSE to
    private static void CheckBind(Section section, Binding server, IReadOnlyList<DeviceSettings> devices, Dictionary<IPEndPoint, Binding> bound)
    {
        var place = section.PlaceOf(TaskKeys.Bind);
        var address = server.Endpoint.Address;
        if (!address.Equals(IPAddress.Any) && !IPAddress.IsLoopback(address)
            && !devices.Any(d => d.Addresses.Any(a => a.Address.Equals(address))))
            section.Faults.Add(place, $"`bind`: {address} is no address of this host");
        if (bound.TryGetValue(server.Endpoint, out var other) && !(other.ReusePort && server.ReusePort))
            section.Faults.Add(place, $"`bind`: {server.Endpoint} is taken by `{Words.Cut(other.Name)}`: both need `reuseport: on`");
        bound[server.Endpoint] = server;
    }

    private sealed record Binding(string Name, IPEndPoint Endpoint, bool ReusePort);
}
