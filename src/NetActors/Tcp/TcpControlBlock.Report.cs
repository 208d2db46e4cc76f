using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>What reports ask beside <c>struct tcp_info</c> (kernel: <c>inet_sk_diag_fill</c>, <c>get_tcp4_sock</c>).</content>
public sealed partial class TcpControlBlock
{
    /// <summary>Probes of a window or of a silent peer in a row (kernel: <c>icsk_probes_out</c>).</summary>
    internal int ProbesOut => _probesOut;

    /// <summary>Quick acknowledgements left (kernel: <c>icsk_ack.quick</c>).</summary>
    internal int QuickAcks => _acks.Quick;

    /// <summary>Answers follow the peer's data (kernel: <c>inet_csk_in_pingpong_mode</c>).</summary>
    internal bool IsPingpong => _acks.IsPingpong(Sysctls);

    /// <summary>Memory of the queues (kernel: <c>sk_get_meminfo</c>).</summary>
    internal TcpMemorySnapshot Memory(long drops) =>
        new(_receiver.RmemAlloc, _receiver.RcvBuf, _sendBuffer.SndBuf, _sendBuffer.WmemQueued, drops) { WmemAlloc = HostQueue?.Bytes ?? 0 };

    /// <summary>The timer that /proc/net/tcp names, and when it is due.</summary>
    internal TcpTimer PendingTimer(out KernelTime due)
    {
        due = _sender.TimerDeadline;
        if (!due.IsNever) return TcpTimer.On;
        due = _probeAt;
        if (!due.IsNever) return TcpTimer.Persist;
        due = _keepaliveAt;
        return due.IsNever ? TcpTimer.Off : TcpTimer.Keepalive;
    }
}
