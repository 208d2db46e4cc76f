using Akka.Actor;
using NetActors.Apps;
using NetActors.Execution;
using NetActors.Ip;
using NetActors.Nic;
using NetActors.Sockets;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>One emulated machine: its CPUs, devices, stack, sockets and tasks (what <see cref="HostActor"/> creates and supervises).</summary>
internal sealed class Host
{
    public Host(string name, int index, HostSettingsView settings, HostCpu[] cpus, NetStack stack)
    {
        (Name, Index, Settings, Cpus, Stack) = (name, index, settings, cpus, stack);
        foreach (var cpu in cpus) cpu.Failures = Failures;
    }

    public string Name { get; }

    public int Index { get; }

    public HostSettingsView Settings { get; }

    public HostCpu[] Cpus { get; }

    public NetStack Stack { get; }

    public List<NicDevice> Nics { get; } = [];

    public List<UdpSocket> Sockets { get; } = [];

    public List<PingSocket> PingSockets { get; } = [];

    /// <summary>All of them.</summary>
    public IEnumerable<DatagramSocket> DatagramSockets => [.. Sockets, .. PingSockets];

    public List<HostTask> Tasks { get; } = [];

    /// <summary>What failed inside, and was restarted or closed.</summary>
    public List<string> Failures { get; } = [];

    public IActorRef Actor { get; set; } = ActorRefs.Nobody;
}

/// <summary>A task of a host and what it runs.</summary>
internal sealed record HostTask(TaskEntity Entity, HostCpu Cpu, AppProgram Program, Time.KernelTime Start, DatagramSocket? Socket);
