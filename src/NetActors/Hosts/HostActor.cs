using Akka.Actor;
using NetActors.Apps;
using NetActors.Irq;
using NetActors.Nic;
using NetActors.Sockets;
using NetActors.Softirq;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>What <see cref="HostActor"/> is told.</summary>
internal static class HostProtocol
{
    /// <summary>Start the host's tasks.</summary>
    public sealed record Start
    {
        public static readonly Start Instance = new();
    }

    /// <summary>Start the thread of a NAPI.</summary>
    public sealed record StartThread(NapiThread Thread);
}

/// <summary>
/// Supervises one emulated machine: a CPU or a queue that fails begins afresh, a socket that fails is closed (it restarts to answer
/// EBADF), a task ends; their packets are counted as dropped and the neighbours go on (design section 5).
/// </summary>
internal sealed class HostActor(Host host) : UntypedActor
{
    public static Props Props(Host host) => Akka.Actor.Props.Create(() => new HostActor(host)).WithDispatcher("device");

    protected override void PreStart()
    {
        if (host.IsNamespace)
        {
            foreach (var cpu in host.Cpus) cpu.AddSockets(Context.ActorOf(SocketsActor.Props(cpu, host), $"sockets{cpu.Cpu.LocalId}"));
        }
        else
        {
            MakeCpus();
        }

        foreach (var veth in host.Veths)
        {
            if (veth.Queue is { } queue) Context.ActorOf(VethQueueActor.Props(veth, queue, host.Cpus[0].Cpu, host.Settings), $"{veth.Name}-rx-0");
        }

        foreach (var nic in host.Nics)
        {
            for (var i = 0; i < nic.Napis.Length; i++)
            {
                var home = nic.Irqs[i].Effective.Cpu;
                nic.Napis[i].Poller = Context.ActorOf(RxQueueActor.Props(nic, i, host.Stack, home, host.Settings), $"{nic.Name}-rx-{i}");
                if (nic.Napis[i].Thread is { } thread) Context.ActorOf(NapiThreadActor.Props(thread), $"{nic.Name}-napi-{i}");
            }
        }

        foreach (var nic in host.Nics)
        {
            foreach (var thread in nic.CpuMap)
            {
                Context.ActorOf(CpuMapActor.Props(thread, host.Stack, host.Settings), $"{nic.Name}-cpumap-{thread.Entry.Cpu}");
                Context.ActorOf(NapiThreadActor.Props(thread.Napi.Thread!), $"{nic.Name}-cpumap-{thread.Entry.Cpu}-thread");
            }
        }

        foreach (var socket in host.Sockets) Serve(socket, "udp");
        foreach (var socket in host.PingSockets) Serve(socket, "ping");
    }

    private void MakeCpus()
    {
        foreach (var cpu in host.Cpus) cpu.CpuActor = Context.ActorOf(CpuActor.Props(cpu, host.Stack, host.Settings), $"cpu{cpu.Cpu.LocalId}");
        foreach (var cpu in host.Cpus) cpu.SocketsActor = Context.ActorOf(SocketsActor.Props(cpu, host), $"sockets{cpu.Cpu.LocalId}");
    }

    private void Serve(DatagramSocket socket, string kind) =>
        socket.Actor = Context.ActorOf(UdpSocketActor.Props(socket, host.Stack, host.Cpus[0].Cpu), $"{kind}{socket.Id}");

    protected override void OnReceive(object message)
    {
        if (message is HostProtocol.StartThread(var threadOf))
        {
            Context.ActorOf(NapiThreadActor.Props(threadOf), $"napi-{threadOf.Napi.Id}");
            return;
        }

        if (message is not HostProtocol.Start)
        {
            Unhandled(message);
            return;
        }

        foreach (var task in host.Tasks)
        {
            Context.ActorOf(
                AppTaskActor.Props(task.Cpu, task.Entity, task.Program, task.Start, task.Socket, task.Files, host.Stack.Number), $"{task.Entity.Name}-{task.Entity.Pid}");
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, failure =>
    {
        host.Cpus[0].Cpu.Layer.Failures.Add(Sender, failure);
        var task = TaskOf(Sender.Path.Name);
        if (task is not null) CloseFiles(task);
        return failure is ActorInitializationException || task is not null ? Directive.Stop : Directive.Restart;
    });

    /// <summary>What a killed process had open is closed, once its last thread is gone (kernel: <c>exit_files</c>).</summary>
    private static void CloseFiles(HostTask task)
    {
        task.Socket?.Actor.Tell(new CloseRequest(null), ActorRefs.NoSender);
        if (!task.Files.Leave()) return;
        while (task.Files.RemoveAny() is { } file) file.Tell(new CloseRequest(null));
    }

    private HostTask? TaskOf(string name)
    {
        foreach (var task in host.Tasks)
        {
            if (name == $"{task.Entity.Name}-{task.Entity.Pid}") return task;
        }

        return null;
    }
}
