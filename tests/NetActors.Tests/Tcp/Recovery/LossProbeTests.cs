using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>Tail loss probes (RFC 8985 section 7).</summary>
public class LossProbeTests
{
    [Fact]
    public void Two_segments_out_are_probed_after_two_round_trips_by_the_last()
    {
        var rig = new SenderRig();
        rig.Write(2000, burst: 1);
        Assert.Equal(DeadlineKind.LossProbe, rig.Sender.DeadlineKind);
        Assert.Equal(202, rig.DeadlineMs); // TCP_TIMEOUT_MIN added
        rig.Fire();
        Assert.Equal([(1001u, 2001u)], rig.Resent);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLossProbes]);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.Equal(0, rig.Sender.RetransOut); // a probe does not count as in flight
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
        Assert.Equal(300, rig.DeadlineMs);
    }

    [Fact]
    public void One_segment_out_may_be_waiting_for_a_delayed_acknowledgement()
    {
        var rig = new SenderRig(rttMs: 1000); // timeout 3 s
        rig.Write(1000);
        Assert.Equal(2200, rig.DeadlineMs); // two round trips and tcp_rto_min
    }

    [Fact]
    public void Probe_comes_no_later_than_the_timeout()
    {
        var rig = new SenderRig();
        rig.Write(1000);
        Assert.Equal(DeadlineKind.LossProbe, rig.Sender.DeadlineKind);
        Assert.Equal(300, rig.DeadlineMs); // not 2 * 100 + 200
    }

    [Fact]
    public void Burst_is_probed_by_its_last_segment()
    {
        var rig = new SenderRig();
        rig.Write(4500);
        rig.Fire();
        Assert.Equal([(4001u, 4501u)], rig.Resent);
        rig.Sender.VerifyCounts();
    }

    [Fact]
    public void New_data_is_the_better_probe_even_when_the_window_is_full()
    {
        var rig = new SenderRig();
        rig.Write(15_000);
        Assert.Equal(10, rig.Sender.PacketsOut);
        Assert.Equal(SenderTimerOutcome.ProbeWithNewData, rig.Fire());
        Assert.Empty(rig.Resent);
        Assert.Equal(11, rig.Sender.PacketsOut);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLossProbes]);
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
    }

    [Fact]
    public void Second_probe_waits_for_the_end_of_the_episode()
    {
        var rig = new SenderRig();
        rig.Write(2000, burst: 1);
        rig.Fire();
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
        rig.Fire();
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLossProbes]);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPTimeouts]);
    }

    [Fact]
    public void Probe_that_repaired_a_tail_loss_reduces_the_window_when_something_above_is_acknowledged()
    {
        var rig = new SenderRig();
        rig.Write(2000, burst: 1).Wait(100).Ack(1001);
        _ = rig.Resent;
        rig.Fire();
        Assert.Equal([(1001u, 2001u)], rig.Resent);
        rig.Wait(100).Ack(2001);
        Assert.Equal(0, rig.Mib[LinuxMib.TCPLossProbeRecovery]);
        rig.Write(1000).Wait(100).Ack(3001);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLossProbeRecovery]);
        Assert.InRange(rig.Sender.Ssthresh, 5, 6); // half of 10 or 11
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
    }

    [Fact]
    public void Probe_that_was_needless_is_known_by_its_dsack()
    {
        var rig = new SenderRig();
        rig.Write(2000, burst: 1);
        rig.Fire();
        rig.Wait(10).Ack(2001);
        rig.Wait(90).Ack(2001, (1001, 2001));
        rig.Write(1000).Wait(100).Ack(3001);
        Assert.Equal(0, rig.Mib[LinuxMib.TCPLossProbeRecovery]);
        Assert.Equal(TcpCongestionState.InfiniteSsthresh, rig.Sender.Ssthresh);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPDSACKRecv]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Sysctl_below_three_sends_no_probe(int earlyRetrans)
    {
        var rig = new SenderRig(settings: new TcpSenderSettings { EarlyRetrans = earlyRetrans });
        rig.Write(2000);
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
    }

    [Fact]
    public void Connection_without_sack_sends_no_probe()
    {
        var rig = new SenderRig(sack: false);
        rig.Write(2000);
        Assert.Equal(DeadlineKind.Rto, rig.Sender.DeadlineKind);
        Assert.Equal(300, rig.DeadlineMs);
    }
}
