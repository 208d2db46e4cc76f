using Akka.Actor;
using NetActors.Apps;
using NetActors.Execution;
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

    public List<UdpSocket> Sockets { get; } = [];

    public List<PingSocket> PingSockets { get; } = [];

    /// <summary>All of them.</summary>
    public IEnumerable<DatagramSocket> DatagramSockets => [.. Sockets, .. PingSockets];

    /// <summary>Number for the next of them.</summary>
    public int NextSocket => Sockets.Count + PingSockets.Count + 1;

    public List<HostTask> Tasks { get; } = [];

    public IActorRef Actor { get; set; } = ActorRefs.Nobody;
}

/// <summary>A task of a host and what it runs.</summary>
internal sealed record HostTask(TaskEntity Entity, HostCpu Cpu, AppProgram Program, Time.KernelTime Start, DatagramSocket? Socket);
