using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>How the window shrinks: proportional rate reduction, ECN, timeouts, MTU (RFC 6937 and its successor; RFC 3168).</summary>
public sealed partial class TcpSender
{
    private int _prrDelivered;
    private int _prrOut;
    private bool _cwrQueued;

    /// <summary>
    /// The next segment of new data is to carry CWR; asking takes it (kernel: <c>tcp_ecn_send</c>, <c>TCP_ECN_QUEUE_CWR</c>).
    /// </summary>
    public bool TakeCwr()
    {
        var queued = _cwrQueued;
        _cwrQueued = false;
        return queued;
    }

    /// <summary>A queue of the host is congested, or the path said so (kernel: <c>tcp_enter_cwr</c> after <c>NET_XMIT_CN</c>).</summary>
    public void OnLocalCongestion(KernelTime now)
    {
        Refresh(now);
        EnterCwr();
    }

    /// <summary>
    /// The path takes smaller segments: those out that are too large go again at once, the window stays (RFC 1191 section 6.5; kernel:
    /// <c>tcp_simple_retransmit</c>). True when <see cref="TryRetransmit"/> has something.
    /// </summary>
    /// <param name="mss">The new size; 0 leaves the size and sends all data again, for the receiver refused what came with the SYN.</param>
    /// <param name="now">The time.</param>
    public bool OnMtuReduced(int mss, KernelTime now)
    {
        Refresh(now);
        if (mss > 0) Mss = mss;
        for (var i = 0; i < _queue.Count; i++)
        {
            if (_queue[i].SegmentLength > mss) MarkLost(_queue[i]);
        }

        if (_state.LostOut == 0) return false;
        if (IsReno) LimitRenoSacked();
        if (CaState != TcpCaState.Loss)
        {
            _highSeq = SndNxt;
            _state.Ssthresh = _state.CurrentSsthresh;
            _priorSsthresh = 0;
            _hasUndoMarker = false;
            SetCaState(TcpCaState.Loss);
        }

        RequestRetransmit();
        return true;
    }

    private void QueueCwr() => _cwrQueued |= EcnEnabled;

    private void EnterCwr()
    {
        _priorSsthresh = 0;
        if (CaState >= TcpCaState.CWR) return;
        _hasUndoMarker = false;
        InitCwndReduction();
        SetCaState(TcpCaState.CWR);
    }

    private void InitCwndReduction()
    {
        _highSeq = SndNxt;
        _tlpHighSeq = 0;
        _state.CwndCount = 0;
        _state.PriorCwnd = _state.Cwnd;
        (_prrDelivered, _prrOut) = (0, 0);
        _state.Ssthresh = _congestion.Ssthresh(_state);
        QueueCwr();
    }

    /// <summary>
    /// Proportional rate reduction (kernel: <c>tcp_cwnd_reduction</c>): above the threshold sends its share of what arrived, below it as
    /// much as arrived (CRB), and one more for each arrival that fills a hole without new loss (SSRB).
    /// </summary>
    private void ReduceCwnd(int delivered, int lost, AckFlags flag)
    {
        if (delivered <= 0 || _state.PriorCwnd == 0) return;
        _prrDelivered += delivered;
        var delta = _state.Ssthresh - _state.InFlight;
        int send;
        if (delta < 0)
        {
            var share = ((long)_state.Ssthresh * _prrDelivered + _state.PriorCwnd - 1) / _state.PriorCwnd;
            send = (int)share - _prrOut;
        }
        else
        {
            send = Math.Max(_prrDelivered - _prrOut, delivered);
            if ((flag & AckFlags.SndUnaAdvanced) != 0 && lost == 0) send++;
            send = Math.Min(delta, send);
        }

        send = Math.Max(send, _prrOut == 0 ? 1 : 0); // the first retransmission goes at once
        _state.Cwnd = _state.InFlight + send;
    }

    private void EndCwndReduction()
    {
        if (_congestion.HasCongControl) return;
        if (_state.Ssthresh < TcpCongestionState.InfiniteSsthresh && (CaState == TcpCaState.CWR || _hasUndoMarker))
        {
            _state.Cwnd = _state.Ssthresh;
            _cwndStamp = _state.NowJiffies;
        }

        _congestion.CwndEvent(_state, CongestionEvent.CompleteCwr);
    }

    /// <summary>
    /// The timer ran out: slow start from what is still believed to be in flight (kernel: <c>tcp_enter_loss</c>; RFC 5681).
    /// </summary>
    private void EnterLoss()
    {
        var newRecovery = CaState < TcpCaState.Recovery;
        MarkAllLost();
        if (CaState <= TcpCaState.Disorder || !TcpSeq.After(_highSeq, SndUna) || (CaState == TcpCaState.Loss && Retransmits == 0))
        {
            _priorSsthresh = _state.CurrentSsthresh;
            _state.PriorCwnd = _state.Cwnd;
            _state.Ssthresh = _congestion.Ssthresh(_state);
            _congestion.CwndEvent(_state, CongestionEvent.Loss);
            InitUndo();
        }

        _state.Cwnd = _state.InFlight + 1;
        _state.CwndCount = 0;
        _cwndStamp = _state.NowJiffies;
        if (CaState <= TcpCaState.Disorder && _state.SackedOut >= _settings.Reordering)
            Reordering = Math.Min(Reordering, _settings.Reordering); // it was too large to see the loss in time

        SetCaState(TcpCaState.Loss);
        _highSeq = SndNxt;
        _tlpHighSeq = 0;
        QueueCwr();
        _frto = _settings.Frto != 0 && (newRecovery || Retransmits > 0);
    }

    /// <summary>What left so lately that it may still arrive is spared, but not the first (kernel: <c>tcp_timeout_mark_lost</c>).</summary>
    private void MarkAllLost()
    {
        var reneged = _queue.First is { } head && head.Has(SegmentTags.SackedAcked);
        if (reneged)
        {
            Count(LinuxMib.TCPSACKReneging);
            _state.SackedOut = 0;
            _isReneging = true;
        }
        else if (IsReno)
        {
            _state.SackedOut = 0;
        }

        for (var i = 0; i < _queue.Count; i++)
        {
            var segment = _queue[i];
            if (reneged) segment.Tags &= ~SegmentTags.SackedAcked;
            else if (SackEnabled && i > 0 && RackLeftUs(segment, 0) > 0) continue;
            MarkLost(segment);
        }

        _retransmitHint = null;
    }
}
