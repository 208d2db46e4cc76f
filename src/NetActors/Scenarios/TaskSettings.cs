using System.Net;
using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>A program that a host runs, in one thread or several.</summary>
public abstract record TaskSettings
{
    /// <summary>Its name, unique on the host.</summary>
    public string Name { get; init; } = "";

    /// <summary>Word of the program in the file: <c>udp-sink</c>.</summary>
    public abstract string Program { get; }

    /// <summary>CPUs its threads may run on (<c>taskset</c>); empty is all. Never empty as read from a file.</summary>
    public CpuSet Cpus { get; init; } = CpuSet.Empty;

    /// <summary>Its threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Each thread is bound to one CPU of <see cref="Cpus"/>, round robin, instead of all of them.</summary>
    public bool Pin { get; init; }

    /// <summary>Its nice value, -20 to 19.</summary>
    public int Nice { get; init; }

    /// <summary>When it starts.</summary>
    public KernelTime Start { get; init; }

    /// <summary>When it ends; as read from a file not after the run.</summary>
    public KernelTime Stop { get; init; } = KernelTime.Never;
}

/// <summary>A program with UDP sockets, one a thread unless they share one.</summary>
public abstract record UdpTaskSettings : TaskSettings
{
    /// <summary><c>SO_RCVBUF</c> in bytes as the program asks for it; null leaves <c>rmem_default</c>.</summary>
    public long? ReceiveBuffer { get; init; }

    /// <summary><c>SO_SNDBUF</c> in bytes as the program asks for it; null leaves <c>wmem_default</c>.</summary>
    public long? SendBuffer { get; init; }

    /// <summary>Datagrams a <c>recvmmsg</c> or <c>sendmmsg</c> moves at most; 1 is <c>recvmsg</c> and <c>sendmsg</c>.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>How its reads busy poll.</summary>
    public BusyPollSettings BusyPoll { get; init; } = BusyPollSettings.Default;
}

/// <summary>A program that answers or reads what comes.</summary>
public abstract record UdpServerSettings : UdpTaskSettings
{
    /// <summary>Address and port it binds.</summary>
    public required IPEndPoint Bind { get; init; }

    /// <summary>A socket a thread with <c>SO_REUSEPORT</c>; else all threads share one.</summary>
    public bool ReusePort { get; init; }

    /// <summary>UDP_GRO.</summary>
    public bool UdpGro { get; init; }

    /// <summary>Which of its sockets gets a flow.</summary>
    public ReuseportChoice Choice { get; init; }

    /// <summary>User time a datagram costs it.</summary>
    public KernelTime Service { get; init; }
}
