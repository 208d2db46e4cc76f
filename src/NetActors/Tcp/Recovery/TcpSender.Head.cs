using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What the connection asks of the oldest segment when it thinks of waiting for a larger one.</summary>
public sealed partial class TcpSender
{
    /// <summary>When the oldest segment last left; Never when nothing is out (kernel: <c>tcp_rtx_queue_head</c> in <c>tcp_tso_should_defer</c>).</summary>
    public KernelTime HeadSentAt => _queue.First is { } head ? KernelTime.FromMicroseconds(head.SentUs - ClockBaseUs) : KernelTime.Never;
}
