using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What the connection asks of the oldest segment when it thinks of waiting for a larger one.</summary>
public sealed partial class TcpSender
{
    /// <summary>One range is out, or none (kernel: <c>tcp_rtx_queue_empty_or_single_skb</c>).</summary>
    public bool HasOneRangeOut => _queue.Count <= 1;

    /// <summary>What is sent again next does not ask whether there is room below: a probe, or the first after a timeout.</summary>
    public bool IsRetransmitForced => _pending is PendingRetransmit.Probe or PendingRetransmit.TimedOutHead;

    /// <summary>When the last segment left, or is to leave (<c>tcp_wstamp_ns</c>).</summary>
    public KernelTime LastDeparture => KernelTime.FromNanoseconds(_state.DepartureNs);

    /// <summary>When the oldest segment last left; Never when nothing is out (kernel: <c>tcp_rtx_queue_head</c> in <c>tcp_tso_should_defer</c>).</summary>
    public KernelTime HeadSentAt => _queue.First is { } head ? KernelTime.FromMicroseconds(head.SentUs - ClockBaseUs) : KernelTime.Never;
}
