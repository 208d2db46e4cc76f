using System.Net;
using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>The keys of the programs that hosts run.</summary>
internal static class TaskKeys
{
    internal static readonly KeyTable Common = new("hosts.HOST.tasks[]", "A program; what every program has");
    internal static readonly KeyTable Udp = new("hosts.HOST.tasks[] (udp-*, packet-flood)", "What programs with UDP sockets share", Common);
    internal static readonly KeyTable Server = new("hosts.HOST.tasks[] (udp-sink, udp-echo)",
        "Reads datagrams and forgets them, or sends them back", Udp);
    internal static readonly KeyTable Client = new("hosts.HOST.tasks[] (udp-closed-loop, udp-open-loop)",
        "Sends requests and waits for answers", Udp);
    internal static readonly KeyTable ClosedLoop = new("hosts.HOST.tasks[] (udp-closed-loop)",
        "The next request leaves when an answer has come", Client);
    internal static readonly KeyTable OpenLoop = new("hosts.HOST.tasks[] (udp-open-loop)", "Requests leave at a rate of their own", Client);
    internal static readonly KeyTable Flood = new("hosts.HOST.tasks[] (packet-flood)", "Datagrams that ask for no answer", Udp);
    internal static readonly KeyTable Ping = new("hosts.HOST.tasks[] (ping)", "ICMP echo requests", Common);
    internal static readonly KeyTable Hog = new("hosts.HOST.tasks[] (cpu-hog)", "Burns user time", Common);

    internal static readonly IReadOnlyList<string> Programs =
    [
        "udp-sink", "udp-echo", "udp-closed-loop", "udp-open-loop", "packet-flood", "tcp-server", "tcp-rr", "tcp-crr", "memcached-client", "tcp-stream", "ping", "cpu-hog", "af-xdp", "poll-mode",
    ];

    internal static readonly SettingKey<string> Name = Common.Text("name", KeyTable.Required, "its name, unique on the host");
    internal static readonly SettingKey<string> Program = Common.Choice("program", KeyTable.Required, "what it does",
        [.. Programs.Select(p => (p, p))]);
    internal static readonly SettingKey Cpus = Common.Node("cpus", "list of CPUs", "0-3,8", "all", "CPUs that its threads may run on");
    internal static readonly SettingKey<int> Threads = Common.Whole("threads", 1, 1, 4096, "threads");
    internal static readonly SettingKey<bool> Pin = Common.Switch("pin", false, "bind each thread to one of its CPUs, round robin");
    internal static readonly SettingKey<int> Nice = Common.Whole("nice", 0, -20, 19, "nice value");
    internal static readonly SpanReader Span = new(Common);

    internal static readonly SettingKey<long?> ReceiveBuffer = Buffer("rcvbuf",
        "SO_RCVBUF as the program asks for it; the kernel doubles it, rmem_max limits it", "rmem_default");
    internal static readonly SettingKey<long?> SendBuffer = Buffer("sndbuf",
        "SO_SNDBUF as the program asks for it; the kernel doubles it, wmem_max limits it", "wmem_default");
    internal static readonly SettingKey<int> Batch = Udp.Whole("batch", 1, 1, 1024,
        "datagrams that one recvmmsg or sendmmsg moves at most; 1 is recvmsg and sendmsg");

    internal static readonly BusyPollReader BusyPoll = new(Udp);

    internal static readonly SettingKey<IPEndPoint?> Bind = Server.Value<IPEndPoint?>("bind", "address:port",
        "an address of the host or 0.0.0.0", KeyTable.Required, null,
        text => Values.Endpoint(text).Then<IPEndPoint?>(e => e), "where it listens");
    internal static readonly SettingKey<bool> ReusePort = Server.Switch("reuseport", false,
        "a socket a thread with SO_REUSEPORT; else all threads share one");
    internal static readonly SettingKey<bool> UdpGro = Server.Switch("udp-gro", false,
        "UDP_GRO: udp-sink takes datagrams that receive offload merged; not in 3.10");
    internal static readonly SettingKey<ReuseportChoice> Choice = ChoiceIn(Server);
    internal static readonly SettingKey<KernelTime> Service = Server.Time("service", "0ns", "user time that a datagram costs", most: "1s");

