using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>Every transition of RFC 9293 figure 5; LISTEN's are the listener's, TIME_WAIT's those of its entry.</summary>
public class TcpStateTests
{
    private static readonly Dictionary<string, (TcpState From, TcpState To, Func<TcpPeer> Run)> Figure5 = new()
    {
        ["CLOSED, active OPEN: snd SYN"] =
            (TcpState.Close, TcpState.SynSent, () => TcpSocks.Closed().IsIn(TcpState.Close).Connect().Sees("S 0:0(0)")),
        ["SYN-SENT, CLOSE: delete TCB"] =
            (TcpState.SynSent, TcpState.Close, () => TcpSocks.SynSent().Sees("S 0:0(0)").Closes().SeesNothing()),
        ["SYN-SENT, rcv SYN: snd SYN,ACK"] =
            (TcpState.SynSent, TcpState.SynRecv, () => TcpSocks.SynSent().Sees("S 0:0(0)").Says("S 0:0(0) win 20000 <mss 1000>").Sees("S. 0:0(0) ack 1")),
        ["SYN-SENT, rcv SYN,ACK: snd ACK"] =
            (TcpState.SynSent, TcpState.Established, () => TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000 <mss 1000>").Sees(". 1:1(0) ack 1")),
        ["SYN-RECEIVED (passive), rcv ACK of SYN"] =
            (TcpState.SynRecv, TcpState.Established, () => TcpSocks.SynRecv().Wait(10).Says(". 1:1(0) ack 1 win 20000").SeesNothing()),
        ["SYN-RECEIVED (crossed SYNs), rcv ACK of SYN"] = (TcpState.SynRecv, TcpState.Established, () => TcpSocks.SynSent().Sees("S 0:0(0)")
            .Says("S 0:0(0) win 20000 <mss 1000>").Sees("S. 0:0(0) ack 1").Wait(10).Says(". 1:1(0) ack 1 win 20000").SeesNothing()),
        ["SYN-RECEIVED (crossed SYNs), rcv SYN,ACK"] = (TcpState.SynRecv, TcpState.Established, () => TcpSocks.SynSent().Sees("S 0:0(0)")
            .Says("S 0:0(0) win 20000 <mss 1000>").Sees("S. 0:0(0) ack 1").Wait(10).Says("S. 0:0(0) ack 1 win 20000 <mss 1000>")),
        ["SYN-RECEIVED, CLOSE: snd FIN"] =
            (TcpState.SynRecv, TcpState.FinWait1, () => TcpSocks.SynRecv().Closes().Sees("F. 1:1(0) ack 1")),
        ["SYN-RECEIVED, rcv RST"] =
            (TcpState.SynRecv, TcpState.Close, () => TcpSocks.SynRecv().Says("R 1:1(0) win 0").SeesNothing()),
        ["ESTABLISHED, CLOSE: snd FIN"] =
            (TcpState.Established, TcpState.FinWait1, () => TcpSocks.Established().Closes().Sees("F. 1:1(0) ack 1")),
        ["ESTABLISHED, rcv FIN: snd ACK"] =
            (TcpState.Established, TcpState.CloseWait, () => TcpSocks.Established().Says("F. 1:1(0) ack 1 win 20000").SeesWithin(0, 50, ". 1:1(0) ack 2")),
        ["FIN-WAIT-1, rcv ACK of FIN"] =
            (TcpState.FinWait1, TcpState.FinWait2, () => TcpSocks.FinWait1().Says(". 1:1(0) ack 2 win 20000").SeesNothing()),
        ["FIN-WAIT-1, rcv FIN: snd ACK"] =
            (TcpState.FinWait1, TcpState.Closing, () => TcpSocks.FinWait1().Says("F. 1:1(0) ack 1 win 20000").Sees(". 2:2(0) ack 2")),
        ["FIN-WAIT-1, rcv FIN,ACK of FIN: snd ACK"] =
            (TcpState.FinWait1, TcpState.TimeWait, () => TcpSocks.FinWait1().Says("F. 1:1(0) ack 2 win 20000").Sees(". 2:2(0) ack 2")),
        ["FIN-WAIT-2, rcv FIN: snd ACK"] =
            (TcpState.FinWait2, TcpState.TimeWait, () => TcpSocks.FinWait2().Says("F. 1:1(0) ack 2 win 20000").Sees(". 2:2(0) ack 2")),
        ["CLOSING, rcv ACK of FIN"] =
            (TcpState.Closing, TcpState.TimeWait, () => TcpSocks.Closing().Says(". 2:2(0) ack 2 win 20000").SeesNothing()),
        ["CLOSE-WAIT, CLOSE: snd FIN"] =
            (TcpState.CloseWait, TcpState.LastAck, () => TcpSocks.CloseWait().SeesWithin(0, 50, ". 1:1(0) ack 2").Closes().Sees("F. 1:1(0) ack 2")),
        ["LAST-ACK, rcv ACK of FIN"] =
            (TcpState.LastAck, TcpState.Close, () => TcpSocks.LastAck().Says(". 2:2(0) ack 2 win 20000").SeesNothing()),
    };

    public static TheoryData<string> Transitions => [.. Figure5.Keys];

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Figure_5(string transition)
    {
        var (_, to, run) = Figure5[transition];
        var peer = run();
        if (to == TcpState.TimeWait)
        {
            peer.IsIn(TcpState.Close);
            Assert.True(peer.Effects.HasFlag(TcpEffects.TimeWait | TcpEffects.Closed));
            var entry = peer.Sock.TakeTimeWait();
            Assert.Equal((TcpState.TimeWait, TcpPeer.OurIsn + 2, TcpPeer.TheirIsn + 2), (entry!.Substate, entry.SndNxt, entry.RcvNxt));
            Assert.Equal(peer.Now + KernelTime.FromSeconds(60), entry.Deadline); // TCP_TIMEWAIT_LEN
        }
        else
        {
            peer.IsIn(to);
        }

        if (peer.Sock.State == TcpState.Close) Assert.True(peer.Sock.Deadline.IsNever, "no timer is left");
    }

    [Fact]
    public void Every_state_but_listen_begins_a_transition_of_the_table() => Assert.Equal(
        [TcpState.Close, TcpState.CloseWait, TcpState.Closing, TcpState.Established, TcpState.FinWait1, TcpState.FinWait2, TcpState.LastAck, TcpState.SynRecv, TcpState.SynSent],
        Figure5.Values.Select(row => row.From).Distinct().OrderBy(state => state.ToString()));

    /// <summary>RFC 9293 section 3.10.7.4, second: an acceptable RST ends every synchronised state.</summary>
    [Theory]
    [InlineData("Established", Errno.ECONNRESET)]
    [InlineData("FinWait1", Errno.ECONNRESET)]
    [InlineData("FinWait2", Errno.ECONNRESET)]
    [InlineData("Closing", Errno.ECONNRESET)]
    [InlineData("CloseWait", Errno.EPIPE)] // tcp_reset
    [InlineData("LastAck", Errno.ECONNRESET)]
    public void Every_synchronised_state_is_ended_by_a_reset_with_its_error(string state, Errno error)
    {
        var peer = Make(state);
        var rcvNxt = peer.Sock.RcvNxt - TcpPeer.TheirIsn;
        peer.Says($"R {rcvNxt}:{rcvNxt}(0) win 0").SeesNothing().IsIn(TcpState.Close);
        Assert.True(peer.Effects.HasFlag(TcpEffects.Reset | TcpEffects.Error | TcpEffects.Closed));
        Assert.Equal(error, peer.Sock.TakeError());
        Assert.Equal(0, peer.Mib[TcpMib.CurrEstab]);
    }

    /// <summary>RFC 5961 section 4.2: a SYN anywhere is answered by a challenge ACK and changes nothing.</summary>
    [Theory]
    [InlineData("Established")]
    [InlineData("FinWait1")]
    [InlineData("FinWait2")]
    [InlineData("Closing")]
    [InlineData("CloseWait")]
    [InlineData("LastAck")]
    public void Every_synchronised_state_challenges_a_syn(string state)
    {
        var peer = Make(state);
        peer.Wait(60);
        while (peer.Pending > 0) peer.Next();
        var (before, rcvNxt, sndNxt) = (peer.Sock.State, peer.Sock.RcvNxt - TcpPeer.TheirIsn, peer.Sock.SndNxt - TcpPeer.OurIsn);
        peer.Says($"S {rcvNxt}:{rcvNxt}(0) win 1000").Sees($". {sndNxt}:{sndNxt}(0) ack {rcvNxt}").IsIn(before).Counts(LinuxMib.TCPChallengeACK, 1).Counts(LinuxMib.TCPSYNChallenge, 1);
    }

    /// <summary>RFC 9293 section 3.10.7.4, fifth: an ACK of what was never sent.</summary>
    [Theory]
    [InlineData("FinWait1")]
    [InlineData("FinWait2")]
    [InlineData("Closing")]
    [InlineData("CloseWait")]
    [InlineData("LastAck")]
    public void A_state_on_the_way_out_challenges_an_ack_of_what_was_never_sent(string state)
    {
        var peer = Make(state);
        var (before, rcvNxt) = (peer.Sock.State, peer.Sock.RcvNxt - TcpPeer.TheirIsn);
        peer.Says($". {rcvNxt}:{rcvNxt}(0) ack 99 win 1000").Counts(LinuxMib.TCPChallengeACK, 1).IsIn(before);
    }

    [Fact]
    public void Established_drops_an_ack_of_what_was_never_sent_and_says_where_it_is() => // RFC 5961 section 5.2
        TcpSocks.Established().Says("P. 1:101(100) ack 99 win 20000").Sees(". 1:1(0) ack 1").Reads(10, error: Errno.EAGAIN);

    [Fact]
    public void SynRecv_resets_whoever_acknowledges_what_was_never_sent() =>
        TcpSocks.SynRecv().Says(". 1:1(0) ack 9 win 20000").Sees("R 9:9(0)").IsIn(TcpState.SynRecv);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void SynSent_resets_whoever_acknowledges_another_syn(int ack) =>
        TcpSocks.SynSent().Sees("S 0:0(0)").Says($"S. 0:0(0) ack {ack} win 20000").Sees($"R {ack}:{ack}(0)").IsIn(TcpState.SynSent);

    [Fact]
    public void SynSent_drops_a_bare_ack_and_a_fin() => // RFC 9293 section 3.10.7.3, fifth
        TcpSocks.SynSent().Sees("S 0:0(0)").Says(". 1:1(0) ack 1 win 20000").Says("F 1:1(0) win 20000").SeesNothing().IsIn(TcpState.SynSent);

    [Fact]
    public void Shutdown_of_a_closed_socket_is_enotconn()
    {
        var peer = TcpSocks.Closed();
        Assert.Equal(Errno.ENOTCONN, peer.Sock.Shutdown(true, true, peer.Now, out _));
    }

    [Fact]
    public void SynRecv_that_is_shut_down_sends_its_fin_after_the_handshake() => // tcp_rcv_state_process, SEND_SHUTDOWN
        TcpSocks.SynRecv().Shuts().SeesNothing().IsIn(TcpState.SynRecv).Says(". 1:1(0) ack 1 win 20000").Sees("F. 1:1(0) ack 1").IsIn(TcpState.FinWait1);

    [Fact]
    public void Closed_connection_leaves_no_byte_behind()
    {
        var peer = TcpSocks.Established().Writes(5000);
        while (peer.Pending > 0) peer.Next();
        peer.Says("P. 1:101(100) ack 1 win 20000").Closes();
        Assert.Equal(0, peer.Context.Chunks.Outstanding);
        Assert.Equal(0, peer.Context.Orphans);
        Assert.Equal(0, peer.Mib[TcpMib.CurrEstab]);
    }

    private static TcpPeer Make(string state) => state switch
    {
        "Established" => TcpSocks.Established(),
        "FinWait1" => TcpSocks.FinWait1(),
        "FinWait2" => TcpSocks.FinWait2(),
        "Closing" => TcpSocks.Closing(),
        "CloseWait" => TcpSocks.CloseWait(),
        "LastAck" => TcpSocks.LastAck(),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
