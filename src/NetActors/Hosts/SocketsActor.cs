using System.Buffers.Binary;
using Akka.Actor;
using NetActors.Costs;
using NetActors.Epoll;
using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>
/// Makes sockets and epoll instances on one CPU and is the parent of their actors (kernel: <c>__sock_create</c>, <c>do_epoll_create</c>). One
/// a CPU, since very many children of one parent are slow to make.
/// </summary>
internal sealed class SocketsActor(HostCpu cpu, Host host) : UntypedActor
{
    private const int AfInet = 2;
    private const int Stream = 1;
    private const int Datagram = 2;
    private const int Raw = 3;
    private const int TypeMask = 0xF;
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int MaxProtocol = 263; // IPPROTO_MAX
    private const int NonBlock = 0x800; // SOCK_NONBLOCK
    private long _made;

    public static Props Props(HostCpu cpu, Host host) =>
        Akka.Actor.Props.Create(() => new SocketsActor(cpu, host)).WithDispatcher($"cpu-{cpu.Cpu.Id}").WithMailbox("softirq");

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SocketsProtocol.Adopt(var socket): Adopt(socket); break;
            case SystemCall call: Call(call); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>A socket that fails is closed: its actor restarts to answer so; others go on (design section 5).</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, failure =>
    {
        cpu.Cpu.Layer.Failures.Add(Sender, failure);
        return failure is ActorInitializationException ? Directive.Stop : Directive.Restart;
    });

    private void Adopt(TcpSocket socket)
    {
        socket.Actor = Context.ActorOf(TcpSocketActor.Props(socket, host.Stack), $"tcp{++_made}");
        socket.Actor.Tell(Adopted.Instance, ActorRefs.NoSender);
    }

    private void Call(SystemCall call)
    {
        cpu.Cpu.Charge(CostOp.SyscallEntry);
        var file = call.Name == Syscall.EpollCreate ? NewEpoll(call) : NewSocket(call);
        if (file is not null)
        {
            var fd = call.Files.Install(file); // another thread may have taken the last one at this moment
            if (fd < 0) file.Tell(new CloseRequest(null));
            call.End(fd, fd < 0 ? Errno.EMFILE : Errno.None);
        }

        cpu.Cpu.Charge(CostOp.SyscallExit);
        call.Task.Actor.Tell(call, ActorRefs.NoSender);
    }

    private static void SetBusyRead(SocketFile file, int usecs)
    {
        if (file is TcpSocket tcp) tcp.Sock.SetBusyPoll(usecs);
        else ((DatagramSocket)file).Options.SetBusyPoll(usecs);
    }

    private EpollFile? NewEpoll(SystemCall call)
    {
        if (call.Argument <= 0)
        {
            call.Fail(Errno.EINVAL);
            return null;
        }

        if (!HasRoom(call)) return null;
        var epoll = new EpollFile();
        host.Stack.OpenFiles.TryOpen(epoll);
        epoll.Actor = Context.ActorOf(EpollActor.Props(epoll, host.Stack.OpenFiles), $"epoll{++_made}");
        return epoll;
    }

    /// <summary>A descriptor comes first, then a file (kernel: <c>sock_map_fd</c>).</summary>
    private bool HasRoom(SystemCall call)
    {
        var files = host.Stack.OpenFiles;
        if (!call.Files.HasRoom()) call.Fail(Errno.EMFILE);
        else if (files.Count >= files.Most) call.Fail(Errno.ENFILE);
        else return true;
        return false;
    }

    private SocketFile? NewSocket(SystemCall call)
    {
        var (type, protocol) = (call.Second & TypeMask, call.Third);
        var error = (call.Second & ~(TypeMask | NonBlock | CloseOnExec)) != 0 || (call.Argument == AfInet && protocol is < 0 or >= MaxProtocol) ? Errno.EINVAL
            : call.Argument == LinkLayerAddress.AfPacket ? type is Datagram or Raw ? Errno.None : Errno.ESOCKTNOSUPPORT
            : call.Argument != AfInet ? Errno.EAFNOSUPPORT
            : type == Raw ? protocol == 0 ? Errno.EPROTONOSUPPORT : Errno.None
            : type is not (Stream or Datagram) ? type is >= 0 and <= 10 ? Errno.ESOCKTNOSUPPORT : Errno.EINVAL
            : type == Stream && protocol is not (0 or IpProtocols.Tcp) ? Errno.EPROTONOSUPPORT
            : type == Datagram && protocol is not (0 or IpProtocols.Udp or IpProtocols.Icmp) ? Errno.EPROTONOSUPPORT
            : Errno.None;
        if (error != Errno.None)
        {
            call.Fail(error);
            return null;
        }

        if (!HasRoom(call)) return null;
        SocketFile file = call.Argument == LinkLayerAddress.AfPacket ? host.NewPacket(type == Datagram, BinaryPrimitives.ReverseEndianness((ushort)protocol))
            : type == Raw ? host.NewRaw(protocol)
            : type == Stream ? new TcpSocket(host.Stack.Tcp) : protocol == IpProtocols.Icmp ? host.NewPing() : host.NewUdp();
        if (cpu.BusyReadUsecs > 0) SetBusyRead(file, cpu.BusyReadUsecs);
        host.Stack.OpenFiles.TryOpen(file);
        file.NonBlocking = (call.Second & NonBlock) != 0;
        if (file is TcpSocket tcp) Adopt(tcp);
        else file.Actor = Context.ActorOf(UdpSocketActor.Props((DatagramSocket)file, host.Stack, cpu.Cpu), $"udp{++_made}");
        return file;
    }
}
