using Akka.Actor;
using NetActors.Apps;
using NetActors.Execution;
using NetActors.Ip;
using NetActors.Nic;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>One emulated machine: its CPUs, devices, stack, sockets and tasks (what <see cref="HostActor"/> creates and supervises).</summary>
internal sealed class Host(string name, int index, HostSettingsView settings, HostCpu[] cpus, NetStack stack)
{
    public string Name { get; } = name;

    public int Index { get; } = index;

    public HostSettingsView Settings { get; } = settings;

    public HostCpu[] Cpus { get; } = cpus;

    public NetStack Stack { get; } = stack;

    public List<NicDevice> Nics { get; } = [];

    /// <summary>Ends of veth pairs.</summary>
    public List<VethDevice> Veths { get; } = [];

    /// <summary>It has no CPUs of its own.</summary>
    public bool IsNamespace => Stack.Number > 0;

    /// <summary><c>net.core.rps_default_mask</c>: <c>rps_cpus</c> of queues made from now on.</summary>
    public Scenarios.CpuSet RpsDefaultMask { get; set; } = Scenarios.CpuSet.Empty;

    public List<UdpSocket> Sockets { get; } = [];

    public List<PingSocket> PingSockets { get; } = [];

    /// <summary>All of them.</summary>
    public IEnumerable<DatagramSocket> DatagramSockets => [.. Sockets, .. PingSockets, .. RawSockets];

    /// <summary>Raw and packet sockets.</summary>
    public List<DatagramSocket> RawSockets { get; } = [];

    /// <summary>Number for the next of them.</summary>
    public int NextSocket => Sockets.Count + PingSockets.Count + RawSockets.Count + 1;

    /// <summary>A UDP socket that a program opens while it runs.</summary>
    public UdpSocket NewUdp()
    {
        var socket = new UdpSocket(NextSocket, Stack.UdpMemory, Stack.UdpSettings, null, !Cpus[0].Cpu.Layer.IsVirtual);
        Sockets.Add(socket);
        return socket;
    }

    /// <summary>A ping socket that a program opens while it runs; its identifier is the lowest free one.</summary>
    public PingSocket NewPing()
    {
        ushort ident = 1;
        while (Stack.Pings.ContainsKey(ident)) ident++;
        var socket = new PingSocket(NextSocket, ident, Stack.UdpMemory, Stack.UdpSettings, !Cpus[0].Cpu.Layer.IsVirtual);
        Stack.Pings = new Dictionary<ushort, PingSocket>(Stack.Pings) { [ident] = socket };
        PingSockets.Add(socket);
        return socket;
    }

    /// <summary>A raw socket that a program opens while it runs.</summary>
    public RawSocket NewRaw(int protocol)
    {
        var socket = new RawSocket(NextSocket, NewBuffer(), Stack.UdpSettings.WmemDefault, protocol);
        RawSockets.Add(socket);
        Stack.AddRaw(socket);
        return socket;
    }

    /// <summary>A packet socket that a program opens while it runs.</summary>
    public PacketSocket NewPacket(bool isCooked, ushort protocol)
    {
        var socket = new PacketSocket(NextSocket, NewBuffer(), Stack.UdpSettings.WmemDefault, isCooked, protocol);
        RawSockets.Add(socket);
        Stack.AddTap(socket);
        return socket;
    }

    /// <summary>A buffer with a limit of its own only, which one packet may pass (kernel: <c>sock_queue_rcv_skb</c>, <c>packet_rcv</c>).</summary>
    private UdpReceiveBuffer NewBuffer()
    {
        var settings = Stack.UdpSettings with { Version = KernelVersion.V310, UdpMemMin = long.MaxValue, UdpMemMax = long.MaxValue };
        return new UdpReceiveBuffer(new UdpMemory(settings), settings, !Cpus[0].Cpu.Layer.IsVirtual);
    }

    public List<HostTask> Tasks { get; } = [];

    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    /// <summary>Starts the thread of a NAPI while the host runs.</summary>
    public void StartThread(Softirq.NapiThread thread) => Actor.Tell(new HostProtocol.StartThread(thread), ActorRefs.NoSender);

    /// <summary>Its settings while it runs.</summary>
    public HostKnobs Knobs { get; set; } = null!;

    /// <summary>Writes them.</summary>
    public IActorRef KnobActor { get; set; } = ActorRefs.Nobody;

    /// <summary>The only writer of its devices, addresses and routes; made when the first change is asked for.</summary>
    public IActorRef Rtnl { get; set; } = ActorRefs.Nobody;

    /// <summary><c>net.ipv4.ip_forward</c>.</summary>
    public bool IpForward { get; set; }

    /// <summary>Routes that the scenario gave.</summary>
    public IReadOnlyList<FibRoute> Routes { get; set; } = [];
}

/// <summary>A task of a host and what it runs.</summary>
internal sealed record HostTask(TaskEntity Entity, HostCpu Cpu, AppProgram Program, Time.KernelTime Start, DatagramSocket? Socket)
{
    /// <summary>The open files of its process, which its threads share.</summary>
    public Sockets.FdTable Files { get; init; } = new();
}
