namespace NetActors.Tcp;

/// <summary>
/// Finds that a token bucket polices the path: two intervals in a row with the same rate and a fifth lost (kernel:
/// <c>bbr_lt_bw_sampling</c>). BBR then keeps to that rate for some rounds.
/// </summary>
public sealed partial class Bbr
{
    private const int LongTermMinRounds = 4; // bbr_lt_intvl_min_rtts
    private const uint LongTermLossThreshold = 50; // of 256 (bbr_lt_loss_thresh)
    private const ulong LongTermRatio = Unit / 8; // bbr_lt_bw_ratio
    private const ulong LongTermDifference = 4000 / 8; // bytes a second (bbr_lt_bw_diff)
    private const int LongTermMaxRounds = 48; // bbr_lt_bw_max_rtts

    private bool _longTermSampling;
    private bool _longTermUsed;
    private uint _longTermBw;
    private int _longTermRounds;
    private uint _longTermDelivered;
    private uint _longTermLost;
    private long _longTermStampMs;

    private void ResetLongTermInterval(TcpCongestionState state)
    {
        _longTermStampMs = state.DeliveredUs / 1000;
        (_longTermDelivered, _longTermLost, _longTermRounds) = (state.Delivered, state.Lost, 0);
    }

    private void ResetLongTerm(TcpCongestionState state)
    {
        (_longTermBw, _longTermUsed, _longTermSampling) = (0, false, false);
        ResetLongTermInterval(state);
    }

    private void SampleLongTerm(TcpCongestionState state, int losses, bool appLimited)
    {
        if (_longTermUsed)
        {
            if (_mode != BbrMode.ProbeBw || !_roundStart || ++_longTermRounds < LongTermMaxRounds) return;
            ResetLongTerm(state);
            EnterProbeBw(state);
            return;
        }

        if (!_longTermSampling)
        {
            if (losses == 0) return; // first let the bucket run empty
            ResetLongTermInterval(state);
            _longTermSampling = true;
        }

        if (_roundStart && !appLimited) _longTermRounds++;
        if (appLimited || _longTermRounds > 4 * LongTermMinRounds) ResetLongTerm(state);
        else if (_longTermRounds >= LongTermMinRounds && losses > 0) EndLongTermInterval(state);
    }

    private void EndLongTermInterval(TcpCongestionState state)
    {
        var lost = state.Lost - _longTermLost;
        var delivered = state.Delivered - _longTermDelivered;
        if (delivered == 0 || lost << GainShift < LongTermLossThreshold * delivered) return;
        var milliseconds = (state.DeliveredUs / 1000) - _longTermStampMs;
        if (milliseconds < 1) return;
        if (milliseconds >= uint.MaxValue / 1000)
        {
            ResetLongTerm(state);
            return;
        }

        var bw = (uint)(delivered * BwUnit / (ulong)(milliseconds * 1000));
        if (_longTermBw != 0 && IsConsistent(state, bw))
        {
            _longTermBw = (uint)(((ulong)bw + _longTermBw) >> 1);
            _longTermUsed = true;
            PacingGain = Unit;
            _longTermRounds = 0;
            return;
        }

        _longTermBw = bw;
        ResetLongTermInterval(state);
    }

    private bool IsConsistent(TcpCongestionState state, uint bw)
    {
        var difference = (ulong)Math.Abs((long)bw - _longTermBw);
        return difference * Unit <= LongTermRatio * _longTermBw || BytesPerSecond(state, difference, Unit) <= LongTermDifference;
    }
}
