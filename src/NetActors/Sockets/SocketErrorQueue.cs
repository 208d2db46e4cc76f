using System.Collections.Concurrent;

namespace NetActors.Sockets;

/// <summary>
/// Errors that wait for <c>recvmsg(MSG_ERRQUEUE)</c> (kernel: <c>sk_error_queue</c>, <c>sock_queue_err_skb</c>, <c>sock_dequeue_err_skb</c>). Several
/// CPUs may add at once in real time; the socket's actor takes.
/// </summary>
internal sealed class SocketErrorQueue
{
    private ConcurrentQueue<QueuedError>? _errors; // most sockets never need it
    private QueuedError? _last;
    private int _charged;
    private long _lost;

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _errors)?.IsEmpty ?? true;

    /// <summary>Truesize of what waits, in bytes.</summary>
    public int Charged => Volatile.Read(ref _charged);

    /// <summary>Errors that found no room.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Adds an error. False, and counted, when it and <paramref name="rmemAlloc"/> would fill <paramref name="rcvBuf"/> (ENOMEM).</summary>
    public bool TryAdd(QueuedError error, int rmemAlloc, int rcvBuf)
    {
        if ((long)rmemAlloc + Interlocked.Add(ref _charged, error.TrueSize) >= rcvBuf)
        {
            Interlocked.Add(ref _charged, -error.TrueSize);
            Interlocked.Increment(ref _lost);
            return false;
        }

        Add(error);
        return true;
    }

    /// <summary>
    /// Adds a notification of MSG_ZEROCOPY, which is never lost: one that goes on where the last one ends becomes a part of it (kernel:
    /// <c>skb_zerocopy_notify_extend</c>). By the socket's actor only, which also takes.
    /// </summary>
    /// <param name="first">Number of the first send.</param>
    /// <param name="count">How many.</param>
    /// <param name="isCopied">Their bytes were copied.</param>
    public void AddZeroCopy(uint first, uint count, bool isCopied)
    {
        if (Volatile.Read(ref _last) is { IsTaken: false, Error: { Origin: ErrorOrigin.ZeroCopy } known } last
            && known.Data + 1 == first && (long)(known.Data - known.Info) + 1 + count < 1L << 32)
        {
            last.Error = known with { Data = known.Data + count };
            return;
        }

        var code = isCopied ? ExtendedError.ZeroCopyCopied : (byte)0;
        var error = new QueuedError(new ExtendedError(Errno.None, ErrorOrigin.ZeroCopy, 0, code, first, first + count - 1), 0, 0, 0, []);
        Interlocked.Add(ref _charged, error.TrueSize);
        Add(error);
    }

    /// <summary>The error that will be taken next.</summary>
    public bool TryPeek([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out QueuedError error)
    {
        error = null;
        return Volatile.Read(ref _errors)?.TryPeek(out error) == true;
    }

    /// <summary>Takes the first error.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out QueuedError error)
    {
        error = null;
        if (Volatile.Read(ref _errors)?.TryDequeue(out error) != true || error is null) return false;
        error.IsTaken = true;
        Interlocked.Add(ref _charged, -error.TrueSize);
        return true;
    }

    private void Add(QueuedError error)
    {
        var errors = Volatile.Read(ref _errors) ?? Interlocked.CompareExchange(ref _errors, new ConcurrentQueue<QueuedError>(), null) ?? _errors;
        errors.Enqueue(error);
        Volatile.Write(ref _last, error);
    }

    /// <summary>Throws everything away (kernel: IP_RECVERR set to 0, and the socket's end).</summary>
    public void Clear()
    {
        while (TryTake(out _))
        {
        }
    }
}

/// <summary>An entry of the error queue (kernel: an skb with <c>struct sock_exterr_skb</c>).</summary>
/// <param name="Error">What went wrong.</param>
/// <param name="Address">Where the datagram was sent, in host order; 0 for none.</param>
/// <param name="Port">And to which port.</param>
/// <param name="Offender">Who complained, in host order; 0 when nobody did.</param>
/// <param name="Payload">As much of the datagram as is known.</param>
internal sealed record QueuedError(ExtendedError Error, uint Address, ushort Port, uint Offender, byte[] Payload)
{
    private const int Room = 1024;

    /// <summary>What went wrong; a range of zero-copy sends grows while it waits.</summary>
    public ExtendedError Error { get; set; } = Error;

    /// <summary>The time that it tells (SCM_TIMESTAMPING); null for none.</summary>
    public Time.KernelTime? Stamp { get; init; }

    /// <summary>It waits no longer.</summary>
    public bool IsTaken { get; set; }

    /// <summary>What the queue is charged for it, in bytes.</summary>
    public int TrueSize => Buffers.SkBuff.TrueSizeOf(Math.Min(Payload.Length, Room));

    /// <summary>The error can name an address (kernel: <c>ipv4_datagram_support_addr</c>).</summary>
    public bool HasAddress => Error.Origin is ErrorOrigin.Icmp or ErrorOrigin.Local || Port != 0;
}
