using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>What a conversation wants done next.</summary>
internal enum StepKind : byte
{
    /// <summary>Open a socket and connect it.</summary>
    Connect,

    /// <summary>Receive, up to <see cref="ConversationStep.Bytes"/>.</summary>
    Read,

    /// <summary>Send <see cref="ConversationStep.Data"/>, or as much of it as goes.</summary>
    Write,

    /// <summary>User time.</summary>
    Work,

    /// <summary>Nothing until a time.</summary>
    Sleep,

    /// <summary>Send no more (<c>shutdown(SHUT_WR)</c>).</summary>
    Shutdown,

    /// <summary>Close the socket.</summary>
    Close,

    /// <summary>It is over; its socket is closed.</summary>
    Finish,
}

/// <summary>The next step of a <see cref="Conversation"/>.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Data">Write: the bytes.</param>
/// <param name="Bytes">Read: how many at most; Write: how many there are in all, of which <paramref name="Data"/> may be the first.</param>
/// <param name="Time">Work: how long; Sleep: until when.</param>
/// <param name="Position">Write: where the bytes stand in <see cref="StreamPattern"/>.</param>
internal readonly record struct ConversationStep(StepKind Kind, Memory<byte> Data = default, int Bytes = 0, KernelTime Time = default, long Position = 0);
