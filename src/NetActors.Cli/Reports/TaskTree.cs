using NetActors.Scenarios;
using NetActors.Scenarios.Reading;
using NetActors.Time;
using Spectre.Console;

namespace NetActors.Cli.Reports;

/// <summary>One program of a host.</summary>
internal static class TaskTree
{
    /// <summary>Adds it below the host.</summary>
    public static void AddTo(TreeNode host, TaskSettings task)
    {
        var cpus = task.Cpus.Count == 0 ? "all CPUs" : $"CPUs {task.Cpus}";
        var pin = task.Pin ? ", a CPU each" : "";
        var nice = task.Nice == 0 ? "" : $", nice {task.Nice}";
        var threads = Figures.Of(task.Threads, "thread");
        var span = Between(task.Start, task.Stop);
        var node = ScenarioTree.Add(host, $"task {task.Name}: {task.Program}, {threads} on {cpus}{pin}{nice}, {span}");
        ScenarioTree.Add(node, Program(task) + Socket(task as UdpTaskSettings));
    }

    /// <summary>Sizes in bytes with their weights, or their law.</summary>
    public static string Sizes(SizeDistribution sizes) => sizes switch
    {
        SizeMix { Sizes: [var only] } => Figures.Of(only.Bytes, "byte"),
        SizeMix mix => "bytes " + string.Join(", ", mix.Sizes.Select(s => $"{s.Bytes} (weight {s.Weight})")),
        DrawnSizes drawn => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{(drawn.Law == SizeLaw.GeneralisedPareto ? "gpareto" : "gev")} {drawn.Location:0.###} {drawn.Scale:0.###} {drawn.Shape:0.######} ({drawn.Least} to {drawn.Most} bytes)"),
        SplitSizes split => $"{Figures.Of(split.Small.Sizes.Count, "size")} up to {Figures.Of(split.Small.Largest, "byte")}, else {Sizes(split.Rest)}",
        _ => "",
    };

    /// <summary>Flows and how packets spread over them.</summary>
    public static string Flows(FlowSettings flows)
    {
        var text = $"{Figures.Of(flows.Count, "flow")} {flows.Distribution.ToString().ToLowerInvariant()}";
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return flows.Distribution switch
        {
            FlowDistribution.Zipf => text + string.Create(culture, $" (exponent {flows.ZipfExponent})"),
            FlowDistribution.Elephant => text + string.Create(culture, $" (the first has {flows.ElephantShare * 100:0.##}%)"),
            _ => text,
        };
    }

    private static string Program(TaskSettings task) => task switch
    {
        UdpServerSettings server =>
            $"bind {server.Bind}, {(server.ReusePort ? "SO_REUSEPORT" : "one socket")}, service {Figures.Time(server.Service)}",
        UdpClosedLoopSettings closed =>
            $"connect {closed.Connect}, {closed.Outstanding} outstanding a thread, think {Figures.Time(closed.Think)}, {Client(closed)}",
        UdpOpenLoopSettings open =>
            $"connect {open.Connect}, {Quantity.PacketRate.Text(open.Rate)} {open.Arrival.ToString().ToLowerInvariant()}, {Client(open)}",
        PacketFloodSettings flood =>
            $"to {flood.Destination}, {(flood.Rate == 0 ? "as fast as it can" : Quantity.PacketRate.Text(flood.Rate))}, "
            + $"{Sizes(flood.Size)}, {Flows(flood.Flows)}",
        TcpServerSettings server =>
            $"bind {server.Bind}, {server.Does.ToString().ToLowerInvariant()}, {Tcp(server)}, {Listener(server)}, backlog {server.Backlog}, "
            + $"service {Figures.Time(server.Service)}{(server.Pause > KernelTime.Zero ? $", pause {Figures.Time(server.Pause)} after {Figures.Of(server.Read, "byte")}" : "")}",
        TcpRequestSettings request => $"{Loop(request)}, request {Sizes(request.Size)}, response {Sizes(request.Response)}, {Pace(request)}",
        MemcachedClientSettings memcached => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Loop(memcached)}, keys {Sizes(memcached.Keys)}, values {Sizes(memcached.Values)}, {memcached.Sets * 100:0.##}% SETs, {Pace(memcached)}"),
        TcpStreamSettings stream =>
            $"connect {stream.Connect}, {Figures.Of(stream.Connections, "connection")} a thread, {Tcp(stream)}, {Figures.Of(stream.Send, "byte")} a send, "
            + (stream.Bytes == 0 ? "until it ends" : Figures.Of(stream.Bytes, "byte")),
        PingSettings ping =>
            $"destination {ping.Destination}, interval {Figures.Time(ping.Interval)}, {Figures.Of(ping.Size, "byte")}, count {ping.Count}",
        CpuHogSettings hog => $"burst {Figures.Time(hog.Burst)}, pause {Figures.Time(hog.Pause)}",
        _ => task.Program,
    };

    private static string Loop(TcpLoopSettings loop) => $"connect {loop.Connect}, {Figures.Of(loop.Connections, "connection")} a thread, {Tcp(loop)}";

    private static string Pace(TcpLoopSettings loop) => loop.Rate == 0
        ? $"think {Figures.Time(loop.Think)}"
        : $"{Quantity.PacketRate.Text(loop.Rate)} {loop.Arrival.ToString().ToLowerInvariant()}";

    private static string Listener(TcpServerSettings server) =>
        server.ReusePort ? "SO_REUSEPORT" : server.Exclusive ? "one listener, EPOLLEXCLUSIVE" : "one listener";

    private static string Tcp(TcpTaskSettings tcp) =>
        tcp.Io.ToString().ToLowerInvariant()
        + (tcp.NoDelay ? ", TCP_NODELAY" : "")
        + (tcp.Congestion is { } congestion ? $", {congestion}" : "")
        + (tcp.ReceiveBuffer is { } rcv ? $", SO_RCVBUF {rcv}" : "")
        + (tcp.SendBuffer is { } snd ? $", SO_SNDBUF {snd}" : "");

    private static string Client(UdpClientSettings client) => $"{Sizes(client.Size)}, timeout {Figures.Time(client.Timeout)}";

    private static string Socket(UdpTaskSettings? udp) => udp is null
        ? ""
        : $", batch {udp.Batch}"
            + (udp.ReceiveBuffer is { } rcv ? $", SO_RCVBUF {rcv}" : "")
            + (udp.SendBuffer is { } snd ? $", SO_SNDBUF {snd}" : "");

    /// <summary>From when to when.</summary>
    public static string Between(KernelTime start, KernelTime stop) =>
        $"from {Figures.Time(start)} to {(stop.IsNever ? "the end" : Figures.Time(stop))}";
}
