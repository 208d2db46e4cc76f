using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>TIME_WAIT (RFC 9293 section 3.10.7.4, RFC 1337, RFC 6191; kernel: <c>tcp_timewait_state_process</c>).</summary>
public class TcpTimeWaitTests
{
    private const uint SndNxt = 5000;
    private const uint RcvNxt = 0xFFFF_0000; // numbers wrap around soon behind it

    private readonly MibSet _mib = new();
    private KernelTime _now = KernelTime.FromSeconds(100);
    private TcpSysctls _sysctls = new();

    [Fact]
    public void TimeWait_is_ended_by_a_reset_unless_rfc1337_is_set()
    {
        Assert.Equal(TcpTimeWaitVerdict.Kill, Give(Entry(), TcpFlags.Rst, RcvNxt));
        _sysctls = _sysctls with { TcpRfc1337 = true };
        Assert.Equal(TcpTimeWaitVerdict.Ignore, Give(Entry(), TcpFlags.Rst, RcvNxt));
    }

    [Fact]
    public void TimeWait_ignores_a_reset_elsewhere() => Assert.Equal(TcpTimeWaitVerdict.Ignore, Give(Entry(), TcpFlags.Rst, RcvNxt + 5));

    [Fact]
    public void TimeWait_begins_anew_with_an_acceptable_ack()
    {
        var entry = Entry();
        _now = KernelTime.FromSeconds(130);
        Assert.Equal(TcpTimeWaitVerdict.Ignore, Give(entry, TcpFlags.Ack, RcvNxt));
        Assert.Equal(KernelTime.FromSeconds(190), entry.Deadline);
    }

    [Fact]
    public void TimeWait_gives_way_to_a_newer_syn_that_begins_behind_it() // RFC 1122 section 4.2.2.13
    {
        Assert.Equal(TcpTimeWaitVerdict.Syn, Give(Entry(), TcpFlags.Syn, RcvNxt + 1, out var answer));
        Assert.Equal(SndNxt + 65537, answer.Sequence);
    }

    [Fact]
    public void TimeWait_acknowledges_an_older_syn_and_keeps_its_end()
    {
        var entry = Entry();
        _now = KernelTime.FromSeconds(130);
        Assert.Equal(TcpTimeWaitVerdict.Ack, Give(entry, TcpFlags.Syn, RcvNxt - 10, out var ack));
        Assert.Equal((SndNxt, RcvNxt, TcpFlags.Ack), (ack.Sequence, ack.Acknowledgment, ack.Flags));
        Assert.Equal(KernelTime.FromSeconds(160), entry.Deadline);
    }

    [Fact]
    public void TimeWait_with_time_stamps_takes_a_syn_by_its_stamp() => // RFC 6191
        Assert.Equal(TcpTimeWaitVerdict.Syn, Give(Entry(stamps: true), TcpFlags.Syn, RcvNxt - 10, out _, timestamp: 1001));

    [Fact]
    public void TimeWait_rejects_a_syn_with_an_old_stamp()
    {
        Assert.Equal(TcpTimeWaitVerdict.Ack, Give(Entry(stamps: true), TcpFlags.Syn, RcvNxt + 10, out _, timestamp: 999));
        Assert.Equal(1, _mib[LinuxMib.PAWSTimewait]);
    }

    [Fact]
    public void TimeWait_answers_bare_acks_twice_a_second_at_most_but_data_always()
    {
        var entry = Entry();
        Assert.Equal(TcpTimeWaitVerdict.Ack, Give(entry, TcpFlags.Ack, RcvNxt - 10));
        Assert.Equal(TcpTimeWaitVerdict.Ignore, Give(entry, TcpFlags.Ack, RcvNxt - 10));
        Assert.Equal(1, _mib[LinuxMib.TCPACKSkippedTimeWait]);
        Assert.Equal(TcpTimeWaitVerdict.Ack, Give(entry, TcpFlags.Ack | TcpFlags.Fin, RcvNxt - 1));
    }

