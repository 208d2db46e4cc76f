namespace NetActors.Tcp;

/// <summary>Whether a new connection may take over the place of one in TIME_WAIT.</summary>
public interface ITimeWaitReuse
{
    /// <summary>
    /// True when it may; then the entry leaves the tables for <paramref name="sk"/>, and the answering side has taken what it needs of
    /// <see cref="TimeWaitSock.State"/>: sequence number and time stamp (kernel: <c>tcp_twsk_unique</c>).
    /// </summary>
    /// <param name="sk">Connects to the same peer.</param>
    /// <param name="timeWait">Holds the four addresses and ports.</param>
    /// <param name="portWasBound">The socket was bound to the port, so no other can be tried (kernel: <c>twp</c> is NULL).</param>
    bool MayReuse(TcpEndpoint sk, TimeWaitSock timeWait, bool portWasBound);
}
