using NetActors.Time;

namespace NetActors.Softirq;

/// <summary>
/// Which NAPI is polled next and when NET_RX gives up (kernel: <c>net_rx_action</c>; specification section 3.4), in both versions. Pure:
/// the softirq context polls and reports.
/// </summary>
internal sealed class NetRxAction(SoftnetData softnet, KernelVersion version, Jiffies jiffies)
{
    private NapiList _work;
    private NapiList _repoll;
    private long _deadline;
    private int _budget;
    private bool _over;

    /// <summary>NET_RX has to run again.</summary>
    public bool Reraise { get; private set; }

    /// <summary>Begins a run.</summary>
    /// <param name="now">The CPU's time.</param>
    /// <param name="budget"><c>net.core.netdev_budget</c>.</param>
    /// <param name="limit"><c>net.core.netdev_budget_usecs</c>; 3.10 always takes two jiffies.</param>
    public void Begin(KernelTime now, int budget, KernelTime limit)
    {
        _deadline = jiffies.At(now) + (version == KernelVersion.V310 ? (jiffies.IsExact ? 8_000_000 : 2) : jiffies.Covering(limit));
        (_budget, _over, Reraise) = (budget, false, false);
        softnet.InNetRxAction = version == KernelVersion.V6; // 3.10 does not know where it is and raises NET_RX each time
        if (version == KernelVersion.V6) _work.Splice(ref softnet.PollList);
    }

    /// <summary>The NAPI to poll now; null when the run is over and <see cref="End"/> is due.</summary>
    public NapiInstance? Next(KernelTime now)
    {
        if (_over) return null;
        if (version == KernelVersion.V310)
        {
            if (softnet.PollList.IsEmpty) return null;
            if (_budget > 0 && jiffies.At(now) < _deadline) return softnet.PollList.TakeFirst();
            softnet.TimeSqueeze++;
            Reraise = _over = true;
            return null;
        }

        if (_work.IsEmpty)
        {
            if (!_repoll.IsEmpty) return null;
            if (softnet.PollList.IsEmpty) return null;
            _work.Splice(ref softnet.PollList); // newly scheduled meanwhile: goes on without a squeeze
        }

        return _work.TakeFirst();
    }

    /// <summary>A poll ended.</summary>
    /// <param name="napi">What was polled.</param>
    /// <param name="work">Packets it found.</param>
    /// <param name="repoll">It spent its weight and keeps its claim.</param>
    /// <param name="now">The CPU's time.</param>
    public void Polled(NapiInstance napi, int work, bool repoll, KernelTime now)
    {
        _budget -= work;
        if (version == KernelVersion.V310)
        {
            if (repoll) softnet.PollList.Append(napi);
            return;
        }

        if (repoll) _repoll.Append(napi);
        if (_budget > 0 && jiffies.At(now) < _deadline) return;
        softnet.TimeSqueeze++;
        _over = true;
    }

    /// <summary>Ends the run: what is left goes back to the poll list, in the kernel's order.</summary>
    public void End()
    {
        if (version == KernelVersion.V6)
        {
            _work.Splice(ref softnet.PollList);
            _work.Splice(ref _repoll);
            softnet.PollList = _work;
            _work = default;
            Reraise = !softnet.PollList.IsEmpty;
        }

        softnet.InNetRxAction = Reraise && version == KernelVersion.V6;
    }
}
