using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>A host with one listener at 192.168.0.1:8080, the segments of clients at 192.0.2.1, and a clock moved by hand.</summary>
internal sealed class Listeners
{
    internal const uint Server = 0xC0A8_0001, Client = 0xC000_0201;
    internal const ushort Port = 8080;

    internal Listeners(int backlog = 5, TcpSysctls? sysctls = null, ulong seed = 1, Action<TcpListenerCore>? options = null, KernelVersion kernel = KernelVersion.V6)
    {
        var random = new KernelRandom(seed);
        var secure = new SecureSequence(random);
        Tables = new InetHashTables(random, secure);
        Host = new TcpListenHost(random, Tables, secure, new TcpMetricsCache(64)) { Kernel = kernel };
        if (sysctls is not null) Host.Sysctls = sysctls;
        Core = new TcpListenerCore(new TcpEndpoint(this), Host);
        options?.Invoke(Core);
        Assert.Equal(Errno.None, Tables.Bind(Core.Endpoint, Server, Port));
        Assert.Equal(Errno.None, Core.Listen(backlog));
    }

    internal InetHashTables Tables { get; }

    internal TcpListenHost Host { get; }

    internal TcpListenerCore Core { get; }

    internal MibSet Mib { get; } = new();

    internal ListenOutput Output { get; } = new();

    internal KernelTime Now { get; set; } = KernelTime.FromSeconds(10);

    internal ListenRoute Route { get; set; } = new(1460);

    internal TcpReply Reply => Output.Reply;

    internal static TcpOptions AllOptions(uint timestamp = 7000) => new()
    {
        Present = TcpOptionSet.Mss | TcpOptionSet.SackPermitted | TcpOptionSet.Timestamps | TcpOptionSet.WindowScale,
        Mss = 1460,
        TimestampValue = timestamp,
        WindowScale = 9,
    };

    internal static TcpOptions MssOnly(ushort mss = 1000) => new() { Present = TcpOptionSet.Mss, Mss = mss };

    internal static TcpOptions Stamp(uint value, uint echo) =>
        new() { Present = TcpOptionSet.Timestamps, TimestampValue = value, TimestampEcho = echo };

    internal static ListenSegment Segment(
        TcpFlags flags, uint sequence, uint acknowledgment = 0, int payload = 0, ushort port = 1000, TcpOptions options = default,
        ushort window = 20000, uint client = Client) => new()
        {
            Source = client,
            Destination = Server,
            SourcePort = port,
            DestinationPort = Port,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            PayloadLength = payload,
            Options = options,
            Window = window,
        };

    internal static ListenSegment Syn(ushort port = 1000, uint sequence = 100, TcpOptions? options = null) =>
        Segment(TcpFlags.Syn, sequence, port: port, options: options ?? MssOnly());

    /// <summary>Gives a segment to whom a lookup finds, as <c>tcp_v4_rcv</c> does.</summary>
    internal ListenVerdict Receive(in ListenSegment segment)
    {
        var key = new TcpLookup(segment.Source, segment.SourcePort, segment.Destination, segment.DestinationPort);
        return Tables.LookupEstablished(key) is RequestSock request
            ? request.Listener.OnRequestSegment(request, segment, Route, Mib, Now, Output)
            : Core.OnSegment(segment, Route, Mib, Now, Output);
    }

    internal RequestSock? Request(ushort port = 1000, uint client = Client) =>
        Tables.LookupEstablished(new TcpLookup(client, port, Server, Port)) as RequestSock;

    /// <summary>A SYN that is answered; the reply's sequence number is ours.</summary>
    internal uint HalfOpen(ushort port = 1000, uint sequence = 100, TcpOptions? options = null)
    {
        Assert.Equal(ListenEffects.Reply, Receive(Syn(port, sequence, options)).Effects);
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, Reply.Flags);
        return Reply.Sequence;
    }

    /// <summary>A whole handshake; the child waits for accept.</summary>
    internal TcpEndpoint Open(ushort port = 1000)
    {
        var isn = HalfOpen(port);
        Assert.Equal(ListenEffects.Accepted, Receive(Segment(TcpFlags.Ack, 101, isn + 1, port: port)).Effects);
        return AddChild();
    }

    internal TcpEndpoint AddChild()
    {
        ref var handshake = ref Output.Handshake;
        var child = new TcpEndpoint(this);
        Assert.True(Tables.AddChild(Core.Endpoint, child, handshake.LocalAddress, handshake.RemoteAddress, handshake.RemotePort));
        Core.AddChild(child, handshake.FastOpen);
        return child;
    }

    /// <summary>Lets time pass to <paramref name="until"/> and says when SYN-ACKs went out, in seconds from the start.</summary>
    internal List<double> SynAcksUntil(KernelTime until, KernelTime start)
    {
        var times = new List<double>();
        while (Core.Deadline <= until)
        {
            Now = Core.Deadline;
            while (Core.OnDeadline(Mib, Now, Output)) times.Add((Now - start).Seconds);
        }

        Now = until;
        return times;
    }
}
