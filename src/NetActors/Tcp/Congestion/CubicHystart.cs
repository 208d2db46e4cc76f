using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>
/// Ends slow start before the queue overflows: by a train of acknowledgements as long as half a round trip, or by a delay that grows
/// (Ha and Rhee, "Hybrid Slow Start"; kernel: <c>hystart_update</c> of net/ipv4/tcp_cubic.c).
/// </summary>
internal sealed class CubicHystart
{
    private const int LowWindow = 16; // hystart_low_window
    private const int MinSamples = 8; // HYSTART_MIN_SAMPLES
    private const uint AckDeltaUs = 2000; // hystart_ack_delta_us
    private const uint DelayMinUs = 4000; // HYSTART_DELAY_MIN
    private const uint DelayMaxUs = 16000; // HYSTART_DELAY_MAX

    private uint _roundStartUs;
    private uint _lastAckUs;
    private uint _endSeq;
    private uint _currRttUs;
    private int _samples;

    /// <summary>The end of slow start was found.</summary>
    public bool Found { get; private set; }

    /// <summary>Looks for the end again.</summary>
    public void Forget() => Found = false;

    /// <summary>A round begins (kernel: <c>bictcp_hystart_reset</c>).</summary>
    public void Reset(TcpCongestionState state)
    {
        _roundStartUs = _lastAckUs = (uint)state.NowUs;
        _endSeq = state.SndNxt;
        _currRttUs = uint.MaxValue;
        _samples = 0;
    }

    /// <summary>
    /// A round trip of <paramref name="delay"/> microseconds was measured; the least so far is <paramref name="delayMin"/>.
    /// </summary>
    public void Update(TcpCongestionState state, uint delay, uint delayMin)
    {
        if (TcpSeq.After(state.SndUna, _endSeq)) Reset(state);
        if (state.Cwnd < LowWindow) return;
        if (IsTrainLong(state, delayMin)) Find(state, LinuxMib.TCPHystartTrainDetect, LinuxMib.TCPHystartTrainCwnd);
        if (IsDelayed(delay, delayMin)) Find(state, LinuxMib.TCPHystartDelayDetect, LinuxMib.TCPHystartDelayCwnd);
    }

    private bool IsTrainLong(TcpCongestionState state, uint delayMin)
    {
        var now = (uint)state.NowUs;
        if ((int)(now - _lastAckUs) > AckDeltaUs) return false;
        _lastAckUs = now;
        var threshold = delayMin + AckDelay(state);
        if (!state.IsPaced) threshold >>= 1; // pacing itself may spread a window over half a round trip
        return (int)(now - _roundStartUs) > threshold;
    }

    private bool IsDelayed(uint delay, uint delayMin)
    {
        _currRttUs = Math.Min(_currRttUs, delay);
        if (_samples < MinSamples)
        {
            _samples++;
            return false;
        }

        return _currRttUs > delayMin + Math.Clamp(delayMin >> 3, DelayMinUs, DelayMaxUs);
    }

    /// <summary>What four bursts of the device take at the pacing rate, at most a millisecond (kernel: <c>hystart_ack_delay</c>).</summary>
    private static uint AckDelay(TcpCongestionState state)
    {
        if (state.PacingRate <= 0) return 0;
        return (uint)Math.Min(1000, state.GsoMaxSize * 4L * 1_000_000 / state.PacingRate);
    }

    private void Find(TcpCongestionState state, LinuxMib detected, LinuxMib cwnd)
    {
        Found = true;
        state.Mib.Add(detected);
        state.Mib.Add(cwnd, state.Cwnd);
        state.Ssthresh = state.Cwnd;
    }
}
