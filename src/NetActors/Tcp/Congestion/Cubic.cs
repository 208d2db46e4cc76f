namespace NetActors.Tcp;

/// <summary>
/// CUBIC (RFC 9438) in the kernel's integers (net/ipv4/tcp_cubic.c): W(t) = C (t - K)^3 + Wmax with C = 0.4 and a window of 0.7 after a
/// loss, Reno-friendly region, fast convergence; slow start ends by <see cref="CubicHystart"/>.
/// </summary>
public sealed class Cubic : ICongestionControl
{
    private const uint BetaScale = 1024; // BICTCP_BETA_SCALE
    private const uint Beta = 717; // 717/1024 = 0.7
    private const int TimeShift = 10; // BICTCP_HZ: time in 1/1024 seconds
    private const uint BicScale = 41; // 41/1024 * 10 = C = 0.4
    private const ulong CubeRttScale = BicScale * 10;
    private const uint RenoScale = 8 * (BetaScale + Beta) / 3 / (BetaScale - Beta); // beta_scale: 8 (1 + beta) / (3 (1 - beta))
    private const ulong CubeFactor = (1UL << (10 + (3 * TimeShift))) / (BicScale * 10);

    private readonly CubicHystart _hystart = new();

    private uint _cnt; // segments delivered for each segment of growth
    private uint _lastMaxCwnd;
    private uint _lastCwnd;
    private uint _lastTime; // when _cnt was last computed, in jiffies
    private uint _originPoint; // the window at the inflection, Wmax
    private uint _k; // time to the inflection in 1/1024 seconds
    private uint _delayMinUs;
    private uint _epochStart; // in jiffies; 0 when no epoch runs
    private uint _ackCount;
    private uint _renoCwnd; // what Reno's window would be (tcp_cwnd)

    /// <inheritdoc />
    public string Name => "cubic";

    /// <summary>Time from the last loss until the window is back where it was, in 1/1024 seconds (<c>bic_K</c>); for the tests.</summary>
    internal uint K => _k;

    /// <summary>The window that the curve flattens at (<c>bic_origin_point</c>).</summary>
    internal uint OriginPoint => _originPoint;

    /// <inheritdoc />
    public void Init(TcpCongestionState state)
    {
        Reset();
        _hystart.Reset(state);
    }

    /// <inheritdoc />
    public int Ssthresh(TcpCongestionState state)
    {
        var cwnd = (uint)state.Cwnd;
        _epochStart = 0;
        _lastMaxCwnd = cwnd < _lastMaxCwnd ? cwnd * (BetaScale + Beta) / (2 * BetaScale) : cwnd; // fast convergence: make room
        return (int)Math.Max(cwnd * Beta / BetaScale, 2);
    }

    /// <inheritdoc />
    public void CongAvoid(TcpCongestionState state, uint ack, int acked)
    {
        if (!state.MayGrow) return;
        if (state.InSlowStart)
        {
            acked = CongestionAvoidance.SlowStart(state, acked);
            if (acked == 0) return;
        }

        Update(state, (uint)state.Cwnd, (uint)acked);
        CongestionAvoidance.AdditiveIncrease(state, (int)Math.Min(_cnt, int.MaxValue), acked);
    }

    /// <inheritdoc />
    public void SetState(TcpCongestionState state, TcpCaState newState)
    {
        if (newState != TcpCaState.Loss) return;
        Reset();
        _hystart.Reset(state);
    }

    /// <inheritdoc />
    public void CwndEvent(TcpCongestionState state, CongestionEvent what)
    {
        if (what != CongestionEvent.TxStart || _epochStart == 0) return;
        var idle = state.NowJiffies - state.LastSendJiffies;
        if ((int)idle <= 0) return;
        _epochStart += idle; // the curve does not go on while the application is silent
        if (TcpSeq.After(_epochStart, state.NowJiffies)) _epochStart = state.NowJiffies;
    }

    /// <inheritdoc />
    public void PktsAcked(TcpCongestionState state, in AckSample sample)
    {
        if (sample.RttMicroseconds < 0) return;
        if (_epochStart != 0 && (int)(state.NowJiffies - _epochStart) < state.Hz) return; // right after recovery delays mislead
        var delay = Math.Max((uint)sample.RttMicroseconds, 1);
        if (_delayMinUs == 0 || _delayMinUs > delay) _delayMinUs = delay;
        if (!_hystart.Found && state.InSlowStart) _hystart.Update(state, delay, _delayMinUs);
    }

    /// <inheritdoc />
    public int UndoCwnd(TcpCongestionState state) => CongestionAvoidance.PriorWindow(state);

    private void Reset()
    {
        (_cnt, _lastMaxCwnd, _lastCwnd, _lastTime, _originPoint) = (0, 0, 0, 0, 0);
        (_k, _delayMinUs, _epochStart, _ackCount, _renoCwnd) = (0, 0, 0, 0, 0);
        _hystart.Forget();
    }

    /// <summary>Computes how many delivered segments grow the window by one (kernel: <c>bictcp_update</c>).</summary>
    private void Update(TcpCongestionState state, uint cwnd, uint acked)
    {
        var now = state.NowJiffies;
        _ackCount += acked;
        if (_lastCwnd == cwnd && (int)(now - _lastTime) <= state.Hz / 32) return;
        if (_epochStart == 0 || now != _lastTime)
        {
            (_lastCwnd, _lastTime) = (cwnd, now);
            if (_epochStart == 0) BeginEpoch(cwnd, acked, now);
            FollowCurve(state, cwnd, now);
        }

        StayRenoFriendly(cwnd);
        _cnt = Math.Max(_cnt, 2); // grows at most by half in a round trip
    }

    private void BeginEpoch(uint cwnd, uint acked, uint now)
    {
        _epochStart = now == 0 ? 1 : now; // 0 means none
        _ackCount = acked;
        _renoCwnd = cwnd;
        if (_lastMaxCwnd <= cwnd)
        {
            (_k, _originPoint) = (0, cwnd);
            return;
        }

        _k = CubicRoot.Of(CubeFactor * (_lastMaxCwnd - cwnd));
        _originPoint = _lastMaxCwnd;
    }

    /// <summary>Aims at where the curve will be one round trip from now (RFC 9438 section 4.2).</summary>
    private void FollowCurve(TcpCongestionState state, uint cwnd, uint now)
    {
        var hz = (ulong)state.Hz;
        var t = (ulong)(now - _epochStart) + ((_delayMinUs * hz) + 999_999) / 1_000_000;
        t = (t << TimeShift) / hz;
        var offset = t < _k ? _k - t : t - _k;
        var delta = (uint)((CubeRttScale * offset * offset * offset) >> (10 + (3 * TimeShift)));
        var target = t < _k ? _originPoint - delta : _originPoint + delta;
        _cnt = (int)(target - cwnd) > 0 ? cwnd / (target - cwnd) : 100 * cwnd;
        if (_lastMaxCwnd == 0 && _cnt > 20) _cnt = 20; // nothing is known of the path yet: 5 % in a round trip
    }

    /// <summary>Grows at least as Reno would with the same losses (RFC 9438 section 4.3).</summary>
    private void StayRenoFriendly(uint cwnd)
    {
        var delta = (cwnd * RenoScale) >> 3;
        while (_ackCount > delta)
        {
            _ackCount -= delta;
            _renoCwnd++;
        }

        if (_renoCwnd > cwnd) _cnt = Math.Min(_cnt, cwnd / (_renoCwnd - cwnd));
    }
}
