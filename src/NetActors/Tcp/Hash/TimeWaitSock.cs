using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// What is left of a connection in TIME_WAIT, or of one nobody reads from in FIN_WAIT2: its place in the tables and when it ends (kernel:
/// <c>struct inet_timewait_sock</c>). What it answers to segments is its <see cref="State"/>'s business.
/// </summary>
public sealed class TimeWaitSock : BoundSock, IDeadlineEntry
{
    internal TimeWaitSock(TcpEndpoint sk, object state)
    {
        State = state;
        (LocalAddress, LocalPort, RemoteAddress, RemotePort) = (sk.LocalAddress, sk.LocalPort, sk.RemoteAddress, sk.RemotePort);
        (BoundDevice, ReuseAddress, ReusePort, Uid) = (sk.BoundDevice, sk.ReuseAddress, sk.ReusePort, sk.Uid);
        (IsConnectBound, Hash) = (sk.IsConnectBound, sk.Hash);
    }

    /// <summary>What the control block left behind.</summary>
    public object State { get; }

    /// <summary>When it ends; <see cref="KernelTime.Never"/> when it has ended (kernel: <c>tw_timer</c>).</summary>
    public KernelTime Deadline { get; internal set; } = KernelTime.Never;

    /// <inheritdoc />
    int IDeadlineEntry.HeapSlot { get; set; } = -1;
}
