using NetActors.Buffers;
using NetActors.Execution;

namespace NetActors.Sockets;

/// <summary>A <c>recvmmsg</c> of one task; made once and used again for every call.</summary>
internal sealed class RecvRequest(TaskEntity task, int batch) : BlockingCall(task)
{
    /// <summary>What was received; the caller frees it.</summary>
    public SkBuff[] Batch { get; } = new SkBuff[batch];

    /// <summary>How many.</summary>
    public int Count { get; set; }
}

/// <summary>A <c>close</c> of one descriptor of a task that ends; null for a task that was killed.</summary>
internal sealed record CloseRequest(TaskEntity? Task);

/// <summary>A <c>sendmmsg</c> of one task; made once and used again for every call.</summary>
internal sealed class SendRequest(TaskEntity task, int batch) : BlockingCall(task)
{
    /// <summary>What to send.</summary>
    public OutgoingMessage[] Messages { get; } = new OutgoingMessage[batch];

    /// <summary>How many.</summary>
    public int Count { get; set; }

    /// <summary>How many were sent.</summary>
    public int Sent { get; set; }
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
