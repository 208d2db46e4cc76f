namespace NetActors.Tcp;

/// <summary>
/// The window before fast recovery was invented: every loss, however found, is answered by slow start from one segment up to half of the
/// old window (Jacobson, "Congestion Avoidance and Control", 1988). Not part of the kernel; for study beside the others.
/// </summary>
public sealed class Tahoe : ICongestionControl
{
    /// <inheritdoc />
    public string Name => "tahoe";

    /// <inheritdoc />
    public bool RestartsOnFastRetransmit => true;

    /// <inheritdoc />
    public void Init(TcpCongestionState state) { }

    /// <inheritdoc />
    public int Ssthresh(TcpCongestionState state) => CongestionAvoidance.HalfWindow(state);

    /// <inheritdoc />
    public void CongAvoid(TcpCongestionState state, uint ack, int acked) => CongestionAvoidance.Reno(state, acked);

    /// <inheritdoc />
    public int UndoCwnd(TcpCongestionState state) => CongestionAvoidance.PriorWindow(state);
}
