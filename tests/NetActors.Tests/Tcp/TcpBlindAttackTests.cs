using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>Segments of strangers (RFC 5961) and old duplicates (RFC 7323): they neither kill nor corrupt.</summary>
public class TcpBlindAttackTests
{
    [Fact]
    public void Reset_inside_the_window_is_challenged_twice_a_second_at_most() // tcp_invalid_ratelimit
    {
        var peer = TcpSocks.Established().Says("R 100:100(0) win 0").Sees(". 1:1(0) ack 1")
            .Wait(499).Says("R 100:100(0) win 0").SeesNothing().Counts(LinuxMib.TCPACKSkippedChallenge, 1)
            .Wait(1).Says("R 100:100(0) win 0").Sees(". 1:1(0) ack 1").Counts(LinuxMib.TCPChallengeACK, 2);
        peer.IsIn(TcpState.Established);
    }

    [Fact]
    public void Host_sends_no_more_challenges_a_second_than_its_limit() // tcp_challenge_ack_limit; its share is drawn anew each second
    {
        var context = TcpSocks.Closed(TcpSocks.Sysctls with { TcpChallengeAckLimit = 100 }).Context;
        var counts = new HashSet<int>();
        for (var second = 0; second < 20; second++)
        {
            var taken = 0;
            while (context.TryTakeChallenge(KernelTime.FromSeconds(second + 0.5))) taken++;
            Assert.InRange(taken, 50, 149);
            counts.Add(taken);
        }

        Assert.True(counts.Count > 5);
    }

    [Fact]
    public void Reset_at_the_highest_sack_block_is_taken() => // RFC 5961 errata; tcp_validate_incoming
        TcpSocks.Established(synOptions: "mss 1000,sackOK").Says(". 1001:2001(1000) ack 1 win 20000").Sees(". 1:1(0) ack 1")
            .Says("R 2001:2001(0) win 0").SeesNothing().IsIn(TcpState.Close);

    [Fact]
    public void Reset_one_below_a_fin_is_taken() => // tcp_reset_check
        TcpSocks.CloseWait().SeesWithin(0, 50, ". 1:1(0) ack 2").Says("R 1:1(0) win 0").SeesNothing().IsIn(TcpState.Close);

    [Fact]
    public void Data_with_an_ack_older_than_the_largest_window_is_challenged() // RFC 5961 section 5.2
    {
        var peer = TcpSocks.Established();
        peer.Says(new TcpLine(TcpFlags.Ack | TcpFlags.Psh, 1, 100, unchecked((uint)-100_000), 20000, null, null))
            .Sees(". 1:1(0) ack 1").Counts(LinuxMib.TCPChallengeACK, 1).Reads(1, error: Errno.EAGAIN);
    }

    [Fact]
    public void Data_with_an_ack_of_the_last_window_is_taken() // an old ACK, but ours
    {
        var peer = TcpSocks.Established().Writes(100);
        peer.Next();
        peer.Says(". 1:1(0) ack 101 win 20000").Says("P. 1:51(50) ack 1 win 20000").Sees(". 101:101(0) ack 51").Reads(50);
    }

    [Theory]
    [InlineData("P. 30001:30101(100) ack 1 win 20000", true)] // beyond the window
    [InlineData("P. 4294900000:4294900100(100) ack 1 win 20000", true)] // long before it
    [InlineData(". 30001:30001(0) ack 1 win 20000", true)]
    public void Segment_out_of_the_window_is_answered_with_an_ack(string line, bool answered)
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { RcvBuf = 20000 });
        peer.Says(line);
        Assert.Equal(answered, peer.Pending == 1);
        peer.Sees(". 1:1(0) ack 1").Reads(1, error: Errno.EAGAIN);
    }

    [Fact]
    public void Bare_acks_out_of_the_window_are_answered_twice_a_second_at_most() => // tcp_oow_rate_limited: no ACK loops
        TcpSocks.Established(options: new TcpSocketOptions { RcvBuf = 20000 }).Says(". 30001:30001(0) ack 1 win 20000").Sees(". 1:1(0) ack 1")
            .Says(". 30001:30001(0) ack 1 win 20000").SeesNothing().Counts(LinuxMib.TCPACKSkippedSeq, 1);

    [Fact]
    public void Segment_without_ack_rst_or_syn_is_dropped() =>
        TcpSocks.Established().Says("P 1:101(100) win 20000").SeesNothing().Reads(1, error: Errno.EAGAIN);

    [Fact]
    public void Paws_counts_an_old_ack_without_an_answer() => // tcp_disordered_ack_check, 6.15
        Stamped().Says(". 1:101(100) ack 1 win 20000 <TS val 5200 ecr 100>").Sees(". 1:1(0) ack 101")
            .Says(". 1:1(0) ack 1 win 20000 <TS val 3000 ecr 100>").SeesNothing().Counts(LinuxMib.PAWSOldAck, 1);

    [Fact]
    public void Paws_takes_a_duplicate_ack_that_was_overtaken() => // the replay window
        Stamped().Says(". 1:1(0) ack 1 win 20000 <TS val 5000 ecr 100>").SeesNothing().Counts(LinuxMib.PAWSEstab, 0);

    [Fact]
    public void Paws_does_not_judge_a_reset() => Stamped().Says("R. 1:1(0) ack 1 win 0 <TS val 1 ecr 100>").SeesNothing().IsIn(TcpState.Close);

    [Fact]
    public void Paws_ends_after_24_days_of_silence() // RFC 7323 section 5.5
    {
        var peer = Stamped().Wait(TimeSpan.FromDays(24.1).TotalMilliseconds);
        peer.Says("P. 1:101(100) ack 1 win 20000 <TS val 1 ecr 100>").Reads(100);
    }

    [Fact]
    public void Time_stamp_of_a_segment_behind_a_hole_is_not_echoed() => // RFC 7323 section 4.3
        Stamped().Says(". 1:101(100) ack 1 win 20000 <TS val 5200 ecr 100>").Sees(". 1:1(0) ack 101 <TS val 200 ecr 5200>")
            .Says(". 201:301(100) ack 1 win 20000 <TS val 5300 ecr 100>").Sees(". 1:1(0) ack 101 <TS val 200 ecr 5200,sack 201:301>");

    private static TcpPeer Stamped() => TcpSocks.Established(
        TcpSocks.Sysctls with { TcpTimestamps = 1 }, synOptions: "mss 1000,sackOK,TS val 5000 ecr 0", ackOptions: "TS val 5100 ecr 100");
}
