using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Tests.Tcp.Recovery;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Congestion;

/// <summary>What each algorithm does with one input, by its RFC or the kernel's integers.</summary>
public class CongestionControlTests
{
    private static TcpCongestionState State(int cwnd, int ssthresh = TcpCongestionState.InfiniteSsthresh) =>
        new(new MibSet()) { Cwnd = cwnd, Ssthresh = ssthresh, IsCwndLimited = true, Mss = 1000, NowJiffies = 5000, NowUs = 6_000_000 };

    [Theory]
    [InlineData("reno")]
    [InlineData("cubic")]
    [InlineData("dctcp")]
    [InlineData("bbr")]
    [InlineData("tahoe")]
    public void Name_of_an_algorithm_makes_one(string name)
    {
        Assert.Equal(Errno.None, CongestionControls.TryCreate(name, new KernelRandom(1), out var control));
        Assert.Equal(name, control!.Name);
        Assert.Contains(name, CongestionControls.Available);
    }

    [Theory]
    [InlineData("vegas")]
    [InlineData("Reno")]
    [InlineData("")]
    public void Name_of_none_is_enoent(string name)
    {
        Assert.Equal(Errno.ENOENT, CongestionControls.TryCreate(name, new KernelRandom(1), out var control));
        Assert.Null(control);
    }

    [Fact]
    public void Slow_start_stops_at_the_threshold_and_gives_the_rest_to_avoidance()
    {
        var state = State(cwnd: 8, ssthresh: 10);
        new Reno().CongAvoid(state, 0, acked: 12);
        Assert.Equal(11, state.Cwnd); // to 10 by two, then ten of ten
        Assert.Equal(0, state.CwndCount);
    }

    [Fact]
    public void Avoidance_grows_by_one_for_each_window_delivered()
    {
        var state = State(cwnd: 10, ssthresh: 5);
        for (var i = 0; i < 10; i++) new Reno().CongAvoid(state, 0, acked: 1);
        Assert.Equal(11, state.Cwnd);
        for (var i = 0; i < 11; i++) new Reno().CongAvoid(state, 0, acked: 1);
        Assert.Equal(12, state.Cwnd);
    }

    [Fact]
    public void Window_never_passes_its_clamp()
    {
        var state = State(cwnd: 9);
        state.CwndClamp = 10;
        new Reno().CongAvoid(state, 0, acked: 50);
        Assert.Equal(10, state.Cwnd);
    }

    [Fact]
    public void Window_that_is_not_filled_does_not_grow()
    {
        var state = State(cwnd: 10, ssthresh: 5);
        state.IsCwndLimited = false;
        foreach (var control in new ICongestionControl[] { new Reno(), new Cubic(), new Dctcp(), new Tahoe() })
        {
            control.CongAvoid(state, 0, acked: 100);
            Assert.Equal(10, state.Cwnd);
        }
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(3, 2)]
    [InlineData(1, 2)]
    public void Reno_and_tahoe_halve_down_to_two(int cwnd, int ssthresh)
    {
        Assert.Equal(ssthresh, new Reno().Ssthresh(State(cwnd)));
        Assert.Equal(ssthresh, new Tahoe().Ssthresh(State(cwnd)));
    }

    [Fact]
    public void Undone_reduction_gives_back_the_larger_window()
    {
        var state = State(cwnd: 7);
        state.PriorCwnd = 20;
        Assert.Equal(20, new Reno().UndoCwnd(state));
        Assert.Equal(20, new Cubic().UndoCwnd(state));
        state.PriorCwnd = 5;
        Assert.Equal(7, new Reno().UndoCwnd(state));
    }

