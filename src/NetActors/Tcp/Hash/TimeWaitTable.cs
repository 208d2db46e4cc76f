using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The connections in TIME_WAIT and how many there may be (kernel: <c>struct inet_timewait_death_row</c>,
/// net/ipv4/inet_timewait_sock.c). One deadline for all of them.
/// </summary>
public sealed class TimeWaitTable
{
    /// <summary>How long TIME_WAIT lasts (<c>TCP_TIMEWAIT_LEN</c>).</summary>
    public static readonly KernelTime Length = KernelTime.FromSeconds(60);

    private static readonly KernelTime Short = KernelTime.FromSeconds(4); // what ends so soon counts as killed

    private readonly InetHashTables _tables;
    private readonly DeadlineHeap<TimeWaitSock> _heap = new();

    internal TimeWaitTable(InetHashTables tables, int maxBuckets) => (_tables, MaxBuckets) = (tables, maxBuckets);

    /// <summary>Most entries there may be (<c>tcp_max_tw_buckets</c>).</summary>
    public int MaxBuckets { get; set; }

    /// <summary>Entries.</summary>
    public int Count => _heap.Count;

    /// <summary>When the first entry ends; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime Deadline => _heap.Next;

    /// <summary>
    /// A connection becomes an entry that takes over its place in the lookups and its hold of the port (kernel: <c>tcp_time_wait</c>,
    /// <c>inet_twsk_hashdance_schedule</c>). The socket itself is closed: see <see cref="InetHashTables.OnClosed"/>.
    /// </summary>
    /// <param name="sk">In the table of established connections.</param>
    /// <param name="state">What the control block leaves behind.</param>
    /// <param name="timeout">60 s for TIME_WAIT; what is left of FIN_WAIT2.</param>
    /// <param name="mib">Counts TW, TWKilled or TCPTimeWaitOverflow.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when there are too many: the connection just closes.</returns>
    public TimeWaitSock? Enter(TcpEndpoint sk, object state, KernelTime timeout, MibSet mib, KernelTime now)
    {
        if (Count >= MaxBuckets || !sk.IsEstablishedHashed || sk.Bucket is null)
        {
            if (Count >= MaxBuckets) mib.Add(LinuxMib.TCPTimeWaitOverflow);
            _tables.OnClosed(sk);
            return null;
        }

        var timeWait = new TimeWaitSock(sk, state);
        sk.Bucket.Add(timeWait);
        _tables.Insert(timeWait, sk.Hash);
        _tables.OnClosed(sk);
        mib.Add(timeout <= Short ? LinuxMib.TWKilled : LinuxMib.TW);
        Arm(timeWait, now + timeout);
        return timeWait;
    }

    /// <summary>Puts an entry's end off (kernel: <c>inet_twsk_reschedule</c>); nothing when it has ended.</summary>
    public void Reschedule(TimeWaitSock timeWait, KernelTime timeout, KernelTime now)
    {
        if (timeWait.IsEstablishedHashed) Arm(timeWait, now + timeout);
    }

    /// <summary>Ends an entry at once; nothing when it has ended (kernel: <c>inet_twsk_deschedule_put</c>).</summary>
    public void Kill(TimeWaitSock timeWait)
    {
        _heap.Cancel(timeWait);
        Unhash(timeWait);
    }

    /// <summary>
    /// Ends one entry that is due, in the order of deadlines (kernel: <c>tw_timer_handler</c>). False when none is; call again while true.
    /// </summary>
    public bool TryExpire(KernelTime now, out TimeWaitSock? ended)
    {
        ended = null;
        if (!_heap.TryTake(now, out var due)) return false;
        Unhash(ended = due);
        return true;
    }

    private void Arm(TimeWaitSock timeWait, KernelTime deadline)
    {
        timeWait.Deadline = deadline;
        _heap.Arm(timeWait, deadline);
    }

    private void Unhash(TimeWaitSock timeWait)
    {
        timeWait.Deadline = KernelTime.Never;
        _tables.Remove(timeWait);
        _tables.PutPort(timeWait);
    }
}
