namespace NetActors.Tcp;

/// <summary>
/// Decides how much of a connection's data may be in the network (kernel: <c>struct tcp_congestion_ops</c>). One instance serves one
/// connection: it holds what the kernel keeps in <c>icsk_ca_priv</c>.
/// </summary>
public interface ICongestionControl
{
    /// <summary>Its name in <c>net.ipv4.tcp_congestion_control</c> and <c>TCP_CONGESTION</c>.</summary>
    string Name { get; }

    /// <summary>It counts marks of congestion, so the connection negotiates ECN (kernel: <c>TCP_CONG_NEEDS_ECN</c>).</summary>
    bool NeedsEcn => false;

    /// <summary>
    /// A loss found by acknowledgements is answered as a timeout is, by slow start from one segment: Tahoe. No algorithm of the kernel
    /// does so.
    /// </summary>
    bool RestartsOnFastRetransmit => false;

    /// <summary>It sets window and pacing rate by itself in <see cref="CongControl"/> (kernel: <c>cong_control</c> is set).</summary>
    bool HasCongControl => false;

    /// <summary>The connection is established, or changed to this algorithm (kernel: <c>init</c>).</summary>
    void Init(TcpCongestionState state);

    /// <summary>The slow start threshold after a loss, in segments (kernel: <c>ssthresh</c>).</summary>
    int Ssthresh(TcpCongestionState state);

    /// <summary>Grows the window for <paramref name="acked"/> newly delivered segments (kernel: <c>cong_avoid</c>).</summary>
    void CongAvoid(TcpCongestionState state, uint ack, int acked);

    /// <summary>
    /// The recovery state is about to change; <see cref="TcpCongestionState.CaState"/> is still the old one (<c>set_state</c>).
    /// </summary>
    void SetState(TcpCongestionState state, TcpCaState newState) { }

    /// <summary>Something happened (kernel: <c>cwnd_event</c>).</summary>
    void CwndEvent(TcpCongestionState state, CongestionEvent what) { }

    /// <summary>An acknowledgement was taken in, before losses are looked for (kernel: <c>in_ack_event</c>).</summary>
    void InAckEvent(TcpCongestionState state, AckFlags flags) { }

    /// <summary>Segments were acknowledged (kernel: <c>pkts_acked</c>).</summary>
    void PktsAcked(TcpCongestionState state, in AckSample sample) { }

    /// <summary>The window, in segments, after a loss that turned out to be none (kernel: <c>undo_cwnd</c>).</summary>
    int UndoCwnd(TcpCongestionState state);

    /// <summary>
    /// Sets window and pacing rate after every acknowledgement (kernel: <c>cong_control</c>), when <see cref="HasCongControl"/>.
    /// </summary>
    void CongControl(TcpCongestionState state, RateSample sample) { }

    /// <summary>
    /// Least segments of a burst that the device cuts up; 0 leaves <c>tcp_min_tso_segs</c> (kernel: <c>min_tso_segs</c>).
    /// </summary>
    int MinTsoSegs(TcpCongestionState state) => 0;

    /// <summary>How many windows the send buffer is to hold (kernel: <c>sndbuf_expand</c>).</summary>
    int SndbufExpand => 2;
}
