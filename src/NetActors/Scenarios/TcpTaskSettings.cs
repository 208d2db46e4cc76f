using System.Net;
using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>How a program waits for its TCP connections.</summary>
public enum TcpIo
{
    /// <summary>One connection a thread, in calls that sleep.</summary>
    Blocking,

    /// <summary>Many a thread, over <c>poll()</c>.</summary>
    Poll,

    /// <summary>Many a thread, over <c>select()</c>: at most FD_SETSIZE (1024) descriptors a process.</summary>
    Select,

    /// <summary>Many a thread, over a level-triggered epoll instance of its own.</summary>
    Epoll,

    /// <summary>Many a thread, over an edge-triggered epoll instance of its own.</summary>
    EpollEdge,
}

/// <summary>What a server does with what it reads.</summary>
public enum TcpService
{
    /// <summary>Answers each request with as many bytes as it asks for.</summary>
    Answer,

    /// <summary>Sends everything back (RFC 862).</summary>
    Echo,

    /// <summary>Forgets it (RFC 863).</summary>
    Discard,
}

/// <summary>A program with TCP sockets.</summary>
public abstract record TcpTaskSettings : TaskSettings
{
    /// <summary>How it waits.</summary>
    public TcpIo Io { get; init; } = TcpIo.Epoll;

    /// <summary><c>SO_RCVBUF</c> in bytes as the program asks for it; null leaves it to autotuning.</summary>
    public long? ReceiveBuffer { get; init; }

    /// <summary><c>SO_SNDBUF</c> in bytes as the program asks for it; null leaves it to autotuning.</summary>
    public long? SendBuffer { get; init; }

    /// <summary><c>TCP_NODELAY</c>.</summary>
    public bool NoDelay { get; init; }

    /// <summary><c>TCP_CONGESTION</c>; null leaves the host's.</summary>
    public string? Congestion { get; init; }

    /// <summary>How its reads busy poll.</summary>
    public BusyPollSettings BusyPoll { get; init; } = BusyPollSettings.Default;

    /// <summary>How its epoll instances busy poll.</summary>
    public EpollBusyPollSettings EpollBusyPoll { get; init; } = EpollBusyPollSettings.Default;

    /// <summary>Descriptors that the process may have open (RLIMIT_NOFILE).</summary>
    public int OpenFiles { get; init; } = 1024;
}

/// <summary><c>tcp-server</c>: accepts connections and serves them.</summary>
public sealed record TcpServerSettings : TcpTaskSettings
{
    /// <inheritdoc />
    public override string Program => "tcp-server";

    /// <summary>Address and port it listens on.</summary>
    public required IPEndPoint Bind { get; init; }

    /// <summary>A listener a thread with <c>SO_REUSEPORT</c>; else all threads share one.</summary>
    public bool ReusePort { get; init; }

    /// <summary>Which of its listeners gets a connection.</summary>
    public ReuseportChoice Choice { get; init; }

    /// <summary>The shared listener is watched with <c>EPOLLEXCLUSIVE</c>.</summary>
    public bool Exclusive { get; init; }

    /// <summary>What <c>listen()</c> is told.</summary>
    public int Backlog { get; init; } = 511;

    /// <summary>What it does with what it reads.</summary>
    public TcpService Does { get; init; }

    /// <summary>User time that a request, or a read, costs it.</summary>
    public KernelTime Service { get; init; }

    /// <summary>Most bytes of one <c>recv()</c>.</summary>
    public int Read { get; init; } = 65536;

    /// <summary>Sleep after each read of a server that discards: a slow reader.</summary>
    public KernelTime Pause { get; init; }
}

/// <summary>A program that connects to a server.</summary>
public abstract record TcpClientSettings : TcpTaskSettings
{
    /// <summary>The server.</summary>
    public required IPEndPoint Connect { get; init; }

    /// <summary>Connections of a thread at once.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Time over which they are opened, evenly; zero opens all at once.</summary>
    public KernelTime Ramp { get; init; }
}

/// <summary>A program that asks, hears the answer, and so on.</summary>
public abstract record TcpLoopSettings : TcpClientSettings
{
    /// <summary>Requests that a connection carries; 0 is all.</summary>
    public int Requests { get; init; }

    /// <summary>Closed loop: pause between an answer and the next request.</summary>
    public KernelTime Think { get; init; }

    /// <summary>No request before that time.</summary>
    public KernelTime RequestsFrom { get; init; }

    /// <summary>Open loop: requests a second of all threads; 0 is a closed loop.</summary>
    public long Rate { get; init; }

    /// <summary>Open loop: when they leave.</summary>
    public ArrivalProcess Arrival { get; init; }
}

/// <summary><c>tcp-rr</c> and <c>tcp-crr</c>: a request, its answer, and so on; with a connection for each, <c>tcp-crr</c>.</summary>
public sealed record TcpRequestSettings : TcpLoopSettings
{
    /// <inheritdoc />
    public override string Program => Requests == 1 ? "tcp-crr" : "tcp-rr";

    /// <summary>Bytes of a request.</summary>
    public required SizeDistribution Size { get; init; }

    /// <summary>Bytes of an answer.</summary>
    public required SizeDistribution Response { get; init; }
}

/// <summary><c>memcached-client</c>: GETs and SETs.</summary>
public sealed record MemcachedClientSettings : TcpLoopSettings
{
    /// <inheritdoc />
    public override string Program => "memcached-client";

    /// <summary>Bytes of a key.</summary>
    public required SizeDistribution Keys { get; init; }

    /// <summary>Bytes of a value.</summary>
    public required SizeDistribution Values { get; init; }

    /// <summary>Share of SETs, 0 to 1.</summary>
    public required double Sets { get; init; }
}

/// <summary><c>tcp-stream</c>: sends as much as goes.</summary>
public sealed record TcpStreamSettings : TcpClientSettings
{
    /// <inheritdoc />
    public override string Program => "tcp-stream";

    /// <summary>Bytes of one <c>send()</c>.</summary>
    public int Send { get; init; } = 16384;

    /// <summary>Bytes of each connection's stream; 0 is until it ends.</summary>
    public long Bytes { get; init; }
}
