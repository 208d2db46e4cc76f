using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>Fast recovery with SACK: what is sent, and how fast (RFC 6675 by RACK, RFC 6937).</summary>
public class RecoveryTests
{
    [Fact]
    public void Established_with_three_sacked_segments_above_a_hole_retransmits_the_hole()
    {
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100);
        rig.Ack(1001, (2001, 5001));
        Assert.Equal([(1001u, 2001u)], rig.Resent);
        Assert.Equal(1, rig.Sender.RetransOut);
        Assert.Equal(1, rig.Sender.LostOut);
    }

    [Fact]
    public void Recovery_above_the_threshold_sends_its_share_and_below_it_as_much_as_arrives()
    {
        // RFC 6937 by hand: window 10, threshold 5, first segment lost, then one arrival after the other. In flight 6 when it
        // begins: share ceil(5 * 1 / 10) = 1; then 6 + 0, then 5, then up to 5.
        var rig = new SenderRig();
        rig.Write(100_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 2001));
        rig.Ack(1, (1001, 3001));
        var windows = new List<int>();
        for (var end = 4001u; end <= 10_001; end += 1000)
        {
            rig.Ack(1, (1001, end));
            windows.Add(rig.Sender.Cwnd);
        }

        Assert.Equal([7, 6, 5, 5, 5, 5, 5], windows);
    }

    [Fact]
    public void Recovery_with_many_losses_sends_no_more_than_arrives_plus_one_for_each_hole_filled()
    {
        // Slow-start reduction bound: an acknowledgement that advances without new loss lets one more out.
        var rig = new SenderRig();
        rig.Write(100_000, burst: 1).Wait(100);
        rig.Ack(1, (7001, 8001));
        rig.Ack(1, (7001, 9001));
        rig.Ack(1, (7001, 10_001));
        Assert.Equal(7, rig.Sender.LostOut);
        Assert.Single(rig.Resent); // in flight 0, delivered 1: the conservation bound lets one go
        rig.Wait(100).Ack(1001, (7001, 10_001));
        Assert.Equal(2, rig.Resent.Count); // the slow-start bound: one delivered and one more
    }

    [Fact]
    public void Recovery_ends_at_the_threshold()
    {
        var rig = new SenderRig();
        rig.Write(100_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 4001));
        rig.Flush(1);
        rig.Wait(100).Ack(rig.Sender.SndNxt - 1000);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.Equal(5, rig.Sender.Ssthresh);
        Assert.InRange(rig.Sender.Cwnd, 5, 6); // tcp_end_cwnd_reduction, then congestion avoidance of this arrival
    }

    [Fact]
    public void Retransmission_that_is_lost_again_is_sent_again_when_later_data_arrives()
    {
        // RFC 8985 section 6.2 step 5: a segment sent after the retransmission arrived
        var rig = new SenderRig();
        rig.Write(100_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 6001));
        Assert.Single(rig.Resent);
        rig.Wait(1).Ack(1, (1001, 9001));
        rig.Flush(1);
        var end = rig.Sender.SndNxt;
        Assert.True(end > 10_001);
        rig.Wait(100).Ack(1, (1001, end));
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLostRetransmit]);
    }

    [Fact]
    public void Small_neighbours_that_are_lost_go_out_again_as_one()
    {
        // tcp_retrans_try_collapse
        var rig = new SenderRig();
        for (var i = 0; i < 3; i++) rig.Write(200);
        rig.Write(5000, burst: 1).Wait(100);
        rig.Ack(1, (601, 4601));
        Assert.Equal([(1u, 601u)], rig.Resent);
        Assert.Equal(6, rig.Sender.PacketsOut); // three became one
        rig.Sender.VerifyCounts();
    }

    [Fact]
    public void Neighbour_that_does_not_fit_a_segment_stays_by_itself()
    {
        var rig = new SenderRig();
        rig.Write(400).Write(700).Write(5000, burst: 1).Wait(100);
        rig.Ack(1, (1101, 5101));
        Assert.Equal((1u, 401u), rig.Resent[0]);
        Assert.Equal(7, rig.Sender.PacketsOut);
    }

    [Fact]
    public void Timer_of_a_retransmission_runs_anew_when_data_sent_before_it_arrives()
    {
        // tcp_clean_rtx_queue: the retransmission left lately, so it must not time out for what came before
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 4001));
        rig.Wait(50).Ack(1, (1001, 5001));
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
        Assert.Equal(rig.Sender.Rtt.Rto.Nanoseconds / 1e6, rig.DeadlineMs, 0.0);
    }

    [Fact]
    public void Lost_burst_goes_out_again_in_bursts_of_the_budget()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100);
        rig.AckOnly(1, TcpFlags.Ack, 0, (6001, 10_001));
        Assert.Equal(6, rig.Sender.LostOut);
        rig.Retransmit(budget: 2);
        Assert.All(rig.Resent, resent => Assert.True(resent.End - resent.Seq <= 2000));
        rig.Sender.VerifyCounts();
    }

    [Theory]
    [InlineData(1500, 1)] // __tcp_retransmit_skb answers EAGAIN for the second hole
    [InlineData(20_000, 2)]
    public void Hole_beyond_a_window_that_the_receiver_shrank_is_not_sent_again(uint window, int resent)
    {
        var rig = new SenderRig(window: 20_000);
        rig.Write(10_000, burst: 1).Wait(100);
        rig.Window = window;
        rig.PeerSeq++;
        rig.Ack(1, (1001, 2001), (3001, 6001));
        rig.Ack(1, (1001, 2001), (3001, 10_001));
        Assert.Equal(2, rig.Sender.LostOut);
        Assert.Equal(resent, rig.Resent.Count);
    }

    [Fact]
    public void Closed_window_lets_the_first_hole_out_as_a_probe()
    {
        var rig = new SenderRig(window: 20_000);
        rig.Write(10_000, burst: 1).Wait(100);
        rig.Window = 0;
        rig.PeerSeq++;
        rig.Ack(1, (1001, 6001));
        Assert.Equal(0u, rig.Sender.SndWnd);
        Assert.Equal([(1u, 1001u)], rig.Resent);
    }

    [Fact]
    public void Congestion_echo_halves_the_window_once_a_round_trip_and_asks_for_one_cwr()
    {
        // RFC 3168 section 6.1.2
        var rig = new SenderRig(ecn: true);
        rig.Write(100_000, burst: 1).Wait(100);
        rig.AckWith(1001, TcpFlags.Ack | TcpFlags.Ece, 0);
        Assert.Equal(TcpCaState.CWR, rig.Sender.CaState);
        Assert.Equal(5, rig.Sender.Ssthresh);
        Assert.True(rig.Sender.TakeCwr());
        Assert.False(rig.Sender.TakeCwr());
        var high = rig.Sender.SndNxt;
        for (var ack = 2001u; ack <= high; ack += 1000)
        {
            rig.AckWith(ack, TcpFlags.Ack | TcpFlags.Ece, 0);
            rig.Flush(1);
        }

        Assert.Equal(5, rig.Sender.Ssthresh);
        Assert.Equal(5, rig.Sender.Cwnd);
        rig.Wait(100).Ack(high + 1000);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.InRange(rig.Sender.Cwnd, 5, 6);
        Assert.Equal(10, rig.Mib[LinuxMib.TCPDeliveredCE]);
    }

    [Fact]
    public void Echo_without_negotiated_ecn_is_nothing()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).AckWith(1001, TcpFlags.Ack | TcpFlags.Ece, 0);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
    }

    [Fact]
    public void Full_queue_of_the_host_reduces_the_window_without_undo()
    {
        var rig = new SenderRig();
        rig.Write(10_000);
        rig.Sender.OnLocalCongestion(rig.Now);
        Assert.Equal(TcpCaState.CWR, rig.Sender.CaState);
        Assert.Equal(5, rig.Sender.Ssthresh);
    }

    [Fact]
    public void Smaller_mtu_sends_what_is_too_large_again_and_leaves_the_window()
    {
        // tcp_simple_retransmit
        var rig = new SenderRig();
        rig.Write(4000, burst: 1);
        rig.Write(300).Wait(10);
        Assert.True(rig.Sender.OnMtuReduced(500, rig.Now));
        Assert.Equal(TcpCaState.Loss, rig.Sender.CaState);
        rig.Retransmit();
        Assert.Equal((1u, 1001u), rig.Resent[0]);
        Assert.Equal(10, rig.Sender.Cwnd);
        Assert.Equal(TcpCongestionState.InfiniteSsthresh, rig.Sender.Ssthresh);
        rig.Sender.VerifyCounts();
        rig.Wait(100).Ack(4301);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
    }
}
