using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>RFC 7413 section 7.3; <c>tcp_fastopen_active_disable</c> and its callers.</summary>
public class FastOpenBlackholeTests
{
    private static readonly KernelTime Timeout = KernelTime.FromSeconds(10);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(7, 640)]
    [InlineData(9, 640)] // 2^6 at most
    public void Each_time_in_a_row_doubles_the_time_without(int times, int seconds)
    {
        var (hole, mib, now) = (new FastOpenBlackhole(), new MibSet(), KernelTime.FromSeconds(5));
        for (var i = 0; i < times; i++) hole.Disable(Timeout, mib, now);
        Assert.Equal(times, mib[LinuxMib.TCPFastOpenBlackhole]);
        Assert.True(hole.IsDisabled(Timeout, now + KernelTime.FromSeconds(seconds) - new KernelTime(1), out _));
        Assert.False(hole.IsDisabled(Timeout, now + KernelTime.FromSeconds(seconds), out var isTrial));
        Assert.True(isTrial);
        hole.Reset();
        Assert.False(hole.IsDisabled(Timeout, now, out isTrial));
        Assert.False(isTrial);
    }

    [Fact]
    public void A_timeout_of_zero_switches_detection_off()
    {
        var (hole, mib) = (new FastOpenBlackhole(), new MibSet());
        hole.Disable(KernelTime.Zero, mib, KernelTime.Zero);
        Assert.Equal((0, 0L), (hole.Times, mib[LinuxMib.TCPFastOpenBlackhole]));
    }

    [Fact]
    public void The_third_timeout_in_a_row_disables() // tcp_fastopen_active_detect_blackhole
    {
        var peer = Open();
        peer.Wait(2500); // two timeouts: one second each
        Assert.Equal(0, peer.Context.FastOpenBlackhole.Times);
        peer.Wait(1000);
        Assert.Equal(1, peer.Context.FastOpenBlackhole.Times);
        peer.Wait(5000);
        Assert.Equal(1, peer.Context.FastOpenBlackhole.Times);
    }

    [Fact]
    public void A_last_timeout_disables_even_if_it_is_the_first()
    {
        var peer = Open(options: new TcpSocketOptions { UserTimeout = KernelTime.FromMilliseconds(1500) });
        peer.Wait(3000).IsIn(TcpState.Close);
        Assert.Equal(1, peer.Context.FastOpenBlackhole.Times);
    }

    /// <summary>The client's middlebox lets the handshake through and no data, then makes a RST of its own.</summary>
    [Fact]
    public void A_reset_out_of_order_before_any_data_disables() // tcp_validate_incoming
    {
        var peer = Established().Says("R. 50:50(0) ack 501 win 0").Sees(". 501:501(0) ack 1").IsIn(TcpState.Established);
        Assert.Equal(1, peer.Context.FastOpenBlackhole.Times);
    }

    [Fact]
    public void A_reset_out_of_order_after_data_does_not()
    {
        var peer = Established().Says("P. 1:11(10) ack 501 win 20000").Says("R. 50:50(0) ack 501 win 0").IsIn(TcpState.Established);
        Assert.Equal(0, peer.Context.FastOpenBlackhole.Times);
    }

    [Fact]
    public void A_fin_that_alone_came_disables_when_the_connection_ends() // tcp_fastopen_active_disable_ofo_check
    {
        var peer = Established().Says("F. 1001:1001(0) ack 501 win 20000").Closes();
        peer.Does(sock => sock.Abort(peer.Now));
        Assert.Equal(1, peer.Context.FastOpenBlackhole.Times);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)] // loopback proves nothing
    public void Data_on_a_trial_switches_it_on_again(bool loopback, int times)
    {
        var peer = Open(path: new TcpPath { IsLoopback = loopback }, isTrial: true);
        peer.Context.FastOpenBlackhole.Disable(Timeout, peer.Mib, peer.Now);
        peer.Says("S. 0:0(0) ack 501 win 20000 <mss 1000>").Says("P. 1:11(10) ack 501 win 20000").Reads(10).Closes();
        peer.Does(sock => sock.Abort(peer.Now));
        Assert.Equal(times, peer.Context.FastOpenBlackhole.Times);
    }

    private static TcpPeer Established()
    {
        var peer = Open().Says("S. 0:0(0) ack 501 win 20000 <mss 1000>");
        while (peer.Pending > 0) peer.Next();
        return peer;
    }

    private static TcpPeer Open(TcpSocketOptions? options = null, TcpPath? path = null, bool isTrial = false)
    {
        var peer = TcpSocks.Closed(TcpSocks.Sysctls with { TcpFastopenBlackholeTimeout = Timeout }, options, path);
        var attempt = FastOpenAttempt.With(new FastOpenCookie(1, 8, Experimental: false)) with { IsTrial = isTrial };
        return peer.Does(sock => sock.ConnectFastOpen(TcpPeer.OurIsn, peer.TsOffset, attempt, TcpPeer.Stream(1, 500), peer.Now, out _));
    }
}
