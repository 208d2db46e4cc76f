using System.Net;
using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>A program that a host runs, in one thread or several.</summary>
public abstract record TaskSettings
{
    /// <summary>Its name, unique on the host.</summary>
    public required string Name { get; init; }

    /// <summary>Word of the program in the file: <c>udp-sink</c>.</summary>
    public required string Program { get; init; }

    /// <summary>CPUs its threads may run on (<c>taskset</c>).</summary>
    public required CpuSet Cpus { get; init; }

    /// <summary>Its threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Each thread is bound to one CPU of <see cref="Cpus"/>, round robin, instead of all of them.</summary>
    public required bool Pin { get; init; }

    /// <summary>Its nice value, -20 to 19.</summary>
    public required int Nice { get; init; }

    /// <summary>When it starts.</summary>
    public required KernelTime Start { get; init; }

    /// <summary>When it ends; the end of the run unless written.</summary>
    public required KernelTime Stop { get; init; }
}

/// <summary>A program with UDP sockets, one a thread.</summary>
public abstract record UdpTaskSettings : TaskSettings
{
    /// <summary><c>SO_RCVBUF</c> in bytes as the program asks for it; null leaves <c>rmem_default</c>.</summary>
    public required long? ReceiveBuffer { get; init; }

    /// <summary><c>SO_SNDBUF</c> in bytes as the program asks for it; null leaves <c>wmem_default</c>.</summary>
    public required long? SendBuffer { get; init; }

    /// <summary>Datagrams a <c>recvmmsg</c> or <c>sendmmsg</c> moves at most; 1 is <c>recvmsg</c> and <c>sendmsg</c>.</summary>
    public required int Batch { get; init; }
}

/// <summary>A program that answers or reads what comes.</summary>
public abstract record UdpServerSettings : UdpTaskSettings
{
    /// <summary>Address and port it binds.</summary>
    public required IPEndPoint Bind { get; init; }

    /// <summary>A socket a thread with <c>SO_REUSEPORT</c>; else all threads share one.</summary>
    public required bool ReusePort { get; init; }

    /// <summary>User time a datagram costs it.</summary>
    public required KernelTime Service { get; init; }
}

/// <summary><c>udp-sink</c>: reads datagrams and forgets them.</summary>
public sealed record UdpSinkSettings : UdpServerSettings;

/// <summary><c>udp-echo</c>: sends every datagram back.</summary>
public sealed record UdpEchoSettings : UdpServerSettings;

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
    /// <summary>Requests of a thread on their way at once.</summary>
    public required int Outstanding { get; init; }

    /// <summary>Pause between an answer and the next request.</summary>
    public required KernelTime Think { get; init; }
}

/// <summary><c>udp-open-loop</c>: requests leave at a rate of their own; latency counts from when they should have left.</summary>
public sealed record UdpOpenLoopSettings : UdpClientSettings
{
    /// <summary>Requests a second, of all threads together.</summary>
    public required long Rate { get; init; }

    /// <summary>When they leave.</summary>
    public required ArrivalProcess Arrival { get; init; }
}

/// <summary><c>packet-flood</c>: datagrams sent without asking for answers.</summary>
public sealed record PacketFloodSettings : UdpTaskSettings
{
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
    /// <summary>User time at a stretch.</summary>
    public required KernelTime Burst { get; init; }

    /// <summary>Pause after it; zero never sleeps.</summary>
    public required KernelTime Pause { get; init; }
}
