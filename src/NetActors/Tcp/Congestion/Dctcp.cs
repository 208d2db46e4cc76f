namespace NetActors.Tcp;

/// <summary>
/// Data Center TCP (RFC 8257; net/ipv4/tcp_dctcp.c): the window shrinks by half of the fraction of segments that met congestion. The
/// receiver's half, which echoes every mark, belongs to the connection. Without ECN it is Reno.
/// </summary>
public sealed class Dctcp : ICongestionControl
{
    /// <summary>1.0 in units of <see cref="Alpha"/> (kernel: <c>DCTCP_MAX_ALPHA</c>).</summary>
    public const uint MaxAlpha = 1024;

    private const int ShiftG = 4; // g = 1/16 (dctcp_shift_g)

    private uint _nextSeq;
    private uint _oldDelivered;
    private uint _oldDeliveredCe;
    private int _lossCwnd;
    private bool _active;

    /// <inheritdoc />
    public string Name => "dctcp";

    /// <inheritdoc />
    public bool NeedsEcn => true;

    /// <summary>Smoothed fraction of marked segments, in 1/1024 (RFC 8257 section 3.3); at first 1.0.</summary>
    public uint Alpha { get; private set; } = MaxAlpha;

    /// <inheritdoc />
    public void Init(TcpCongestionState state)
    {
        _active = state.EcnOk;
        if (!_active) return;
        Alpha = MaxAlpha; // dctcp_alpha_on_init
        _lossCwnd = 0;
        BeginRound(state);
    }

    /// <inheritdoc />
    public int Ssthresh(TcpCongestionState state)
    {
        if (!_active) return CongestionAvoidance.HalfWindow(state);
        _lossCwnd = state.Cwnd;
        return (int)Math.Max((uint)state.Cwnd - (((uint)state.Cwnd * Alpha) >> 11), 2);
    }

    /// <inheritdoc />
    public void CongAvoid(TcpCongestionState state, uint ack, int acked) => CongestionAvoidance.Reno(state, acked);

    /// <inheritdoc />
    public void SetState(TcpCongestionState state, TcpCaState newState)
    {
        if (_active && newState == TcpCaState.Recovery && newState != state.CaState) ReactToLoss(state);
    }

    /// <inheritdoc />
    public void CwndEvent(TcpCongestionState state, CongestionEvent what)
    {
        if (_active && what == CongestionEvent.Loss) ReactToLoss(state);
    }

    /// <summary>Once a round trip: alpha = (1 - g) alpha + g F (RFC 8257 section 3.3; kernel: <c>dctcp_update_alpha</c>).</summary>
    public void InAckEvent(TcpCongestionState state, AckFlags flags)
    {
        if (!_active || TcpSeq.Before(state.SndUna, _nextSeq)) return;
        var delivered = state.Delivered - _oldDelivered;
        var marked = state.DeliveredCe - _oldDeliveredCe;
        var decay = Alpha >> ShiftG;
        Alpha -= decay == 0 ? Alpha : decay; // min_not_zero: an alpha that no longer shifts goes to zero
        if (marked != 0) Alpha = Math.Min(Alpha + (marked << (10 - ShiftG)) / Math.Max(1, delivered), MaxAlpha);
        BeginRound(state);
    }

    /// <inheritdoc />
    public int UndoCwnd(TcpCongestionState state) =>
        _active ? Math.Max(state.Cwnd, _lossCwnd) : CongestionAvoidance.PriorWindow(state);

    private void BeginRound(TcpCongestionState state) =>
        (_nextSeq, _oldDelivered, _oldDeliveredCe) = (state.SndNxt, state.Delivered, state.DeliveredCe);

    /// <summary>A loss halves the window as in Reno (RFC 8257 section 3.5; kernel: <c>dctcp_react_to_loss</c>).</summary>
    private void ReactToLoss(TcpCongestionState state)
    {
        _lossCwnd = state.Cwnd;
        state.Ssthresh = CongestionAvoidance.HalfWindow(state);
    }
}
