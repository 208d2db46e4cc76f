using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>The sender's side of packet scripts that pass on Linux 6.18 (shared/conformance/scripts, by name).</summary>
public class PacketScriptTests
{
    private static readonly TcpSenderSettings Base = new() { SlowStartAfterIdle = false };

    [Fact]
    public void Script_fast_retransmit_sack_sends_the_hole_at_once_and_halves_the_window()
    {
        var rig = new SenderRig(settings: Base);
        rig.Write(10000).Wait(100);
        rig.Ack(1, (1001, 2001));
        rig.Ack(1, (1001, 3001));
        Assert.Empty(rig.Resent);
        rig.Ack(1, (1001, 4001));
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        Assert.Equal(5, rig.Sender.Ssthresh);
        Assert.Equal(3, rig.Sender.SackedOut);

        rig.Wait(100).Ack(10001);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.Equal(6, rig.Sender.Cwnd);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPSackRecovery]);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPFastRetrans]);
    }

    [Fact]
    public void Script_rto_then_undo_restores_the_window_when_the_time_stamp_shows_the_original_arrived()
    {
        var rig = new SenderRig(settings: Base with { EarlyRetrans = 0 }, timestamps: true);
        var first = rig.Timestamp;
        rig.Write(988);
        var rto = rig.DeadlineMs;
        Assert.InRange(rto, 280, 360);
        rig.Fire();
        Assert.Equal([(1u, 989u)], rig.Resent);
        Assert.Equal(TcpCaState.Loss, rig.Sender.CaState);
        Assert.Equal(1, rig.Sender.Cwnd);

        rig.Wait(20).AckWith(989, TcpFlags.Ack, first);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
        Assert.True(rig.Sender.Cwnd >= 10);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLossUndo]);
    }

    [Fact]
    public void Script_retransmission_timeout_probes_then_doubles_and_keeps_its_backoff_without_time_stamps()
    {
        var rig = new SenderRig(settings: Base);
        rig.Write(500);
        (double, double)[] ranges = [(300, 420), (300, 420), (600, 750), (1200, 1500)];
        foreach (var (least, most) in ranges)
        {
            Assert.InRange(rig.DeadlineMs, least, most);
            rig.Fire();
            Assert.Equal([(1u, 501u)], rig.Resent);
        }

        rig.Wait(100).Ack(501);
        Assert.Equal(0, rig.Sender.PacketsOut);
        Assert.Equal(3, rig.Sender.Rtt.Backoff);
        Assert.Equal(4u, rig.Sender.TotalRetrans);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPLossProbes]);
        Assert.Equal(3, rig.Mib[LinuxMib.TCPTimeouts]);
    }

    [Fact]
    public void Script_initial_window_slow_start_lets_four_out_for_each_two_acknowledged()
    {
        var rig = new SenderRig(settings: Base);
        rig.Write(30000);
        Assert.Equal(10001u, rig.Sender.SndNxt);
        rig.Wait(100).Ack(2001);
        rig.Flush();
        Assert.Equal(14001u, rig.Sender.SndNxt);
        rig.Wait(10).Ack(4001);
        rig.Flush();
        Assert.Equal(18001u, rig.Sender.SndNxt);
        Assert.Equal(14, rig.Sender.Cwnd);
        Assert.Equal(TcpCaState.Open, rig.Sender.CaState);
    }
}
