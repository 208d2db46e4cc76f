using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>New data leaves: bookkeeping, pacing, and whether the window is used (kernel: net/ipv4/tcp_output.c).</summary>
public sealed partial class TcpSender
{
    private const int UnpacedSegments = 10; // tcp_update_skb_after_send lets the first ten go at once

    private uint _cwndUsageSeq; // the round in which the use of the window is watched ends here
    private int _cwndUsed;
    private uint _cwndStamp; // when the window was last filled or changed, in jiffies
    private int _sentInRound;
    private uint _dataSegmentsOut;
    private bool _pacingWaits;
    private long _lateNs; // how much later than it might have the segment at hand leaves

    /// <summary>
    /// The application cannot fill the send buffer because it is full, so the window does not shrink (<c>SOCK_NOSPACE</c>).
    /// </summary>
    public bool IsSendBufferFull { get; set; }

    /// <summary>
    /// Full segments that the window lets go now; at most half a window, so that two bursts share it (kernel: <c>tcp_cwnd_test</c>).
    /// </summary>
    public int SendQuota(KernelTime now)
    {
        Refresh(now);
        if (IsPacingBlocked()) return 0;
        var inFlight = _state.InFlight;
        if (inFlight >= _state.Cwnd) return 0;
        return Math.Min(Math.Max(_state.Cwnd >> 1, 1), _state.Cwnd - inFlight);
    }

    /// <summary>
    /// A range left for the first time; a burst that the device cuts up is one call (kernel: <c>tcp_event_data_sent</c>,
    /// <c>tcp_event_new_data_sent</c>).
    /// </summary>
    /// <param name="seq">First number; <see cref="SndNxt"/>.</param>
    /// <param name="endSeq">Number behind the last; SYN and FIN count.</param>
    /// <param name="flags">Control bits.</param>
    /// <param name="now">The time.</param>
    /// <param name="segmentSize">Payload of one segment, when it is not <see cref="Mss"/>: options take some of it, a probe of the path MTU is one.</param>
    /// <param name="endsRecord">It ends with a record (MSG_EOR).</param>
    public void OnSent(uint seq, uint endSeq, TcpFlags flags, KernelTime now, int segmentSize = 0, bool endsRecord = false)
    {
        Refresh(now);
        var segment = _pool.Rent();
        (segment.Seq, segment.EndSeq, segment.Tags) = (seq, endSeq, endsRecord ? SegmentTags.EndOfRecord : SegmentTags.None);
        segment.Flags = flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Ack);
        segment.SetCount(segmentSize > 0 ? segmentSize : Mss);
        if (segment.Length > 0) OnDataSent(segment);
        Depart(segment);
        segment.HostStamp = HostQueue?.Stamp ?? 0;