    internal static readonly SettingKey<IPEndPoint?> Connect = Client.Value<IPEndPoint?>("connect", "address:port", "IPv4",
        KeyTable.Required, null,
        text => Values.Endpoint(text).Then<IPEndPoint?>(e => e), "the server");
    internal static readonly SizeReader RequestSize = new(Client, 1, 65507, 64, "payload of a request");
    internal static readonly SettingKey<KernelTime> Timeout = Client.Time("timeout", "100ms",
        "how long an answer is waited for before it counts as lost", "1us");
    internal static readonly SettingKey<int> Outstanding = ClosedLoop.Whole("outstanding", 1, 1, 65536,
        "requests of a thread on their way at once");
    internal static readonly SettingKey<KernelTime> Think = ClosedLoop.Time("think", "0ns", "pause between an answer and the next request");
    internal static readonly SettingKey<long> RequestRate = OpenLoop.Amount("rate", Quantity.PacketRate, KeyTable.Required, "1pps",
        "1000Mpps", "requests a second of all threads together");
    internal static readonly SettingKey<ArrivalProcess> RequestArrival = FlowReader.Arrival(OpenLoop);

    internal static readonly SettingKey<EndpointRange?> Destination = Flood.Value<EndpointRange?>("destination", "address:port",
        "IPv4, one port or a range", KeyTable.Required, null,
        text => Values.Endpoints(text).Then<EndpointRange?>(e => e), "where they go");
    internal static readonly SettingKey<long> FloodRate = Flood.Amount("rate", Quantity.PacketRate, "0pps", "0pps", "1000Mpps",
        "datagrams a second of all threads together; 0pps is as fast as the host can");
    internal static readonly SettingKey<ArrivalProcess> FloodArrival = FlowReader.Arrival(Flood);
    internal static readonly SizeReader FloodSize = new(Flood, 1, 65507, 18, "payload; 18 bytes make a frame of 64");
    internal static readonly FlowReader FloodFlows = new(Flood);

    internal static readonly SettingKey<IPAddress> PingTo = Ping.Value("destination", "address", "IPv4", KeyTable.Required, IPAddress.Any,
        Values.Address, "whom it asks");
    internal static readonly SettingKey<KernelTime> Interval = Ping.Time("interval", "1ms", "between two requests", "1us");
    internal static readonly SettingKey<int> PingSize = Ping.Whole("size", 56, 0, 65507, "payload in bytes");
    internal static readonly SettingKey<int> Count = Ping.Whole("count", 0, 0, int.MaxValue, "requests; 0 is until it ends");

    internal static readonly SettingKey<KernelTime> Burst = Hog.Time("burst", "10ms", "user time at a stretch", "1us");
    internal static readonly SettingKey<KernelTime> Pause = Hog.Time("pause", "0ns", "sleep after it; 0ns never sleeps");

    /// <summary>The keys of a program; null for a word that is none.</summary>
    internal static KeyTable? TableOf(string? program) => program switch
    {
        "udp-sink" or "udp-echo" => Server,
        "udp-closed-loop" => ClosedLoop,
        "udp-open-loop" => OpenLoop,
        "packet-flood" => Flood,
        "tcp-server" => TcpKeys.Server,
        "tcp-rr" => TcpKeys.Request,
        "tcp-crr" => TcpKeys.Ask,
        "memcached-client" => TcpKeys.Memcached,
        "tcp-stream" => TcpKeys.Stream,
        "ping" => Ping,
        "cpu-hog" => Hog,
        "af-xdp" => BypassKeys.AfXdp,
        "poll-mode" => BypassKeys.PollMode,
        _ => null,
    };

    private static SettingKey<long?> Buffer(string name, string doc, string otherwise) =>
        Udp.Value<long?>(name, "size", "1B to 1024MiB", otherwise, null,
        text => Quantity.Size.Read(text, 1, 1 << 30).Then<long?>(n => n), doc);

    /// <summary>Which socket of a group gets a flow.</summary>
    internal static SettingKey<ReuseportChoice> ChoiceIn(KeyTable table) => table.Choice("reuseport-select", "hash",
        "which socket of a reuseport group gets a flow: by its hash, by SO_INCOMING_CPU set to the thread's first CPU, or by a program that answers the CPU "
        + "modulo sockets (SO_ATTACH_REUSEPORT_CBPF); not in 3.10",
        ("hash", ReuseportChoice.Hash), ("incoming-cpu", ReuseportChoice.IncomingCpu), ("cbpf", ReuseportChoice.Cbpf));
}
