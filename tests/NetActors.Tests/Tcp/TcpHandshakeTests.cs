using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>What both sides agree on, and answers to those who are no part of it.</summary>
public class TcpHandshakeTests
{
    private static readonly TcpSysctls Stamps = TcpSocks.Sysctls with { TcpTimestamps = 1 };

    [Fact]
    public void Crossed_syn_is_answered_with_what_both_offered() => // tcp_send_synack
        TcpSocks.SynSent(Stamps).Sees("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,wscale 7>").Says("S 0:0(0) win 20000 <mss 1000,sackOK,TS val 7 ecr 0,wscale 3>")
            .Sees("S. 0:0(0) ack 1 win 64240 <mss 1460,sackOK,TS val 100 ecr 7,wscale 7>");

    [Fact]
    public void Crossed_syn_without_options_gets_what_our_own_offered() => // tcp_send_synack sends the SYN again, with tcp_syn_options
        TcpSocks.SynSent(Stamps).Sees("S 0:0(0)").Says("S 0:0(0) win 20000")
            .Sees("S. 0:0(0) ack 1 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,wscale 7>");

    [Fact]
    public void Window_of_the_syn_ack_is_not_scaled_but_the_next_one_is() // RFC 7323 section 2.2
    {
        var peer = TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 1000 <mss 1000,wscale 7>").Sees(". 1:1(0) ack 1");
        Assert.Equal(1000u, peer.Info.SndWnd);
        peer.Says(". 1:1(0) ack 1 win 100");
        Assert.Equal(12_800u, peer.Info.SndWnd);
    }

    [Fact]
    public void Peer_without_window_scale_gets_plain_windows()
    {
        var peer = TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000 <mss 1000>").Sees(". 1:1(0) ack 1 win 64240");
        Assert.Equal((0, 0), (peer.Info.SndWscale, peer.Info.RcvWscale));
    }

    [Theory]
    [InlineData("", 536)] // RFC 9293 section 3.7.1
    [InlineData("mss 20", 48)] // tcp_min_snd_mss
    [InlineData("mss 9000", 1460)]
    public void Segment_size_follows_the_peers_option_within_bounds(string options, int mss)
    {
        var peer = TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000" + (options.Length > 0 ? $" <{options}>" : "")).Sees(". 1:1(0) ack 1");
        Assert.Equal(mss, peer.Sock.GetMaxSeg());
    }

    [Fact]
    public void Syn_ack_that_echoes_a_time_we_never_sent_is_reset() => // RFC 7323; tcp_rcv_synsent_state_process
        TcpSocks.SynSent(Stamps).Sees("S 0:0(0)").Wait(50).Says("S. 0:0(0) ack 1 win 20000 <mss 1000,TS val 7 ecr 99>").Sees("R 1:1(0)").Counts(LinuxMib.PAWSActive, 1)
            .Says("S. 0:0(0) ack 1 win 20000 <mss 1000,TS val 7 ecr 151>").Sees("R 1:1(0)").IsIn(TcpState.SynSent)
            .Says("S. 0:0(0) ack 1 win 20000 <mss 1000,TS val 7 ecr 100>").Sees(". 1:1(0) ack 1 <TS val 150 ecr 7>").IsIn(TcpState.Established);

    [Fact]
    public void Time_stamps_that_we_did_not_offer_are_not_used() =>
        TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000 <mss 1000,TS val 7 ecr 100>").Sees(". 1:1(0) ack 1 <nop>");

    [Fact]
    public void Data_with_the_syn_ack_comes_again_later() => // only Fast Open takes it
        TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:100(100) ack 1 win 20000 <mss 1000>").Sees(". 1:1(0) ack 1").Reads(1, error: Errno.EAGAIN);

    [Fact]
    public void Connection_with_defer_accept_saves_the_third_segment() // TCP_DEFER_ACCEPT on a client
    {
        var options = new TcpSocketOptions { DeferAccept = KernelTime.FromSeconds(1) };
        TcpSocks.SynSent(options: options).Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000 <mss 1000>").SeesNothing(10).Writes(100).Sees("P. 1:101(100) ack 1");
        TcpSocks.SynSent(options: options with { }).Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000 <mss 1000>").SeesWithin(200, 200, ". 1:1(0) ack 1");
    }

    [Fact]
    public void Third_segment_may_bring_data_and_fin() => TcpSocks.SynRecv().Wait(10).Says("FP. 1:101(100) ack 1 win 20000")
        .IsIn(TcpState.CloseWait).Reads(200, 100).Reads(1, 0);

    [Fact]
    public void Round_trip_of_the_syn_ack_is_the_first_sample()
    {
        var peer = TcpSocks.SynRecv().Wait(80).Says(". 1:1(0) ack 1 win 20000");
        Assert.Equal((80_000u, 40_000u), (peer.Info.Rtt, peer.Info.Rttvar));
    }

    [Fact]
    public void Active_open_counts_and_established_counts()
    {
        var peer = TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000");
        Assert.Equal((1, 1, 0), (peer.Mib[TcpMib.ActiveOpens], peer.Mib[TcpMib.CurrEstab], peer.Mib[TcpMib.AttemptFails]));
        peer = TcpSocks.SynSent().Says("R. 0:0(0) ack 1 win 0");
        Assert.Equal((1, 0, 1), (peer.Mib[TcpMib.ActiveOpens], peer.Mib[TcpMib.CurrEstab], peer.Mib[TcpMib.AttemptFails]));
    }

    /// <summary>RFC 9293 section 3.10.7.1: the connection does not exist.</summary>
    [Theory]
    [InlineData(TcpFlags.Ack, 10, 700u, 0u, TcpFlags.Rst)]
    [InlineData(TcpFlags.Syn | TcpFlags.Ack, 0, 700u, 0u, TcpFlags.Rst)]
    [InlineData(TcpFlags.Syn, 0, 0u, 501u, TcpFlags.Rst | TcpFlags.Ack)]
    [InlineData(TcpFlags.Fin, 10, 0u, 511u, TcpFlags.Rst | TcpFlags.Ack)]
    public void Closed_answers_with_a_reset_that_fits_the_segment(TcpFlags flags, int length, uint seq, uint ack, TcpFlags answer)
    {
        Assert.True(TcpReset.TryAnswer(new TcpInSegment { Sequence = 500, Acknowledgment = 700, Flags = flags, Payload = new byte[length] }, out var reset));
        Assert.Equal((seq, ack, answer), (reset.Sequence, reset.Acknowledgment, reset.Flags));
    }

    [Fact]
    public void Closed_never_answers_a_reset() =>
        Assert.False(TcpReset.TryAnswer(new TcpInSegment { Flags = TcpFlags.Rst | TcpFlags.Ack }, out _));
}