    [Fact]
    public void Tahoe_with_a_loss_found_by_acknowledgements_starts_from_one()
    {
        var rig = new SenderRig(new Tahoe());
        rig.Write(100_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 4001));
        Assert.Equal(TcpCaState.Loss, rig.Sender.CaState);
        Assert.Equal(1, rig.Sender.Cwnd);
        Assert.Equal(5, rig.Sender.Ssthresh);
        Assert.Equal([(1u, 1001u)], rig.Resent);
        rig.Wait(100).Ack(4001);
        Assert.Equal(2, rig.Resent.Count); // three were delivered before: one arrival, window two
    }

    [Fact]
    public void Cube_root_is_within_a_percent_of_the_real_one()
    {
        for (var a = 64UL; a < 1UL << 46; a += (a >> 3) + 1)
        {
            var root = Math.Cbrt(a);
            Assert.InRange(CubicRoot.Of(a), (root * 0.98) - 1.5, (root * 1.02) + 1.5);
        }

        Assert.Equal(0u, CubicRoot.Of(0));
        Assert.Equal(1u, CubicRoot.Of(1));
        Assert.Equal(2u, CubicRoot.Of(8));
        Assert.Equal(3u, CubicRoot.Of(27));
        Assert.Equal(10u, CubicRoot.Of(1000));
    }

    [Fact]
    public void Cubic_keeps_seven_tenths_and_remembers_less_of_a_window_that_shrank()
    {
        var cubic = new Cubic();
        var state = State(cwnd: 1000);
        cubic.Init(state);
        Assert.Equal(700, cubic.Ssthresh(state)); // 717/1024
        state.Cwnd = 700;
        Assert.Equal(490, cubic.Ssthresh(state)); // 700 < 1000: fast convergence remembers 700 * 1.7/2 = 595
        state.Cwnd = state.Ssthresh = 490;
        cubic.CongAvoid(state, 0, 1);
        Assert.Equal(595u, cubic.OriginPoint);
    }

    [Fact]
    public void Cubic_reaches_its_old_window_after_k_seconds()
    {
        // RFC 9438 equation 2: K = cbrt(1000 * 0.3 / 0.4) = 9.09 s
        var cubic = new Cubic();
        var state = State(cwnd: 1000);
        cubic.Init(state);
        state.Ssthresh = state.Cwnd = cubic.Ssthresh(state);
        cubic.CongAvoid(state, 0, 1);
        Assert.InRange(cubic.K / 1024.0, 9.0, 9.2);
        for (var ms = 0; ms < 9090; ms += 10) // a round trip of 100 ms: a window a tenth of a second
        {
            state.NowJiffies += 10;
            cubic.CongAvoid(state, 0, state.Cwnd / 10);
        }

        Assert.InRange(state.Cwnd, 985, 1001);
    }

    [Fact]
    public void Cubic_after_a_timeout_forgets_the_curve()
    {
        var cubic = new Cubic();
        var state = State(cwnd: 1000);
        cubic.Init(state);
        cubic.Ssthresh(state);
        cubic.SetState(state, TcpCaState.Loss);
        state.Ssthresh = state.Cwnd = 300;
        cubic.CongAvoid(state, 0, 1);
        Assert.Equal(300u, cubic.OriginPoint);
        Assert.Equal(0u, cubic.K);
    }

    [Fact]
    public void Cubic_that_was_silent_goes_on_where_the_curve_stood()
    {
        var cubic = new Cubic();
        var state = State(cwnd: 1000);
        cubic.Init(state);
        state.Ssthresh = state.Cwnd = cubic.Ssthresh(state);
        cubic.CongAvoid(state, 0, 1);
        state.LastSendJiffies = state.NowJiffies;
        state.NowJiffies += 9000; // silence as long as K
        cubic.CwndEvent(state, CongestionEvent.TxStart);
        cubic.CongAvoid(state, 0, 70);
        Assert.InRange(state.Cwnd, 700, 710);
    }

    [Theory]
    [InlineData(111_000, 0)] // not above 100 ms and an eighth
    [InlineData(114_000, 1)]
    public void Cubic_in_slow_start_stops_when_the_delay_has_grown_by_an_eighth(long rttUs, int found)
    {
        // HYSTART_DELAY: nine samples of a round; 4 to 16 ms are allowed in any case
        var cubic = new Cubic();
        var state = State(cwnd: 20);
        cubic.Init(state);
        cubic.PktsAcked(state, new AckSample(1, 100_000, 0));
        (state.SndUna, state.SndNxt) = (1, 100); // the next round
        for (var i = 0; i < 9; i++)
        {
            state.NowUs += 3000; // too far apart for a train
            cubic.PktsAcked(state, new AckSample(1, rttUs, 0));
        }

        Assert.Equal(found, state.Mib[LinuxMib.TCPHystartDelayDetect]);
        Assert.Equal(found == 1 ? 20 : TcpCongestionState.InfiniteSsthresh, state.Ssthresh);
    }

    [Fact]
    public void Cubic_with_a_small_window_does_not_look_for_the_end_of_slow_start()
    {
        // hystart_low_window
        var cubic = new Cubic();
        var state = State(cwnd: 15);
        cubic.Init(state);
        for (var i = 0; i < 100; i++)
        {
            state.NowUs += 1000;
            cubic.PktsAcked(state, new AckSample(1, 10_000 + (i * 1000), 0));
        }

        Assert.Equal(TcpCongestionState.InfiniteSsthresh, state.Ssthresh);
    }

    [Fact]
    public void Dctcp_cuts_by_half_of_alpha_and_by_half_for_a_loss()
    {
        // RFC 8257 section 3.3 equation 9, section 3.5
        var dctcp = new Dctcp();
        var state = State(cwnd: 100);
        state.EcnOk = true;
        dctcp.Init(state);
        Assert.Equal(50, dctcp.Ssthresh(state)); // alpha is 1 at first
        state.SndUna = 1;
        state.Delivered = 100;
        for (var i = 0; i < 16; i++) dctcp.InAckEvent(state, AckFlags.None); // a round without marks each
        Assert.InRange(dctcp.Alpha, 1024 * 0.33, 1024 * 0.39); // (15/16)^16 = 0.356
        Assert.Equal(100 - (int)(100 * dctcp.Alpha / 2048), dctcp.Ssthresh(state));
        dctcp.CwndEvent(state, CongestionEvent.Loss);
        Assert.Equal(50, state.Ssthresh);
        state.Cwnd = 60;
        Assert.Equal(100, dctcp.UndoCwnd(state));
    }

    [Fact]
    public void Dctcp_with_every_segment_marked_keeps_alpha_at_one()
    {
        var dctcp = new Dctcp();
        var state = State(cwnd: 100);
        state.EcnOk = true;
        dctcp.Init(state);
        for (var i = 0; i < 50; i++)
        {
            state.SndUna = state.SndNxt;
            state.Delivered += 100;
            state.DeliveredCe += 100;
            dctcp.InAckEvent(state, AckFlags.Ece);
        }

        Assert.Equal(Dctcp.MaxAlpha, dctcp.Alpha);
    }

    [Fact]
    public void Dctcp_without_ecn_is_reno()
    {
        var dctcp = new Dctcp();
        var state = State(cwnd: 100);
        dctcp.Init(state);
        Assert.True(dctcp.NeedsEcn);
        Assert.Equal(50, dctcp.Ssthresh(state));
        state.PriorCwnd = 80;
        state.Cwnd = 40;
        Assert.Equal(80, dctcp.UndoCwnd(state));
    }

    [Fact]
    public void Bbr_begins_at_high_gain_of_the_initial_window_by_round_trip()
    {
        var rig = new SenderRig(new Bbr(new KernelRandom(1)));
        var bbr = (Bbr)rig.Sender.CongestionControl;
        Assert.Equal(BbrMode.Startup, bbr.Mode);
        Assert.Equal(739, bbr.PacingGain); // 2885/1000 in 1/256, and one
        // 10 segments in 100 ms by 739/256, one percent off
        Assert.InRange(rig.Sender.PacingRate, 285_000, 286_000);
        Assert.Equal(TcpCongestionState.InfiniteSsthresh, rig.Sender.Ssthresh);
    }

    [Fact]
    public void Bbr_in_its_first_round_of_recovery_sends_what_is_delivered()
    {
        // bbr_set_cwnd_to_recover_or_restore: packet conservation
        var rig = new SenderRig(new Bbr(new KernelRandom(1)), window: 1 << 20);
        rig.Sender.MaxPacingRate = long.MaxValue;
        rig.Write(10_000, burst: 1).Wait(100);
        rig.AckOnly(1, sacks: [(1001, 5001)]);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        Assert.Equal(rig.Sender.InFlight + 4, rig.Sender.Cwnd);
    }

    [Theory]
    [InlineData(50_000, 1)]
    [InlineData(200_000, 2)]
    public void Bbr_at_a_low_rate_sends_single_segments(long rate, int segments)
    {
        var state = State(cwnd: 10);
        state.PacingRate = rate;
        Assert.Equal(segments, new Bbr(new KernelRandom(1)).MinTsoSegs(state)); // bbr_min_tso_rate: 1.2 Mbit/s
    }
}
