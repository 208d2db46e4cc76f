using NetActors.Buffers;
using NetActors.Execution;

namespace NetActors.Sockets;

/// <summary>A <c>recvmmsg</c> of one task; made once and used again for every call.</summary>
internal sealed class RecvRequest(TaskEntity task, int batch)
{
    private int _ticket;

    /// <summary>The caller.</summary>
    public TaskEntity Task { get; } = task;

    /// <summary>What was received; the caller frees it.</summary>
    public SkBuff[] Batch { get; } = new SkBuff[batch];

    /// <summary>How many.</summary>
    public int Count { get; set; }

    /// <summary>None, or why there are none.</summary>
    public Errno Error { get; set; }

    /// <summary>MSG_DONTWAIT.</summary>
    public bool NonBlocking { get; set; }

    /// <summary>The call slept and goes on.</summary>
    public bool Resumed { get; set; }

    /// <summary>Its place in a <see cref="WaitQueue"/>; 0 while it does not sleep.</summary>
    public int Ticket
    {
        get => Volatile.Read(ref _ticket);
        set => Volatile.Write(ref _ticket, value);
    }

    /// <summary>Makes it sleep no longer; false when somebody else has, or it sleeps on another ticket.</summary>
    public bool TakeTicket(int ticket) => Interlocked.CompareExchange(ref _ticket, 0, ticket) == ticket;
}

/// <summary>The time a call may sleep is over (SO_RCVTIMEO).</summary>
internal sealed record CancelRecv(RecvRequest Request);

/// <summary>A <c>close</c> of one task's descriptor; null for a task that was killed.</summary>
internal sealed record CloseRequest(TaskEntity? Task);

/// <summary>A <c>sendmmsg</c> of one task; made once and used again for every call.</summary>
internal sealed class SendRequest(TaskEntity task, int batch)
{
    /// <summary>The caller.</summary>
    public TaskEntity Task { get; } = task;

    /// <summary>What to send.</summary>
    public OutgoingMessage[] Messages { get; } = new OutgoingMessage[batch];

    /// <summary>How many.</summary>
    public int Count { get; set; }

    /// <summary>How many were sent.</summary>
    public int Sent { get; set; }

    /// <summary>None, or why not all were.</summary>
    public Errno Error { get; set; }
}

/// <summary>One message of a <see cref="SendRequest"/>.</summary>
internal struct OutgoingMessage
{
    /// <summary>Its bytes.</summary>
    public byte[] Payload;

    /// <summary>How many of them.</summary>
    public int Length;

    /// <summary>Where to, in host order; with <see cref="Port"/> 0 the connected peer.</summary>
    public uint Address;

    /// <summary>Where to; 0 for the connected peer.</summary>
    public ushort Port;
}
