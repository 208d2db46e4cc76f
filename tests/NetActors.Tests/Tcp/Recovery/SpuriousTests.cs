using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>Retransmissions that turn out to be needless: F-RTO (RFC 5682), Eifel (RFC 3522, RFC 4015), D-SACK (RFC 3708).</summary>
public class SpuriousTests
{
    private static readonly TcpSenderSettings NoProbe = new() { EarlyRetrans = 0 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Timeout_after_which_only_originals_are_acknowledged_is_undone_by_frto(bool sack)
    {
        var rig = new SenderRig(settings: NoProbe, sack: sack);
        rig.Write(20_000, burst: 1);
        rig.Fire();
        rig.Wait(20);
        var outcome = rig.AckOnly(1001); // of the original, or of the one sent again: nobody knows
        Assert.True(outcome.Has(AckFlags.SendNewFirst)); // step 2.b
        rig.Flush(1);
        rig.Retransmit();
        Assert.Single(rig.Resent); // the timeout's only
        Assert.Equal(12_001u, rig.Sender.SndNxt);
        rig.Wait(1).Ack(2001); // step 3.b: sent once, and acknowledged
        Assert.Equal(1, rig.Mib[LinuxMib.TCPSpuriousRTOs]);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLossUndo]);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.True(rig.Sender.Cwnd >= 10);
        Assert.Equal(TcpCongestionState.InfiniteSsthresh, rig.Sender.Ssthresh);
        Assert.Equal(0, rig.Sender.LostOut);
        Assert.Empty(rig.Resent);
    }

    [Fact]
    public void Timeout_after_which_a_duplicate_follows_new_data_is_a_real_loss()
    {
        var rig = new SenderRig(settings: NoProbe, sack: false);
        rig.Write(20_000, burst: 1);
        rig.Fire();
        _ = rig.Resent;
        rig.Wait(20).AckOnly(1001);
        rig.Flush(1).Retransmit();
        rig.Wait(100).Ack(1001); // step 3.a
        Assert.Equal(TcpCaState.Loss, rig.Sender.CaState);
        Assert.Equal((1001u, 2001u), rig.Resent[0]);
        Assert.Equal(0, rig.Mib[LinuxMib.TCPSpuriousRTOs]);
    }

    [Fact]
    public void Timeout_without_new_data_cannot_be_tested_and_sends_the_rest_again()
    {
        var rig = new SenderRig(settings: NoProbe);
        rig.Write(5000, burst: 1);
        rig.Fire();
        _ = rig.Resent;
        rig.Wait(100).Ack(1001);
        Assert.Equal([(1001u, 2001u), (2001u, 3001u)], rig.Resent);
    }

    [Fact]
    public void Sysctl_frto_off_sends_the_rest_again_at_once()
    {
        var rig = new SenderRig(settings: NoProbe with { Frto = 0 });
        rig.Write(20_000, burst: 1);
        rig.Fire();
        _ = rig.Resent;
        Assert.False(rig.Wait(20).AckOnly(1001).Has(AckFlags.SendNewFirst));
        rig.Retransmit();
        Assert.Equal(2, rig.Resent.Count);
    }

    [Fact]
    public void Fast_retransmission_whose_original_was_late_is_undone_by_its_time_stamp()
    {
        var rig = new SenderRig(timestamps: true);
        var sent = rig.Timestamp;
        rig.Write(10_000, burst: 1).Wait(100);
        rig.AckWith(1, TcpFlags.Ack, sent, (1001, 4001));
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(5, rig.Sender.Ssthresh);
        rig.Wait(5).AckWith(10_001, TcpFlags.Ack, sent); // the echo is older than the retransmission
        Assert.Equal(1, rig.Mib[LinuxMib.TCPFullUndo]);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.True(rig.Sender.Cwnd >= 10);
        Assert.Equal(TcpCongestionState.InfiniteSsthresh, rig.Sender.Ssthresh);
    }

    [Fact]
    public void Fast_retransmission_that_filled_the_hole_is_not_undone()
    {
        var rig = new SenderRig(timestamps: true);
        var sent = rig.Timestamp;
        rig.Write(10_000, burst: 1).Wait(100);
        rig.AckWith(1, TcpFlags.Ack, sent, (1001, 4001));
        var again = rig.Timestamp;
        rig.Wait(100).AckWith(10_001, TcpFlags.Ack, again);
        Assert.Equal(0, rig.Mib[LinuxMib.TCPFullUndo]);
        Assert.Equal(5, rig.Sender.Ssthresh);
    }

    [Fact]
    public void Partial_acknowledgement_by_the_original_undoes_in_the_midst_of_recovery()
    {
        var rig = new SenderRig(timestamps: true);
        var sent = rig.Timestamp;
        rig.Write(10_000, burst: 1).Wait(100);
        rig.AckWith(1, TcpFlags.Ack, sent, (2001, 6001)); // 1 and 1001 are lost; one goes
        rig.Wait(5).AckWith(1001, TcpFlags.Ack, sent, (2001, 6001));
        Assert.Equal(1, rig.Mib[LinuxMib.TCPPartialUndo]);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPTSReorder]);
        Assert.Equal(0, rig.Sender.RetransOut);
    }

    [Fact]
    public void Fast_retransmission_reported_as_duplicate_is_undone()
    {
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 4001));
        rig.Wait(5).Ack(4001); // the original was only late
        rig.Wait(100).Ack(5001, (1, 1001)); // RFC 3708: both arrived
        Assert.Equal(1, rig.Mib[LinuxMib.TCPDSACKUndo]);
        Assert.True(rig.Sender.Cwnd >= 10);
        Assert.Equal(TcpCongestionState.InfiniteSsthresh, rig.Sender.Ssthresh);
        Assert.NotEqual(TcpCaState.Recovery, rig.Sender.CaState);
    }

    [Fact]
    public void Congestion_echo_forbids_the_undo()
    {
        var rig = new SenderRig(ecn: true, timestamps: true);
        var sent = rig.Timestamp;
        rig.Write(10_000, burst: 1).Wait(100);
        rig.AckWith(1, TcpFlags.Ack | TcpFlags.Ece, sent, (1001, 4001));
        rig.Wait(5).AckWith(10_001, TcpFlags.Ack, sent);
        Assert.Equal(5, rig.Sender.Ssthresh);
    }

    [Fact]
    public void Data_of_the_syn_that_was_refused_goes_again_without_a_smaller_window()
    {
        // tcp_rcv_fastopen_synack: RFC 7413 section 4.1.3
        var rig = new SenderRig();
        rig.Write(1000).Wait(10);
        Assert.True(rig.Sender.OnMtuReduced(0, rig.Now));
        rig.Retransmit();
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(10, rig.Sender.Cwnd);
        Assert.Equal(1000, rig.Sender.Mss);
    }

    [Fact]
    public void Congestion_echo_in_the_midst_of_recovery_forbids_the_undo_too()
    {
        var rig = new SenderRig(ecn: true, timestamps: true);
        var sent = rig.Timestamp;
        rig.Write(10_000, burst: 1).Wait(100);
        rig.AckWith(1, TcpFlags.Ack, sent, (1001, 4001));
        rig.AckWith(1, TcpFlags.Ack | TcpFlags.Ece, sent, (1001, 5001));
        rig.Wait(5).AckWith(10_001, TcpFlags.Ack, sent);
        Assert.Equal(5, rig.Sender.Ssthresh);
    }

    [Fact]
    public void Timeout_in_recovery_is_real_enough_to_go_without_the_test()
    {
        // RFC 5682 section 2.1 step 1: only a first timeout outside of recovery
        var rig = new SenderRig(settings: NoProbe);
        rig.Write(20_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 4001));
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        while (rig.Mib[LinuxMib.TCPTimeouts] == 0) rig.Fire();
        rig.Wait(20);
        Assert.False(rig.AckOnly(4001).Has(AckFlags.SendNewFirst));
    }

    [Theory]
    [InlineData(true, TcpCaState.Open)]
    [InlineData(false, TcpCaState.Loss)] // tcp_is_non_sack_preventing_reopen
    public void Undone_timeout_leaves_the_state_at_once_only_with_sack(bool sack, TcpCaState state)
    {
        var rig = new SenderRig(settings: NoProbe, sack: sack, timestamps: true);
        var sent = rig.Timestamp;
        rig.Write(1000);
        rig.Fire();
        rig.Wait(20).AckWith(1001, TcpFlags.Ack, sent);
        Assert.Equal(state, rig.Sender.CaState);
        Assert.True(rig.Sender.Cwnd >= 10);
        sent = rig.Timestamp;
        rig.Write(1000).Wait(100).AckWith(2001, TcpFlags.Ack, sent);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
    }

    [Fact]
    public void Recovery_in_which_nothing_was_sent_again_yet_is_undone_when_all_arrives()
    {
        // tcp_packet_delayed: the queues of the host held the retransmission back
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100);
        rig.AckOnly(1, sacks: [(1001, 4001)]);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        rig.Wait(5).AckOnly(10_001);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPFullUndo]);
        Assert.Equal(TcpCongestionState.InfiniteSsthresh, rig.Sender.Ssthresh);
    }

    [Fact]
    public void Needless_retransmission_without_sign_of_it_costs_half_the_window()
    {
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100);
        rig.Ack(1, (1001, 4001));
        rig.Wait(100).Ack(10_001);
        Assert.Equal(5, rig.Sender.Ssthresh);
    }
}
