using System.Net;
using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>The keys of programs over TCP.</summary>
internal static class TcpKeys
{
    private const int LargestRequest = 65536;
    private const int LargestValue = 65_000; // with its key in one send()
    private const int SmallestRequest = 8; // its header
    private static readonly string[] Congestions = ["reno", "cubic", "dctcp", "bbr", "tahoe"];
    private static readonly (string Word, string? Value)[] CongestionNames = [.. Congestions.Select(name => (name, (string?)name))];
    internal static readonly KeyTable Tcp = new("hosts.HOST.tasks[] (tcp-*)", "What programs with TCP sockets share", TaskKeys.Common);
    internal static readonly KeyTable Server = new("hosts.HOST.tasks[] (tcp-server)",
        "Accepts connections and serves them; blocking threads each accept and serve one connection at a time, a pool in place of a thread made for each", Tcp);
    internal static readonly KeyTable Client = new("hosts.HOST.tasks[] (tcp-rr, tcp-crr, memcached-client, tcp-stream)",
        "Connects to a server; 100 ms after a failure, again", Tcp);
    internal static readonly KeyTable Loop = new("hosts.HOST.tasks[] (tcp-rr, tcp-crr, memcached-client)",
        "One request and its answer after the other on each connection", Client);
    internal static readonly KeyTable Ask = new("hosts.HOST.tasks[] (tcp-rr, tcp-crr)",
        "Requests over connections that stay (netperf's TCP_RR), or a connection for each (TCP_CRR); a law of sizes is `gpareto` or `gev` with location, scale and shape", Loop);
    internal static readonly KeyTable Memcached = new("hosts.HOST.tasks[] (memcached-client)",
        "GETs and SETs as long as memcached's binary protocol makes them, at a server that answers; `etc` is what was measured in Facebook's pool ETC (SIGMETRICS 2012)", Loop);
    internal static readonly KeyTable Request = new("hosts.HOST.tasks[] (tcp-rr)", "Requests over connections that stay", Ask);
    internal static readonly KeyTable Stream = new("hosts.HOST.tasks[] (tcp-stream)",
        "Sends as much as goes, then shuts down and waits for the server's end (netperf's TCP_STREAM)", Client);

    internal static readonly SettingKey<TcpIo> Io = Tcp.Choice("io", "epoll",
        "how a thread waits: blocked in calls on its one connection, for many in poll, in select (descriptors below 1024; a connection with another is closed), or in an epoll of its own, level-triggered or by edges",
        ("blocking", TcpIo.Blocking), ("poll", TcpIo.Poll), ("select", TcpIo.Select), ("epoll", TcpIo.Epoll), ("epoll-et", TcpIo.EpollEdge));
    internal static readonly SettingKey<long?> ReceiveBuffer = Buffer("rcvbuf", "SO_RCVBUF as the program asks for it; ends autotuning");
    internal static readonly SettingKey<long?> SendBuffer = Buffer("sndbuf", "SO_SNDBUF as the program asks for it; ends autotuning");
    internal static readonly SettingKey<bool> NoDelay = Tcp.Switch("nodelay", false, "TCP_NODELAY");
    internal static readonly SettingKey<string?> Congestion = Tcp.Value<string?>("congestion", "word",
        Words.Or(Congestions), "the host's", null, text => Values.Choice(text, CongestionNames), "TCP_CONGESTION");
    internal static readonly SettingKey<int> OpenFiles = Tcp.Whole("nofile", 1024, 16, 1 << 20, "descriptors that its threads may have open together");

    internal static readonly BusyPollReader BusyPoll = new(Tcp);
    internal static readonly SettingKey<KernelTime> EpollBusyPoll = Tcp.Time("epoll_busy_poll", "0ns",
        "EPIOCSPARAMS busy_poll_usecs: how long a wait that finds no event polls the NAPI before it sleeps; 0 is net.core.busy_poll, and one poll with epoll_prefer_busy_poll",
        most: "1s", quantity: Quantity.TimeOrMicroseconds);
    internal static readonly SettingKey<int> EpollBusyPollBudget = Tcp.Whole("epoll_busy_poll_budget", 0, 0, ushort.MaxValue,
        "EPIOCSPARAMS busy_poll_budget: packets of a poll; 0 is 8");
    internal static readonly SettingKey<bool> EpollPreferBusyPoll = Tcp.Switch("epoll_prefer_busy_poll", false,
        "EPIOCSPARAMS prefer_busy_poll: deferred interrupts stay away while it polls, and suspended ones while it finds events");

