using NetActors.Headers;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Hash.Tables;

namespace NetActors.Tests.Tcp.Hash;

/// <summary>net/ipv4/tcp_metrics.c: <c>tcp_update_metrics</c>, <c>tcpm_new</c>, <c>tcp_fastopen_cache_set</c>.</summary>
public class TcpMetricsCacheTests
{
    private const uint Infinite = TcpMetricsSample.InfiniteSsthresh;
    private readonly TcpMetricsCache _cache = new(16) { Settings = new TcpMetricsSettings { NoSsthreshMetricsSave = false } };
    private KernelTime _now = KernelTime.FromSeconds(1);

    private TcpMetrics Learn(
        uint srtt = 8000, uint mdev = 400, bool backedOff = false, uint cwnd = 20, uint ssthresh = 10, bool open = true,
        uint reordering = 3)
    {
        _cache.Update(A, Peer, new TcpMetricsSample(srtt, mdev, backedOff, cwnd, ssthresh, open, reordering), _now);
        return _cache.Get(A, Peer, _now);
    }

    [Fact]
    public void A_longer_round_trip_time_is_taken_as_it_is_and_a_shorter_one_by_an_eighth()
    {
        Assert.Equal((8000u, 4000u), (Learn(8000).Rtt, _cache.Get(A, Peer, _now).RttVariance)); // deviation: half of 8000 - 0
        Assert.Equal(16000u, Learn(16000).Rtt);
        Assert.Equal(16000u - (8000 >> 3), Learn(8000).Rtt);
    }

    /// <summary>The larger of mdev and half the change; down by a quarter of the difference.</summary>
    [Fact]
    public void The_deviation_goes_up_at_once_and_down_by_a_quarter()
    {
        Learn(8000); // 4000
        Assert.Equal(4000u - ((4000 - 400) >> 2), Learn(8000, mdev: 400).RttVariance);
        Assert.Equal(9000u, Learn(8000, mdev: 9000).RttVariance);
    }

    [Fact]
    public void A_connection_without_a_sample_makes_the_host_unproven()
    {
        Learn();
        Assert.True(_cache.IsProven(A, Peer, _now));
        Assert.Equal(0u, Learn(srtt: 0).Rtt);
        Assert.False(_cache.IsProven(A, Peer, _now));
        Learn();
        Learn(backedOff: true);
        Assert.False(_cache.IsProven(A, Peer, _now));
        Assert.False(_cache.IsProven(B, Peer, _now)); // by both addresses
        Assert.Equal(1, _cache.Count);
    }

    [Fact]
    public void In_congestion_avoidance_the_window_is_averaged_and_half_of_it_is_the_threshold()
    {
        Assert.Equal((10u, 10u), (Learn(cwnd: 20, ssthresh: 8).Cwnd, _cache.Get(A, Peer, _now).Ssthresh));
        Assert.Equal((25u, 30u), (Learn(cwnd: 40, ssthresh: 30).Cwnd, _cache.Get(A, Peer, _now).Ssthresh));
    }

    [Fact]
    public void After_a_first_slow_start_the_largest_window_is_kept_and_a_known_threshold_raised()
    {
        var first = Learn(cwnd: 50, ssthresh: Infinite);
        Assert.Equal((50u, 0u), (first.Cwnd, first.Ssthresh));
        Assert.Equal(50u, Learn(cwnd: 30, ssthresh: Infinite).Cwnd);
        Learn(cwnd: 20, ssthresh: 10); // now there is a threshold of 10
        Assert.Equal(30u, Learn(cwnd: 60, ssthresh: Infinite).Ssthresh);
    }

    [Fact]
    public void While_recovering_the_threshold_stands_for_the_window_and_reordering_is_kept()
    {
        Learn(cwnd: 20, ssthresh: 10); // 10, 10
        var after = Learn(cwnd: 5, ssthresh: 30, open: false, reordering: 9);
        Assert.Equal((20u, 30u, 9u), (after.Cwnd, after.Ssthresh, after.Reordering));
        Assert.Equal(9u, Learn(cwnd: 5, ssthresh: 30, open: false, reordering: 3).Reordering);
    }

