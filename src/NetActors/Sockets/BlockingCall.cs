using NetActors.Execution;

namespace NetActors.Sockets;

/// <summary>A call of a task that may sleep until something comes; made once and used again for every call.</summary>
internal abstract class BlockingCall(TaskEntity task)
{
    private int _ticket;
    private BusyLoopRequest? _busyLoop;

    /// <summary>The caller.</summary>
    public TaskEntity Task { get; } = task;

    /// <summary>Counts the calls that were made with it.</summary>
    public int Use { get; set; }

    /// <summary>None, or why the call failed.</summary>
    public Errno Error { get; set; }

    /// <summary>It does not sleep: MSG_DONTWAIT, O_NONBLOCK, or its time is over.</summary>
    public bool NonBlocking { get; set; }

    /// <summary>The call slept and goes on.</summary>
    public bool Resumed { get; set; }

    /// <summary>How it busy polls, before it sleeps.</summary>
    public BusyLoopRequest BusyLoop => _busyLoop ??= new BusyLoopRequest(this);

    /// <summary>Where it is with that.</summary>
    public BusyLoopState BusyState { get; set; }

    /// <summary>Its place in a <see cref="WaitQueue"/>; 0 while it does not sleep.</summary>
    public int Ticket
    {
        get => Volatile.Read(ref _ticket);
        set => Volatile.Write(ref _ticket, value);
    }

    /// <summary>Makes it sleep no longer; false when somebody else has, or it sleeps on another ticket.</summary>
    public bool TakeTicket(int ticket) => Interlocked.CompareExchange(ref _ticket, 0, ticket) == ticket;
}

/// <summary>The time a call may sleep is over (SO_RCVTIMEO, SO_SNDTIMEO, the timeout of <c>poll</c>).</summary>
/// <param name="Call">The call.</param>
/// <param name="Use">Which use of it: a later one goes on.</param>
internal sealed record CancelCall(BlockingCall Call, int Use)
{
    /// <summary>The call it was for has ended.</summary>
    public bool IsLate => Call.Use != Use;
}
