using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>How a program waits for its connections.</summary>
internal enum StreamIo : byte
{
    /// <summary>One connection a thread, in calls that sleep.</summary>
    Blocking,

    /// <summary>Many, over <c>poll()</c>.</summary>
    Poll,

    /// <summary>Many, over <c>select()</c>: descriptors below FD_SETSIZE.</summary>
    Select,

    /// <summary>Many, over a level-triggered epoll instance a thread.</summary>
    Epoll,

    /// <summary>Many, over an edge-triggered epoll instance a thread: read, and accept, until there is no more.</summary>
    EpollEdge,
}

/// <summary>What a <see cref="StreamProgram"/> does.</summary>
internal sealed record StreamProgramOptions
{
    /// <summary>How it waits.</summary>
    public required StreamIo Io { get; init; }

    /// <summary>It listens on <see cref="Address"/> and <see cref="Port"/>; else it connects to them.</summary>
    public bool IsServer { get; init; }

    /// <summary>Whom it listens as or connects to, in host order.</summary>
    public uint Address { get; init; }

    /// <summary>The port of it.</summary>
    public ushort Port { get; init; }

    /// <summary>Server: what <c>listen()</c> is told.</summary>
    public int Backlog { get; init; } = 511;

    /// <summary>Server: a listener a thread with SO_REUSEPORT; else the threads share one.</summary>
    public bool ReusePort { get; init; }

    /// <summary>Server: the shared listener is watched with EPOLLEXCLUSIVE.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Client: connections of a thread at once.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Client: time over which they are opened, evenly; zero opens all at once.</summary>
    public KernelTime Ramp { get; init; }

    /// <summary>Socket options, set before it listens or connects.</summary>
    public IReadOnlyList<(int Level, int Option, byte[] Value)> SocketOptions { get; init; } = [];

    /// <summary>How its epoll instance busy polls (<c>struct epoll_params</c>); null leaves it as it is.</summary>
    public byte[]? EpollParams { get; init; }

    /// <summary>Most bytes of one <c>recv()</c>.</summary>
    public int ReadBytes { get; init; } = StreamPattern.LongestPiece;

    /// <summary>When it ends.</summary>
    public KernelTime Stop { get; init; } = KernelTime.Never;

    /// <summary>What is said over each connection.</summary>
    public required Func<StreamCounters, Conversation> NewConversation { get; init; }
}