    [Fact]
    public void By_default_no_threshold_is_kept_nor_used()
    {
        Learn(cwnd: 20, ssthresh: 10);
        _cache.Settings = new TcpMetricsSettings();
        Assert.Equal(0u, _cache.Get(A, Peer, _now).Ssthresh);
        Learn(cwnd: 200, ssthresh: 100);
        _cache.Settings = new TcpMetricsSettings { NoSsthreshMetricsSave = false };
        Assert.Equal(10u, _cache.Get(A, Peer, _now).Ssthresh);
    }

    [Fact]
    public void With_tcp_no_metrics_save_nothing_is_kept()
    {
        _cache.Settings = new TcpMetricsSettings { NoMetricsSave = true };
        Assert.Equal(default, Learn());
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void After_an_hour_it_is_forgotten()
    {
        Learn();
        _now += KernelTime.FromSeconds(3600);
        Assert.NotEqual(default, _cache.Get(A, Peer, _now));
        _now += KernelTime.FromNanoseconds(1);
        Assert.Equal(default, _cache.Get(A, Peer, _now));
    }

    /// <summary>TCP_METRICS_RECLAIM_DEPTH: a chain holds six, then the one written longest ago is overwritten.</summary>
    [Fact]
    public void The_cache_is_bounded_and_overwrites_the_oldest()
    {
        var cache = new TcpMetricsCache(1);
        var sample = new TcpMetricsSample(8000, 400, false, 20, 10, true, 3);
        for (uint peer = 1; peer <= 6; peer++) cache.Update(A, peer, sample, KernelTime.FromSeconds(peer));
        cache.Update(A, 1, sample, KernelTime.FromSeconds(7)); // 2 is the oldest now
        cache.Update(A, 7, sample, KernelTime.FromSeconds(8));
        Assert.Equal((6, 6), (cache.Count, cache.Capacity));
        var known = Enumerable.Range(1, 7).Where(peer => cache.IsProven(A, (uint)peer, KernelTime.FromSeconds(9)));
        Assert.Equal([1, 3, 4, 5, 6, 7], known);
        for (uint peer = 100; peer < 10_000; peer++) cache.Update(A, peer, sample, KernelTime.FromSeconds(peer));
        Assert.Equal(6, cache.Count);
        cache.Flush();
        Assert.Equal((0, false), (cache.Count, cache.IsProven(A, 9999, KernelTime.FromSeconds(10_000))));
    }

    [Fact]
    public void A_fast_open_cookie_is_kept_with_the_servers_MSS()
    {
        var cookie = new FastOpenCookie(5, 8, false);
        Assert.Equal(default, _cache.GetFastOpen(A, Peer, _now));
        _cache.SetFastOpen(A, Peer, 1400, cookie, synLost: false, 0, _now);
        _cache.SetFastOpen(A, Peer, 0, new FastOpenCookie(0, -1, false), synLost: true, 0, _now);
        var known = _cache.GetFastOpen(A, Peer, _now);
        Assert.Equal(((ushort)1400, cookie, 1, _now), (known.Mss, known.Cookie, known.SynLosses, known.LastSynLoss));
        _cache.SetFastOpen(A, Peer, 0, cookie, synLost: false, 0, _now);
        Assert.Equal(0, _cache.GetFastOpen(A, Peer, _now).SynLosses);
    }

    /// <summary>A server that gave no cookie is asked by the experimental option once.</summary>
    [Fact]
    public void Without_a_cookie_the_experimental_option_is_tried_next_time_and_once()
    {
        var none = new FastOpenCookie(0, -1, false);
        _cache.SetFastOpen(A, Peer, 1400, none, synLost: false, 1, _now);
        Assert.True(_cache.GetFastOpen(A, Peer, _now).Cookie.Experimental);
        _cache.SetFastOpen(A, Peer, 1400, none, synLost: false, 2, _now);
        Assert.False(_cache.GetFastOpen(A, Peer, _now).Cookie.Experimental);
        _cache.SetFastOpen(A, Peer, 1400, none, synLost: false, 1, _now);
        Assert.Equal(2, _cache.GetFastOpen(A, Peer, _now).TryExperimental);
    }
}
