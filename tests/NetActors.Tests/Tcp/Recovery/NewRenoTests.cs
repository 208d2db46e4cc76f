using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>Recovery without SACK (RFC 5681 section 3.2, RFC 6582).</summary>
public class NewRenoTests
{
    private static SenderRig Rig()
    {
        var rig = new SenderRig(sack: false);
        rig.Write(30_000, burst: 1).Wait(100);
        return rig;
    }

    [Fact]
    public void Two_duplicates_send_nothing_again_and_let_two_new_segments_out()
    {
        var rig = Rig();
        rig.Ack(1);
        rig.Ack(1);
        Assert.Empty(rig.Resent);
        Assert.Equal(TcpCaState.Disorder, rig.Sender.CaState);
        Assert.Equal(2, rig.Sender.SendQuota(rig.Now)); // RFC 3042
    }

    [Fact]
    public void Third_duplicate_sends_the_first_segment_again_and_halves_the_window()
    {
        var rig = Rig();
        for (var i = 0; i < 3; i++) rig.Ack(1);
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        Assert.Equal(5, rig.Sender.Ssthresh);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPRenoRecovery]);
    }

    [Fact]
    public void Window_update_is_no_duplicate()
    {
        var rig = Rig();
        for (var i = 0; i < 5; i++)
        {
            rig.Window++;
            rig.Ack(1);
        }

        Assert.Equal(0, rig.Sender.SackedOut);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
    }

    [Fact]
    public void Merged_duplicates_count_each()
    {
        var rig = Rig();
        var options = default(TcpOptions);
        rig.Sender.OnAck(new AckInput(1, 1, rig.Window, 0, TcpFlags.Ack, options) { MergedAcks = 3 }, rig.Now);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
    }

    [Fact]
    public void Partial_acknowledgement_sends_the_next_hole_and_stays_in_recovery()
    {
        var rig = Rig();
        for (var i = 0; i < 5; i++) rig.Ack(1);
        _ = rig.Resent;
        rig.Wait(100).Ack(3001); // RFC 6582 section 3.2 step 3
        Assert.Equal([(3001u, 4001u)], rig.Resent);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
    }

    [Fact]
    public void Acknowledgement_of_all_that_was_out_stays_until_something_above_is_acknowledged()
    {
        // tcp_is_non_sack_preventing_reopen: RFC 6582 section 4, duplicates of the old flight must not begin a second recovery
        var rig = Rig();
        for (var i = 0; i < 3; i++) rig.Ack(1);
        rig.Flush(1);
        rig.Wait(100).Ack(10_001);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        rig.Flush(1);
        rig.Wait(100).Ack(11_001);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.Equal(5, rig.Sender.Ssthresh);
    }

    [Fact]
    public void More_duplicates_than_segments_out_raise_the_reordering_metric()
    {
        var rig = new SenderRig(sack: false);
        rig.Write(3000, burst: 1).Wait(100);
        for (var i = 0; i < 3; i++) rig.Ack(1);
        Assert.Equal(2, rig.Sender.SackedOut); // one of three must be the hole
        Assert.Equal(1, rig.Mib[LinuxMib.TCPRenoReorder]);
        Assert.Equal(3, rig.Sender.Reordering);
    }

    [Fact]
    public void Segments_that_duplicates_stood_for_are_delivered_once()
    {
        // tcp_remove_reno_sacks: three by duplicates, seven by the acknowledgement, the SYN before them
        var rig = Rig();
        for (var i = 0; i < 3; i++) rig.Ack(1);
        Assert.Equal(4u, rig.Sender.Congestion.Delivered);
        rig.Wait(100).Ack(10_001);
        Assert.Equal(11u, rig.Sender.Congestion.Delivered);
    }

    [Fact]
    public void Burst_at_the_head_loses_its_first_segment_only()
    {
        var rig = new SenderRig(sack: false);
        rig.Write(10_000).Wait(100);
        for (var i = 0; i < 3; i++) rig.Ack(1);
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(1, rig.Sender.LostOut);
        rig.Sender.VerifyCounts();
    }
}
