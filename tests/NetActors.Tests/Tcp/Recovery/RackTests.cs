using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>Loss by time (RFC 8985 section 6).</summary>
public class RackTests
{
    [Fact]
    public void Segment_overtaken_by_one_is_waited_for_a_quarter_of_the_least_round_trip()
    {
        var rig = new SenderRig();
        rig.Write(4000, burst: 1).Wait(100).Ack(1, (1001, 2001));
        Assert.Empty(rig.Resent);
        Assert.Equal(DeadlineKind.Reorder, rig.Sender.DeadlineKind);
        Assert.Equal(27, rig.DeadlineMs); // 100/4 ms and TCP_TIMEOUT_MIN, two jiffies
        rig.Fire();
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
    }

    [Fact]
    public void Segment_that_comes_within_that_time_is_not_sent_again()
    {
        var rig = new SenderRig();
        rig.Write(4000, burst: 1).Wait(100).Ack(1, (1001, 2001));
        rig.Wait(20).Ack(2001);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.Empty(rig.Resent);
        Assert.Equal(1u, rig.Sender.ReordSeen);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPSACKReorder]);
    }

    [Fact]
    public void Path_seen_to_reorder_waits_even_after_three_duplicates()
    {
        var rig = new SenderRig();
        rig.Write(4000, burst: 1).Wait(100).Ack(1, (1001, 2001));
        rig.Wait(5).Ack(2001);
        rig.Wait(10).Ack(4001);
        rig.Write(10_000, burst: 1).Wait(100).Ack(4001, (5001, 9001));
        Assert.Empty(rig.Resent);
        Assert.Equal(DeadlineKind.Reorder, rig.Sender.DeadlineKind);
    }

    [Fact]
    public void Static_window_flag_and_no_dupthresh_flag_are_obeyed()
    {
        // tcp_recovery 0x4: three duplicates are no proof
        var rig = new SenderRig(settings: new TcpSenderSettings { Recovery = 1 | 4 });
        rig.Write(10_000, burst: 1).Wait(100).Ack(1, (1001, 5001));
        Assert.Empty(rig.Resent);
        Assert.Equal(DeadlineKind.Reorder, rig.Sender.DeadlineKind);
    }

    [Fact]
    public void Dsack_on_a_path_that_reorders_widens_the_wait_by_a_quarter_round_trip()
    {
        var rig = new SenderRig();
        rig.Write(2000, burst: 1).Wait(100).Ack(1, (1001, 2001)); // reordering is seen
        rig.Wait(5).Ack(2001);
        rig.Write(4000, burst: 1).Wait(100).Ack(2001, (3001, 6001));
        rig.Fire(); // too early: the original was only late
        Assert.Equal([(2001u, 3001u)], rig.Resent);
        rig.Wait(1).Ack(6001);
        rig.Wait(90).Ack(6001, (2001, 3001));
        Assert.Equal(1, rig.Mib[LinuxMib.TCPDSACKRecv]);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPDSACKRecvSegs]);

        rig.Write(2000, burst: 1).Wait(100).Ack(8001); // a sample, so that the step is taken
        rig.Write(4000, burst: 1).Wait(100).Ack(8001, (9001, 12_001));
        Assert.Equal(DeadlineKind.Reorder, rig.Sender.DeadlineKind);
        Assert.Equal(52, rig.DeadlineMs); // 2 * 100/4 + 2
    }

    [Fact]
    public void Segments_sent_later_than_the_newest_arrival_are_not_lost()
    {
        var rig = new SenderRig();
        rig.Write(5000, burst: 1).Wait(50).Write(5000, burst: 1).Wait(50);
        rig.Ack(1, (1001, 5001));
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(1, rig.Sender.LostOut);
    }
}