    internal static readonly SettingKey<IPEndPoint?> Bind = Endpoint(Server, "bind", "an address of the host or 0.0.0.0", "where it listens");
    internal static readonly SettingKey<bool> ReusePort = Server.Switch("reuseport", false,
        "a listener a thread with SO_REUSEPORT; else all threads share one");
    internal static readonly SettingKey<ReuseportChoice> Select = TaskKeys.ChoiceIn(Server);
    internal static readonly SettingKey<bool> Exclusive = Server.Switch("exclusive", false,
        "watch the shared listener with EPOLLEXCLUSIVE: one thread is woken for a connection and not all");
    internal static readonly SettingKey<int> Backlog = Server.Whole("backlog", 511, 0, int.MaxValue, "what listen() is told; somaxconn limits it");
    internal static readonly SettingKey<TcpService> Does = Server.Choice("does", "answer",
        "answer requests with what they ask for, echo everything, or discard it",
        ("answer", TcpService.Answer), ("echo", TcpService.Echo), ("discard", TcpService.Discard));
    internal static readonly SettingKey<KernelTime> Service = Server.Time("service", "0ns", "user time that a request, or a read, costs", most: "1s");
    internal static readonly SettingKey<long> Read = Server.Amount("read", Quantity.Size, "64KiB", "1B", "1MiB", "most bytes of one recv()");
    internal static readonly SettingKey<KernelTime> Pause = Server.Time("pause", "0ns", "sleep after each read of one that discards: a slow reader");

    internal static readonly SettingKey<IPEndPoint?> Connect = Endpoint(Client, "connect", "IPv4", "the server");
    internal static readonly SettingKey<int> Connections = Client.Whole("connections", 1, 1, 65536, "connections of a thread at once; one when it blocks");
    internal static readonly SettingKey<KernelTime> Ramp = Client.Time("ramp", "0ns",
        "time over which a thread's connections are opened, evenly, from `start` on; 0ns opens all at once");
    internal static readonly SizeReader Size = new(Ask, SmallestRequest, LargestRequest, 64,
        "bytes of a request; its first 8 say how long it and its answer are", laws: true);
    internal static readonly SizeReader Response = new(Ask, 1, 1 << 30, 64, "bytes of an answer", "response", laws: true);
    internal static readonly SettingKey<SizeDistribution> Keys = Law("keys", 1, EtcSizes.LongestKey, EtcSizes.Keys, "bytes of a key");
    internal static readonly SettingKey<SizeDistribution> ValueSizes = Law("values", 1, LargestValue, EtcSizes.Values(LargestValue), "bytes of a value");
    internal static readonly SettingKey<double> Sets = Memcached.Share("sets", "3.2258%", "share of SETs among requests; ETC had one in 31");
    internal static readonly SettingKey<KernelTime> Think = Loop.Time("think", "0ns", "closed loop: pause between an answer and the next request");
    internal static readonly SettingKey<KernelTime> RequestsFrom = Loop.Time("requests-from", "0ns", "no request before that time: connections are made first, as load generators do");
    internal static readonly SettingKey<long> Rate = Loop.Amount("rate", Quantity.PacketRate, "0pps", "0pps", "1000Mpps",
        "open loop: requests a second of all threads, latency from when each should have left; 0pps is a closed loop");
    internal static readonly SettingKey<ArrivalProcess> Arrival = FlowReader.Arrival(Loop);
    internal static readonly SettingKey<int> Requests = Request.Whole("requests", 0, 0, int.MaxValue,
        "requests that a connection carries before it is closed and made anew; 0 is all");
    internal static readonly SettingKey<long> Send = Stream.Amount("send", Quantity.Size, "16KiB", "1B", "64KiB", "bytes of one send()");
    internal static readonly SettingKey<long> Bytes = Stream.Amount("bytes", Quantity.Size, "0B", "0B", "1048576MiB",
        "bytes of each connection's stream; 0B is until it ends");

    private static SettingKey<IPEndPoint?> Endpoint(KeyTable table, string name, string range, string doc) => table.Value<IPEndPoint?>(
        name, "address:port", range, KeyTable.Required, null, text => Values.Endpoint(text).Then<IPEndPoint?>(e => e), doc);

    private static SettingKey<SizeDistribution> Law(string name, int least, int most, SizeDistribution etc, string doc) => Memcached.Value<SizeDistribution>(
        name, "size or law", $"{least} to {most}, etc, gpareto or gev with location, scale and shape", "etc", etc,
        text => text == "etc" ? etc : SizeLawReader.IsMeant(text) ? SizeLawReader.Read(text, least, most)
            : Quantity.Size.Read(text, least, most).Then<SizeDistribution>(n => SizeMix.Of((int)n)), doc);

    private static SettingKey<long?> Buffer(string name, string doc) => Tcp.Value<long?>(name, "size", "1B to 1024MiB", "autotuned", null,
        text => Quantity.Size.Read(text, 1, 1 << 30).Then<long?>(n => n), doc);
}
