using System.Numerics;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// What connections have learned of the hosts they went to, for the next ones (kernel: net/ipv4/tcp_metrics.c). Bounded: a chain holds
/// six entries, then the one that was written longest ago is overwritten. Addresses in host order.
/// </summary>
public sealed partial class TcpMetricsCache
{
    private const int ReclaimDepth = 5; // TCP_METRICS_RECLAIM_DEPTH

    private static readonly KernelTime Timeout = KernelTime.FromSeconds(3600); // TCP_METRICS_TIMEOUT

    private readonly Entry?[] _slots;

    /// <summary>An empty cache.</summary>
    /// <param name="slots">A power of two (kernel: <c>tcpmhash_entries</c>).</param>
    public TcpMetricsCache(int slots = 8192)
    {
        if (!BitOperations.IsPow2(slots)) throw new ArgumentOutOfRangeException(nameof(slots), slots, "not a power of two");
        _slots = new Entry?[slots];
    }

    /// <summary>What is kept; replaced whole when a setting changes.</summary>
    public TcpMetricsSettings Settings { get; set; } = new();

    /// <summary>Hosts known.</summary>
    public int Count { get; private set; }

    /// <summary>Most hosts that can be known.</summary>
    public int Capacity => _slots.Length * (ReclaimDepth + 1);

    /// <summary>
    /// What is known of the way from <paramref name="local"/> to <paramref name="remote"/>: all 0 when nothing or when it is older than an
    /// hour; the threshold is 0 when it is not to be used (kernel: <c>tcp_init_metrics</c>).
    /// </summary>
    public TcpMetrics Get(uint local, uint remote, KernelTime now)
    {
        if (Find(local, remote, now) is not { } entry) return default;
        return Settings.NoSsthreshMetricsSave ? entry.Values with { Ssthresh = 0 } : entry.Values;
    }

    /// <summary>The host has finished a connection with us lately (kernel: <c>tcp_peer_is_proven</c>).</summary>
    public bool IsProven(uint local, uint remote, KernelTime now) => Find(local, remote, now) is { Values.Rtt: > 0 };

    /// <summary>A connection has ended in TIME_WAIT or after LAST_ACK (kernel: <c>tcp_update_metrics</c>).</summary>
    public void Update(uint local, uint remote, in TcpMetricsSample sample, KernelTime now)
    {
        if (Settings.NoMetricsSave) return;
        if (sample.IsBackedOff || sample.Srtt == 0)
        {
            if (Find(local, remote, now) is { } known) known.Values = known.Values with { Rtt = 0 };
            return;
        }

        var entry = FindOrAdd(local, remote, now);
        entry.Values = UpdateWindow(UpdateRtt(entry.Values, sample), sample);
        entry.Stamp = now;
    }

    /// <summary>Forgets everything (<c>ip tcp_metrics flush</c>).</summary>
    public void Flush()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    /// <summary>What is known of a server's Fast Open (kernel: <c>tcp_fastopen_cache_get</c>).</summary>
    public TcpFastOpenMetrics GetFastOpen(uint local, uint remote, KernelTime now)
    {
        if (Find(local, remote, now)?.FastOpen is not { } known) return default;
        var askExperimental = known.Cookie.Length <= 0 && known.TryExperimental == 1;
        return askExperimental ? known with { Cookie = known.Cookie with { Experimental = true } } : known;
    }

    /// <summary>
    /// What a SYN-ACK said of Fast Open (kernel: <c>tcp_fastopen_cache_set</c>).
    /// </summary>
    /// <param name="local">Our address.</param>
    /// <param name="remote">The server's.</param>
    /// <param name="mss">Its MSS; 0 keeps what is known.</param>
    /// <param name="cookie">Its cookie; of length 0 or less keeps what is known.</param>
    /// <param name="synLost">A SYN with data got lost.</param>
    /// <param name="tryExperimental">See <see cref="TcpFastOpenMetrics.TryExperimental"/>.</param>
    /// <param name="now">The time.</param>
    public void SetFastOpen(
        uint local, uint remote, ushort mss, FastOpenCookie cookie, bool synLost, byte tryExperimental, KernelTime now)
    {
        var entry = FindOrAdd(local, remote, now);
        var known = entry.FastOpen;
        if (mss != 0) known = known with { Mss = mss };
        if (cookie.Length > 0) known = known with { Cookie = cookie };
        else if (tryExperimental > known.TryExperimental && known.Cookie is { Length: <= 0, Experimental: false })
        {
            known = known with { TryExperimental = tryExperimental };
        }

        entry.FastOpen = synLost ? known with { SynLosses = known.SynLosses + 1, LastSynLoss = now } : known with { SynLosses = 0 };
    }

    private Entry? Find(uint local, uint remote, KernelTime now)
    {
        var entry = _slots[Slot(remote)];
        while (entry is not null && (entry.Local != local || entry.Remote != remote)) entry = entry.Next;
        if (entry is not null && now - entry.Stamp > Timeout) (entry.Values, entry.Stamp) = (default, now); // tcpm_check_stamp
        return entry;
    }

    /// <summary>Kernel: <c>tcpm_new</c>.</summary>
    private Entry FindOrAdd(uint local, uint remote, KernelTime now)
    {
        if (Find(local, remote, now) is { } known) return known;
        ref var head = ref _slots[Slot(remote)];
        var (depth, oldest) = (0, head);
        for (var entry = head; entry is not null; entry = entry.Next, depth++)
        {
            if (entry.Stamp < oldest!.Stamp) oldest = entry;
        }

        if (depth <= ReclaimDepth)
        {
            head = oldest = new Entry { Next = head };
            Count++;
        }

        (oldest!.Local, oldest.Remote, oldest.Stamp) = (local, remote, now);
        (oldest.Values, oldest.FastOpen) = (default, default);
        return oldest;
    }

    private int Slot(uint remote) => (int)JenkinsHash.Hash1Word(remote, 0) & (_slots.Length - 1);

    private sealed class Entry
    {
        internal uint Local, Remote;
        internal KernelTime Stamp;
        internal TcpMetrics Values;
        internal TcpFastOpenMetrics FastOpen;
        internal Entry? Next;
    }
}
