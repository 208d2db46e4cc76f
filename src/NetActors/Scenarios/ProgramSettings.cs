using System.Net;
using NetActors.Time;
using NetActors.Xdp;

namespace NetActors.Scenarios;

/// <summary><c>udp-sink</c>: reads datagrams and forgets them.</summary>
public sealed record UdpSinkSettings : UdpServerSettings
{
    /// <inheritdoc />
    public override string Program => "udp-sink";
}

/// <summary><c>udp-echo</c>: sends every datagram back.</summary>
public sealed record UdpEchoSettings : UdpServerSettings
{
    /// <inheritdoc />
    public override string Program => "udp-echo";
}

/// <summary>A program that sends requests to a server.</summary>
public abstract record UdpClientSettings : UdpTaskSettings
{
    /// <summary>The server its sockets connect to.</summary>
    public required IPEndPoint Connect { get; init; }

    /// <summary>Payload of a datagram in bytes.</summary>
    public required SizeMix Size { get; init; }

    /// <summary>How long an answer is waited for before it counts as lost.</summary>
    public required KernelTime Timeout { get; init; }
}

/// <summary><c>udp-closed-loop</c>: the next request leaves when an answer has come.</summary>
public sealed record UdpClosedLoopSettings : UdpClientSettings
{
    /// <inheritdoc />
    public override string Program => "udp-closed-loop";

    /// <summary>Requests of a thread on their way at once.</summary>
    public required int Outstanding { get; init; }

    /// <summary>Pause between an answer and the next request.</summary>
    public required KernelTime Think { get; init; }
}

/// <summary><c>udp-open-loop</c>: requests leave at a rate of their own; latency counts from when they should have left.</summary>
public sealed record UdpOpenLoopSettings : UdpClientSettings
{
    /// <inheritdoc />
    public override string Program => "udp-open-loop";

    /// <summary>Requests a second, of all threads together.</summary>
    public required long Rate { get; init; }

    /// <summary>When they leave.</summary>
    public required ArrivalProcess Arrival { get; init; }
}

/// <summary><c>packet-flood</c>: datagrams sent without asking for answers.</summary>
public sealed record PacketFloodSettings : UdpTaskSettings
{
    /// <inheritdoc />
    public override string Program => "packet-flood";

    /// <summary>Where they go.</summary>
    public required EndpointRange Destination { get; init; }

    /// <summary>Datagrams a second, of all threads together; 0 is as fast as the host can.</summary>
    public required long Rate { get; init; }

    /// <summary>When they leave.</summary>
    public required ArrivalProcess Arrival { get; init; }

    /// <summary>Payload in bytes.</summary>
    public required SizeMix Size { get; init; }

    /// <summary>Their flows: source ports of their own.</summary>
    public required FlowSettings Flows { get; init; }
}

/// <summary><c>ping</c>: ICMP echo requests.</summary>
public sealed record PingSettings : TaskSettings
{
    /// <inheritdoc />
    public override string Program => "ping";

    /// <summary>Whom it asks.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>Between two requests.</summary>
    public required KernelTime Interval { get; init; }

    /// <summary>Payload in bytes.</summary>
    public required int Size { get; init; }

    /// <summary>Requests to send; 0 is until it ends.</summary>
    public required int Count { get; init; }
}

/// <summary><c>cpu-hog</c>: burns user time.</summary>
public sealed record CpuHogSettings : TaskSettings
{
    /// <inheritdoc />
    public override string Program => "cpu-hog";

    /// <summary>User time at a stretch.</summary>
    public required KernelTime Burst { get; init; }

    /// <summary>Pause after it; zero never sleeps.</summary>
    public required KernelTime Pause { get; init; }
}

/// <summary>A program that gets frames past the stack.</summary>
public abstract record BypassSettings : TaskSettings
{
    /// <summary>The device whose queues it has; thread by thread, from the first on.</summary>
    public required string Device { get; init; }

    /// <summary>It sends datagrams back; else it reads and forgets them.</summary>
    public required bool IsEcho { get; init; }

    /// <summary>The UDP port that it is for; 0 for all.</summary>
    public required int Port { get; init; }

    /// <summary>Frames that it takes at a time.</summary>
    public required int Batch { get; init; }

    /// <summary>User time that a frame costs it.</summary>
    public required KernelTime Service { get; init; }
}

/// <summary><c>af-xdp</c>: works over AF_XDP sockets, one a thread.</summary>
public sealed record AfXdpSettings : BypassSettings
{
    /// <inheritdoc />
    public override string Program => "af-xdp";

    /// <summary>How its sockets are set up.</summary>
    public required XskSettings Socket { get; init; }

    /// <summary>The queue of the first thread's socket.</summary>
    public required int FirstQueue { get; init; }

    /// <summary>It looks at its rings all the time; else it sleeps in <c>poll</c>.</summary>
    public required bool Spins { get; init; }
}

/// <summary><c>poll-mode</c>: drives a card itself.</summary>
public sealed record PollModeSettings : BypassSettings
{
    /// <inheritdoc />
    public override string Program => "poll-mode";
}
