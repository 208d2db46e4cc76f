using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Little of a connection waits in the host's queues (kernel: TCP small queues, <c>tcp_small_queue_check</c>, <c>tcp_tsq_write</c>).</summary>
public sealed partial class TcpControlBlock
{
    private Rest _rest;
    private TcpNagle _restNagle;

    /// <summary>What a round that stopped for segments not yet gone below has left to do.</summary>
    [Flags]
    private enum Rest
    {
        None,
        Retransmit = 1,
        Push = 2,
        Autocork = 4, // the push may have to wait for a packet below
    }

    /// <summary>What waits below; null when nobody accounts for it, and nothing waits for it then.</summary>
    public TcpSmallQueue? HostQueue
    {
        get => _sender.HostQueue;
        set => _sender.HostQueue = value;
    }

    /// <summary>The segments were taken: goes on where the last input stopped for them; see <see cref="TcpEffects.More"/>.</summary>
    public TcpEffects Continue(KernelTime now)
    {
        Begin(now);
        var (rest, nagle) = (_rest, _restNagle);
        _rest = Rest.None;
        if (State is TcpState.Close or TcpState.SynSent) return End();
        if ((rest & Rest.Retransmit) != 0) Retransmit();
        if ((rest & Rest.Push) != 0 && ((rest & Rest.Autocork) == 0 || !ShouldAutocork(nagle))) PushPending(nagle);
        return End();
    }

    /// <summary>A qdisc of this host dropped a segment of the connection, or another for it (kernel: <c>tcp_enter_cwr</c> in <c>__tcp_transmit_skb</c>).</summary>
    public void OnLocalCongestion(KernelTime now)
    {
        if (State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.CloseWait or TcpState.Closing or TcpState.LastAck) _sender.OnLocalCongestion(now);
    }

    /// <summary>
    /// New data was dropped before it left the host: it counts as not sent, with all that was made behind it, and is tried again when the
    /// probe timer says so (kernel: <c>tcp_write_xmit</c>, <c>tcp_send_probe0</c> with an error of <c>tcp_transmit_skb</c>).
    /// </summary>
    internal void OnNotSent(in TcpOutSegment segment, KernelTime now)
    {
        if (segment.IsRetransmission || segment.PayloadLength == 0 || (segment.Flags & TcpFlags.Syn) != 0 || State is TcpState.Close or TcpState.SynSent) return;
        _now = now;
        for (var left = _output?.Count ?? 0; left > 0; left--)
        {
            var next = _output!.First;
            _output.RemoveFirst();
            if (next.IsRetransmission || next.EndSequence == next.Sequence) _output.Add(next);
            else HostQueue?.Forgo(next.TrueSize);
        }

        if (_output is { Count: 0 } empty)
        {
            _context.ReturnOutput(empty);
            _output = null;
        }

        if (!_sender.TakeBack(segment.Sequence, now) || _sender.PacketsOut > 0) return;
        if (_wakeUpSince.IsNever)
        {
            CheckProbeTimer();
            return;
        }

        (_probesSince, _wakeUpSince) = (_wakeUpSince, KernelTime.Never);
        _probesOut = _wakeUpProbes + 1; // a probe that local congestion ate: no backoff, soon again
        _probeAt = _now + ClampToUserTimeout(KernelTime.FromMilliseconds(500)); // TCP_RESOURCE_PROBE_INTERVAL
    }

    /// <summary>A packet left the host for which the connection had stopped (kernel: <c>tcp_tsq_write</c>).</summary>
    public TcpEffects OnHostQueueFreed(KernelTime now)
    {
        Begin(now);
        HostQueue?.Answer();
        const int Sending = (1 << (int)TcpState.Established) | (1 << (int)TcpState.FinWait1) | (1 << (int)TcpState.Closing) |
            (1 << (int)TcpState.CloseWait) | (1 << (int)TcpState.LastAck);
        if ((Sending >> (int)State & 1) == 0) return End();
        if (_sender.LostOut > _sender.RetransOut && _sender.Cwnd > _sender.InFlight) Retransmit();
        if (HasUnsent) WriteXmit(Nagle, PushMode.All);
        return End();
    }

    /// <summary>
    /// Enough waits below: two packets or a millisecond at the pacing rate, whichever is more, and unless it is paced never more than
    /// <c>tcp_limit_output_bytes</c>; retransmissions may be twice that (kernel: <c>tcp_small_queue_check</c>).
    /// </summary>
    private bool IsThrottled(int length, int factor, TcpNagle nagle, Rest rest)
    {
        if (HostQueue is not { } below || below.BytesWithPromised == 0) return false;
        var rate = _sender.PacingRate;
        var limit = Math.Max(2L * (length + TcpConstants.SendSkbOverhead), rate >> 10); // sk_pacing_shift
        if (!_sender.Congestion.IsPaced) limit = Math.Min(limit, Sysctls.TcpLimitOutputBytes);
        limit = Math.Min(limit, int.MaxValue) << factor;
        if (below.BytesWithPromised < limit || _sender.HasOneRangeOut) return false; // sk_wmem_alloc counts one more
        if (below.Bytes < limit)
        {
            Postpone(rest, nagle);
            return true;
        }

        below.Throttle();
        return below.Bytes >= limit; // it may have left in between
    }

    /// <summary>Small writes wait while the host still holds a packet of ours, whose end will send them (kernel: <c>tcp_should_autocork</c>).</summary>
    private bool ShouldAutocork(TcpNagle nagle)
    {
        if (HostQueue is not { } below || !Sysctls.TcpAutocorking || _sender.PacketsOut == 0) return false;
        if (_sendBuffer.TailRoom(SizeGoal(CurrentMss()), SndNxt) <= 0 || below.BytesWithPromised < _sendBuffer.TailTrueSize) return false;
        if (below.Bytes < _sendBuffer.TailTrueSize)
        {
            Postpone(Rest.Push | Rest.Autocork, nagle);
            return true;
        }

        if (below.Throttle()) Mib.Add(LinuxMib.TCPAutoCorking);
        return below.Bytes >= _sendBuffer.TailTrueSize;
    }

    private void Postpone(Rest rest, TcpNagle nagle)
    {
        _rest |= rest;
        if ((rest & Rest.Push) != 0) _restNagle = nagle;
        _effects |= TcpEffects.More;
    }

    /// <summary>What a segment is charged: a pure ACK next to nothing (kernel: <c>skb_set_tcp_pure_ack</c>).</summary>
    private static int ChargeOf(in TcpOutSegment segment) =>
        segment.PayloadLength == 0 && segment.Flags == Headers.TcpFlags.Ack ? 2 : segment.PayloadLength + TcpConstants.SendSkbOverhead;
}
