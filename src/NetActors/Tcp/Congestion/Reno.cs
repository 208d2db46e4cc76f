namespace NetActors.Tcp;

/// <summary>NewReno's window (RFC 5681, RFC 6582; kernel: <c>tcp_reno</c> of net/ipv4/tcp_cong.c).</summary>
public sealed class Reno : ICongestionControl
{
    /// <inheritdoc />
    public string Name => "reno";

    /// <inheritdoc />
    public void Init(TcpCongestionState state) { }

    /// <inheritdoc />
    public int Ssthresh(TcpCongestionState state) => CongestionAvoidance.HalfWindow(state);

    /// <inheritdoc />
    public void CongAvoid(TcpCongestionState state, uint ack, int acked) => CongestionAvoidance.Reno(state, acked);

    /// <inheritdoc />
    public int UndoCwnd(TcpCongestionState state) => CongestionAvoidance.PriorWindow(state);
}
