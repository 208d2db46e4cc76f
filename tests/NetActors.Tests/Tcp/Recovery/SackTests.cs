using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>The scoreboard: RFC 2018, RFC 2883, and how bursts are cut (kernel: <c>tcp_sacktag_write_queue</c>).</summary>
public class SackTests
{
    [Fact]
    public void Open_with_one_sacked_segment_lets_one_new_segment_out()
    {
        var rig = new SenderRig();
        rig.Write(20_000).Wait(100);
        Assert.Equal(0, rig.Sender.SendQuota(rig.Now));
        rig.Ack(1, (1001, 2001));
        Assert.Equal(TcpCaState.Disorder, rig.Sender.CaState);
        Assert.Equal(1, rig.Sender.SendQuota(rig.Now)); // RFC 3042, by the pipe of RFC 6675
    }

    [Fact]
    public void Burst_with_a_block_inside_is_cut_at_the_block()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(1, (3001, 5001));
        Assert.Equal(10, rig.Sender.PacketsOut);
        Assert.Equal(2, rig.Sender.SackedOut);
        Assert.Equal(8, rig.Sender.InFlight);
        rig.Sender.VerifyCounts();
    }

    [Fact]
    public void Burst_with_a_block_that_covers_no_whole_segment_marks_nothing()
    {
        // tcp_match_skb_to_sack cuts at multiples of the segment size only
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(1, (1501, 2001));
        Assert.Equal(10, rig.Sender.PacketsOut);
        Assert.Equal(0, rig.Sender.SackedOut);
        rig.Ack(1, (2501, 5501));
        Assert.Equal(2, rig.Sender.SackedOut); // 3001 to 5001
        rig.Sender.VerifyCounts();
    }

    [Fact]
    public void Burst_acknowledged_in_the_middle_of_a_segment_keeps_the_rest_of_it()
    {
        // tcp_trim_head: 7500 bytes are left, in eight segments
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(2501);
        Assert.Equal(8, rig.Sender.PacketsOut);
        rig.Ack(10_001);
        Assert.Equal(0, rig.Sender.PacketsOut);
    }

    [Fact]
    public void Single_segment_acknowledged_in_its_middle_stays_whole()
    {
        var rig = new SenderRig();
        rig.Write(1000).Wait(100).Ack(501);
        Assert.Equal(1, rig.Sender.PacketsOut);
        Assert.Equal(501u, rig.Sender.SndUna);
    }

    [Fact]
    public void Retransmission_of_a_segment_half_acknowledged_sends_the_rest()
    {
        var rig = new SenderRig();
        rig.Write(4000, burst: 1).Wait(100).Ack(501, (1001, 4001));
        Assert.Equal([(501u, 1001u)], rig.Resent);
    }

    [Theory]
    [InlineData(2001, 12_001)] // beyond what was sent
    [InlineData(3001, 2001)] // empty
    public void Block_that_cannot_be_true_is_discarded(uint start, uint end)
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(1, (start, end));
        Assert.Equal(0, rig.Sender.SackedOut);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPSACKDiscard]);
    }

    [Fact]
    public void Block_below_the_acknowledgement_is_a_dsack_and_dubious_when_nothing_was_sent_twice()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(3001, (1, 1001));
        Assert.Equal(1, rig.Mib[LinuxMib.TCPDSACKRecv]);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPDSACKIgnoredDubious]);
        Assert.Equal(0, rig.Mib[LinuxMib.TCPDSACKRecvSegs]);
        Assert.Equal(1u, rig.Sender.DsackDups);
    }

    [Fact]
    public void First_block_inside_the_second_is_a_dsack_of_data_above_a_hole()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(1, (3001, 4001), (2001, 6001));
        Assert.Equal(1, rig.Mib[LinuxMib.TCPDSACKOfoRecv]);
        Assert.Equal(4, rig.Sender.SackedOut);
    }

    [Fact]
    public void Blocks_in_any_order_and_repeated_mark_each_segment_once()
    {
        var rig = new SenderRig();
        rig.Write(10_000, burst: 3).Wait(100);
        rig.Ack(1, (8001, 9001), (2001, 3001), (5001, 6001));
        Assert.Equal(3, rig.Sender.SackedOut);
        rig.Ack(1, (5001, 7001), (8001, 9001), (2001, 3001));
        Assert.Equal(4, rig.Sender.SackedOut);
        rig.Ack(1, (2001, 9001));
        Assert.Equal(7, rig.Sender.SackedOut);
        rig.Sender.VerifyCounts();
    }

    [Fact]
    public void Hole_filled_by_data_sent_once_raises_the_reordering_metric_to_its_distance()
    {
        // tcp_check_sack_reordering: from 1001 up to 6001 are five segments
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100);
        rig.Ack(1, (5001, 6001));
        rig.Ack(1, (1001, 2001), (5001, 6001));
        Assert.Equal(5, rig.Sender.Reordering);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPSACKReorder]);
        Assert.Equal(1u, rig.Sender.ReordSeen);
    }

    [Fact]
    public void Overtaken_acknowledgement_still_marks_the_scoreboard()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(3001);
        var outcome = rig.Ack(2001, (5001, 6001));
        Assert.True(outcome.Has(AckFlags.Old));
        Assert.Equal(1, rig.Sender.SackedOut);
        Assert.Equal(3001u, rig.Sender.SndUna);
    }

    [Fact]
    public void Acknowledgement_of_data_never_sent_changes_nothing()
    {
        var rig = new SenderRig();
        rig.Write(5000).Wait(100);
        Assert.True(rig.Ack(6001).Has(AckFlags.Unsent));
        Assert.Equal(1u, rig.Sender.SndUna);
        Assert.Equal(5, rig.Sender.PacketsOut);
    }

    [Fact]
    public void Receiver_that_gives_up_sacked_data_is_waited_for_half_a_round_trip_and_then_gets_all_again()
    {
        // tcp_check_sack_reneging, RFC 2018 section 8
        var rig = new SenderRig();
        rig.Write(5000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 3001));
        rig.Ack(1001);
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
        Assert.Equal(50, rig.DeadlineMs);
        rig.Fire();
        Assert.Equal(1, rig.Mib[LinuxMib.TCPSACKReneging]);
        Assert.Equal(0, rig.Sender.SackedOut);
        Assert.Equal(4, rig.Sender.LostOut);
        Assert.Equal([(1001u, 2001u)], rig.Resent);
    }
}
