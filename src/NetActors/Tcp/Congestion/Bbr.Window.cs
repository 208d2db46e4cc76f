namespace NetActors.Tcp;

/// <summary>How much BBR lets out (kernel: <c>bbr_set_cwnd</c> and what it calls).</summary>
public sealed partial class Bbr
{
    private const int InitialCwnd = 10; // TCP_INIT_CWND
    private const uint ExtraAckedMaxUs = 100_000; // bbr_extra_acked_max_us

    /// <summary>Segments that the path holds: bandwidth by least round trip by gain, rounded up (kernel: <c>bbr_bdp</c>).</summary>
    private uint Bdp(uint bw, int gain)
    {
        if (MinRttUs == TcpCongestionState.NoMinRtt) return InitialCwnd;
        var w = (ulong)bw * MinRttUs;
        return (uint)(((w * (ulong)gain >> GainShift) + BwUnit - 1) / BwUnit);
    }

    /// <summary>Adds what the hosts' own batching holds (kernel: <c>bbr_quantization_budget</c>).</summary>
    private uint QuantizationBudget(TcpCongestionState state, uint cwnd)
    {
        cwnd += 3 * TsoSegsGoal(state);
        cwnd = (cwnd + 1) & ~1u; // even, for receivers that acknowledge every other segment
        if (_mode == BbrMode.ProbeBw && _cycleIndex == 0) cwnd += 2;
        return cwnd;
    }

    private uint Inflight(TcpCongestionState state, uint bw, int gain) => QuantizationBudget(state, Bdp(bw, gain));

    /// <summary>Segments in the network when the next paced one departs (kernel: <c>bbr_packets_in_net_at_edt</c>).</summary>
    private uint PacketsInNetAtDeparture(TcpCongestionState state, uint inFlight)
    {
        var waitUs = (ulong)(Math.Max(state.DepartureNs, state.NowNs) - state.NowNs) / 1000;
        var delivered = (uint)((ulong)Bw * waitUs >> BwShift);
        if (PacingGain > Unit) inFlight += TsoSegsGoal(state);
        return delivered >= inFlight ? 0 : inFlight - delivered;
    }

    private uint AggregationCwnd()
    {
        if (!_fullBwReached) return 0;
        var most = (uint)((ulong)Bw * ExtraAckedMaxUs / BwUnit);
        return Math.Min(Math.Max(_extraAcked0, _extraAcked1), most);
    }

    private void SetCwnd(TcpCongestionState state, RateSample sample)
    {
        var cwnd = (uint)state.Cwnd;
        var acked = (uint)Math.Max(sample.AckedSacked, 0);
        if (acked > 0 && !RecoverOrRestore(state, sample, acked, ref cwnd))
        {
            var target = QuantizationBudget(state, Bdp(Bw, CwndGain) + AggregationCwnd());
            if (_fullBwReached) cwnd = Math.Min(cwnd + acked, target); // only a full pipe allows a smaller window
            else if (cwnd < target || state.Delivered < InitialCwnd) cwnd += acked;
            cwnd = Math.Max(cwnd, CwndMinTarget);
        }

        state.Cwnd = (int)Math.Min(cwnd, (uint)state.CwndClamp);
        if (_mode == BbrMode.ProbeRtt) state.Cwnd = (int)Math.Min((uint)state.Cwnd, CwndMinTarget);
    }

    /// <summary>
    /// In the first round of recovery as many segments go out as were delivered; afterwards the old window comes back (kernel:
    /// <c>bbr_set_cwnd_to_recover_or_restore</c>). True while the window is ruled by that.
    /// </summary>
    private bool RecoverOrRestore(TcpCongestionState state, RateSample sample, uint acked, ref uint cwnd)
    {
        var previous = _prevCaState;
        if (sample.Losses > 0) cwnd = (uint)Math.Max((int)cwnd - sample.Losses, 1);
        if (state.CaState == TcpCaState.Recovery && previous != TcpCaState.Recovery)
        {
            _packetConservation = true;
            _nextRttDelivered = state.Delivered; // the round starts now
            cwnd = (uint)state.InFlight + acked;
        }
        else if (previous >= TcpCaState.Recovery && state.CaState < TcpCaState.Recovery)
        {
            cwnd = Math.Max(cwnd, _priorCwnd);
            _packetConservation = false;
        }

        _prevCaState = state.CaState;
        if (_packetConservation) cwnd = Math.Max(cwnd, (uint)state.InFlight + acked);
        return _packetConservation;
    }
}
