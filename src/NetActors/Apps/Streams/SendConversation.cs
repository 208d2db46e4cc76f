using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>
/// Sends a stream until its bytes or its time are over, then says so and waits for the peer's end, so that all has arrived (netperf's
/// TCP_STREAM).
/// </summary>
/// <param name="bytes">Bytes of the stream; 0 for as many as go until <paramref name="stop"/>.</param>
/// <param name="piece">Bytes of one send().</param>
/// <param name="stop">When it ends in any case.</param>
/// <param name="counters">What is counted.</param>
internal sealed class SendConversation(long bytes, int piece, KernelTime stop, StreamCounters counters) : ClientConversation(stop, counters)
{
    private long _sent;
    private bool _shut;

    /// <inheritdoc />
    public override void OnWritten(int bytes, KernelTime now) => _sent += bytes;

    /// <inheritdoc />
    public override void OnRead(ReadOnlySpan<byte> data, KernelTime now)
    {
        if (data.Length > 0) return;
        if (_shut) EndAll();
        else OnFailed(Errno.ECONNRESET, now); // the peer takes no more
    }

    /// <inheritdoc />
    protected override void OnConnected(KernelTime now) => (_sent, _shut) = (0, false);

    /// <inheritdoc />
    protected override void OnStepDone(StepKind step) => _shut |= step == StepKind.Shutdown;

    /// <inheritdoc />
    protected override ConversationStep NextConnected(KernelTime now)
    {
        if (_shut) return new ConversationStep(StepKind.Read, Bytes: StreamPattern.LongestPiece);
        var left = bytes == 0 ? piece : Math.Min(piece, bytes - _sent);
        return left == 0 || now >= Stop
            ? new ConversationStep(StepKind.Shutdown)
            : new ConversationStep(StepKind.Write, StreamPattern.At(_sent, left));
    }
}