    [Fact]
    public void FinWait2_becomes_TimeWait_with_the_fin()
    {
        var entry = Entry(TcpState.FinWait2);
        _now = KernelTime.FromSeconds(120);
        Assert.Equal(TcpTimeWaitVerdict.Ack, Give(entry, TcpFlags.Fin | TcpFlags.Ack, RcvNxt, out var ack));
        Assert.Equal((TcpState.TimeWait, RcvNxt + 1, RcvNxt + 1), (entry.Substate, entry.RcvNxt, ack.Acknowledgment));
        Assert.Equal(_now + KernelTime.FromSeconds(60), entry.Deadline);
    }

    [Fact]
    public void FinWait2_resets_data_and_new_syns()
    {
        Assert.Equal(TcpTimeWaitVerdict.Reset, Give(Entry(TcpState.FinWait2), TcpFlags.Ack, RcvNxt, out var reset, length: 10));
        Assert.Equal((TcpFlags.Rst, SndNxt), (reset.Flags, reset.Sequence));
        Assert.Equal(TcpTimeWaitVerdict.Reset, Give(Entry(TcpState.FinWait2), TcpFlags.Syn, RcvNxt));
    }

    [Fact]
    public void FinWait2_ignores_a_duplicate_ack_and_is_ended_by_a_reset()
    {
        Assert.Equal(TcpTimeWaitVerdict.Ignore, Give(Entry(TcpState.FinWait2), TcpFlags.Ack, RcvNxt));
        Assert.Equal(TcpTimeWaitVerdict.Kill, Give(Entry(TcpState.FinWait2), TcpFlags.Rst, RcvNxt));
    }

    [Fact]
    public void FinWait2_acknowledges_what_lies_out_of_its_window() =>
        Assert.Equal(TcpTimeWaitVerdict.Ack, Give(Entry(TcpState.FinWait2), TcpFlags.Ack, RcvNxt + 2000, out _, length: 5));

    [Theory]
    [InlineData(0, true, 2.0, false)]
    [InlineData(1, false, 2.0, true)]
    [InlineData(1, false, 1.0, false)] // the peer's clock must have moved by more than a second
    [InlineData(2, false, 2.0, false)]
    [InlineData(2, true, 2.0, true)]
    public void TimeWait_port_is_used_again_as_tcp_tw_reuse_says(int reuse, bool loopback, double seconds, bool may)
    {
        var entry = Entry(stamps: true);
        Assert.Equal(may, entry.MayReuse(_sysctls with { TcpTwReuse = reuse }, loopback, _now + KernelTime.FromSeconds(seconds), out var isn));
        Assert.Equal(SndNxt + 65537, isn);
        Assert.False(Entry().MayReuse(_sysctls with { TcpTwReuse = 1 }, true, KernelTime.FromSeconds(200), out _)); // never without time stamps
    }

    private TcpTimeWait Entry(TcpState substate = TcpState.TimeWait, bool stamps = false) => new()
    {
        Substate = substate,
        SndNxt = SndNxt,
        RcvNxt = RcvNxt,
        RcvWnd = 1000,
        Timestamps = stamps,
        TsRecent = 1000,
        TsRecentStamp = stamps ? _now : KernelTime.Never,
        Deadline = _now + KernelTime.FromSeconds(60),
    };

    private TcpTimeWaitVerdict Give(TcpTimeWait entry, TcpFlags flags, uint seq) => Give(entry, flags, seq, out _);

    private TcpTimeWaitVerdict Give(TcpTimeWait entry, TcpFlags flags, uint seq, out TcpOutSegment answer, int length = 0, uint? timestamp = null)
    {
        var options = default(TcpOptions);
        if (timestamp is { } value) (options.Present, options.TimestampValue) = (TcpOptionSet.Timestamps, value);
        var segment = new TcpInSegment { Sequence = seq, Acknowledgment = SndNxt, Flags = flags, Options = options, Payload = new byte[length] };
        return entry.OnSegment(segment, _sysctls, _mib, _now, out answer);
    }
}