        var prior = _state.PacketsOut;
        _state.SndNxt = endSeq;
        _queue.Add(segment);
        _state.PacketsOut += segment.Count;
        _sentInRound += segment.Count;
        if (prior == 0 || _timer == DeadlineKind.LossProbe) RearmRto();
        if ((flags & TcpFlags.Syn) == 0) Count(LinuxMib.TCPOrigDataSent, segment.Count);
    }

    /// <summary>
    /// What was sent from a number on did not leave the host (kernel: <c>tcp_write_xmit</c> stops before
    /// <c>tcp_event_new_data_sent</c>). False when none of it is out.
    /// </summary>
    internal bool TakeBack(uint seq, KernelTime now)
    {
        Refresh(now);
        var any = false;
        while (_queue.Last is { } segment && !TcpSeq.Before(segment.Seq, seq) && (segment.Tags & ~SegmentTags.EndOfRecord) == SegmentTags.None)
        {
            any = true;
            _state.PacketsOut -= segment.Count;
            _state.SndNxt = segment.Seq;
            Count(LinuxMib.TCPOrigDataSent, -segment.Count);
            _order.Remove(segment);
            _queue.RemoveAt(_queue.Count - 1);
            _pool.Return(segment);
        }

        if (any && _state.PacketsOut == 0) ClearTimer();
        return any;
    }

    /// <summary>
    /// A round of sending is over that had something to send, whether it could or not (kernel: the end of <c>tcp_write_xmit</c>): watches
    /// the use of the window and plans a tail loss probe.
    /// </summary>
    /// <param name="cwndLimited">It ended because the window, and nothing else, was full.</param>
    /// <param name="now">The time.</param>
    public void OnSendRound(bool cwndLimited, KernelTime now)
    {
        Refresh(now);
        var limited = cwndLimited || _state.InFlight >= _state.Cwnd;
        var sent = TakeSentInRound();
        if (sent > 0 || limited) ValidateCwnd(limited);
        if (sent > 0) ScheduleLossProbe(advancingRto: false);
    }

    /// <summary>
    /// The connection was silent and is about to send: the window shrinks with the time gone by (RFC 5681 section 4.1; kernel:
    /// <c>tcp_slow_start_after_idle_check</c>).
    /// </summary>
    public void OnIdle(KernelTime now)
    {
        Refresh(now);
        if (!_settings.SlowStartAfterIdle || _state.PacketsOut != 0 || _congestion.HasCongControl) return;
        var idle = (int)(_state.NowJiffies - _state.LastSendJiffies);
        if (idle > RtoJiffies) RestartCwnd(idle);
    }

    /// <summary>
    /// The application has less than a segment to send and nothing waits below: samples from now on show its rate, not the path's
    /// (kernel: <c>tcp_rate_check_app_limited</c>). Called when it writes.
    /// </summary>
    /// <param name="hostQueueEmpty">Nothing of the connection waits in the queues of the host.</param>
    public void CheckAppLimited(bool hostQueueEmpty)
    {
        if (UnsentBytes < Mss && hostQueueEmpty && _state.InFlight < _state.Cwnd && _state.LostOut <= _state.RetransOut)
            _state.AppLimited = Math.Max(_state.Delivered + (uint)_state.InFlight, 1);
    }

    private int TakeSentInRound()
    {
        var sent = _sentInRound;
        _sentInRound = 0;
        if (_state.InCwndReduction) _prrOut += sent;
        return sent;
    }

    private void OnDataSent(TxSegment segment)
    {
        if (_state.InFlight == 0) _congestion.CwndEvent(_state, CongestionEvent.TxStart);
        _state.LastSendJiffies = _state.NowJiffies;
        _dataSegmentsOut += (uint)segment.Count;
        _bytesSent += (ulong)segment.Length;
    }

    /// <summary>When a segment that is made now is to leave: behind what was paced before it (kernel: <c>__tcp_transmit_skb</c>).</summary>
    public KernelTime NextDeparture(KernelTime now)
    {
        var prior = _state.DepartureNs;
        _state.DepartureNs = Math.Max(prior, now.Nanoseconds);
        _lateNs = _state.DepartureNs - prior;
        return LastDeparture;
    }

    /// <summary>Stamps a segment with its departure and makes room behind it (kernel: <c>tcp_update_skb_after_send</c>).</summary>
    private void Depart(TxSegment segment)
    {
        if (_state.DepartureNs < _state.NowNs) NextDeparture(KernelTime.FromNanoseconds(_state.NowNs));
        segment.SentUs = (_state.DepartureNs / 1000) + ClockBaseUs;
        if (HostQueue is { IsPacedBelow: true }) _state.IsPaced = true;
        if (_state.IsPaced && _state.PacingRate is > 0 and < long.MaxValue && _dataSegmentsOut >= UnpacedSegments)
        {
            var span = (long)((UInt128)segment.Length * 1_000_000_000 / (UInt128)_state.PacingRate);
            span -= Math.Min(span / 2, _lateNs); // make up for a departure that was late
            _state.DepartureNs += span;
        }

        _lateNs = 0;

        _order.MoveToEnd(segment);
        SnapshotRate(segment);
    }

    /// <summary>A paced connection waits for the end of the pause (kernel: <c>tcp_pacing_check</c>).</summary>
    private bool IsPacingBlocked() => _pacingWaits = _state.IsPaced && HostQueue is not { IsPacedBelow: true } && _state.DepartureNs > _state.NowNs;

    /// <summary>Remembers whether the window was filled (kernel: <c>tcp_cwnd_validate</c>; RFC 7661).</summary>
    private void ValidateCwnd(bool limited)
    {
        if (!TcpSeq.Before(_state.SndUna, _cwndUsageSeq) || limited ||
            (!_state.IsCwndLimited && _state.PacketsOut > _state.MaxPacketsOut))
        {
            _state.IsCwndLimited = limited;
            _state.MaxPacketsOut = _state.PacketsOut;
            _cwndUsageSeq = _state.SndNxt;
        }

        if (_state.MayGrow)
        {
            _cwndUsed = 0;
            _cwndStamp = _state.NowJiffies;
            return;
        }

        _cwndUsed = Math.Max(_cwndUsed, _state.PacketsOut);
        if (_settings.SlowStartAfterIdle && (int)(_state.NowJiffies - _cwndStamp) >= RtoJiffies && !_congestion.HasCongControl)
            ShrinkUnusedCwnd();
    }

    /// <summary>
    /// A window that was not used for a timeout shrinks half way to what was (RFC 2861; <c>tcp_cwnd_application_limited</c>).
    /// </summary>
    private void ShrinkUnusedCwnd()
    {
        if (_state.CaState == TcpCaState.Open && !IsSendBufferFull)
        {
            var used = Math.Max(_cwndUsed, InitialCwnd);
            if (used < _state.Cwnd)
            {
                _state.Ssthresh = _state.CurrentSsthresh;
                _state.Cwnd = (_state.Cwnd + used) >> 1;
            }

            _cwndUsed = 0;
        }

        _cwndStamp = _state.NowJiffies;
    }

    /// <summary>Halves the window for every timeout of silence, down to the initial one (kernel: <c>tcp_cwnd_restart</c>).</summary>
    private void RestartCwnd(int idleJiffies)
    {
        _congestion.CwndEvent(_state, CongestionEvent.CwndRestart);
        _state.Ssthresh = _state.CurrentSsthresh;
        var least = Math.Min(InitialCwnd, _state.Cwnd);
        var cwnd = _state.Cwnd;
        for (idleJiffies -= RtoJiffies; idleJiffies > 0 && cwnd > least; idleJiffies -= RtoJiffies) cwnd >>= 1;
        _state.Cwnd = Math.Max(cwnd, least);
        _cwndStamp = _state.NowJiffies;
        _cwndUsed = 0;
    }

    private int RtoJiffies => (int)Math.Max(1, Rtt.Rto.Nanoseconds * _state.Hz / 1_000_000_000);
}
